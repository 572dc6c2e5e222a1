#include "jingle/call/calls.hpp"

#include <algorithm>

#include "jingle/call/via.hpp"
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

Calls::Calls(Settings settings, roster::Directory& directory)
    : settings_{ std::move(settings) }
    , directory_{ directory }
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
        if (!leg.is_bound() && at->second.leg != caller_leg)
            ringing = at->second;
    }
    return ringing;
}

std::optional<xmpp::StanzaError> Calls::request(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                const Jingle& jingle, std::string_view id, Turn& turn)
{
    if (id.size() > ReturnPath::max_original)
        return xmpp::errors::policy_violation;
    const bool initiate = jingle.action == Action::session_initiate;
    if (const auto leg = find(own, peer, jingle.sid)) {
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
        forget(calls_.at(leg->call->id()));
    }
    if (!initiate)
        return xmpp::errors::unknown_session;
    if (auto lost = cross(own, peer, jingle.sid, turn))
        return lost;
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
    begin(started, &jingle, nullptr, id, turn);
    return std::nullopt;
}

std::optional<xmpp::StanzaError> Calls::message(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                const Message& message, std::string_view id, Turn& turn)
{
    if (id.size() > ReturnPath::max_original)
        return xmpp::errors::policy_violation;
    if (const auto leg = find(own, peer, message.id)) {
        const auto profile
            = message.kind == MessageKind::proceed ? directory_.profile_of(peer) : std::string{};
        handle(*leg, JmiSignal{ &message, peer.full(), profile }, turn);
        return std::nullopt;
    }
    if (message.kind != MessageKind::propose)
        return std::nullopt;
    if (!peer.is_full())
        return xmpp::errors::bad_request;  // XEP-0353 0.8: the answers go to a full JID.
    const auto has = [&](std::string_view media) {
        return std::ranges::any_of(message.descriptions, [&](const auto& d) { return d.media == media; });
    };
    std::optional<xmpp::StanzaError> refused;
    const auto started
        = start({ own, peer, message.id, message.extra, has("audio"), has("video"), true }, turn, refused);
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
    const auto last = now + settings_.timeouts.ping_interval + portions * again_pause;
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
    return !call.leg(caller_leg).is_page(settings_.domain)
        || !call.leg(call.callee()).is_page(settings_.domain);
}

std::string_view Calls::limit_reached(const xmpp::Jid& caller, Time now)
{
    const bool served = caller.domain() == settings_.domain
        || std::ranges::find(settings_.served_domains, caller.domain()) != settings_.served_domains.end();
    if (!served && !invites_of_domain_.take(caller.domain(), now))
        return "new calls per minute of a domain";
    const auto live = live_calls_.find(std::string{ caller.bare() });
    if (live != live_calls_.end() && live->second >= settings_.limits.calls_per_user)
        return "calls of a user";
    if (calls_.size() >= settings_.limits.calls)
        return "calls of the instance";
    return invites_of_user_.take(caller.bare(), now) ? "" : "new calls per minute of a user";
}

/// The legs of a decision: no device twice, not the one that calls, and no more than the limits allow.
RingPlan Calls::plan(roster::Decision& decision, const Opening& opening, const CallId& id) const
{
    RingPlan plan;
    plan.relay_only = decision.relay_only;
    plan.rule = std::move(decision.rule);
    std::vector<std::string_view> users;
    std::size_t of_stage = 0;
    std::uint8_t stage = 0;
    const auto add = [&](const xmpp::Jid& peer, std::uint8_t party, bool jmi, std::string_view profile) {
        const bool known = std::ranges::any_of(
            plan.legs, [&](const Leg& leg) { return leg.peer == peer && leg.stage == stage; });
        if (known || peer == opening.peer || plan.legs.size() >= max_callee_legs
            || of_stage >= settings_.limits.legs_per_stage)
            return;
        ++of_stage;
        Leg leg{ .own = decision.shown, .peer = peer, .sid = std::string{ opening.sid } };
        leg.jmi = jmi;
        leg.stage = stage;
        leg.party = party;
        leg.set_profile(profile);
        plan.legs.push_back(std::move(leg));
    };
    for (const auto& each : decision.stages) {
        of_stage = 0;
        for (const auto& party : each.parties) {
            const auto known = std::ranges::find(users, party.user.full());
            const auto number = static_cast<std::uint8_t>(known - users.begin());
            if (known == users.end())
                users.push_back(party.user.full());
            if (party.propose)
                add(party.user, number, true, {});
            for (const auto& device : party.devices)
                add(device.address, number, device.rings == roster::Rings::by_message, device.profile);
        }
        plan.stages.push_back(each.ring);
        ++stage;
        if (plan.legs.size() >= max_callee_legs)
            break;
    }
    if (collides(plan, opening.peer))
        for (auto& leg : plan.legs)
            leg.sid = "c" + id.to_string();
    if (plan.stages.size() == 1 && plan.stages.front().count() == 0)
        plan.stages = {};
    return plan;
}

