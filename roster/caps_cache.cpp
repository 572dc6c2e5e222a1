#include "roster/caps_cache.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace roster {
namespace {

bool can_be_verified(const std::optional<xmpp::Caps>& caps)
{
    return caps && xmpp::Caps::can_hash(caps->hash) && caps->ver.size() <= CapsCache::max_ver
        && caps->node.size() <= CapsCache::max_ver;
}

/// Names what is asked for: the caps, or the device where those prove nothing. A blank keeps both apart: no
/// hash has one.
std::string key_of(const xmpp::Jid& device, const std::optional<xmpp::Caps>& caps)
{
    if (!can_be_verified(caps))
        return " " + device.full();
    std::string key{ caps->hash };
    return key.append(" ").append(caps->ver);
}

std::size_t name_of(const xmpp::Jid& device)
{
    return std::hash<std::string_view>{}(device.bare());
}

bool may_be_asked(const Knowledge& known, const xmpp::Jid& device, Clock::time_point now)
{
    return now >= known.ask_after
        || (known.in_vain < CapsCache::max_in_vain && known.silent != name_of(device));
}

void note_silence(Knowledge& known, const xmpp::Jid& device, Clock::time_point now)
{
    known.in_vain = now >= known.ask_after ? 1 : known.in_vain + 1;
    known.silent = name_of(device);
    known.ask_after = now + CapsCache::pause;
}

}  // namespace

std::shared_ptr<Knowledge> CapsCache::entry(const std::string& key)
{
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->knowledge;
    }
    if (entries_.size() >= max_known) {
        by_key_.erase(entries_.back().key);
        entries_.pop_back();  // Devices that have it keep it.
    }
    entries_.push_front({ key, std::make_shared<Knowledge>() });
    by_key_.emplace(entries_.front().key, entries_.begin());
    return entries_.front().knowledge;
}

KnowledgeRef CapsCache::shown(const xmpp::Jid& device, const std::optional<xmpp::Caps>& caps,
                              Clock::time_point now)
{
    const auto key = key_of(device, caps);
    // What is known of one device alone lives with the device.
    auto knowledge = can_be_verified(caps) ? entry(key) : std::make_shared<Knowledge>();
    if (!knowledge->abilities && may_be_asked(*knowledge, device, now))
        want(key, knowledge, device, caps);
    return knowledge;
}

void CapsCache::shown_again(const xmpp::Jid& device, const std::optional<xmpp::Caps>& caps,
                            const KnowledgeRef& known, Clock::time_point now)
{
    if (known->abilities || !may_be_asked(*known, device, now))
        return;
    // NOLINTNEXTLINE(*-const-cast): all of them were made here
    want(key_of(device, caps), std::const_pointer_cast<Knowledge>(known), device, caps);
}

void CapsCache::want(const std::string& key, const std::shared_ptr<Knowledge>& knowledge,
                     const xmpp::Jid& device, const std::optional<xmpp::Caps>& caps)
{
    auto found = pending_.find(key);
    if (found == pending_.end()) {
        if (pending_.size() >= max_pending)
            return;
        Pending pending;
        if (can_be_verified(caps)) {
            pending.ver = caps->ver;
            pending.hash = caps->hash;
            pending.node.assign(caps->node).append("#").append(caps->ver);
        }
        found = pending_.emplace(key, std::move(pending)).first;
        to_ask_.push_back(key);
    }
    auto& pending = found->second;
    pending.knowledge = knowledge;
    if (pending.waiting.size() >= max_candidates || std::ranges::count(pending.waiting, device) != 0)
        return;
    pending.waiting.push_back(device);
    pending.candidates.push_back(device);
}

std::optional<CapsCache::Question> CapsCache::next_question(Clock::time_point now)
{
    while (!to_ask_.empty() && open_ < max_open) {
        auto key = std::move(to_ask_.front());
        to_ask_.pop_front();
        const auto at = pending_.find(key);
        auto& pending = at->second;
        xmpp::Jid last;
        while (!pending.candidates.empty()) {
            auto whom = std::move(pending.candidates.front());
            pending.candidates.pop_front();
            if (!asked_.take(whom.bare(), now)) {
                last = std::move(whom);
                continue;
            }
            ++open_;
            return Question{ std::move(key), std::move(whom), pending.node };
        }
        note_silence(*pending.knowledge, last, now);
        pending_.erase(at);
    }
    return std::nullopt;
}

CapsCache::Outcome CapsCache::answered(const Question& question, const xmpp::DiscoInfo* info,
                                       Clock::time_point now)
{
    const auto at = pending_.find(question.key);
    if (at == pending_.end())
        return {};
    --open_;
    auto& pending = at->second;
    Outcome outcome;
    const bool verifiable = !pending.hash.empty();
    if (info != nullptr
        && (!verifiable || xmpp::matches({ question.node, pending.ver, pending.hash }, *info))) {
        pending.knowledge->abilities = Abilities::of(*info);
        outcome.learnt = std::move(pending.waiting);
        pending_.erase(at);
        return outcome;
    }
    if (info != nullptr) {
        auto own = std::make_shared<Knowledge>();
        own->abilities = Abilities::of(*info);
        outcome.own = std::move(own);
        outcome.learnt.push_back(question.whom);
        std::erase(pending.waiting, question.whom);
    }
    if (pending.candidates.empty()) {
        note_silence(*pending.knowledge, question.whom, now);
        pending_.erase(at);
    } else {
        to_ask_.push_back(question.key);
    }
    return outcome;
}

}  // namespace roster
