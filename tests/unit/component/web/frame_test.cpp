#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "component/web/frame.hpp"
#include "support/json_schema.hpp"

namespace {

using namespace component::web;
using namespace jingle::call;

Frame parsed(const std::string& text)
{
    INFO(text);
    CHECK(support::protocol().problem(text, "ClientFrame") == "");
    auto frame = parse_frame(text);
    REQUIRE(frame);
    return *std::move(frame);
}

std::string call(const std::string& method, const std::string& params)
{
    return R"({"jsonrpc":"2.0","id":7,"method":")" + method + R"(","params":{"call_id":"c-1")" + params
        + "}}";
}

template <class T>
T said(const std::string& method, const std::string& params)
{
    const auto frame = parsed(call(method, params));
    const auto& says = std::get<CallSays>(frame.request);
    CHECK(says.call.call_id == "c-1");
    return std::get<T>(says.what);
}

FrameError refused(const std::string& text)
{
    INFO(text);
    const auto frame = parse_frame(text);
    REQUIRE_FALSE(frame);
    return frame.error();
}

std::vector<std::string> names(const boost::json::value& methods)
{
    std::vector<std::string> result;
    for (const auto& [name, method] : methods.as_object())
        result.emplace_back(name);
    return result;
}

}  // namespace

TEST_CASE("frame: the methods are those of the schema and of the documentation", "[web][frame]")
{
    const auto& methods = support::protocol().root().at("methods");
    std::ostringstream text;
    text << std::ifstream{ PROTOCOL_DOC }.rdbuf();

    CHECK(names(methods.at("client"))
          == std::vector<std::string>{ client_methods().begin(), client_methods().end() });
    CHECK(names(methods.at("server"))
          == std::vector<std::string>{ server_methods().begin(), server_methods().end() });
    for (const auto& list : { client_methods(), server_methods() })
        for (const auto name : list)
            CHECK(text.str().find("`" + std::string{ name } + "`") != std::string::npos);
    for (const auto code : close_codes) {
        const auto number = std::to_string(static_cast<unsigned>(code));
        CHECK(support::protocol().root().at("closeCodes").as_object().contains(number));
        CHECK(text.str().find("| " + number + " |") != std::string::npos);
    }
}

TEST_CASE("frame: session.hello carries one of four kinds of credentials", "[web][frame]")
{
    const auto hello = [](const std::string& params) {
        const auto frame = parsed(R"({"jsonrpc":"2.0","id":"h","ack":3,"method":"session.hello","params":{)"
                                  + params + "}}");
        CHECK(frame.id == RequestId{ "h" });
        CHECK(frame.ack == 3U);
        return std::get<Hello>(frame.request);
    };

    const auto jwt = hello(
        R"("auth":{"type":"jwt","token":"t"},"client":{"name":"lib","version":"1"},"capabilities":["audio","dtmf"])");
    CHECK(jwt.auth == Hello::Auth::jwt);
    CHECK(jwt.token == "t");
    CHECK(jwt.client == "lib 1");
    CHECK(jwt.media == PageMedia{ .audio = true, .video = false });
    const auto guest = hello(R"("auth":{"type":"guest","token":"s","name":"Ann"})");
    CHECK(guest.guest_name == "Ann");
    CHECK(guest.media == PageMedia{ .audio = true, .video = true });
    CHECK(hello(R"("auth":{"type":"xmpp","jid":"a@b.test"})").jid == "a@b.test");
    CHECK(hello(R"("auth":{"type":"resume","token":"r"},"last_seq":12)").last_seq == 12);
    CHECK_FALSE(hello(R"("auth":{"type":"resume","token":"r"})").last_seq);  // loaded again: knows nothing
}

