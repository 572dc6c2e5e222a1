#include "jingle/rtcp_feedback.hpp"

#include <algorithm>

#include "jingle/codec.hpp"

namespace jingle {
namespace {

// The N of `trr-int N`.
std::optional<std::uint32_t> interval_of(const Feedback& feedback, Reading& reading)
{
    std::uint32_t value = 0;
    if (feedback.type != "trr-int" || !feedback.subtype || decode(*feedback.subtype, value, Rule{}, reading))
        return std::nullopt;
    return value;
}

}  // namespace

base::Result<void> mend(RtcpFeedback& feedback, Reading& reading)
{
    auto& intervals = feedback.trr_ints;
    for (const auto& message : feedback.messages) {
        const auto value = interval_of(message, reading);
        if (!value || std::find(intervals.begin(), intervals.end(), *value) != intervals.end())
            continue;
        if (intervals.size() >= limits::trr_ints)
            return base::fail(base::Errc::too_long, "rtcp-fb-trr-int (too many)");
        intervals.push_back(reading.arena, *value);
    }
    feedback.messages.erase_if(
        [&](const Feedback& message) { return interval_of(message, reading).has_value(); });
    return {};
}

}  // namespace jingle