/// Who calls an own account, or is called under a sid he uses, hears another one: clients know sessions by
/// it.
bool Calls::collides(const RingPlan& plan, const xmpp::Jid& caller) const
{
    return std::ranges::any_of(plan.legs, [&](const Leg& leg) {
        return leg.peer.bare() == caller.bare() || legs_.contains(key_of(leg));
    });
}

Calls::Started Calls::start(const Opening& opening, Turn& turn, std::optional<xmpp::StanzaError>& refused)
{
    const auto contact = roster::contact_of(opening.own);
    const auto id = CallId::make(settings_.key, opening.peer.bare(),
                                 contact ? contact->user.bare() : opening.own.bare(), opening.sid);
    auto answer = let_in(opening, id, turn.now);
    if (const auto* started = std::get_if<Started>(&answer)) {
        ++counts_.started;
        return *started;
    }
    const auto& no = std::get<No>(answer);
    refused = no.error;
    if (no.rule.empty())
        return {};
    ++counts_.refused;
    turn.refusals.push_back(turn.arena,
                            { id, turn.arena.copy(opening.peer.full()), turn.arena.copy(opening.own.full()),
                              turn.arena.copy(opening.sid), turn.arena.copy(no.rule), opening.audio,
                              opening.video });
    return {};
}

std::variant<Calls::Started, Calls::No> Calls::let_in(const Opening& opening, const CallId& id, Time now)
{
    const auto& [own, peer, sid, extra, audio, video, message] = opening;
    if (new_calls_ == NewCalls::refused)
        return No{ xmpp::errors::service_unavailable, "draining" };
    if (!may_pass(extra, settings_.domain))
        return No{ xmpp::errors::service_unavailable, "loop of gateways" };
    auto decision = directory_.decide({ peer, own, audio, video, message }, now);
    if (decision.refused)
        return No{ *decision.refused, std::move(decision.rule) };
    if (const auto limit = limit_reached(peer, now); !limit.empty())
        return No{ xmpp::errors::resource_constraint, std::string{ limit } };
    const auto contact = roster::contact_of(own);
    const auto callee = contact ? contact->user : own.to_bare();
    if (calls_.contains(id))
        return No{ xmpp::errors::out_of_order, {} };
    const auto how = decision.busy ? Begin::busy : decision.silent ? Begin::silent : Begin::ringing;
    auto ring = plan(decision, opening, id);
    if (how != Begin::ringing) {
        // Somebody is called, and nobody hears of it.
        Leg nobody{ .own = own.to_bare(), .peer = callee, .sid = std::string{ sid } };
        nobody.finish(Condition::timeout);
        ring.legs.assign(1, std::move(nobody));
    }
    if (ring.legs.empty())
        return No{ xmpp::errors::service_unavailable, "nobody reachable" };
    // To a propose the contact answers from one stable address, whichever form of it was dialled.
    const bool stable = message && !own.is_full();
    Leg caller{ .own = stable ? own.with_resource(roster::any_device).value_or(own) : own,
                .peer = peer,
                .sid = std::string{ sid } };
    caller.set_profile(directory_.profile_of(peer));
    auto& entry = calls_
                      .try_emplace(id,
                                   Entry{ Call{ id, std::move(caller), std::move(ring), settings_ },
                                          pair_of(callee, peer) })
                      .first->second;
    entry.audio = audio;
    entry.video = video;
    index(entry);
    directory_.started(invitation_of(entry));
    return Started{ &entry, how };
}

