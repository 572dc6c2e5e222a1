#include "component/gateway.hpp"

// Presence that is due by the clock: said again after a reconnect, and shown late.

namespace component {

void Gateway::send_presence_again()
{
    bool more = true;
    for (std::size_t users = 0; more && users < presence_portion; ++users) {
        auto now = presence_turn();
        more = presence_.say_again(now);
        send(now);
        arena_.reset();
    }
    link_.flush();
    if (!more)
        return arm_presence_timer();
    again_timer_.expires_after(presence_pause);
    again_timer_.async_wait([this](error_code error) {
        if (!error)
            send_presence_again();
    });
}

void Gateway::arm_presence_timer()
{
    const auto deadline = presence_.deadline();
    if (!deadline || !link_.online() || *deadline >= presence_armed_)
        return;
    presence_armed_ = *deadline;
    presence_timer_.expires_at(*deadline);
    presence_timer_.async_wait([this](error_code error) {
        if (error)
            return;
        presence_armed_ = Presence::Clock::time_point::max();
        auto now = presence_turn();
        presence_.pass_time(now);
        send(now);
        arena_.reset();
        link_.flush();
        arm_presence_timer();
    });
}

}  // namespace component
