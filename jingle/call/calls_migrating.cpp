// Running calls that go on as others, at another device of one party (XEP-0353, 4.2).
#include "jingle/call/calls.hpp"

namespace jingle::call {

/// A propose to somebody with whom the same user talks already is the continuation of that call. Who knows
/// Message Initiation sees to it himself. Who does not is called anew for it by us, and only at the device
/// that he talks at.
Calls::LegRef Calls::find_migrating(const Opening& opening, const xmpp::Jid& callee) const
{
    if (!opening.message)
        return {};
    const auto find_in = [&](std::size_t pair, bool caller_stays) -> LegRef {
        const auto [begin, end] = pairs_.equal_range(pair);
        for (auto at = begin; at != end; ++at) {
            const LegRef stays{ at->second, caller_stays ? caller_leg : at->second->callee() };
            if (migrates(stays, opening))
                return stays;
        }
        return {};
    };
    const auto as_caller = find_in(pair_of(callee, opening.peer), false);
    return as_caller.call != nullptr ? as_caller : find_in(pair_of(opening.peer, callee), true);
}

/// More media than run already are another call.
bool Calls::migrates(const LegRef& stays, const Opening& opening) const
{
    const auto& call = *stays.call;
    if (call.state() != State::active)
        return false;
    const auto& leg = call.leg(stays.leg);
    const auto& moves = call.leg(stays.leg == caller_leg ? call.callee() : caller_leg);
    const auto& entry = calls_.at(call.id());
    return !leg.jmi && !leg.is_page(settings_->domain) && !moves.is_page(settings_->domain)
        && moves.peer.bare() == opening.peer.bare() && moves.own.bare() == opening.own.bare()
        && (entry.audio || !opening.audio) && (entry.video || !opening.video);
}

/// What the other side of the session `sid` knows it as.
std::optional<std::string_view> Calls::name_for_other(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                      std::string_view sid) const
{
    const auto found = find(own, peer, sid);
    if (!found)
        return std::nullopt;
    const auto& call = *found->call;
    return call.leg(found->leg == caller_leg ? call.callee() : caller_leg).sid;
}

}  // namespace jingle::call
