#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/enum_table.hpp"
#include "base/result.hpp"
#include "jingle/extra.hpp"
#include "xmpp/element.hpp"
#include "xmpp/writer.hpp"

namespace jingle {

struct Reading;

/// The seventeen reasons of XEP-0166, 7.4.
enum class Condition {
    alternative_session,
    busy,
    cancel,
    connectivity_error,
    decline,
    expired,
    failed_application,
    failed_transport,
    general_error,
    gone,
    incompatible_parameters,
    media_error,
    security_error,
    success,
    timeout,
    unsupported_applications,
    unsupported_transports,
};

inline constexpr std::array<base::EnumRow<Condition>, 17> condition_rows{ {
    { Condition::alternative_session, "alternative-session" },
    { Condition::busy, "busy" },
    { Condition::cancel, "cancel" },
    { Condition::connectivity_error, "connectivity-error" },
    { Condition::decline, "decline" },
    { Condition::expired, "expired" },
    { Condition::failed_application, "failed-application" },
    { Condition::failed_transport, "failed-transport" },
    { Condition::general_error, "general-error" },
    { Condition::gone, "gone" },
    { Condition::incompatible_parameters, "incompatible-parameters" },
    { Condition::media_error, "media-error" },
    { Condition::security_error, "security-error" },
    { Condition::success, "success" },
    { Condition::timeout, "timeout" },
    { Condition::unsupported_applications, "unsupported-applications" },
    { Condition::unsupported_transports, "unsupported-transports" },
} };
constexpr const auto& enum_rows(Condition)
{
    return condition_rows;
}

/// <reason/> of XEP-0166. Unknown or missing condition reads as general-error. `text` is never trusted.
struct Reason {
    static constexpr std::size_t max_text = 256;  ///< bytes; longer text is dropped when read

    Condition condition = Condition::general_error;
    std::optional<std::string_view> text;
    std::optional<std::string_view> alternative_sid;  ///< <alternative-session><sid/></alternative-session>
    Extra extra;

    friend bool operator==(const Reason&, const Reason&) = default;
};

base::Result<void> read(const xmpp::Element& from, Reason& into, Reading& reading);
/// Inside an open <reason/>; its children are in ns::jingle.
void write(const Reason& value, xmpp::Writer& writer);

}  // namespace jingle