TEST_CASE("frame: every method of a call is read", "[web][frame]")
{
    const auto invite = said<PageInvite>(
        "call.invite",
        R"(,"to":"bob@example.org","media":["audio","video"],"lifetime":30000,"offer":{"type":"offer","sdp":"v=0\r\n"})");
    CHECK(invite.address == "bob@example.org");
    CHECK(invite.media == PageMedia{ .audio = true, .video = true });
    CHECK(invite.lifetime == std::chrono::seconds{ 30 });
    CHECK(invite.offer == "v=0\r\n");
    CHECK_FALSE(said<PageInvite>("call.invite", R"(,"media":["audio"])").offer);
    said<PageRinging>("call.ringing", "");
    CHECK(said<PageAccept>("call.accept", R"(,"answer":{"type":"answer","sdp":"v=0"})").answer == "v=0");
    CHECK_FALSE(said<PageAccept>("call.accept", "").answer);
    CHECK(said<PageNegotiate>("call.negotiate", R"(,"description":{"type":"rollback"})").description.type
          == PageDescription::Type::rollback);
    const auto candidates = said<PageCandidates>(
        "call.candidates",
        R"(,"candidates":[{"candidate":"candidate:1","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"u"},{"candidate":"","sdpMid":null}])");
    CHECK(
        candidates.candidates
        == std::vector<PageCandidate>{ { "candidate:1", "0", std::uint16_t{ 0 }, "u" }, { "", {}, {}, {} } });
    const auto info = said<PageInfo>("call.info", R"(,"hold":true,"mute":["video"],"dtmf":"12#")");
    CHECK(info.hold == true);
    CHECK(info.mute == std::vector<std::string>{ "video" });
    CHECK(info.dtmf == "12#");
    CHECK(said<PageReject>("call.reject", R"(,"reason":"busy")").reason == PageReason::busy);
    CHECK(said<PageReject>("call.reject", "").reason == PageReason::declined);
    const auto hangup = said<PageHangup>("call.hangup", R"(,"reason":"ice_failed","text":"no path")");
    CHECK(hangup.reason == PageReason::ice_failed);
    CHECK(hangup.text == "no path");
    CHECK(said<PageHangup>("call.hangup", "").reason == PageReason::user_hangup);
}

TEST_CASE("frame: the other methods are read", "[web][frame]")
{
    const auto request = [](const std::string& method, const std::string& params) {
        return parsed(R"({"jsonrpc":"2.0","id":0,"method":")" + method + R"(","params":)" + params + "}")
            .request;
    };
    CHECK(std::get<Refresh>(request("session.refresh", R"({"token":"t"})")).token == "t");
    CHECK(std::holds_alternative<AskIce>(request("session.ice", "{}")));
    CHECK(std::holds_alternative<Bye>(request("session.bye", "{}")));
    CHECK(std::holds_alternative<Ping>(request("ping", "{}")));
    CHECK(std::get<AskPresence>(request("presence.watch", R"({"jid":"b@x.test"})")).what
          == AskPresence::What::watch);
    CHECK(std::get<AskPresence>(request("presence.get", R"({"jid":"b@x.test"})")).jid == "b@x.test");
    CHECK(std::get<AskPresence>(request("presence.unwatch", R"({"jid":"b@x.test"})")).what
          == AskPresence::What::unwatch);
    const auto stats = std::get<Reports>(
        request("call.stats",
                R"({"call_id":"c","party_id":"p","local":"relay","remote":"host","rtt_ms":20,"loss":0.5})"));
    CHECK(stats.call == PageCallRef{ "c", "p" });
    CHECK(stats.stats == PageStats{ CandidateType::relay, CandidateType::host, 20, 0.5 });
}

TEST_CASE("frame: what is no request gets the code JSON-RPC has for it", "[web][frame][hostile]")
{
    struct Row {
        std::string text;
        ErrorCode code;
    };
    const auto row = GENERATE(values<Row>({
        { "", ErrorCode::parse_error },
        { "{", ErrorCode::parse_error },
        { "{}{}", ErrorCode::parse_error },
        { "{\"a\":\"\xff\"}", ErrorCode::parse_error },
        { std::string(40, '['), ErrorCode::parse_error },
        { "[]", ErrorCode::invalid_request },
        { "null", ErrorCode::invalid_request },
        { "{}", ErrorCode::invalid_request },
        { R"({"jsonrpc":"1.0","id":1,"method":"ping"})", ErrorCode::invalid_request },
        { R"({"jsonrpc":"2.0","id":-1,"method":"ping"})", ErrorCode::invalid_request },
        { R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", ErrorCode::invalid_request },
        { R"({"jsonrpc":"2.0","id":null,"method":"ping"})", ErrorCode::invalid_request },
        { R"({"jsonrpc":"2.0","id":{},"method":"ping"})", ErrorCode::invalid_request },
        { R"({"jsonrpc":"2.0","id":"","method":"ping"})", ErrorCode::invalid_request },
        { R"({"jsonrpc":"2.0","ack":-4,"id":1,"method":"ping"})", ErrorCode::invalid_request },
        { R"({"jsonrpc":"2.0","id":1})", ErrorCode::invalid_request },
        { R"({"jsonrpc":"2.0","id":1,"method":5})", ErrorCode::invalid_request },
        { R"({"jsonrpc":"2.0","method":"presence.get","params":{"jid":"a@b"}})", ErrorCode::invalid_request },
        { R"({"jsonrpc":"2.0","id":1,"method":"call.answer"})", ErrorCode::unknown_method },
        { R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})", ErrorCode::invalid_params },
    }));
    CHECK(refused(row.text).error.code == row.code);
}

