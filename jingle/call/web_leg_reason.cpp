#include "jingle/call/web_leg_reason.hpp"

#include "jingle/call/signal.hpp"

namespace jingle::call {

PageReason to_page(Condition condition, Ended when) noexcept
{
    for (const auto& row : reason_rows) {
        const auto counts = row.use == ReasonUse::both || row.use == ReasonUse::heard
            || (row.use == ReasonUse::heard_early && when == Ended::early);
        if (counts && row.condition == condition)
            return row.page;
    }
    return PageReason::error;
}

Condition to_condition(PageReason reason) noexcept
{
    for (const auto& row : reason_rows)
        if ((row.use == ReasonUse::both || row.use == ReasonUse::said) && row.page == reason)
            return row.condition;
    return Condition::general_error;
}

bool is_answered_elsewhere(const std::optional<Reason>& reason) noexcept
{
    return reason && reason->condition == Condition::cancel && reason->text == elsewhere_text;
}

bool is_declined_elsewhere(const std::optional<Reason>& reason) noexcept
{
    return reason && reason->condition == Condition::cancel && reason->text == declined_text;
}

PageReason to_page(const xmpp::StanzaError& error) noexcept
{
    using enum xmpp::Condition;
    switch (error.condition) {
    case resource_constraint:
    case policy_violation: return PageReason::policy;
    case bad_request:
    case feature_not_implemented:
    case not_acceptable: return PageReason::incompatible;
    case unexpected_request:
    case internal_server_error: return PageReason::error;
    case conflict: return PageReason::replaced;
    default: return PageReason::unavailable;  // one answer for all (docs/protocol.md)
    }
}

PageError to_page_error(const xmpp::StanzaError& error)
{
    using Code = PageError::Code;
    switch (to_page(error)) {
    case PageReason::policy: return { Code::rate_limited, "a limit is reached" };
    case PageReason::incompatible: return { Code::bad_sdp, "the offer is refused" };
    case PageReason::error:
    case PageReason::replaced: return { Code::wrong_state, "the call is there already" };
    default: return { Code::unavailable, "nobody to be reached" };
    }
}

}  // namespace jingle::call
