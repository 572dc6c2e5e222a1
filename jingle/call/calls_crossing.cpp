// Of two calls between the same people that begin at once, one goes on.
#include "jingle/call/calls.hpp"
#include "roster/contact.hpp"

namespace jingle::call {

/// Two session-initiates that cross (XEP-0166, 7.2.16): the lower sid wins, and the loser is never passed on.
std::optional<xmpp::StanzaError> Calls::cross(const xmpp::Jid& own, const xmpp::Jid& peer,
                                              std::string_view sid, Turn& turn)
{
    const auto contact = roster::contact_of(own);
    if (!contact)
        return std::nullopt;
    const auto [begin, end] = pairs_.equal_range(pair_of(peer, contact->user));
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
    const auto [begin, end] = pairs_.equal_range(pair_of(peer, contact->user));
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

}  // namespace jingle::call
