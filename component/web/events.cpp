#include "component/web/events.hpp"

#include <variant>

#include "component/web/json_writer.hpp"
#include "component/web/words.hpp"

namespace component::web {
namespace {

using namespace jingle::call;

template <class Write>
std::string object(Write write)
{
    std::string out;
    ObjectWriter writer{ out };
    write(writer);
    writer.close();
    return out;
}

/// What with_seq() starts, from the second member on.
template <class Write>
std::string event(std::string_view method, Write write_params)
{
    std::string out = ",\"method\":\"";
    (out += method) += "\",\"params\":";
    ObjectWriter params{ out };
    write_params(params);
    params.close();
    out += '}';
    return out;
}

void append_id(std::string& out, const std::optional<RequestId>& id)
{
    if (!id)
        out += "null";
    else if (const auto* text = std::get_if<std::string>(&*id))
        append_json(out, *text);
    else
        out += std::to_string(std::get<std::int64_t>(*id));
}

void write_media(ObjectWriter& writer, std::string_view key, const PageMedia& media)
{
    auto& out = writer.begin(key);
    out += media.audio && media.video ? "[\"audio\",\"video\"]"
        : media.audio                 ? "[\"audio\"]"
        : media.video                 ? "[\"video\"]"
                                      : "[]";
}

void write_ice(ObjectWriter& writer, const IceConfig& ice)
{
    append_list(writer.begin("ice_servers"), ice.servers, [](std::string& out, const IceServer& server) {
        ObjectWriter entry{ out };
        append_list(entry.begin("urls"), server.urls, append_json);
        entry.text_if("username", server.username).text_if("credential", server.credential).close();
    });
    writer.number("ice_expires", ice.lifetime ? ice.lifetime->count() : 0);
}

void write_presence(ObjectWriter& writer, const Callability& presence)
{
    writer.flag("callable", presence.callable);
    writer.flag("known", presence.known);
    write_media(writer, "media", presence.media);
    writer.text_if("show", base::find_token(show_words, presence.show));
}

void write_call(ObjectWriter& writer, const PageCallRef& call)
{
    writer.text("call_id", call.call_id).text_if("party_id", call.party_id);
}

void append_live_call(std::string& out, const LiveCall& live)
{
    ObjectWriter writer{ out };
    write_call(writer, live.call);
    writer.text("direction", base::find_token(direction_words, live.direction))
        .text("state", base::find_token(state_words, live.state))
        .text("address", live.address)
        .text_if("display_name", live.display_name);
    write_media(writer, "media", live.media);
    writer.close();
}

void write_description(ObjectWriter& writer, std::string_view key, PageDescription::Type type,
                       std::string_view sdp)
{
    ObjectWriter description{ writer.begin(key) };
    description.text("type", base::find_token(description_words, type)).text_if("sdp", sdp).close();
}

void append_candidate(std::string& out, const PageCandidate& candidate)
{
    ObjectWriter writer{ out };
    writer.text("candidate", candidate.candidate);
    if (candidate.sdp_mid)
        writer.text("sdpMid", *candidate.sdp_mid);
    if (candidate.sdp_m_line_index)
        writer.number("sdpMLineIndex", *candidate.sdp_m_line_index);
    if (candidate.username_fragment)
        writer.text("usernameFragment", *candidate.username_fragment);
    writer.close();
}

/// The event of each thing a page hears.
struct CallEvent {
    const PageCallRef& call;

