#pragma once

#include <optional>

#include "component/web/ports.hpp"
#include "roster/devices.hpp"
#include "roster/roster.hpp"
#include "roster/subscriptions.hpp"

namespace component {

/// What pages are told of whom they could call. Who may be called is callable, and no more is known of him,
/// unless he lets the contact address of the page's user see his presence.
class PagePresence {
public:
    PagePresence(const roster::Roster& roster, const roster::Devices& devices,
                 const roster::Subscriptions& subscriptions)
        : roster_{ roster }
        , devices_{ devices }
        , subscriptions_{ subscriptions }
    {
    }

    /// `own` is the address of ours that stands for who is asked about.
    [[nodiscard]] web::Callability look(const xmpp::Jid& page, const xmpp::Jid& own) const;

private:
    [[nodiscard]] web::Callability seen(const xmpp::Jid& user) const;

    const roster::Roster& roster_;
    const roster::Devices& devices_;
    const roster::Subscriptions& subscriptions_;
};

}  // namespace component
