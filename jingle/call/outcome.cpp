#include "jingle/call/outcome.hpp"

#include <algorithm>
#include <array>

namespace jingle::call {
namespace {

/// From what tells the caller most to what tells him least.
constexpr std::array order{
    Condition::timeout,  // somebody could have answered
    Condition::busy,
    Condition::decline,
    // Reached, and could not take this call.
    Condition::security_error,
    Condition::incompatible_parameters,
    Condition::unsupported_applications,
    Condition::unsupported_transports,
    Condition::failed_application,
    Condition::failed_transport,
    Condition::media_error,
    Condition::alternative_session,
    Condition::expired,
    Condition::cancel,
    Condition::success,
    Condition::general_error,
    // Not reached.
    Condition::connectivity_error,
    Condition::gone,
};
static_assert(order.size() == condition_rows.size());

}  // namespace

Condition combined(Condition a, Condition b) noexcept
{
    return *std::ranges::find_if(order, [&](Condition each) { return each == a || each == b; });
}

bool speaks_for_user(Condition reason, bool message) noexcept
{
    return message || reason == Condition::decline;
}

Condition reason_of(const xmpp::StanzaError& error) noexcept
{
    using enum xmpp::Condition;
    if (error.jingle == xmpp::JingleCondition::tie_break)
        return Condition::expired;
    if (error.jingle == xmpp::JingleCondition::security_required)
        return Condition::security_error;
    switch (error.condition) {
    case remote_server_not_found:
    case remote_server_timeout: return Condition::connectivity_error;
    case feature_not_implemented: return Condition::unsupported_applications;
    case service_unavailable:
    case recipient_unavailable:
    case item_not_found:
    case gone: return Condition::gone;
    default: return Condition::general_error;
    }
}

bool means_away(xmpp::Condition condition) noexcept
{
    using enum xmpp::Condition;
    return condition == service_unavailable || condition == recipient_unavailable || condition == gone
        || condition == item_not_found;
}

}  // namespace jingle::call
