#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/list.hpp"

namespace jingle {

/// The part of <rtcp-fb/> behind type and subtype: `value` absent for a bare token.
struct FeedbackParameter {
    std::string_view name;
    std::optional<std::string_view> value;

    friend bool operator==(const FeedbackParameter&, const FeedbackParameter&) = default;
};

/// <rtcp-fb/> of XEP-0293.
struct Feedback {
    std::string_view type;
    std::optional<std::string_view> subtype;
    base::List<FeedbackParameter> parameters;

    friend bool operator==(const Feedback&, const Feedback&) = default;
};

/// All of XEP-0293 that hangs in one payload type or description.
struct RtcpFeedback {
    base::List<Feedback> messages;
    base::List<std::uint32_t> trr_ints;  ///< <rtcp-fb-trr-int/>, milliseconds

    friend bool operator==(const RtcpFeedback&, const RtcpFeedback&) = default;
};

}  // namespace jingle
