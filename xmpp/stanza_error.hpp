#pragma once

#include <optional>
#include <string_view>

#include "xmpp/element.hpp"

namespace xmpp {

/// RFC 6120, 8.3.2.
enum class ErrorType { auth, cancel, cont, modify, wait };

/// RFC 6120, 8.3.3.
enum class Condition {
    bad_request,
    conflict,
    feature_not_implemented,
    forbidden,
    gone,
    internal_server_error,
    item_not_found,
    jid_malformed,
    not_acceptable,
    not_allowed,
    not_authorized,
    policy_violation,
    recipient_unavailable,
    redirect,
    registration_required,
    remote_server_not_found,
    remote_server_timeout,
    resource_constraint,
    service_unavailable,
    subscription_required,
    undefined_condition,
    unexpected_request,
};

/// XEP-0166, 10 and XEP-0353: conditions of urn:xmpp:jingle:errors:1.
enum class JingleCondition {
    out_of_order,
    security_required,
    tie_break,
    unknown_content,
    unknown_session,
    unsupported_info
};

/// What a peer is told: type, condition and, where there is one, the Jingle condition. Never free text from
/// inside.
struct StanzaError {
    ErrorType type = ErrorType::cancel;
    Condition condition = Condition::undefined_condition;
    std::optional<JingleCondition> jingle;

    /// The error child of an error stanza; anything unknown in it reads as undefined-condition.
    [[nodiscard]] static StanzaError from_element(const Element& error);
    /// Appends <error/> under `stanza`.
    void append_to(Element& stanza, base::Arena& arena) const;

    friend bool operator==(const StanzaError&, const StanzaError&) = default;
};

[[nodiscard]] std::string_view to_string(Condition condition) noexcept;
[[nodiscard]] std::string_view to_string(JingleCondition condition) noexcept;

/// The answers Carillon gives, each written once (the table of `docs/protocol.md`).
namespace errors {
inline constexpr StanzaError bad_request{ ErrorType::cancel, Condition::bad_request, {} };
inline constexpr StanzaError jid_malformed{ ErrorType::modify, Condition::jid_malformed, {} };
inline constexpr StanzaError service_unavailable{ ErrorType::cancel, Condition::service_unavailable, {} };
inline constexpr StanzaError feature_not_implemented{ ErrorType::cancel,
                                                      Condition::feature_not_implemented,
                                                      {} };
inline constexpr StanzaError policy_violation{ ErrorType::modify, Condition::policy_violation, {} };
inline constexpr StanzaError resource_constraint{ ErrorType::wait, Condition::resource_constraint, {} };
inline constexpr StanzaError item_not_found{ ErrorType::cancel, Condition::item_not_found, {} };
inline constexpr StanzaError forbidden{ ErrorType::auth, Condition::forbidden, {} };
inline constexpr StanzaError unknown_session{ ErrorType::cancel, Condition::item_not_found,
                                              JingleCondition::unknown_session };
inline constexpr StanzaError out_of_order{ ErrorType::wait, Condition::unexpected_request,
                                           JingleCondition::out_of_order };
inline constexpr StanzaError tie_break{ ErrorType::cancel, Condition::conflict, JingleCondition::tie_break };
inline constexpr StanzaError unsupported_info{ ErrorType::modify, Condition::feature_not_implemented,
                                               JingleCondition::unsupported_info };
inline constexpr StanzaError security_required{ ErrorType::cancel, Condition::not_acceptable,
                                                JingleCondition::security_required };
}  // namespace errors

}  // namespace xmpp
