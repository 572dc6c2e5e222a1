#include "component/page_presence.hpp"

#include <algorithm>

#include "roster/contact.hpp"

namespace component {
namespace {

using Show = web::Callability::Show;

constexpr web::PageMedia both{ .audio = true, .video = true };

Show to_show(roster::Show show)
{
    switch (show) {
    case roster::Show::available: return Show::available;
    case roster::Show::chat: return Show::chat;
    case roster::Show::away: return Show::away;
    case roster::Show::extended_away: return Show::xa;
    case roster::Show::do_not_disturb: return Show::dnd;
    }
    return Show::available;
}

}  // namespace

web::Callability PagePresence::look(const xmpp::Jid& page, const xmpp::Jid& own) const
{
    if (!roster_.may_call(page, own))
        return {};
    const auto contact = roster::contact_of(own);
    const web::Callability unknown{ .callable = true, .media = both };
    if (!contact)
        return unknown;
    const auto asker = roster::contact_of(page);
    const bool himself = asker && asker->user == contact->user;
    if (!himself && !subscriptions_.find(page.to_bare(), contact->user).contact_sees_user)
        return unknown;
    return seen(contact->user);
}

/// What the user's devices and pages show.
web::Callability PagePresence::seen(const xmpp::Jid& user) const
{
    web::Callability result;
    result.known = true;
    const auto reachable = roster_.devices_of(user);
    if (std::ranges::any_of(reachable, [&](const auto& d) { return d.address.domain() == roster_.domain(); }))
        result = { .callable = true, .known = true, .media = both };
    std::optional<std::int8_t> highest;
    for (const auto& device : devices_.seen(user)) {
        if (device.abilities && !device.abilities->takes_calls())
            continue;
        result.callable = true;
        result.media.audio |= !device.abilities || device.abilities->audio;
        result.media.video |= !device.abilities || device.abilities->video;
        if (!highest || device.priority > *highest) {
            highest = device.priority;
            result.show = to_show(device.show);
        }
    }
    return result;
}

}  // namespace component
