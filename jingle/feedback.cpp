#include "jingle/feedback.hpp"

#include <algorithm>
#include <charconv>

#include "base/scan.hpp"
#include "jingle/limits.hpp"

namespace jingle {

namespace {

constexpr std::string_view trr_int = "trr-int";

FeedbackParameter split_token(std::string_view token)
{
    const auto equals = token.find('=');
    if (equals == std::string_view::npos || equals == 0)
        return { token, std::nullopt };
    return { token.substr(0, equals), token.substr(equals + 1) };
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

std::string_view number_text(std::uint32_t number, base::Arena& arena)
{
    char digits[10];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return arena.copy({ digits, static_cast<std::size_t>(end - digits) });
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

/// COMPAT(Movim): writes trr-int a second time, as a message with the number for subtype.
bool is_trr_int_alias(const Feedback& feedback)
{
    return feedback.type == trr_int;
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
        const auto token = base::next_token(value);
        if (token.empty())
            break;
        if (feedback.parameters.size() == limits::feedback_parameters)
            return report.refuse(base::Errc::too_long, "parameters of one rtcp-fb");
        feedback.parameters.push_back(arena, split_token(token));
    }
    out.messages.push_back(arena, feedback);
}

void feedback_to_sdp(const RtcpFeedback& feedback, std::optional<std::uint8_t> payload_type,
                     base::List<sdp::RtcpFb>& out, Report& report, base::Arena& arena)
{
    auto trr_ints = feedback.trr_ints;
    for (const auto& message : feedback.messages) {
        if (!is_trr_int_alias(message)) {
            out.push_back(arena, { payload_type, to_text(message, report, arena) });
            continue;
        }
        const auto number = base::parse_number<std::uint32_t>(message.subtype.value_or(""), trr_int);
        if (!number)
            report.refuse(number.error().code, "value of trr-int");
        else if (std::find(trr_ints.begin(), trr_ints.end(), *number) == trr_ints.end())
            out.push_back(arena, { payload_type, arena.concat(trr_int, " ", *message.subtype) });
    }
    for (const auto number : feedback.trr_ints)
        out.push_back(arena, { payload_type, arena.concat(trr_int, " ", number_text(number, arena)) });
}

}  // namespace jingle
