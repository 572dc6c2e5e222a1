// Proposes that come back, and whom to ring in their place.
#include <algorithm>

#include "jingle/call/calls.hpp"

namespace jingle::call {

void Calls::bounced(const xmpp::Jid& own, const xmpp::Jid& peer, std::string_view sid, Turn& turn)
{
    const auto leg = find(own, peer, sid);
    // What went to all devices of a user comes back from his server. One device that does not like it does
    // not speak for the others.
    if (!leg || leg->call->leg(leg->leg).peer != peer)
        return;
    const auto instead = instead_of_propose(*leg);
    handle(*leg, JmiBounced{ &instead }, turn);
}

std::vector<Leg> Calls::instead_of_propose(const LegRef& bounced) const
{
    const auto& call = *bounced.call;
    const auto& from = call.leg(bounced.leg);
    std::vector<Leg> legs;
    if (from.is_bound() || from.state != LegState::proposed)
        return legs;
    std::size_t of_stage = 0;
    std::vector<std::string_view> known{ call.leg(caller_leg).peer.full() };
    for (LegIndex i = callee_leg; i < call.leg_count(); ++i) {
        of_stage += call.leg(i).stage == from.stage ? 1 : 0;
        known.emplace_back(call.leg(i).peer.full());
    }
    for (const auto& device : directory_.instead_of_propose(from.peer)) {
        if (of_stage + legs.size() >= settings_->limits.legs_per_stage
            || call.leg_count() + legs.size() > max_callee_legs)
            break;
        if (std::ranges::find(known, device.address.full()) != known.end())
            continue;
        Leg leg{ .own = from.own, .peer = device.address, .sid = from.sid };
        leg.stage = from.stage;
        leg.party = from.party;
        leg.set_profile(device.profile);
        legs.push_back(std::move(leg));
    }
    return legs;
}

}  // namespace jingle::call
