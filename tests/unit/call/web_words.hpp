#pragma once

#include <string>

#include "jingle/call/web_leg.hpp"

/// What goes in and out of a web leg as lines to read: "page: call.ringing", "call: session-initiate",
/// "reply: session-accept out-of-order".
namespace web {

using namespace jingle::call;
using jingle::Role;

inline std::string word(PageReason reason)
{
    constexpr std::array names{ "user_hangup",
                                "declined",
                                "busy",
                                "unavailable",
                                "cancelled",
                                "invite_timeout",
                                "answered_elsewhere",
                                "declined_elsewhere",
                                "ice_failed",
                                "media_error",
                                "incompatible",
                                "security",
                                "replaced",
                                "gone",
                                "policy",
                                "error" };
    return names.at(static_cast<std::size_t>(reason));
}

inline std::string word(PageMedia media)
{
    return std::string{ media.audio ? " audio" : "" } + (media.video ? " video" : "");
}

inline std::string word(PageDescription::Type type)
{
    constexpr std::array names{ "offer", "answer", "rollback" };
    return names.at(static_cast<std::size_t>(type));
}

inline std::string word(PageError::Code code)
{
    constexpr std::array names{ "forbidden",   "unavailable", "rate_limited", "bad_sdp",
                                "wrong_state", "too_large",   "draining" };
    return names.at(static_cast<std::size_t>(code));
}

inline std::string word(const std::optional<xmpp::StanzaError>& error)
{
    if (!error)
        return "result";
    return std::string{ error->jingle ? to_string(*error->jingle) : to_string(error->condition) };
}

inline std::string word(const std::optional<jingle::Reason>& reason)
{
    return reason ? " " + std::string{ base::find_token(jingle::condition_rows, reason->condition) } : "";
}

struct Line {
    std::string operator()(const PageInvite& said) const
    {
        return "call.invite" + word(said.media) + (said.offer ? " offer" : "");
    }
    std::string operator()(const PageRinging&) const { return "call.ringing"; }
    std::string operator()(const PageAccept&) const { return "call.accept"; }
    std::string operator()(const PageAnswer&) const { return "call.answer"; }
    std::string operator()(const PageSelectAnswer&) const { return "call.select_answer"; }
    std::string operator()(const PageNegotiate& said) const
    {
        return "call.negotiate " + word(said.description.type);
    }
    std::string operator()(const PageCandidates& said) const
    {
        std::string out{ "call.candidates" };
        for (const auto& one : said.candidates)
            out += one.candidate.empty() ? " end" : " " + one.username_fragment.value_or("?");
        return out;
    }
    std::string operator()(const PageInfo& said) const
    {
        std::string out{ "call.info" };
        if (said.hold)
            out += *said.hold ? " hold" : " unhold";
        if (said.mute) {
            out += " muted:";
            for (const auto& kind : *said.mute)
                out += " " + kind;
        }
        return out + (said.dtmf ? " tones " + *said.dtmf : "");
    }
    std::string operator()(const PageReject& said) const { return "call.reject " + word(said.reason); }
    std::string operator()(const PageHangup& said) const { return "call.hangup " + word(said.reason); }

    std::string operator()(const PageHears& heard) const { return "page: " + std::visit(*this, heard); }
    std::string operator()(const TellRequest& told) const
    {
        const auto& jingle = *told.jingle;
        auto out = "call: " + std::string{ base::find_token(jingle::action_rows, jingle.action) }
            + word(jingle.reason);
        if (const auto* info = jingle.info ? std::get_if<jingle::RtpInfo>(&*jingle.info) : nullptr) {
            out += " " + std::string{ base::find_token(jingle::info_rows, info->kind) };
            if (info->name)
                out += " " + std::string{ *info->name };
        }
        return out;
    }
    std::string operator()(const TellMessage& told) const
    {
        auto out = "call: " + std::string{ base::find_token(jingle::message_rows, told.message.kind) };
        for (const auto& description : told.message.descriptions)
            out += " " + std::string{ description.media.value_or("?") };
        return out + word(told.message.reason);
    }
    std::string operator()(const TellReply& told) const
    {
        return "reply: " + std::string{ base::find_token(jingle::action_rows, told.action) } + " "
            + word(told.error);
    }
};

inline std::string line(const WebOutput& output)
{
    return std::visit(Line{}, output);
}

inline std::string line(const PageError& error)
{
    return "refused: " + word(error.code);
}

}  // namespace web
