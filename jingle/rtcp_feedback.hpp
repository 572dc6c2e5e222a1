#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include "base/list.hpp"
#include "base/result.hpp"
#include "jingle/extra.hpp"
#include "jingle/fields.hpp"
#include "xmpp/ns.hpp"

namespace jingle {

/// The part of <rtcp-fb/> behind type and subtype: `value` absent for a bare token.
struct FeedbackParameter {
    std::string_view name;
    std::optional<std::string_view> value;

    friend bool operator==(const FeedbackParameter&, const FeedbackParameter&) = default;
};

inline constexpr std::tuple feedback_parameter_rows{
    Field{ "name", &FeedbackParameter::name, token },
    Field{ "value", &FeedbackParameter::value },
};
constexpr const auto& attribute_rows(const FeedbackParameter*)
{
    return feedback_parameter_rows;
}

/// <rtcp-fb/> of XEP-0293.
struct Feedback {
    std::string_view type;
    std::optional<std::string_view> subtype;
    base::List<FeedbackParameter> parameters;
    Extra extra{};

    friend bool operator==(const Feedback&, const Feedback&) = default;
};

inline constexpr std::tuple feedback_rows{
    Field{ "type", &Feedback::type, token },
    Field{ "subtype", &Feedback::subtype, token },
};
constexpr const auto& attribute_rows(const Feedback*)
{
    return feedback_rows;
}

inline constexpr std::tuple feedback_children{
    Child{ "parameter", {}, &Feedback::parameters, { .most = limits::feedback_parameters } },
};
constexpr const auto& child_rows(const Feedback*)
{
    return feedback_children;
}

/// All of XEP-0293 that hangs in one payload type or description.
struct RtcpFeedback {
    base::List<Feedback> messages;
    base::List<std::uint32_t> trr_ints;  ///< <rtcp-fb-trr-int/>, milliseconds

    friend bool operator==(const RtcpFeedback&, const RtcpFeedback&) = default;
};

inline constexpr std::tuple rtcp_feedback_children{
    Child{
        "rtcp-fb", xmpp::ns::rtcp_fb, &RtcpFeedback::messages, { .most = limits::feedback, .key = "type" } },
    Child{ "rtcp-fb-trr-int",
           xmpp::ns::rtcp_fb,
           &RtcpFeedback::trr_ints,
           { .most = limits::trr_ints, .value = "value" } },
};
constexpr const auto& child_rows(const RtcpFeedback*)
{
    return rtcp_feedback_children;
}

struct Reading;
/// COMPAT(Movim, stanza): <rtcp-fb type='trr-int' subtype='N'/> becomes <rtcp-fb-trr-int value='N'/>, once:
/// Movim writes both.
base::Result<void> mend(RtcpFeedback& feedback, Reading& reading);

}  // namespace jingle
