#include <catch2/catch.hpp>

#include "component/web/events.hpp"
#include "component/web/json_writer.hpp"
#include "component/web/words.hpp"
#include "support/json_schema.hpp"

namespace {

using namespace component::web;
using namespace jingle::call;
namespace json = boost::json;

/// Whole, and as published.
json::value event(std::string_view frame)
{
    const auto whole = with_seq(3, frame);
    INFO(whole);
    CHECK(support::protocol().problem(whole, "ServerFrame") == "");
    return json::parse(whole);
}

json::value params(const PageHears& what)
{
    return event(call_event({ "c", "phone" }, what)).at("params");
}

std::string quoted(std::string_view text)
{
    std::string out;
    append_json(out, text);
    return out;
}

}  // namespace

TEST_CASE("events: everything a page hears about a call is as published", "[web][events]")
{
    const auto invite = params(PageInvite{
        "bob@example.org", "Bob \"<b>\"", { .audio = true }, std::chrono::seconds{ 60 }, "v=0\r\n" });
    CHECK(invite.at("from") == "bob@example.org");
    CHECK(invite.at("display_name") == "Bob \"<b>\"");
    CHECK(invite.at("party_id") == "phone");
    CHECK(invite.at("lifetime") == 60000);
    CHECK(invite.at("offer").at("sdp") == "v=0\r\n");
    CHECK_FALSE(
        params(PageInvite{ "b@x.test", "", { .video = true }, {}, {} }).as_object().contains("offer"));
    params(PageRinging{});
    CHECK(params(PageAnswer{ "v=0" }).at("answer").at("type") == "answer");
    CHECK(params(PageSelectAnswer{}).at("selected_party_id") == "phone");
    CHECK(params(PageNegotiate{ { PageDescription::Type::offer, "v=0" } }).at("description").at("type")
          == "offer");
    params(PageNegotiate{ { PageDescription::Type::rollback, "" } });
    const auto candidates
        = params(PageCandidates{ { { "candidate:1", "0", std::uint16_t{ 0 }, "u" }, { "", {}, {}, {} } } });
    CHECK(candidates.at("candidates").as_array().size() == 2);
    CHECK(candidates.at("candidates").at(0).at("sdpMLineIndex") == 0);
    CHECK(params(PageInfo{ true, std::vector<std::string>{ "audio" }, "5" }).at("mute").at(0) == "audio");
    for (const auto& row : reason_words) {
        CHECK(params(PageReject{ row.value }).at("reason").as_string() == row.token);
        CHECK(params(PageHangup{ row.value, "bye" }).at("reason").as_string() == row.token);
    }
}

TEST_CASE("events: everything about the session is as published", "[web][events]")
{
    const IceConfig ice{
        { { .urls = { "stun:s.test" }, .username = {}, .credential = {} },
          { .urls = { "turn:t.test", "turns:t.test" }, .username = "u", .credential = "p" } },
        std::chrono::seconds{ 300 }
    };
    CHECK(event(ice_event(ice)).at("params").at("ice_expires") == 300);
    CHECK(event(ice_event({})).at("params").at("ice_expires") == 0);
    event(token_event("t"));
    CHECK(event(goaway_event(GoAwayReason::drain, std::chrono::milliseconds{ 250 })).at("params").at("action")
          == "resume");
    CHECK(event(goaway_event(GoAwayReason::replaced, {})).at("params").at("action") == "stop");
    CHECK(event(goaway_event(GoAwayReason::expired, {})).at("params").at("action") == "reconnect");
    const auto presence = event(presence_event(
        "b@x.test",
        { .callable = true, .known = true, .media = { .audio = true }, .show = Callability::Show::dnd }));
    CHECK(presence.at("params").at("show") == "dnd");
    CHECK(presence.at("params").at("known") == true);

    HelloResult hello{ .jid = "a@call.test/web-1",
                       .display_name = "A",
                       .resume_token = "t",
                       .resumed = true,
                       .resume_ttl = std::chrono::seconds{ 60 },
                       .seq = 9,
                       .ice = ice,
                       .expires = std::chrono::seconds{ 5 },
                       .ping_interval = std::chrono::seconds{ 20 },
                       .max_calls = 4,
                       .max_watches = 100,
                       .presence = true,
                       .callee_name = "Bob",
                       .calls = { { { "c", "p" },
                                    LiveCall::Direction::outgoing,
                                    LiveCall::State::active,
                                    "b@x.test",
                                    "B",
                                    { .audio = true, .video = true } } } };
    const auto result = hello_result(hello);
    INFO(result);
    CHECK(support::protocol().problem(result, "HelloResult") == "");
    CHECK(support::protocol().problem(presence_result({}), "Presence") == "");
    CHECK(support::protocol().problem(ice_result(ice), "Ice") == "");
    CHECK(support::protocol().problem(expires_result(std::chrono::seconds{ 9 }), "RefreshResult") == "");
    event(result_frame(RequestId{ "x\"y" }, result));
}

TEST_CASE("events: every error has its words and what goes with it", "[web][events]")
{
    for (const auto& code :
         support::protocol().definition("Error").at("properties").at("code").at("enum").as_array()) {
        const auto error = static_cast<ErrorCode>(code.as_int64());
        CHECK_FALSE(message_of(error).empty());
        event(error_frame(RequestId{ 1 }, { .code = error }));
    }
    const auto data
        = event(error_frame(std::nullopt, { .code = ErrorCode::bad_sdp, .detail = "no m=", .line = 4 }));
    CHECK(data.at("id").is_null());
    CHECK(data.at("error").at("data").at("line") == 4);
    CHECK(data.at("error").at("data").at("detail") == "no m=");
    using Code = PageError::Code;
    for (const auto code : { Code::forbidden, Code::unavailable, Code::rate_limited, Code::bad_sdp,
                             Code::wrong_state, Code::too_large, Code::draining })
        event(error_frame(RequestId{ 1 }, to_error({ code, "d", 0 })));
    CHECK(to_error({ Code::rate_limited, "", 0 }).retry_after == 60U);
}

TEST_CASE("events: text is escaped, and what is no UTF-8 is replaced", "[web][events][hostile]")
{
    CHECK(quoted("a\"\\\b\n\r\t\x7f/") == "\"a\\\"\\\\\\u0008\\n\\r\\t\\u007f/\"");
    CHECK(quoted("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\x9E") == "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\x9E\"");
    const std::string replaced = "\xEF\xBF\xBD";
    for (const std::string bad :
         { "\x80", "\xC0", "\xC3", "\xED\xA0\x80", "\xF5", "\xE0\x80\x80", "\xF0\x80\x80\x80" }) {
        INFO(json::serialize(json::string{ bad.size(), 'x' }));
        const auto text = quoted(bad);
        CHECK(text.find(replaced) != std::string::npos);
        boost::system::error_code error;
        json::parse(text, error);
        CHECK_FALSE(error);
    }
}
