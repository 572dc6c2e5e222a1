#include "xmpp/stanza_error.hpp"

#include <array>

#include "base/enum_table.hpp"
#include "xmpp/ns.hpp"

namespace xmpp {
namespace {

using base::EnumRow;

constexpr std::array types{
    EnumRow{ ErrorType::auth, "auth" },     EnumRow{ ErrorType::cancel, "cancel" },
    EnumRow{ ErrorType::cont, "continue" }, EnumRow{ ErrorType::modify, "modify" },
    EnumRow{ ErrorType::wait, "wait" },
};

constexpr std::array conditions{
    EnumRow{ Condition::bad_request, "bad-request" },
    EnumRow{ Condition::conflict, "conflict" },
    EnumRow{ Condition::feature_not_implemented, "feature-not-implemented" },
    EnumRow{ Condition::forbidden, "forbidden" },
    EnumRow{ Condition::gone, "gone" },
    EnumRow{ Condition::internal_server_error, "internal-server-error" },
    EnumRow{ Condition::item_not_found, "item-not-found" },
    EnumRow{ Condition::jid_malformed, "jid-malformed" },
    EnumRow{ Condition::not_acceptable, "not-acceptable" },
    EnumRow{ Condition::not_allowed, "not-allowed" },
    EnumRow{ Condition::not_authorized, "not-authorized" },
    EnumRow{ Condition::policy_violation, "policy-violation" },
    EnumRow{ Condition::recipient_unavailable, "recipient-unavailable" },
    EnumRow{ Condition::redirect, "redirect" },
    EnumRow{ Condition::registration_required, "registration-required" },
    EnumRow{ Condition::remote_server_not_found, "remote-server-not-found" },
    EnumRow{ Condition::remote_server_timeout, "remote-server-timeout" },
    EnumRow{ Condition::resource_constraint, "resource-constraint" },
    EnumRow{ Condition::service_unavailable, "service-unavailable" },
    EnumRow{ Condition::subscription_required, "subscription-required" },
    EnumRow{ Condition::undefined_condition, "undefined-condition" },
    EnumRow{ Condition::unexpected_request, "unexpected-request" },
};

constexpr std::array jingle_conditions{
    EnumRow{ JingleCondition::out_of_order, "out-of-order" },
    EnumRow{ JingleCondition::security_required, "security-required" },
    EnumRow{ JingleCondition::tie_break, "tie-break" },
    EnumRow{ JingleCondition::unknown_content, "unknown-content" },
    EnumRow{ JingleCondition::unknown_session, "unknown-session" },
    EnumRow{ JingleCondition::unsupported_info, "unsupported-info" },
};

}  // namespace

StanzaError StanzaError::from_element(const Element& error)
{
    StanzaError read;
    read.type = base::find_value(types, error.attribute_or_empty("type")).value_or(ErrorType::cancel);
    for (const auto& child : error.children()) {
        if (child.ns == ns::stanza_errors)
            read.condition = base::find_value(conditions, child.name).value_or(read.condition);
        else if (child.ns == ns::jingle_errors)
            read.jingle = base::find_value(jingle_conditions, child.name);
    }
    return read;
}

void StanzaError::append_to(Element& stanza, base::Arena& arena) const
{
    auto& error = stanza.add(arena, "error");
    error.set(arena, "type", base::find_token(types, type));
    error.add(arena, to_string(condition), ns::stanza_errors);
    if (jingle)
        error.add(arena, to_string(*jingle), ns::jingle_errors);
}

std::string_view to_string(Condition condition) noexcept
{
    return base::find_token(conditions, condition);
}

std::string_view to_string(JingleCondition condition) noexcept
{
    return base::find_token(jingle_conditions, condition);
}

}  // namespace xmpp
