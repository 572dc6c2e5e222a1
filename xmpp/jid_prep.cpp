#include "xmpp/jid_prep.hpp"

#include <functional>
#include <unordered_map>

#include <gloox/jid.h>

#include "xmpp/jid.hpp"
#include "xmpp/writer.hpp"

namespace xmpp {
namespace {

using Prepared = std::optional<std::string>;

/// Two generations: what is used moves to the young one, and when that is full the old one goes.
class Cache {
public:
    const Prepared* find(const std::string& key)
    {
        if (const auto found = young_.find(key); found != young_.end())
            return &found->second;
        const auto found = old_.find(key);
        if (found == old_.end())
            return nullptr;
        auto moved = std::move(found->second);
        old_.erase(found);
        return &add(key, std::move(moved));
    }

    const Prepared& add(const std::string& key, Prepared value)
    {
        if (young_.size() >= prepared_cache_limit / 2) {
            old_ = std::move(young_);
            young_.clear();
        }
        return young_.insert_or_assign(key, std::move(value)).first->second;
    }

private:
    using Map = std::unordered_map<std::string, Prepared>;
    Map young_;
    Map old_;
};

/// Longer parts are prepared each time, so that nobody fills the cache with megabytes.
constexpr std::size_t longest_cached = 256;

/// Its setters are used one by one: gloox's constructor from a whole address finds '@' before '/'.
Prepared prepare_now(JidPart part, const std::string& text)
{
    gloox::JID jid;
    const std::string* result = nullptr;
    switch (part) {
    case JidPart::local: result = jid.setUsername(text) ? &jid.username() : nullptr; break;
    case JidPart::domain: result = jid.setServer(text) ? &jid.server() : nullptr; break;
    case JidPart::resource: result = jid.setResource(text) ? &jid.resource() : nullptr; break;
    }
    if (result == nullptr || result->empty() || result->size() > Jid::max_part)
        return std::nullopt;
    return *result;
}

}  // namespace

std::optional<std::string> prepare(JidPart part, std::string_view text)
{
    if (!is_xml_text(text))
        return std::nullopt;
    if (text.size() > longest_cached)
        return prepare_now(part, std::string{ text });

    // Of the thread: preparing needs no lock, and xmpp/ has no object that lives as long as the process.
    thread_local Cache cache;
    std::string key;
    key.reserve(text.size() + 1);
    key.push_back(static_cast<char>(part));
    key.append(text);
    if (const auto* found = cache.find(key))
        return *found;
    return cache.add(key, prepare_now(part, std::string{ text }));
}

}  // namespace xmpp