TEST_CASE("frame: parameters out of their limits are refused, and named", "[web][frame][hostile]")
{
    struct Row {
        std::string method;
        std::string params;
        std::string member;
    };
    const auto row = GENERATE(values<Row>({
        { "call.ringing", R"(,"call_id":"")", "call_id" },
        { "call.ringing", R"(,"call_id":"a b")", "call_id" },
        { "call.ringing", R"(,"call_id":")" + std::string(256, 'a') + "\"", "call_id" },
        { "call.ringing", R"(,"party_id":"<x>")", "party_id" },
        { "call.ringing", R"(,"party_id":5)", "party_id" },
        { "call.invite", "", "media" },
        { "call.invite", R"(,"media":[])", "media" },
        { "call.invite", R"(,"media":["audio","audio"])", "media" },
        { "call.invite", R"(,"media":["smell"])", "media" },
        { "call.invite", R"(,"media":["audio"],"lifetime":999)", "lifetime" },
        { "call.invite", R"(,"media":["audio"],"lifetime":1e300)", "lifetime" },
        { "call.invite", R"(,"media":["audio"],"to":"a\u0000b")", "to" },
        { "call.invite", R"(,"media":["audio"],"offer":{"type":"answer","sdp":"v=0"})", "offer" },
        { "call.invite", R"(,"media":["audio"],"offer":"v=0")", "offer" },
        { "call.accept", R"(,"answer":{"type":"answer","sdp":")" + std::string(65537, 'a') + "\"}", "sdp" },
        { "call.accept", R"(,"answer":{"type":"answer","sdp":"a\u0000"})", "sdp" },
        { "call.negotiate", "", "description" },
        { "call.negotiate", R"(,"description":{"type":"pranswer","sdp":"v=0"})", "type" },
        { "call.candidates", "", "candidates" },
        { "call.candidates", R"(,"candidates":[])", "candidates" },
        { "call.candidates", R"(,"candidates":[5])", "candidates" },
        { "call.candidates", R"(,"candidates":[{"candidate":"a\r\nb"}])", "candidate" },
        { "call.candidates", R"(,"candidates":[{"candidate":"a","sdpMLineIndex":65536}])", "sdpMLineIndex" },
        { "call.info", R"(,"dtmf":"12x")", "dtmf" },
        { "call.info", R"(,"hold":"yes")", "hold" },
        { "call.reject", R"(,"reason":"user_hangup")", "reason" },
        { "call.hangup", R"(,"reason":"boredom")", "reason" },
        { "call.stats", R"(,"local":"host","remote":"host","loss":2)", "loss" },
        { "call.stats", R"(,"local":"host")", "remote" },
    }));
    const auto text = call(row.method, row.params);
    INFO(text);
    const auto error = refused(text);
    CHECK(error.error.code == ErrorCode::invalid_params);
    CHECK(error.error.detail.starts_with(row.member));
    CHECK(error.id == RequestId{ 7 });
    // The schema says nothing about control characters: every dialect of patterns writes them differently.
    if (text.find('\\') == std::string::npos)
        CHECK(support::protocol().problem(text, "ClientFrame") != "");
}

TEST_CASE("frame: too many candidates and too many bytes are refused", "[web][frame][hostile]")
{
    std::string list = R"({"candidate":"c"})";
    for (int i = 0; i < 64; ++i)
        list += R"(,{"candidate":"c"})";
    CHECK(refused(call("call.candidates", R"(,"candidates":[)" + list + "]")).error.code
          == ErrorCode::invalid_params);
    CHECK(refused(std::string(max_frame + 1, ' ')).error.code == ErrorCode::too_large);
}

TEST_CASE("frame: what has no id is not answered, and members nobody knows are skipped", "[web][frame]")
{
    CHECK_FALSE(refused(R"({"jsonrpc":"2.0","method":"nonsense"})").answered);
    CHECK_FALSE(refused(R"({"jsonrpc":"2.0","method":"call.hangup","params":{}})").answered);
    CHECK(refused(R"({"jsonrpc":"2.0","id":1,"ack":9,"method":"nonsense"})").ack == 9U);
    CHECK(parse_frame(R"({"jsonrpc":"2.0","method":"ping","x":[1,{}],"params":{"y":1}})"));
}
