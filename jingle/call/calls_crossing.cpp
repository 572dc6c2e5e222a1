// Of two calls between the same people that begin at once, one goes on: that with the lower id, and of the
// same id that of the lower JID (XEP-0166, 7.2.16; XEP-0353, 4.1).
#include "jingle/call/calls.hpp"
#include "roster/contact.hpp"

namespace jingle::call {
namespace {

/// Of the leg's call, against one that the leg's user begins under `sid`. Bare JIDs: both sides see the
/// other's resource otherwise than he does.
bool is_first(const Call& call, const Leg& leg, std::string_view sid)
{
    return leg.sid < sid || (leg.sid == sid && call.leg(caller_leg).peer.bare() < leg.peer.bare());
}

/// Null: the call has no leg that rings this user so.
const Leg* rings_by_propose(const Call& call, const xmpp::Jid& user)
{
    if (call.state() != State::proposed || !call.leg(caller_leg).jmi)
        return nullptr;
    for (LegIndex i = callee_leg; i < call.leg_count(); ++i)
        if (const auto& leg = call.leg(i); leg.state == LegState::proposed && leg.peer.bare() == user.bare())
            return &leg;
    return nullptr;
}

}  // namespace

/// The leg by which `peer`, who calls `own`, is about to be rung with the offer of whom he calls.
Calls::LegRef Calls::find_crossed_offer(const xmpp::Jid& own, const xmpp::Jid& peer) const
{
    const auto contact = roster::contact_of(own);
    if (!contact)
        return {};
    const auto [begin, end] = pairs_.equal_range(pair_of(peer, contact->user));
    for (auto at = begin; at != end; ++at) {
        auto& call = *at->second;
        if (call.state() == State::active || call.leg(caller_leg).peer.bare() != contact->user.bare())
            continue;
        for (LegIndex i = callee_leg; i < call.leg_count(); ++i)
            if (call.leg(i).peer == peer && call.leg(i).state == LegState::offered)
                return { &call, i };
    }
    return {};
}

bool Calls::stands(const LegRef& first, std::string_view sid)
{
    return is_first(*first.call, first.call->leg(first.leg), sid);
}

/// The call that was there first ends, for the other has been let in.
void Calls::overrule(const LegRef& first, std::string_view sid, Turn& turn)
{
    if (first.call->leg(first.leg).sid == sid)
        first.call->yield(first.leg, turn);
    else
        first.call->end(Condition::expired, turn);
    settle(calls_.at(first.call->id()), turn);
}

/// A propose under the very id of one that its sender is rung by: when it wins it is a call of its own.
bool Calls::overrules(const Message& second, const LegRef& first)
{
    const auto& call = *first.call;
    const auto& leg = call.leg(first.leg);
    return second.kind == MessageKind::propose && first.leg != caller_leg && call.state() == State::proposed
        && call.leg(caller_leg).jmi && leg.state == LegState::proposed && !is_first(call, leg, second.id);
}

/// Two proposes that cross. The one that rings already ends when it loses.
bool Calls::loses_tie_break(const xmpp::Jid& own, const xmpp::Jid& peer, std::string_view id, Turn& turn)
{
    const auto contact = roster::contact_of(own);
    if (!contact)
        return false;
    const auto callee = contact->user.bare();
    const auto [begin, end] = pairs_.equal_range(pair_of(peer, contact->user));
    for (auto at = begin; at != end; ++at) {
        auto& call = *at->second;
        const auto& caller = call.leg(caller_leg);
        const auto* const rung = rings_by_propose(call, peer);
        if (rung == nullptr || caller.peer.bare() != callee || caller.peer.bare() == peer.bare())
            continue;
        if (is_first(call, *rung, id))
            return true;
        call.lose_tie_break(turn);
        settle(calls_.at(call.id()), turn);
        return false;  // pairs_ has changed, and there is at most one that matters.
    }
    return false;
}

}  // namespace jingle::call
