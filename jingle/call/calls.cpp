#include "jingle/call/calls.hpp"

#include <algorithm>

namespace jingle::call {
namespace {

std::size_t hash_of(std::string_view a, std::string_view b = {}, std::string_view c = {})
{
    constexpr std::size_t odd = 0x9e3779b97f4a7c15U;
    const std::hash<std::string_view> hash;
    return (hash(a) * odd + hash(b)) * odd + hash(c);
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

Calls::Calls(Settings settings, roster::Directory& directory)
    : settings_{ std::make_shared<const Settings>(std::move(settings)) }
    , directory_{ directory }
    , invites_of_user_{ settings_->limits.invites_per_minute }
    , invites_of_domain_{ settings_->limits.invites_per_domain_minute }
{
}

void Calls::configure(Settings settings)
{
    settings.domain = settings_->domain;
    settings.key = settings_->key;
    invites_of_user_.set_rate(settings.limits.invites_per_minute);
    invites_of_domain_.set_rate(settings.limits.invites_per_domain_minute);
    settings_ = std::make_shared<const Settings>(std::move(settings));
}

std::optional<Calls::LegRef> Calls::find(const xmpp::Jid& own, const xmpp::Jid& peer,
                                         std::string_view sid) const
{
    // Two may fit: of calls that crossed under one sid, of stages that ring the same user. What is over, or
    // has yet to ring, yields to what goes on.
    enum : int { none, over_ringing, over, ringing } best = none;
    std::optional<LegRef> found;
    const auto [begin, end] = legs_.equal_range(hash_of(own.bare(), peer.bare(), sid));
    for (auto at = begin; at != end; ++at) {
        const auto& leg = at->second.call->leg(at->second.leg);
        if (leg.own.bare() != own.bare() || leg.peer.bare() != peer.bare() || leg.sid != sid)
            continue;
        const bool is_peer = leg.peer == peer;
        const bool goes_on = !leg.is_over() && leg.state != LegState::idle;
        if (is_peer && goes_on)
            return at->second;
        if (!is_peer && (leg.is_bound() || at->second.leg == caller_leg))
            continue;
        const auto fits = is_peer ? over : goes_on ? ringing : over_ringing;
        if (fits > best) {
            best = fits;
            found = at->second;
        }
    }
    return found;
}

std::optional<Calls::LegRef> Calls::find_invited(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                 std::string_view id) const
{
    const auto [begin, end] = legs_.equal_range(hash_of(own.bare(), peer.bare(), id));
    for (auto at = begin; at != end; ++at) {
        const auto* const invite = at->second.call->invite();
        if (invite != nullptr && at->second.leg == caller_leg && invite->id == id && invite->from == peer
            && at->second.call->leg(caller_leg).own.bare() == own.bare())
            return at->second;
    }
    return std::nullopt;
}

std::optional<xmpp::StanzaError> Calls::request(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                const Jingle& jingle, std::string_view id, Turn& turn)
{
    if (id.size() > ReturnPath::max_original)
        return xmpp::errors::policy_violation;
    const bool initiate = jingle.action == Action::session_initiate;
    const auto leg = find(own, peer, jingle.sid);
    auto crossed = initiate && (!leg || leg->leg != caller_leg) ? find_crossed_offer(own, peer) : LegRef{};
    // Who has taken that very session up by a proceed does not call by it.
    if (leg && leg->call == crossed.call && leg->call->leg(leg->leg).jmi)
        crossed = {};
    if (crossed.call != nullptr && stands(crossed, jingle.sid))
        return xmpp::errors::tie_break;
    if (leg && leg->call != crossed.call) {
        // XEP-0353, 6: who has been told that the propose cannot be delivered tries without it.
        if (!initiate || !leg->call->is_refused() || leg->leg != caller_leg) {
            if (initiate && leg->leg == caller_leg)
                leg->call->dialled(own);
            // A leg that rings for all devices has no session, nor has any under another of our addresses.
            if (leg->call->leg(leg->leg).own != own || !leg->call->leg(leg->leg).is_bound())
                return initiate ? xmpp::errors::out_of_order : xmpp::errors::unknown_session;
            handle(*leg, JingleRequest{ &jingle, id }, turn);
            return std::nullopt;
        }
        turn.forgotten.push_back(turn.arena, leg->call->id());
        forget(calls_.at(leg->call->id()));
    }
    if (!initiate)
        return xmpp::errors::unknown_session;
    const auto has = [&](std::string_view media) {
        return std::ranges::any_of(jingle.contents, [&](const Content& content) {
            return content.rtp() != nullptr && content.rtp()->media == media;
        });
    };
    std::optional<xmpp::StanzaError> refused;
    const auto started
        = start({ own, peer, jingle.sid, jingle.extra, has("audio"), has("video"), false }, turn, refused);
    if (started.entry == nullptr)
        return refused;
    if (crossed.call != nullptr)
        overrule(crossed, jingle.sid, turn);
    begin(started, &jingle, nullptr, id, turn);
    return std::nullopt;
}

std::optional<xmpp::StanzaError> Calls::message(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                const Message& message, std::string_view id, Turn& turn)
{
    if (id.size() > ReturnPath::max_original)
        return xmpp::errors::policy_violation;
    if (const auto leg = find(own, peer, message.id); leg && !overrules(message, *leg)) {
        const auto profile
            = message.kind == MessageKind::proceed ? directory_.profile_of(peer) : std::string{};
        auto heard = message;
        if (message.migrated_to) {
            heard.migrated_to = name_for_other(own, peer, *message.migrated_to);
            if (!heard.migrated_to)
                return std::nullopt;  // Nobody could follow.
        }
        handle(*leg, JmiSignal{ &heard, peer.full(), profile }, turn);
        return std::nullopt;
    }
    if (message.kind != MessageKind::propose)
        return std::nullopt;
    if (!peer.is_full())
        return xmpp::errors::bad_request;  // XEP-0353 0.8: the answers go to a full JID.
    return propose(
        { own, peer, message.id, message.extra, message.proposes("audio"), message.proposes("video"), true },
        message, id, turn);
}

std::optional<xmpp::StanzaError> Calls::invite(const xmpp::Jid& own, const xmpp::Jid& peer,
                                               const CallInvite& invite, const Extra& extra,
                                               std::string_view id, Turn& turn)
{
    if (id.size() > ReturnPath::max_original)
        return xmpp::errors::policy_violation;
    auto message = invite.to_message(turn.arena);
    message.extra = extra;
    if (const auto leg = find_invited(own, peer, invite.id)) {
        if (invite.kind != InviteKind::invite)
            handle(*leg, JmiSignal{ &message, peer.full() }, turn);
        return std::nullopt;
    }
    if (invite.kind != InviteKind::invite)
        return std::nullopt;
    if (!invite.jingle)
        return xmpp::errors::feature_not_implemented;  // Conferences, links: nothing that we can join.
    // Another device of the inviter's may hold the session, but nobody else: we would be used to reach him.
    const auto from = xmpp::Jid::parse(invite.jingle->jid.value_or(peer.full()));
    if (!from || !from->is_full() || !peer.is_full() || from->bare() != peer.bare())
        return xmpp::errors::bad_request;
    if (find(own, *from, message.id))
        return xmpp::errors::out_of_order;
    const Invite asked{ std::string{ invite.id }, peer, invite.jingle->jid.has_value() };
    return propose({ own, *from, message.id, message.extra, message.proposes("audio"),
                     message.proposes("video"), true, &asked },
                   message, id, turn);
}

std::optional<xmpp::StanzaError> Calls::propose(const Opening& opening, const Message& message,
                                                std::string_view id, Turn& turn)
{
    std::optional<xmpp::StanzaError> refused;
    const auto started = start(opening, turn, refused);
    if (started.entry == nullptr)
        return refused;
    begin(started, nullptr, &message, id, turn);
    return std::nullopt;
}

void Calls::reply(const xmpp::Jid& peer, const ReturnPath& path, std::optional<xmpp::StanzaError> error,
                  Turn& turn)
{
    const auto found = calls_.find(path.call);
    if (found == calls_.end() || path.leg >= found->second.call.leg_count()
        || found->second.call.leg(path.leg).peer != peer)
        return;
    handle({ &found->second.call, path.leg }, JingleReply{ path, error }, turn);
}

void Calls::device_gone(const xmpp::Jid& peer, Turn& turn)
{
    const auto legs_of = [&](std::string_view address) {
        const auto found = peers_.find(hash_of(address));
        // A copy: what a call does about it may change the list.
        return found == peers_.end() ? std::list<LegRef>{} : found->second;
    };
    for (const auto& ref : legs_of(peer.full()))
        if (ref.call->leg(ref.leg).peer == peer)
            handle(ref, DeviceGone{}, turn);
    const auto ringing = legs_of(peer.bare());
    const bool last = !ringing.empty() && directory_.is_last_to_hear(peer);
    for (const auto& ref : ringing)
        if (ref.call->leg(ref.leg).peer.full() == peer.bare())
            handle(ref, DeviceGone{ peer.full(), last }, turn);
}

bool Calls::end(const CallId& id, Condition reason, Turn& turn)
{
    const auto found = calls_.find(id);
    if (found == calls_.end() || found->second.call.is_ended())
        return false;
    found->second.call.end(reason, turn);
    settle(found->second, turn);
    return true;
}

void Calls::pass_time(Turn& turn, Server server)
{
    pass_time(deadlines_, turn);
    if (server == Server::there)
        pass_time(waiting_deadlines_, turn);
    if (server == Server::there && again_at_ <= turn.now)
        say_next_again(turn);
}

void Calls::pass_time(Deadlines& deadlines, Turn& turn)
{
    while (!deadlines.empty() && deadlines.begin()->first <= turn.now) {
        auto& entry = calls_.at(deadlines.begin()->second->id());
        if (entry.call.deadline() > turn.now) {
            move_deadline(entry);
            continue;
        }
        if (entry.call.is_ended()) {
            turn.forgotten.push_back(turn.arena, entry.call.id());
            forget(entry);
            continue;
        }
        entry.call.pass_time(turn);
        settle(entry, turn);
    }
}

void Calls::say_again(Time now)
{
    again_.clear();
    again_.reserve(calls_.size());
    for (auto& [id, entry] : calls_)
        again_.push_back(id);
    again_at_ = again_.empty() ? Time::max() : now;
    // Whose turn comes later is not asked before, or all would be at once after a long silence.
    const auto portions = again_.size() / again_portion + 1;
    const auto last = now + settings_->timeouts.ping_interval + portions * again_pause;
    for (auto& [id, entry] : calls_) {
        entry.call.ask_at(last);
        keep_deadline(entry);
    }
}

void Calls::say_next_again(Turn& turn)
{
    for (std::size_t count = 0; count < again_portion && !again_.empty(); ++count) {
        const auto found = calls_.find(again_.back());
        again_.pop_back();
        if (found == calls_.end())
            continue;
        found->second.call.say_again(turn);
        settle(found->second, turn);
    }
    again_at_ = again_.empty() ? Time::max() : turn.now + again_pause;
    if (again_.empty())
        again_.shrink_to_fit();
}

std::optional<Time> Calls::deadline(Server server) const
{
    const auto of = [](const Deadlines& deadlines) {
        return deadlines.empty() ? Time::max() : deadlines.begin()->first;
    };
    auto earliest = of(deadlines_);
    if (server == Server::there)
        earliest = std::min({ earliest, of(waiting_deadlines_), again_at_ });
    return earliest == Time::max() ? std::nullopt : std::optional{ earliest };
}

bool Calls::waits_for_server(const Call& call) const
{
    if (call.state() != State::active)
        return false;
    return !call.leg(caller_leg).is_page(settings_->domain)
        || !call.leg(call.callee()).is_page(settings_->domain);
}

roster::Invitation Calls::invitation_of(const Entry& entry)
{
    const auto& caller = entry.call.leg(caller_leg);
    return { caller.peer, caller.own, entry.audio, entry.video, caller.jmi };
}

std::size_t Calls::key_of(const Leg& leg)
{
    return hash_of(leg.own.bare(), leg.peer.bare(), leg.sid);
}

std::size_t Calls::key_of(const Invite& invite, const Leg& caller)
{
    return hash_of(caller.own.bare(), invite.from.bare(), invite.id);
}

std::size_t Calls::session_of(const Leg& leg)
{
    return hash_of(leg.peer.bare(), leg.sid);
}

std::size_t Calls::pair_of(const xmpp::Jid& callee, const xmpp::Jid& caller)
{
    return hash_of(callee.bare(), caller.bare());
}

void Calls::index(Entry& entry)
{
    auto& call = entry.call;
    if (entry.live) {
        ++live_calls_[std::string{ call.leg(caller_leg).peer.bare() }];
        pairs_.emplace(entry.pair, &call);
    }
    if (const auto* const invite = call.invite())
        legs_.emplace(key_of(*invite, call.leg(caller_leg)), LegRef{ &call, caller_leg });
    for (LegIndex i = caller_leg; i < call.leg_count(); ++i)
        index_leg(entry, i);
}

void Calls::index_leg(Entry& entry, LegIndex index)
{
    const LegRef ref{ &entry.call, index };
    const auto& leg = entry.call.leg(index);
    legs_.emplace(key_of(leg), ref);
    sessions_.insert(session_of(leg));
    auto& list = peers_[hash_of(leg.peer.full())];
    entry.in_peers.push_back(list.insert(list.end(), ref));
    entry.bound |= std::uint64_t{ leg.is_bound() } << index;
}

void Calls::handle(LegRef ref, const Signal& signal, Turn& turn)
{
    ref.call->handle(ref.leg, signal, turn);
    settle(calls_.at(ref.call->id()), turn);
}

/// Brings the indexes up to date with what the call has become.
void Calls::settle(Entry& entry, Turn& turn)
{
    auto& call = entry.call;
    if (call.state() == State::active && !std::exchange(entry.answered, true))
        ++counts_.answered;
    if (call.take_changed())
        turn.changed.push_back(turn.arena, &call);
    keep_deadline(entry);
    for (auto i = entry.in_peers.size(); i < call.leg_count(); ++i)
        index_leg(entry, static_cast<LegIndex>(i));
    for (LegIndex i = callee_leg; i < call.leg_count(); ++i)
        index_peer(entry, i);
    if (call.is_ended() && entry.live) {
        entry.live = false;
        erase_one(pairs_, entry.pair, [&](const Call* other) { return other == &call; });
        const auto live = live_calls_.find(std::string{ call.leg(caller_leg).peer.bare() });
        if (live != live_calls_.end() && --live->second == 0)
            live_calls_.erase(live);
        directory_.ended(invitation_of(entry), entry.answered ? roster::Answered::yes : roster::Answered::no,
                         turn.now);
    }
}

/// One that is put off stays where it is until its time comes: each request that is passed on has a deadline
/// and loses it with its answer, and moving it costs as much as all else that is looked up for a stanza.
void Calls::keep_deadline(Entry& entry)
{
    if (entry.call.deadline() < entry.deadline || waits_for_server(entry.call) != entry.waits)
        move_deadline(entry);
}

void Calls::move_deadline(Entry& entry)
{
    deadlines_of(entry).erase({ entry.deadline, &entry.call });
    entry.deadline = entry.call.deadline();
    entry.waits = waits_for_server(entry.call);
    deadlines_of(entry).emplace(entry.deadline, &entry.call);
}

/// A device has taken the call up that rang at all of its user's.
void Calls::index_peer(Entry& entry, LegIndex index)
{
    const auto& leg = entry.call.leg(index);
    const auto bit = std::uint64_t{ 1 } << index;
    if (!leg.is_bound() || (entry.bound & bit) != 0)
        return;
    entry.bound |= bit;
    auto& list = peers_[hash_of(leg.peer.full())];
    const auto bare = peers_.find(hash_of(leg.peer.bare()));
    list.splice(list.end(), bare->second, entry.in_peers[index]);
    if (bare->second.empty())
        peers_.erase(bare);
}

void Calls::forget(Entry& entry)
{
    deadlines_of(entry).erase({ entry.deadline, &entry.call });
    if (const auto* const invite = entry.call.invite())
        erase_one(legs_, key_of(*invite, entry.call.leg(caller_leg)),
                  [&](const LegRef& r) { return r.call == &entry.call && r.leg == caller_leg; });
    for (LegIndex index = caller_leg; index < entry.call.leg_count(); ++index) {
        const auto& leg = entry.call.leg(index);
        erase_one(legs_, key_of(leg),
                  [&](const LegRef& r) { return r.call == &entry.call && r.leg == index; });
        if (const auto session = sessions_.find(session_of(leg)); session != sessions_.end())
            sessions_.erase(session);
        const auto peer = peers_.find(hash_of(leg.peer.full()));
        peer->second.erase(entry.in_peers[index]);
        if (peer->second.empty())
            peers_.erase(peer);
    }
    const auto id = entry.call.id();
    calls_.erase(id);
}

}  // namespace jingle::call
