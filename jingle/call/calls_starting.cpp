// Which calls may begin, and whom they ring.
#include <algorithm>

#include "base/release.hpp"
#include "jingle/call/calls.hpp"
#include "jingle/call/via.hpp"
#include "roster/contact.hpp"

namespace jingle::call {

std::string_view Calls::limit_reached(const xmpp::Jid& caller, Time now)
{
    const bool served = caller.domain() == settings_->domain
        || std::ranges::find(settings_->served_domains, caller.domain()) != settings_->served_domains.end();
    if (!served && !invites_of_domain_.take(caller.domain(), now))
        return "new calls per minute of a domain";
    const auto live = live_calls_.find(std::string{ caller.bare() });
    if (live != live_calls_.end() && live->second >= settings_->limits.calls_per_user)
        return "calls of a user";
    if (calls_.size() >= settings_->limits.calls)
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
            || of_stage >= settings_->limits.legs_per_stage)
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
            const auto first = plan.legs.size();
            if (party.propose)
                add(party.user, number, true, {});
            for (const auto& device : party.devices)
                add(device.address, number, device.rings == roster::Rings::by_message, device.profile);
            if (party.blind && plan.legs.size() > first + 1 && !plan.legs[first].is_bound())
                plan.legs[first].blind = true;
        }
        plan.stages.push_back(each.ring);
        ++stage;
        if (plan.legs.size() >= max_callee_legs)
            break;
    }
    rename_colliding(plan, opening.peer, id);
    if (plan.stages.size() == 1 && plan.stages.front().count() == 0)
        base::release(plan.stages);
    return plan;
}

/// Who calls an own account, or is called under a sid he uses with whomever, hears another one: clients and
/// pages know sessions by it, and nobody may reach into another's call by naming it.
void Calls::rename_colliding(RingPlan& plan, const xmpp::Jid& caller, const CallId& id) const
{
    const bool collides = std::ranges::any_of(plan.legs, [&](const Leg& leg) {
        return leg.peer.bare() == caller.bare() || sessions_.contains(session_of(leg));
    });
    if (collides)
        for (auto& leg : plan.legs)
            leg.sid = "c" + id.to_string();
}

Calls::Started Calls::start(const Opening& opening, Turn& turn, std::optional<xmpp::StanzaError>& refused)
{
    const auto contact = roster::contact_of(opening.own);
    const auto id = CallId::make(settings_->key, opening.peer.bare(),
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
    const auto& [own, peer, sid, extra, audio, video, message, invite] = opening;
    if (new_calls_ == NewCalls::refused)
        return No{ xmpp::errors::service_unavailable, "draining" };
    if (pace_ == Pace::lags) {
        ++counts_.refused_lagging;
        return No{ xmpp::errors::resource_constraint, "the server does not keep up" };
    }
    if (!may_pass(extra, settings_->domain))
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
    const auto stays = how == Begin::ringing ? find_migrating(opening, callee) : LegRef{};
    if (stays.call != nullptr) {
        const auto& talks = stays.call->leg(stays.leg);
        Leg leg{ .own = decision.shown, .peer = talks.peer, .sid = std::string{ sid } };
        leg.set_profile(talks.profile().id);
        ring.legs.assign(1, std::move(leg));
        base::release(ring.stages);
        rename_colliding(ring, peer, id);
    }
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
    if (invite != nullptr)
        entry.call.set_invite(*invite);
    entry.audio = audio;
    entry.video = video;
    index(entry);
    directory_.started(invitation_of(entry));
    return Started{ &entry, how, stays };
}

void Calls::begin(const Started& started, const Jingle* initiate, const Message* propose, std::string_view id,
                  Turn& turn)
{
    auto& call = started.entry->call;
    const auto& caller = call.leg(caller_leg);
    const bool lost = propose != nullptr && loses_tie_break(caller.own, caller.peer, propose->id, turn);
    if (!lost && started.stays.call != nullptr) {
        started.stays.call->migrate(started.stays.leg, call, turn);
        settle(calls_.at(started.stays.call->id()), turn);
    }
    if (lost)
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

}  // namespace jingle::call