void Calls::begin(const Started& started, const Jingle* initiate, const Message* propose, std::string_view id,
                  Turn& turn)
{
    auto& call = started.entry->call;
    const auto& caller = call.leg(caller_leg);
    if (propose != nullptr && loses_tie_break(caller.own, caller.peer, propose->id, turn))
        call.begin_lost(turn);
    else if (started.how == Begin::busy)
        call.begin_busy(initiate, id, turn);
    else if (started.how == Begin::silent)
        call.begin_silent(initiate, id, turn);
    else if (initiate != nullptr)
        call.begin(*initiate, id, turn);
    else
        call.begin(*propose, id, turn);
    settle(*started.entry, turn);
}

roster::Invitation Calls::invitation_of(const Entry& entry)
{
    const auto& caller = entry.call.leg(caller_leg);
    return { caller.peer, caller.own, entry.audio, entry.video, caller.jmi };
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
    for (LegIndex i = caller_leg; i < call.leg_count(); ++i) {
        legs_.emplace(key_of(call.leg(i)), LegRef{ &call, i });
        entry.in_peers.push_back(std::nullopt);
        index_peer(entry, i);
    }
}

/// Two session-initiates that cross (XEP-0166, 7.2.16): the lower sid wins, and the loser is never passed on.
std::optional<xmpp::StanzaError> Calls::cross(const xmpp::Jid& own, const xmpp::Jid& peer,
                                              std::string_view sid, Turn& turn)
{
    const auto contact = roster::contact_of(own);
    if (!contact)
        return std::nullopt;
    const auto [begin, end] = pairs_.equal_range(hash_of(peer.bare(), contact->user.bare()));
    for (auto at = begin; at != end; ++at) {
        auto& call = *at->second;
        if (call.state() == State::active || call.leg(caller_leg).peer.bare() != contact->user.bare())
            continue;
        for (LegIndex i = callee_leg; i < call.leg_count(); ++i) {
            const auto& leg = call.leg(i);
            if (leg.peer != peer || leg.state != LegState::offered)
                continue;
            if (leg.sid < sid)
                return xmpp::errors::tie_break;
            call.end(Condition::expired, turn);
            settle(calls_.at(call.id()), turn);
            return std::nullopt;  // pairs_ has changed, and there is at most one that matters.
        }
    }
    return std::nullopt;
}

/// Two proposes that cross (XEP-0353, 3.6): the lower id wins. The one that rings already ends when it loses.
/// (Equal ids never come here: they are found as one call.)
bool Calls::loses_tie_break(const xmpp::Jid& own, const xmpp::Jid& peer, std::string_view id, Turn& turn)
{
    const auto contact = roster::contact_of(own);
    if (!contact)
        return false;
    const auto callee = contact->user.bare();
    const auto [begin, end] = pairs_.equal_range(hash_of(peer.bare(), callee));
    for (auto at = begin; at != end; ++at) {
        auto& call = *at->second;
        const auto& caller = call.leg(caller_leg);
        const bool rings = call.state() == State::proposed && caller.jmi && call.leg(callee_leg).jmi;
        if (!rings || caller.peer.bare() != callee || call.leg(callee_leg).peer.bare() != peer.bare()
            || caller.peer.bare() == peer.bare())
            continue;
        if (caller.sid < id)
            return true;
        call.lose_tie_break(turn);
        settle(calls_.at(call.id()), turn);
        return false;  // pairs_ has changed, and there is at most one that matters.
    }
    return false;
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

void Calls::keep_deadline(Entry& entry)
{
    const auto deadline = entry.call.deadline();
    const bool waits = waits_for_server(entry.call);
    if (deadline == entry.deadline && waits == entry.waits)
        return;
    deadlines_of(entry).erase({ entry.deadline, &entry.call });
    entry.deadline = deadline;
    entry.waits = waits;
    deadlines_of(entry).emplace(deadline, &entry.call);
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
    deadlines_of(entry).erase({ entry.deadline, &entry.call });
    for (LegIndex index = caller_leg; index < entry.call.leg_count(); ++index) {
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
