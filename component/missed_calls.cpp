#include "component/missed_calls.hpp"

#include <algorithm>

namespace component {
namespace {

using jingle::call::caller_leg;

/// What one device's part in it says about its user.
enum class Part : std::uint8_t { none, missed, settles };

Part part_of(const DeviceRecord& device, const jingle::call::Leg& leg)
{
    switch (device.fate) {
    case DeviceFate::answered:
    case DeviceFate::refused:
        // What the device could not do, its user has not decided.
        return device.reason == "decline" || device.reason == "busy" || device.fate == DeviceFate::answered
            ? Part::settles
            : Part::none;
    case DeviceFate::rang:
    case DeviceFate::stopped:
        if (leg.jmi)
            return device.rang ? Part::settles : Part::none;
        return device.reason == "success" ? Part::settles : Part::missed;  // success: answered elsewhere
    case DeviceFate::tried:
    case DeviceFate::gone: return leg.jmi ? Part::none : Part::missed;
    }
    return Part::none;
}

}  // namespace

std::vector<MissedCall> missed_calls(const jingle::call::Call& call, const CallRecord& record)
{
    struct User {
        const jingle::call::Leg* leg;
        bool missed = false;
        bool settled = false;
    };
    if (record.accepted)
        return {};
    std::vector<User> users;
    for (const auto& device : record.devices) {
        if (device.leg == caller_leg || device.leg >= call.leg_count())
            continue;
        const auto& leg = call.leg(static_cast<jingle::call::LegIndex>(device.leg));
        if (leg.is_page(call.leg(caller_leg).own.domain()))
            continue;
        auto user = std::ranges::find_if(
            users, [&](const User& known) { return known.leg->peer.bare() == leg.peer.bare(); });
        if (user == users.end())
            user = users.insert(users.end(), { &leg });
        const auto part = part_of(device, leg);
        user->missed |= part == Part::missed;
        user->settled |= part == Part::settles;
    }
    std::vector<MissedCall> all;
    for (const auto& user : users)
        if (user.missed && !user.settled)
            all.push_back({ .contact = user.leg->own.to_bare(),
                            .callee = user.leg->peer.to_bare(),
                            .caller = user.leg->own.bare(),
                            .video = record.video,
                            .at = record.started });
    return all;
}

}  // namespace component
