#include "jingle/rtcp_feedback.hpp"

#include <algorithm>

#include "jingle/codec.hpp"

namespace jingle {
namespace {

// COMPAT(Movim): its SDP reader catches a=rtcp-fb:* trr-int twice, once as feedback with the PT in @id.
// COMPAT(stanza): knows no other form.
bool is_interval(const Feedback& feedback)
{
    std::uint64_t value = 0;
    return feedback.type == "trr-int" && feedback.subtype && !decode_digits(*feedback.subtype, value);
}

}  // namespace

void mend(RtcpFeedback& feedback, Reading& reading)
{
    for (const auto& message : feedback.messages) {
        std::uint32_t value = 0;
        if (!is_interval(message) || decode(*message.subtype, value, Rule{}, reading))
            continue;
        const auto& known = feedback.trr_ints;
        if (std::find(known.begin(), known.end(), value) == known.end())
            feedback.trr_ints.push_back(reading.arena, value);
    }
    feedback.messages.erase_if(is_interval);
}

}  // namespace jingle
