#include "jingle/candidate_buffer.hpp"

#include <algorithm>
#include <utility>

namespace jingle {
namespace {

using xmpp::Attribute;
using xmpp::Element;

std::optional<std::string_view> copy(std::optional<std::string_view> text, base::Arena& arena)
{
    return text ? std::optional{ arena.copy(*text) } : std::nullopt;
}

Extra copy(const Extra& extra, base::Arena& arena)
{
    Extra result;
    for (const auto& a : extra.attributes)
        result.attributes.push_back(arena,
                                    Attribute{ arena.copy(a.name), arena.copy(a.value), arena.copy(a.ns) });
    for (const auto* child : extra.children)
        result.children.push_back(arena, xmpp::clone(*child, arena));
    return result;
}

Candidate copy(const Candidate& candidate, base::Arena& arena)
{
    auto result = candidate;
    result.foundation = copy(candidate.foundation, arena);
    result.id = copy(candidate.id, arena);
    result.ip = arena.copy(candidate.ip);
    result.protocol = copy(candidate.protocol, arena);
    result.type = copy(candidate.type, arena);
    result.rel_addr = copy(candidate.rel_addr, arena);
    result.tcptype = copy(candidate.tcptype, arena);
    result.extra = copy(candidate.extra, arena);
    return result;
}

std::size_t size_of(std::optional<std::string_view> text)
{
    return text.value_or("").size();
}

std::size_t size_of(const Element& element)
{
    auto size = sizeof(Element) + element.name.size() + element.ns.size() + element.text.size();
    for (const auto& a : element.attributes)
        size += sizeof(Attribute) + a.name.size() + a.value.size() + a.ns.size();
    for (const auto& child : element.children())
        size += size_of(child);
    return size;
}

std::size_t size_of(const Candidate& candidate)
{
    auto size = sizeof(Candidate) + candidate.ip.size() + size_of(candidate.foundation)
        + size_of(candidate.id) + size_of(candidate.protocol) + size_of(candidate.type)
        + size_of(candidate.rel_addr) + size_of(candidate.tcptype);
    for (const auto& a : candidate.extra.attributes)
        size += sizeof(Attribute) + a.name.size() + a.value.size() + a.ns.size();
    for (const auto* child : candidate.extra.children)
        size += size_of(*child);
    return size;
}

bool is_host(const Candidate& candidate)
{
    return candidate.type != "srflx" && candidate.type != "relay";
}

template <class Key>
bool belongs(const Key& key, std::string_view name, std::string_view ufrag)
{
    return key.name == name && (key.ufrag.empty() || key.ufrag == ufrag);
}

}  // namespace

std::size_t CandidateBuffer::add(const Content& content, Wait wait, CandidateTime now)
{
    const auto* transport = content.ice();
    if (transport == nullptr)
        return 0;
    const auto until = now + (wait == Wait::for_content ? max_age_unknown : max_age);
    const Key key{ content.name, transport->ufrag.value_or("") };
    std::size_t lost = 0;
    for (const auto& candidate : transport->candidates) {
        const auto size = key.name.size() + key.ufrag.size() + size_of(candidate);
        const auto host = is_host(candidate);
        if (!make_room(size, host)) {
            ++lost;
            continue;
        }
        entries_.push_back({ copied(key), copy(candidate, texts_), size, host, until });
        bytes_ += size;
    }
    const auto is_known = std::any_of(ends_.begin(), ends_.end(),
                                      [&](const End& end) { return belongs(end.key, key.name, key.ufrag); });
    if (transport->gathering_complete && !is_known && ends_.size() < max_candidates)
        ends_.push_back({ copied(key), until });
    return lost;
}

std::optional<Transport> CandidateBuffer::take(std::string_view name, std::string_view ufrag,
                                               base::Arena& arena)
{
    Transport taken;
    std::erase_if(entries_, [&](const Entry& entry) {
        if (!belongs(entry.key, name, ufrag))
            return false;
        taken.candidates.push_back(arena, copy(entry.candidate, arena));
        shed(entry.size);
        return true;
    });
    taken.gathering_complete
        = std::erase_if(ends_, [&](const End& end) { return belongs(end.key, name, ufrag); }) > 0;
    compact();
    if (taken.candidates.empty() && !taken.gathering_complete)
        return std::nullopt;
    if (!ufrag.empty())
        taken.ufrag = arena.copy(ufrag);
    return taken;
}

void CandidateBuffer::discard(std::string_view name)
{
    std::erase_if(entries_, [&](const Entry& entry) {
        const auto goes = entry.key.name == name;
        if (goes)
            shed(entry.size);
        return goes;
    });
    std::erase_if(ends_, [&](const End& end) { return end.key.name == name; });
    compact();
}

std::size_t CandidateBuffer::expire(CandidateTime now)
{
    const auto gone = std::erase_if(entries_, [&](const Entry& entry) {
        const auto goes = entry.until <= now;
        if (goes)
            shed(entry.size);
        return goes;
    });
    std::erase_if(ends_, [&](const End& end) { return end.until <= now; });
    compact();
    return gone;
}

/// Room for one more. The newest host candidates go for one that crosses NATs; nothing goes for a host
/// candidate.
bool CandidateBuffer::make_room(std::size_t size, bool host)
{
    const auto is_full = [&] { return entries_.size() >= max_candidates || bytes_ + size > max_bytes; };
    while (is_full()) {
        const auto newest
            = std::find_if(entries_.rbegin(), entries_.rend(), [](const Entry& e) { return e.host; });
        if (host || newest == entries_.rend())
            return false;
        shed(newest->size);
        entries_.erase(std::next(newest).base());
    }
    compact();
    return true;
}

CandidateBuffer::Key CandidateBuffer::copied(const Key& key)
{
    return { texts_.copy(key.name), texts_.copy(key.ufrag) };
}

void CandidateBuffer::shed(std::size_t size)
{
    bytes_ -= size;
    garbage_ += size;
}

/// Copies what is left to a fresh arena once as much has gone as may be kept, so that memory stays bounded.
void CandidateBuffer::compact()
{
    if (empty()) {
        texts_.reset();
        garbage_ = 0;
        return;
    }
    if (garbage_ <= max_bytes)
        return;
    auto old = std::exchange(texts_, base::Arena{ 1024 });
    for (auto& entry : entries_) {
        entry.key = copied(entry.key);
        entry.candidate = copy(entry.candidate, texts_);
    }
    for (auto& end : ends_)
        end.key = copied(end.key);
    garbage_ = 0;
}

}  // namespace jingle
