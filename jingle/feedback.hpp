#pragma once

#include <string_view>

#include "base/arena.hpp"
#include "base/list.hpp"
#include "jingle/report.hpp"
#include "jingle/rtcp_feedback.hpp"
#include "sdp/attributes.hpp"

namespace jingle {

/// False when there is nothing in it.
[[nodiscard]] inline bool says_anything(const RtcpFeedback& feedback) noexcept
{
    return !feedback.messages.empty() || !feedback.trr_ints.empty();
}

/// Adds what stands behind the payload type of a=rtcp-fb: "nack pli", "ccm tmmbr smaxpr=120", "trr-int 100".
void add_feedback(std::string_view value, RtcpFeedback& out, Report& report, base::Arena& arena);

/// The lines of one payload type, or of all ("*") where it is absent.
void feedback_to_sdp(const RtcpFeedback& feedback, std::optional<std::uint8_t> payload_type,
                     base::List<sdp::RtcpFb>& out, Report& report, base::Arena& arena);

}  // namespace jingle
