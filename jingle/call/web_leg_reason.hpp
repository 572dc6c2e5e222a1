#pragma once

#include <array>

#include "jingle/call/page.hpp"
#include "jingle/reason.hpp"
#include "xmpp/stanza_error.hpp"

namespace jingle::call {

/// Where a row of the table counts.
enum class ReasonUse : std::uint8_t {
    both,
    said,  ///< from a page to the call only
    heard,  ///< from the call to a page only
    heard_early,  ///< the same, before the call was taken up
};

struct ReasonRow {
    PageReason page;
    Condition condition;
    ReasonUse use = ReasonUse::both;
};

/// What ends a call, in the words of pages and of Jingle (JMI has the same): the table of docs/protocol.md.
/// The first row that fits counts. About a callee a page hears "unavailable" whatever the cause.
inline constexpr std::array<ReasonRow, 21> reason_rows{ {
    { PageReason::unavailable, Condition::gone, ReasonUse::heard_early },
    { PageReason::user_hangup, Condition::success },
    { PageReason::declined, Condition::decline },
    { PageReason::busy, Condition::busy },
    { PageReason::cancelled, Condition::cancel },
    { PageReason::invite_timeout, Condition::timeout },
    { PageReason::ice_failed, Condition::failed_transport },
    { PageReason::ice_failed, Condition::connectivity_error, ReasonUse::heard },
    { PageReason::media_error, Condition::media_error },
    { PageReason::media_error, Condition::failed_application, ReasonUse::heard },
    { PageReason::incompatible, Condition::incompatible_parameters },
    { PageReason::incompatible, Condition::unsupported_applications, ReasonUse::heard },
    { PageReason::incompatible, Condition::unsupported_transports, ReasonUse::heard },
    { PageReason::security, Condition::security_error },
    { PageReason::replaced, Condition::alternative_session },
    { PageReason::gone, Condition::gone },
    { PageReason::policy, Condition::expired },
    { PageReason::error, Condition::general_error },
    { PageReason::unavailable, Condition::gone, ReasonUse::said },
    { PageReason::answered_elsewhere, Condition::cancel, ReasonUse::said },
    { PageReason::declined_elsewhere, Condition::cancel, ReasonUse::said },
} };

/// Whether the call had been taken up when it ended.
enum class Ended : std::uint8_t { early, live };

[[nodiscard]] PageReason to_page(Condition condition, Ended when) noexcept;
[[nodiscard]] Condition to_condition(PageReason reason) noexcept;

/// Whether it is what a leg that rings is told when another one has the call.
[[nodiscard]] bool is_answered_elsewhere(const std::optional<Reason>& reason) noexcept;
/// The same when another one has declined for all.
[[nodiscard]] bool is_declined_elsewhere(const std::optional<Reason>& reason) noexcept;

/// What a page hears when its call was not let through.
[[nodiscard]] PageReason to_page(const xmpp::StanzaError& error) noexcept;
/// The same as the answer to its call.invite, for who knows it at once.
[[nodiscard]] PageError to_page_error(const xmpp::StanzaError& error);

}  // namespace jingle::call
