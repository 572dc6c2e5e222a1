#include "jingle/call/calls.hpp"

#include <algorithm>

#include "roster/contact.hpp"

namespace jingle::call {
namespace {

std::size_t hash_of(std::string_view a, std::string_view b = {}, std::string_view c = {})
{
    constexpr std::size_t odd = 0x9e3779b97f4a7c15U;
    const std::hash<std::string_view> hash;
    return (hash(a) * odd + hash(b)) * odd + hash(c);
}

std::size_t key_of(const Leg& leg)
{
    return hash_of(leg.own.bare(), leg.peer.bare(), leg.sid);
}

template <class Map, class Key, class Is>
void erase_one(Map& map, const Key& key, Is is)
{
    const auto [begin, end] = map.equal_range(key);
    const auto found = std::find_if(begin, end, [&](const auto& entry) { return is(entry.second); });
    if (found != end)
        map.erase(found);
}

}  // namespace

Calls::Calls(Settings settings)
    : settings_{ std::move(settings) }
    , invites_of_user_{ settings_.limits.invites_per_minute }
    , invites_of_domain_{ settings_.limits.invites_per_domain_minute }
{
}

std::optional<Calls::LegRef> Calls::find(const xmpp::Jid& own, const xmpp::Jid& peer,
                                         std::string_view sid) const
{
    std::optional<LegRef> ringing;
    const auto [begin, end] = legs_.equal_range(hash_of(own.bare(), peer.bare(), sid));
    for (auto at = begin; at != end; ++at) {
        const auto& leg = at->second.call->leg(at->second.leg);
        if (leg.own.bare() != own.bare() || leg.peer.bare() != peer.bare() || leg.sid != sid)
            continue;
        if (leg.peer == peer)
            return at->second;
        if (!leg.is_bound())
            ringing = at->second;
    }
    return ringing;
}

std::optional<xmpp::StanzaError> Calls::request(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                const Jingle& jingle, std::string_view id, Turn& turn)
{
    if (id.size() > ReturnPath::max_original)
        return xmpp::errors::policy_violation;
    if (const auto leg = find(own, peer, jingle.sid)) {
        handle(*leg, JingleRequest{ &jingle, id }, turn);
        return std::nullopt;
    }
    if (jingle.action != Action::session_initiate)
        return xmpp::errors::unknown_session;
    if (auto lost = cross(own, peer, jingle.sid, turn))
        return lost;
    return start(own, peer, jingle.sid, turn, [&](Call& call) { call.begin(jingle, id, turn); });
}

std::optional<xmpp::StanzaError> Calls::message(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                const Message& message, std::string_view id, Turn& turn)
{
    if (id.size() > ReturnPath::max_original)
        return xmpp::errors::policy_violation;
    if (const auto leg = find(own, peer, message.id)) {
        handle(*leg, JmiSignal{ &message, peer.full() }, turn);
        return std::nullopt;
    }
    if (message.kind != MessageKind::propose)
        return std::nullopt;
    if (!peer.is_full())
        return xmpp::errors::bad_request;  // XEP-0353 0.8: the answers go to a full JID.
    // The contact answers from one stable address, whichever form of it was dialled.
    const auto answering = own.is_full() ? own : own.with_resource(roster::any_device).value_or(own);
    return start(answering, peer, message.id, turn, [&](Call& call) { call.begin(message, id, turn); });
}

void Calls::reply(const xmpp::Jid& peer, const ReturnPath& path, std::optional<xmpp::StanzaError> error,
                  Turn& turn)
{
    const auto found = calls_.find(path.call);
    if (found == calls_.end() || path.leg > callee_leg || found->second.call.leg(path.leg).peer != peer)
        return;
    handle({ &found->second.call, path.leg }, JingleReply{ path, error }, turn);
}

void Calls::bounced(const xmpp::Jid& own, const xmpp::Jid& peer, std::string_view sid, Turn& turn)
{
    if (const auto leg = find(own, peer, sid))
        handle(*leg, JmiBounced{}, turn);
}

void Calls::device_gone(const xmpp::Jid& peer, Turn& turn)
{
    const auto found = peers_.find(hash_of(peer.full()));
    if (found == peers_.end())
        return;
    // A copy: what a call does about it may change the list.
    const auto legs = found->second;
    for (const auto& ref : legs)
        if (ref.call->leg(ref.leg).peer == peer)
            handle(ref, DeviceGone{}, turn);
}

void Calls::pass_time(Turn& turn)
{
    while (!deadlines_.empty() && deadlines_.begin()->first <= turn.now) {
        auto& entry = calls_.at(deadlines_.begin()->second->id());
        if (entry.call.is_ended()) {
            forget(entry);
            continue;
        }
        entry.call.pass_time(turn);
        settle(entry);
    }
}

std::optional<Time> Calls::deadline() const
{
    if (deadlines_.empty())
        return std::nullopt;
    return deadlines_.begin()->first;
}

/// Whether a new call may start: policy first, so that who may not call learns nothing else.
std::optional<xmpp::StanzaError> Calls::admit(const xmpp::Jid& caller, const xmpp::Jid& callee, Time now)
{
    if (caller.domain() == settings_.domain || !settings_.policy.allows(caller, callee))
        return xmpp::errors::service_unavailable;
    const bool domain_may
        = settings_.policy.serves(caller.domain()) || invites_of_domain_.take(caller.domain(), now);
    const auto live = live_calls_.find(std::string{ caller.bare() });
    const bool user_may = live == live_calls_.end() || live->second < settings_.limits.calls_per_user;
    if (!domain_may || !user_may || calls_.size() >= settings_.limits.calls
        || !invites_of_user_.take(caller.bare(), now))
        return xmpp::errors::resource_constraint;
    return std::nullopt;
}

template <class Opening>
std::optional<xmpp::StanzaError> Calls::start(const xmpp::Jid& own, const xmpp::Jid& peer,
                                              std::string_view sid, Turn& turn, Opening open)
{
    auto contact = roster::contact_of(own);
    if (!contact)
        return xmpp::errors::service_unavailable;
    auto shown = roster::contact_address(peer, settings_.domain);
    auto device = contact->device ? contact->user.with_resource(*contact->device) : contact->user;
    if (!shown || !device)
        return xmpp::errors::jid_malformed;
    if (auto refused = admit(peer, contact->user, turn.now))
        return refused;
    const auto id = CallId::make(settings_.key, peer.bare(), contact->user.bare(), sid);
    if (calls_.contains(id))
        return xmpp::errors::out_of_order;

    Leg caller{ .own = own, .peer = peer, .sid = std::string{ sid } };
    Leg callee{ .own = *std::move(shown), .peer = *std::move(device), .sid = std::string{ sid } };
    // Who calls an own account, or is called under a sid he uses, hears another one: clients know sessions by
    // it.
    if (key_of(callee) == key_of(caller) || legs_.contains(key_of(callee)))
        callee.sid = "c" + id.to_string();

    auto& entry
        = calls_
              .try_emplace(id, Entry{ Call{ id, std::move(caller), std::move(callee), settings_.timeouts } })
              .first->second;
    ++live_calls_[std::string{ peer.bare() }];
    for (const LegIndex index : { caller_leg, callee_leg }) {
        legs_.emplace(key_of(entry.call.leg(index)), LegRef{ &entry.call, index });
        index_peer(entry, index);
    }
    open(entry.call);
    settle(entry);
    return std::nullopt;
}

/// Two session-initiates that cross (XEP-0166, 7.2.16): the lower sid wins, and the loser is never passed on.
std::optional<xmpp::StanzaError> Calls::cross(const xmpp::Jid& own, const xmpp::Jid& peer,
                                              std::string_view sid, Turn& turn)
{
    const auto contact = roster::contact_of(own);
    if (!contact)
        return std::nullopt;
    const auto [begin, end] = pending_.equal_range(hash_of(peer.full(), contact->user.bare()));
    for (auto at = begin; at != end; ++at) {
        auto& call = *at->second;
        if (call.leg(callee_leg).peer != peer || call.leg(caller_leg).peer.bare() != contact->user.bare())
            continue;
        if (call.leg(callee_leg).sid < sid)
            return xmpp::errors::tie_break;
        call.end(Condition::expired, turn);
        settle(calls_.at(call.id()));
        break;  // pending_ has changed, and there is at most one that matters.
    }
    return std::nullopt;
}

void Calls::handle(LegRef ref, const Signal& signal, Turn& turn)
{
    ref.call->handle(ref.leg, signal, turn);
    settle(calls_.at(ref.call->id()));
}

/// Brings the indexes up to date with what the call has become.
void Calls::settle(Entry& entry)
{
    auto& call = entry.call;
    if (const auto deadline = call.deadline(); deadline != entry.deadline) {
        deadlines_.erase({ entry.deadline, &call });
        deadlines_.emplace(deadline, &call);
        entry.deadline = deadline;
    }
    index_peer(entry, callee_leg);
    const bool pending = call.state() == State::pending;
    if (pending != entry.pending) {
        entry.pending = pending;
        const auto key = hash_of(call.leg(callee_leg).peer.full(), call.leg(caller_leg).peer.bare());
        if (pending)
            pending_.emplace(key, &call);
        else
            erase_one(pending_, key, [&](const Call* other) { return other == &call; });
    }
    if (call.is_ended() && entry.live) {
        entry.live = false;
        const auto live = live_calls_.find(std::string{ call.leg(caller_leg).peer.bare() });
        if (live != live_calls_.end() && --live->second == 0)
            live_calls_.erase(live);
    }
}

void Calls::index_peer(Entry& entry, LegIndex index)
{
    const auto& leg = entry.call.leg(index);
    if (!leg.is_bound() || entry.in_peers[index])
        return;
    auto& list = peers_[hash_of(leg.peer.full())];
    entry.in_peers[index] = list.insert(list.end(), { &entry.call, index });
}

void Calls::forget(Entry& entry)
{
    deadlines_.erase({ entry.deadline, &entry.call });
    for (const LegIndex index : { caller_leg, callee_leg }) {
        const auto& leg = entry.call.leg(index);
        erase_one(legs_, key_of(leg),
                  [&](const LegRef& r) { return r.call == &entry.call && r.leg == index; });
        if (!entry.in_peers[index])
            continue;
        const auto peer = peers_.find(hash_of(leg.peer.full()));
        peer->second.erase(*entry.in_peers[index]);
        if (peer->second.empty())
            peers_.erase(peer);
    }
    const auto id = entry.call.id();
    calls_.erase(id);
}

}  // namespace jingle::call