    std::string operator()(const PageInvite& e) const
    {
        return event("call.invite", [&](ObjectWriter& params) {
            write_call(params, call);
            params.text("from", e.address).text("display_name", e.display_name);
            write_media(params, "media", e.media);
            params.number("lifetime", e.lifetime.count());
            if (e.offer)
                write_description(params, "offer", PageDescription::Type::offer, *e.offer);
        });
    }
    std::string operator()(const PageRinging&) const
    {
        return event("call.ringing", [&](ObjectWriter& params) { write_call(params, call); });
    }
    std::string operator()(const jingle::call::PageAccept&) const
    {
        return event("call.accept", [&](ObjectWriter& params) { write_call(params, call); });
    }
    std::string operator()(const PageAnswer& e) const
    {
        return event("call.answer", [&](ObjectWriter& params) {
            write_call(params, call);
            write_description(params, "answer", PageDescription::Type::answer, e.sdp);
        });
    }
    std::string operator()(const PageSelectAnswer&) const
    {
        return event("call.select_answer", [&](ObjectWriter& params) {
            params.text("call_id", call.call_id).text_if("selected_party_id", call.party_id);
        });
    }
    std::string operator()(const PageNegotiate& e) const
    {
        return event("call.negotiate", [&](ObjectWriter& params) {
            write_call(params, call);
            write_description(params, "description", e.description.type, e.description.sdp);
        });
    }
    std::string operator()(const PageCandidates& e) const
    {
        return event("call.candidates", [&](ObjectWriter& params) {
            write_call(params, call);
            append_list(params.begin("candidates"), e.candidates, append_candidate);
        });
    }
    std::string operator()(const PageInfo& e) const
    {
        return event("call.info", [&](ObjectWriter& params) {
            write_call(params, call);
            if (e.hold)
                params.flag("hold", *e.hold);
            if (e.mute)
                append_list(params.begin("mute"), *e.mute, append_json);
            if (e.dtmf)
                params.text("dtmf", *e.dtmf);
        });
    }
    std::string operator()(const PageReject& e) const
    {
        return event("call.reject", [&](ObjectWriter& params) {
            write_call(params, call);
            params.text("reason", base::find_token(reason_words, e.reason));
        });
    }
    std::string operator()(const PageHangup& e) const
    {
        return event("call.hangup", [&](ObjectWriter& params) {
            write_call(params, call);
            params.text("reason", base::find_token(reason_words, e.reason)).text_if("text", e.text);
        });
    }
};

struct GoAway {
    std::string_view reason;
    std::string_view action;
};

GoAway words_of(GoAwayReason reason)
{
    switch (reason) {
    case GoAwayReason::drain: return { "drain", "resume" };
    case GoAwayReason::replaced: return { "replaced", "stop" };
    case GoAwayReason::expired: return { "expired", "reconnect" };
    }
    return {};
}

}  // namespace

std::string with_seq(std::uint64_t seq, std::string_view frame)
{
    std::string out;
    out.reserve(frame.size() + 40);
    out += R"({"jsonrpc":"2.0","seq":)";
    out += std::to_string(seq);
    out += frame;
    return out;
}

std::string result_frame(const RequestId& id, std::string_view result)
{
    std::string out = ",\"id\":";
    append_id(out, id);
    ((out += ",\"result\":") += result) += '}';
    return out;
}

std::string error_frame(const std::optional<RequestId>& id, const RequestError& error)
{
    std::string out = ",\"id\":";
    append_id(out, id);
    out += ",\"error\":";
    ObjectWriter writer{ out };
    writer.number("code", static_cast<std::int16_t>(error.code)).text("message", message_of(error.code));
    if (!error.detail.empty() || error.retry_after || error.line != 0) {
        ObjectWriter data{ writer.begin("data") };
        if (error.retry_after)
            data.number("retry_after", *error.retry_after);
        if (error.line != 0)
            data.number("line", error.line);
        data.text_if("detail", error.detail).close();
    }
    writer.close();
    out += '}';
    return out;
}

std::string hello_result(const HelloResult& hello)
{
    return object([&](ObjectWriter& writer) {
        writer.text("jid", hello.jid)
            .text("display_name", hello.display_name)
            .text("resume_token", hello.resume_token)
            .flag("resumed", hello.resumed)
            .number("resume_ttl", hello.resume_ttl.count())
            .number("seq", static_cast<std::int64_t>(hello.seq));
        write_ice(writer, hello.ice);
        if (hello.expires)
            writer.number("expires", hello.expires->count());
        writer.number("ping_interval", hello.ping_interval.count());
        ObjectWriter limits{ writer.begin("limits") };
        limits.number("frame", max_frame)
            .number("sdp", max_sdp)
            .number("candidates", max_candidates)
            .number("calls", hello.max_calls)
            .number("watches", static_cast<std::int64_t>(hello.max_watches))
            .close();
        writer.raw("features", hello.presence ? R"(["presence","stats"])" : R"(["stats"])");
        if (hello.callee_name)
            ObjectWriter{ writer.begin("callee") }.text("display_name", *hello.callee_name).close();
        append_list(writer.begin("calls"), hello.calls, append_live_call);
    });
}

std::string ice_result(const IceConfig& ice)
{
    return object([&](ObjectWriter& writer) { write_ice(writer, ice); });
}

std::string presence_result(const Callability& presence)
{
    return object([&](ObjectWriter& writer) { write_presence(writer, presence); });
}

std::string expires_result(std::chrono::seconds expires)
{
    return object([&](ObjectWriter& writer) { writer.number("expires", expires.count()); });
}

std::string ice_event(const IceConfig& ice)
{
    return event("session.ice", [&](ObjectWriter& params) { write_ice(params, ice); });
}

std::string token_event(std::string_view resume_token)
{
    return event("session.token", [&](ObjectWriter& params) { params.text("resume_token", resume_token); });
}

std::string goaway_event(GoAwayReason reason, std::chrono::milliseconds after)
{
    const auto words = words_of(reason);
    return event("session.goaway", [&](ObjectWriter& params) {
        params.text("reason", words.reason).text("action", words.action).number("after_ms", after.count());
    });
}

std::string presence_event(std::string_view jid, const Callability& presence)
{
    return event("presence.changed", [&](ObjectWriter& params) {
        params.text("jid", jid);
        write_presence(params, presence);
    });
}

std::string call_event(const PageCallRef& call, const PageHears& what)
{
    return std::visit(CallEvent{ call }, what);
}

}  // namespace component::web
