#include "jingle/feedback.hpp"

#include "base/scan.hpp"
#include "jingle/limits.hpp"
#include "jingle/number_text.hpp"

namespace jingle {

namespace {

constexpr std::string_view trr_int = "trr-int";

FeedbackParameter split_word(std::string_view word)
{
    const auto equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0)
        return { word, std::nullopt };
    return { word.substr(0, equals), word.substr(equals + 1) };
}

void add_trr_int(std::string_view value, RtcpFeedback& out, Report& report, base::Arena& arena)
{
    const auto number = base::parse_number<std::uint32_t>(value, "value of trr-int");
    if (!number)
        return report.refuse(number.error().code, "value of trr-int");
    if (out.trr_ints.size() == limits::trr_ints)
        return report.refuse(base::Errc::too_long, "trr-int of one payload type");
    out.trr_ints.push_back(arena, *number);
}

/// "type", "type subtype", "type subtype name=value flag"
std::string_view to_text(const Feedback& feedback, Report& report, base::Arena& arena)
{
    auto text = report.visible(feedback.type, "type of an rtcp-fb");
    if (feedback.subtype)
        text = arena.concat(text, " ", report.visible(*feedback.subtype, "subtype of an rtcp-fb"));
    for (const auto& parameter : feedback.parameters) {
        const auto name = report.visible(parameter.name, "name of an rtcp-fb parameter");
        // An empty value reads as a bare token: XEP-0293 has no other way to write one.
        if (parameter.value.value_or("").empty())
            text = arena.concat(text, " ", name);
        else
            text = arena.concat(text, " ", name, "=",
                                report.visible(*parameter.value, "value of an rtcp-fb parameter"));
    }
    return text;
}

}  // namespace

void add_feedback(std::string_view value, RtcpFeedback& out, Report& report, base::Arena& arena)
{
    Feedback feedback{ base::next_token(value), std::nullopt, {} };
    if (feedback.type == trr_int)
        return add_trr_int(base::next_token(value), out, report, arena);
    if (out.messages.size() == limits::feedback)
        return report.refuse(base::Errc::too_long, "rtcp-fb of one payload type");
    if (const auto subtype = base::next_token(value); !subtype.empty())
        feedback.subtype = subtype;
    while (true) {
        const auto word = base::next_token(value);
        if (word.empty())
            break;
        if (feedback.parameters.size() == limits::feedback_parameters)
            return report.refuse(base::Errc::too_long, "parameters of one rtcp-fb");
        feedback.parameters.push_back(arena, split_word(word));
    }
    out.messages.push_back(arena, feedback);
}

void feedback_to_sdp(const RtcpFeedback& feedback, std::optional<std::uint8_t> payload_type,
                     base::List<sdp::RtcpFb>& out, Report& report, base::Arena& arena)
{
    for (const auto& message : feedback.messages)
        out.push_back(arena, { payload_type, to_text(message, report, arena) });
    for (const auto number : feedback.trr_ints)
        out.push_back(arena, { payload_type, arena.concat(trr_int, " ", number_text(number, arena)) });
}

}  // namespace jingle
