#include <catch2/catch.hpp>

#include "component/web/sessions.hpp"
#include "fake_ports.hpp"

namespace {

using namespace fake;
using namespace component::web;
using namespace jingle::call;

xmpp::Jid page_of(const boost::json::value& hello)
{
    return xmpp::Jid::parse(address_of(hello)).value();
}

}  // namespace

TEST_CASE("sessions: hello tells who the page is and all it needs", "[web][sessions]")
{
    Pages pages;
    pages.calls.live = { { { "c1", "phone" },
                           LiveCall::Direction::outgoing,
                           LiveCall::State::active,
                           "bob@example.org",
                           "Bob",
                           { .audio = true } } };
    const auto hello = pages.hello(1, "jwt", "alice");

    const auto& result = hello.at("result");
    CHECK(support::protocol().problem(result, "HelloResult") == "");
    CHECK(hello.at("seq") == 0);
    CHECK(text(result.at("jid")) == R"(alice\40example.org@call.example.org/web-id1)");
    CHECK(result.at("resumed") == false);
    CHECK(result.at("ice_servers").at(0).at("username") == "u");
    CHECK(result.at("ice_expires") == 600);
    CHECK(result.at("calls").at(0).at("call_id") == "c1");
    CHECK(pages.authenticator.checked.front().origin == "https://www.test");
    CHECK(pages.authenticator.checked.front().address == "192.0.2.1");
}

TEST_CASE("sessions: addresses of names and of guests", "[web][sessions]")
{
    Pages pages;
    CHECK(address_of(pages.hello(1, "jwt", "nick")) == "nick@call.example.org/web-id1");
    const auto guest = pages.hello(2, "guest", "guest");
    CHECK(address_of(guest) == "shop-7f3k@call.example.org/guest-id2");
    CHECK(guest.at("result").at("callee").at("display_name") == "Bob");
    CHECK(code_of(pages.hello(3, "jwt", "unusable")) == 1001);
}

TEST_CASE("sessions: who is not let in is told so, and shut out", "[web][sessions]")
{
    Pages pages;
    CHECK(code_of(pages.hello(1, "jwt", "mallory")) == 1001);
    CHECK(pages.wire.closed.at(1) == CloseCode::unauthorized);
    CHECK(code_of(pages.resume(2, "forged", 0)) == 1001);
    CHECK(pages.wire.closed.at(2) == CloseCode::unauthorized);

    pages.open(3);
    pages.say(3, request("ping"));
    CHECK(code_of(pages.last(3)) == 1007);
    CHECK(pages.wire.closed.at(3) == CloseCode::unreadable);
    pages.open(4);
    pages.sessions->received(4, "nonsense");
    CHECK(code_of(pages.last(4)) == -32700);
    CHECK(pages.wire.closed.at(4) == CloseCode::unreadable);
    CHECK(pages.sessions->connections() == 0);
    CHECK(pages.sessions->counters().auth_failures.at(0) == 1);
    CHECK(pages.sessions->counters().resume_refused == 1);
}

TEST_CASE("sessions: hello has to come within five seconds", "[web][sessions]")
{
    Pages pages;
    pages.open(1);
    pages.pass(4s);
    CHECK(pages.wire.closed.empty());
    pages.pass(1s);
    CHECK(pages.wire.closed.at(1) == CloseCode::hello_timeout);
    pages.sessions->received(1, request("ping"));
    CHECK(pages.wire.sent[1].empty());
}

TEST_CASE("sessions: credentials may take their time, within limits", "[web][sessions]")
{
    Pages pages;
    CHECK(pages.hello(1, "jwt", "later").is_null());
    pages.say(1, request("ping"));
    CHECK(code_of(pages.last(1)) == 1007);
    pages.pass(100s);
    pages.authenticator.waiting(fake::Authenticator::user("alice"));
    CHECK(pages.last(1).at("result").at("display_name") == "alice");

    pages.hello(2, "jwt", "later");
    const auto late = pages.authenticator.waiting;
    pages.pass(120s);
    CHECK(pages.wire.closed.at(2) == CloseCode::unauthorized);
    late(fake::Authenticator::user("alice"));
    CHECK(pages.wire.sent[2].empty());
    pages.hello(3, "jwt", "later");
    pages.sessions.reset();
    pages.authenticator.waiting(fake::Authenticator::user("alice"));  // Nobody is there any more.
    CHECK(pages.wire.sent[3].empty());
}

TEST_CASE("sessions: without an origin a token is wanted", "[web][sessions]")
{
    Pages pages;
    pages.open(1, std::nullopt);
    pages.say(1, request("session.hello", R"({"auth":{"type":"xmpp","jid":"alice@example.org"}})"));
    CHECK(code_of(pages.last(1)) == 1001);
    pages.open(2, std::nullopt);
    pages.say(2, request("session.hello", R"({"auth":{"type":"jwt","token":"alice"}})"));
    CHECK(pages.last(2).as_object().contains("result"));
}

TEST_CASE("sessions: failed attempts of one address are limited", "[web][sessions][limits]")
{
    Pages pages;
    for (ConnectionId id = 1; id <= 10; ++id)
        CHECK(code_of(pages.hello(id, "jwt", "mallory")) == 1001);
    const auto refused = pages.hello(11, "jwt", "mallory");
    CHECK(code_of(refused) == 1005);
    CHECK(refused.at("error").at("data").at("retry_after") == 60);
    CHECK(pages.wire.closed.at(11) == CloseCode::rate);
    pages.pass(60s);
    CHECK(code_of(pages.hello(12, "jwt", "mallory")) == 1001);
}

TEST_CASE("sessions: attempts of one address and sessions of one user are limited", "[web][sessions][limits]")
{
    SessionLimits limits;
    limits.hellos_per_minute = 6;
    limits.per_user = 2;
    limits.per_link = 1;
    Pages pages{ limits };
    pages.hello(1, "jwt", "alice");
    pages.hello(2, "jwt", "alice");
    CHECK(code_of(pages.hello(3, "jwt", "alice")) == 1005);
    pages.hello(4, "guest", "guest");
    CHECK(code_of(pages.hello(5, "guest", "guest")) == 1005);
    CHECK(pages.hello(6, "jwt", "bob").as_object().contains("result"));
    CHECK(code_of(pages.hello(7, "jwt", "nick")) == 1005);
    CHECK(pages.sessions->size() == 4);
}

TEST_CASE("sessions: a page that lost its connection gets what it missed", "[web][sessions][resume]")
{
    Pages pages;
    const auto hello = pages.hello(1, "jwt", "alice");
    const auto page = page_of(hello);
    CHECK(pages.sessions->hears(page, { "c", "p" }, PageRinging{}));
    pages.sessions->closed(1);
    pages.pass(59s);
    CHECK(pages.sessions->hears(page, { "c", "p" }, PageAnswer{ "v=0" }));

    const auto resumed = pages.resume(2, token_of(hello), 1);

    CHECK(resumed.at("result").at("resumed") == true);
    CHECK(resumed.at("result").at("seq") == 2);
    CHECK(address_of(resumed) == address_of(hello));
    CHECK(token_of(resumed) != token_of(hello));
    REQUIRE(pages.wire.sent[2].size() == 2);
    CHECK(pages.last(2).at("method") == "call.answer");
    CHECK(pages.last(2).at("seq") == 2);
    CHECK(pages.sessions->counters().resumed == 1);
    CHECK(pages.calls.gone.empty());
}

TEST_CASE("sessions: a session nobody comes back to ends, and its calls with it", "[web][sessions][resume]")
{
    Pages pages;
    const auto hello = pages.hello(1, "jwt", "alice");
    pages.sessions->closed(1);
    pages.pass(60s);

    CHECK(pages.calls.gone == std::vector<std::string>{ address_of(hello) });
    CHECK(pages.sessions->size() == 0);
    CHECK_FALSE(pages.sessions->hears(page_of(hello), { "c", "" }, PageRinging{}));
    // The token is still good for a new session of the same page.
    const auto again = pages.resume(2, token_of(hello), 0);
    CHECK(again.at("result").at("resumed") == false);
    CHECK(address_of(again) == address_of(hello));
}

TEST_CASE("sessions: what can no longer be replayed is told, and the session goes on",
          "[web][sessions][resume]")
{
    Pages pages;
    const auto hello = pages.hello(1, "jwt", "alice");
    for (int i = 0; i < 300; ++i)
        pages.sessions->hears(page_of(hello), { "c", "p" }, PageRinging{});
    pages.sessions->closed(1);
    const auto resumed = pages.resume(2, token_of(hello), 10);
    CHECK(resumed.at("result").at("resumed") == false);
    CHECK(resumed.at("result").at("seq") == 300);
    CHECK(address_of(resumed) == address_of(hello));
    CHECK(pages.wire.sent[2].size() == 1);
    CHECK(pages.resume(3, token_of(resumed), 999).at("result").at("resumed") == false);
}

TEST_CASE("sessions: resume tokens rotate", "[web][sessions][resume][hostile]")
{
    Pages pages;
    const auto first = token_of(pages.hello(1, "jwt", "alice"));
    pages.sessions->closed(1);
    const auto second = token_of(pages.resume(2, first, 0));

    SECTION("the old one is good until the page has shown that it has the new one")
    {
        pages.sessions->closed(2);
        CHECK(pages.resume(3, first, 0).as_object().contains("result"));
    }
    SECTION("then it is not")
    {
        pages.say(2, request("ping"));
        CHECK(code_of(pages.resume(3, first, 0)) == 1001);
        CHECK(pages.wire.closed.at(3) == CloseCode::unauthorized);
        CHECK_FALSE(pages.wire.closed.contains(2));
    }
    SECTION("nor after the session has ended")
    {
        pages.say(2, request("ping"));
        pages.sessions->closed(2);
        pages.pass(60s);
        CHECK(code_of(pages.resume(3, first, 0)) == 1001);
        CHECK(pages.resume(4, second, 0).as_object().contains("result"));
    }
    SECTION("nor from another origin")
    {
        pages.open(3, "https://evil.test");
        pages.say(3,
                  request("session.hello",
                          R"({"auth":{"type":"resume","token":)"
                              + boost::json::serialize(boost::json::string{ second }) + "}}"));
        CHECK(code_of(pages.last(3)) == 1001);
    }
}

TEST_CASE("sessions: resume tokens are renewed while a page is connected", "[web][sessions][resume]")
{
    Pages pages;
    const auto first = token_of(pages.hello(1, "jwt", "nick"));
    pages.say(1, request("ping"));
    pages.ice.config->lifetime.reset();
    pages.pass(300s);
    const auto renewed = pages.last(1);
    REQUIRE(renewed.at("method") == "session.token");
    const auto token = text(renewed.at("params").at("resume_token"));

    SECTION("the old one is good until the page acknowledges")
    {
        pages.say(1, R"({"jsonrpc":"2.0","id":9,"method":"ping"})");
        CHECK(pages.resume(2, first, 0).as_object().contains("result"));
    }
    SECTION("and spent then")
    {
        const auto seq = std::to_string(renewed.at("seq").as_int64());
        pages.say(1, R"({"jsonrpc":"2.0","ack":)" + seq + R"(,"id":9,"method":"ping"})");
        CHECK(code_of(pages.resume(2, first, 0)) == 1001);
        CHECK(pages.resume(3, token, 0).as_object().contains("result"));
    }
}

TEST_CASE("sessions: a second socket takes the session over", "[web][sessions][resume]")
{
    Pages pages;
    const auto hello = pages.hello(1, "jwt", "alice");
    const auto other = pages.resume(2, token_of(hello), 0);

    CHECK(other.at("result").at("resumed") == true);
    CHECK(pages.last(1).at("method") == "session.goaway");
    CHECK(pages.last(1).at("params").at("reason") == "replaced");
    CHECK(pages.last(1).at("params").at("action") == "stop");
    CHECK(pages.wire.closed.at(1) == CloseCode::replaced);
    pages.sessions->closed(1);
    pages.sessions->hears(page_of(hello), { "c", "" }, PageRinging{});
    CHECK(pages.last(2).at("method") == "call.ringing");
}

TEST_CASE("sessions: after a restart of Carillon a page has its address and its calls again",
          "[web][sessions][resume]")
{
    Pages pages;
    const auto hello = pages.hello(1, "jwt", "alice");
    pages.sessions->restart(1s);
    CHECK(pages.last(1).at("params").at("reason") == "drain");
    CHECK(pages.wire.closed.at(1) == CloseCode::restart);
    CHECK(pages.calls.gone.empty());
    pages.restart();
    pages.calls.live = { { { "c1", "" },
                           LiveCall::Direction::incoming,
                           LiveCall::State::active,
                           "bob@example.org",
                           "",
                           { .audio = true } } };

    const auto resumed = pages.resume(2, token_of(hello), 4);

    CHECK(resumed.at("result").at("resumed") == false);
    CHECK(address_of(resumed) == address_of(hello));
    CHECK(resumed.at("result").at("calls").as_array().size() == 1);
    CHECK(pages.sessions->counters().restarted == 1);
}

TEST_CASE("sessions: a token that is too old, or whose link was revoked, lets nobody in",
          "[web][sessions][resume][hostile]")
{
    Pages pages;
    const auto token = token_of(pages.hello(1, "guest", "guest"));
    pages.restart();
    SECTION("old")
    {
        pages.now.wall += 600s;
        CHECK(code_of(pages.resume(2, token, 0)) == 1001);
    }
    SECTION("revoked")
    {
        pages.authenticator.links_good = false;
        CHECK(code_of(pages.resume(2, token, 0)) == 1001);
    }
}

TEST_CASE(
    "sessions: after a restart a page that still has its connections is told from one that was loaded again",
    "[web][sessions][resume]")
{
    Pages pages;
    const auto token = token_of(pages.hello(1, "jwt", "alice"));
    pages.restart();
    pages.calls.live.resize(1);
    SECTION("it has them")
    {
        CHECK(pages.resume(2, token, 7).at("result").at("resumed") == false);
        CHECK(pages.calls.missing.size() == 1);
        CHECK(pages.calls.loaded_anew.empty());
    }
    SECTION("it was loaded again")
    {
        CHECK(pages.hello(2, "resume", token).at("result").at("resumed") == false);
        CHECK(pages.calls.loaded_anew.size() == 1);
        CHECK(pages.calls.missing.empty());
    }
}

TEST_CASE("sessions: a guest whose link was revoked is not let back, and goes when his call is over",
          "[web][sessions][resume][hostile]")
{
    Pages pages;
    const auto token = token_of(pages.hello(1, "guest", "guest"));
    pages.authenticator.links_good = false;
    SECTION("he was away")
    {
        pages.sessions->closed(1);
        CHECK(code_of(pages.resume(2, token, 0)) == 1001);
    }
    SECTION("he is here, and has no call")
    {
        pages.sessions->tick();
        CHECK(pages.wire.closed.at(1) == CloseCode::unauthorized);
        CHECK(pages.sessions->size() == 0);
    }
    SECTION("he talks")
    {
        pages.calls.live.resize(1);
        pages.sessions->tick();
        CHECK(pages.sessions->size() == 1);
        pages.calls.live.clear();
        pages.sessions->tick();
        CHECK(pages.sessions->size() == 0);
    }
}

TEST_CASE("sessions: bye ends a session for good", "[web][sessions]")
{
    Pages pages;
    const auto hello = pages.hello(1, "jwt", "alice");
    pages.say(1, request("session.bye"));
    CHECK(pages.wire.closed.at(1) == CloseCode::normal);
    CHECK(pages.last(1).as_object().contains("result"));
    CHECK(pages.calls.gone.size() == 1);
    CHECK(code_of(pages.resume(2, token_of(hello), 0)) == 1001);
}

TEST_CASE("sessions: what a page says of its calls gets there, with what it must not say itself",
          "[web][sessions]")
{
    Pages pages;
    const auto hello = pages.hello(1, "jwt", "alice");
    pages.say(
        1,
        request("call.invite", R"({"call_id":"c","party_id":"p","to":"bob@example.org","media":["audio"]})"));
    CHECK(pages.last(1).at("result").at("state") == "trying");
    CHECK(pages.last(1).at("seq") == 1);
    REQUIRE(pages.calls.said.size() == 1);
    CHECK(pages.calls.said[0].page == page_of(hello));
    CHECK(pages.calls.said[0].call == PageCallRef{ "c", "p" });
    const auto& invite = std::get<PageInvite>(pages.calls.said[0].what);
    CHECK(invite.address == "bob@example.org");
    CHECK(invite.display_name == "alice");
    pages.say(1, R"({"jsonrpc":"2.0","method":"call.hangup","params":{"call_id":"c"}})");
    CHECK(pages.calls.said.size() == 2);
    CHECK(pages.last(1).at("seq") == 1);

    pages.calls.refuse = PageError{ PageError::Code::bad_sdp, "no media", 3 };
    pages.say(1, request("call.accept", R"({"call_id":"c"})"));
    CHECK(code_of(pages.last(1)) == 1006);
    CHECK(pages.last(1).at("error").at("data").at("line") == 3);
    pages.say(1, request("call.stats", R"({"call_id":"c","local":"relay","remote":"host"})"));
    CHECK(pages.calls.reported.size() == 1);
    CHECK(pages.sessions->counters().pairs.at(3).at(0) == 1);
}

TEST_CASE("sessions: a token's limits hold for each call", "[web][sessions][limits]")
{
    Pages pages;
    pages.hello(1, "jwt", "limited");
    const auto invite = [&](const std::string& params) {
        pages.say(1, request("call.invite", R"({"call_id":"c",)" + params + "}"));
        return pages.last(1).as_object().contains("error") ? code_of(pages.last(1)) : 0;
    };
    CHECK(invite(R"("to":"bob@example.org","media":["audio"])") == 0);
    CHECK(invite(R"("to":"bob@other.test","media":["audio"])") == 1002);
    CHECK(invite(R"("to":"bob@example.org","media":["audio","video"])") == 1002);
    CHECK(invite(R"("to":"@@","media":["audio"])") == -32602);
    CHECK(invite(R"("media":["audio"])") == -32602);
    pages.calls.live.push_back({ { "c0", "" }, {}, {}, "x@example.org", "", { .audio = true } });
    CHECK(invite(R"("to":"bob@example.org","media":["audio"])") == 1002);
    CHECK(pages.calls.said.size() == 1);
    // Said again, since the answer was lost.
    pages.calls.live.front().call.call_id = "c";
    CHECK(invite(R"("to":"bob@example.org","media":["audio"])") == 0);
    pages.calls.live.clear();
    pages.calls.refuse = jingle::call::PageError{ jingle::call::PageError::Code::draining, {}, 0 };
    CHECK(invite(R"("to":"bob@example.org","media":["audio"])") == 1009);
}

TEST_CASE("sessions: a token without anybody to call is called only", "[web][sessions][limits]")
{
    Pages pages;
    const auto hello = pages.hello(1, "jwt", "callable");
    CHECK(hello.at("result").at("limits").at("calls") == 4);
    pages.say(1, request("call.invite", R"({"call_id":"c1","to":"bob@example.org","media":["audio"]})"));
    CHECK(code_of(pages.last(1)) == 1002);
    CHECK(pages.calls.said.empty());
    // The resume token says so too.
    pages.sessions->closed(1);
    CHECK(pages.resume(2, token_of(hello), 0).at("result").at("resumed") == true);
    pages.say(2, request("call.invite", R"({"call_id":"c1","to":"bob@example.org","media":["audio"]})"));
    CHECK(code_of(pages.last(2)) == 1002);
}

TEST_CASE("sessions: a token's callees are meant by each of their addresses", "[web][sessions][hostile]")
{
    Pages pages;
    pages.hello(1, "jwt", "limited");
    const auto call = [&](const std::string& to) {
        pages.say(1, request("call.invite", R"({"call_id":"c1","to":")" + to + R"(","media":["audio"]})"));
        return pages.last(1).as_object().contains("error") ? code_of(pages.last(1)) : 0;
    };
    CHECK(call("bob@example.org") == 0);
    CHECK(call(R"(bob\\40example.org@call.example.org)") == 0);
    CHECK(call(R"(eve\\40evil.test@call.example.org)") == 1002);
    CHECK(call("eve@sub.example.org") == 1002);
}

TEST_CASE("sessions: a guest calls whom the link was made for and nobody else", "[web][sessions][hostile]")
{
    Pages pages;
    pages.hello(1, "guest", "guest");
    pages.say(1, request("call.invite", R"({"call_id":"c","media":["audio"]})"));
    REQUIRE(pages.calls.said.size() == 1);
    CHECK(std::get<PageInvite>(pages.calls.said[0].what).address == "bob@example.org");
    pages.say(1, request("call.invite", R"({"call_id":"d","to":"eve@example.org","media":["audio"]})"));
    CHECK(code_of(pages.last(1)) == 1002);
    CHECK(pages.calls.said.size() == 1);
}

TEST_CASE("sessions: too many frames are refused, then the connection is", "[web][sessions][limits][hostile]")
{
    Pages pages;
    pages.hello(1, "jwt", "alice");
    for (int i = 0; i < 200; ++i)
        pages.say(1, request("ping"));
    CHECK(pages.last(1).as_object().contains("result"));
    pages.say(1, request("ping"));
    CHECK(code_of(pages.last(1)) == 1005);
    pages.pass(1s);
    pages.say(1, request("ping"));
    CHECK(pages.last(1).as_object().contains("result"));
    for (int i = 0; i < 149; ++i)
        pages.sessions->received(1, request("ping"));
    CHECK(pages.wire.closed.at(1) == CloseCode::rate);
    CHECK(pages.sessions->size() == 1);
}

TEST_CASE("sessions: frames that cannot be read are answered, and end the connection",
          "[web][sessions][hostile]")
{
    Pages pages;
    pages.hello(1, "jwt", "alice");
    pages.sessions->received(1, "{");
    CHECK(code_of(pages.last(1)) == -32700);
    CHECK(pages.last(1).at("id").is_null());
    pages.sessions->received(1, request("no.such"));
    CHECK(code_of(pages.last(1)) == -32601);
    CHECK(pages.last(1).at("id") == 2);
    pages.say(1, request("session.hello", R"({"auth":{"type":"jwt","token":"bob"}})"));
    CHECK(code_of(pages.last(1)) == 1007);
    for (int i = 0; i < 9; ++i)
        pages.sessions->received(1, "{");
    CHECK(pages.wire.closed.at(1) == CloseCode::unreadable);
    CHECK(pages.sessions->size() == 1);
}

TEST_CASE("sessions: a token can be renewed, by the same user only", "[web][sessions]")
{
    Pages pages;
    const auto hello = pages.hello(1, "jwt", "short");
    CHECK(hello.at("result").at("expires") == 60);
    pages.pass(50s);
    pages.say(1, request("session.refresh", R"({"token":"bob"})"));
    CHECK(code_of(pages.last(1)) == 1001);
    pages.say(1, request("session.refresh", R"({"token":"short"})"));
    CHECK(pages.last(1).at("result").at("expires") == 60);
    pages.pass(1s);
    CHECK(pages.last(1).at("method") == "session.token");
    pages.pass(58s);
    CHECK(pages.sessions->size() == 1);
    pages.pass(1s);
    CHECK(pages.sessions->size() == 0);
    CHECK(pages.last(1).at("params").at("reason") == "expired");
    CHECK(pages.wire.closed.at(1) == CloseCode::unauthorized);
}

TEST_CASE("sessions: a token that runs out in a call ends nothing, and starts nothing", "[web][sessions]")
{
    Pages pages;
    pages.hello(1, "jwt", "short");
    pages.calls.live
        = { { { "c", "" }, {}, LiveCall::State::active, "bob@example.org", "", { .audio = true } } };
    pages.pass(70s);
    CHECK(pages.sessions->size() == 1);
    pages.say(1, request("call.invite", R"({"call_id":"d","to":"bob@example.org","media":["audio"]})"));
    CHECK(code_of(pages.last(1)) == 1001);
    pages.calls.live.clear();
    pages.pass(1s);
    CHECK(pages.sessions->size() == 0);
}

TEST_CASE("sessions: TURN credentials come anew at half of their life", "[web][sessions]")
{
    Pages pages;
    const auto hello = pages.hello(1, "jwt", "alice");
    pages.pass(299s);
    CHECK(pages.wire.sent[1].size() == 1);
    pages.pass(1s);
    CHECK(pages.wire.sent[1].at(1).at("method") == "session.ice");
    pages.say(1, request("session.ice"));
    CHECK(pages.last(1).at("result").at("ice_expires") == 600);

    pages.ice.config.reset();
    const auto later = pages.hello(2, "jwt", "bob");
    CHECK(later.at("result").at("ice_servers").as_array().empty());
    pages.sessions->ice_ready(page_of(later),
                              { { { .urls = { "stun:s.test" }, .username = {}, .credential = {} } }, 60s });
    CHECK(pages.last(2).at("method") == "session.ice");
    const auto asked = pages.ice.asked;
    pages.pass(29s);
    CHECK(pages.ice.asked == asked);
    pages.pass(2s);
    CHECK(pages.ice.asked == asked + 1);
}

TEST_CASE("sessions: TURN credentials that were not new when they came are renewed the sooner",
          "[web][sessions]")
{
    Pages pages;
    pages.ice.config->renew_in = 100s;
    pages.hello(1, "jwt", "alice");
    pages.pass(99s);
    CHECK(pages.wire.sent[1].size() == 1);
    pages.pass(1s);
    CHECK(pages.wire.sent[1].size() == 2);

    // The source has nothing better: it is asked again, and the page hears nothing of it.
    pages.ice.config->lifetime = 500s;
    pages.ice.config->renew_in = 0s;
    const auto asked = pages.ice.asked;
    pages.pass(100s);
    CHECK(pages.ice.asked > asked);
    CHECK(pages.wire.sent[1].size() == 2);
}

TEST_CASE("sessions: presence is told when it is asked for, and while it is watched", "[web][sessions]")
{
    Pages pages;
    Callability bob{ .callable = true, .media = { .audio = true, .video = true } };
    pages.presence = [&](const xmpp::Jid&, const xmpp::Jid& who) {
        return who.bare() == "bob@example.org" ? bob : Callability{};
    };
    pages.restart();
    const auto hello = pages.hello(1, "jwt", "alice");
    CHECK(hello.at("result").at("features").at(0) == "presence");
    const auto who = xmpp::Jid::parse("bob@example.org").value();
    pages.say(1, request("presence.get", R"({"jid":"bob@example.org"})"));
    CHECK(pages.last(1).at("result").at("callable") == true);
    pages.sessions->presence_changed(who);
    CHECK(pages.wire.sent[1].size() == 2);

    pages.say(1, request("presence.watch", R"({"jid":"Bob@example.org"})"));
    bob = {};
    pages.sessions->presence_changed(who);
    CHECK(pages.last(1).at("method") == "presence.changed");
    CHECK(pages.last(1).at("params").at("callable") == false);
    pages.say(1, request("presence.unwatch", R"({"jid":"bob@example.org"})"));
    pages.sessions->presence_changed(who);
    CHECK(pages.wire.sent[1].size() == 5);
    pages.say(1, request("presence.get", R"({"jid":"example.org"})"));
    CHECK(code_of(pages.last(1)) == -32602);
}

TEST_CASE("sessions: watches are limited", "[web][sessions][limits]")
{
    SessionLimits limits;
    limits.watches = 1;
    Pages pages{ limits };
    pages.presence = [](const xmpp::Jid&, const xmpp::Jid&) { return Callability{}; };
    pages.restart();
    pages.hello(1, "jwt", "alice");
    pages.say(1, request("presence.watch", R"({"jid":"bob@example.org"})"));
    pages.say(1, request("presence.watch", R"({"jid":"bob@example.org"})"));
    CHECK(pages.last(1).as_object().contains("result"));
    pages.say(1, request("presence.watch", R"({"jid":"eve@example.org"})"));
    CHECK(code_of(pages.last(1)) == 1008);
}

TEST_CASE("sessions: the pages of a user ring for his address, guests for nobody", "[web][sessions]")
{
    Pages pages;
    const auto tab = page_of(pages.hello(1, "jwt", "alice"));
    const auto other = page_of(pages.hello(2, "jwt", "alice"));
    pages.hello(3, "guest", "guest");
    const auto nick = page_of(pages.hello(4, "jwt", "nick"));
    const auto devices = [&](const std::string& user) {
        std::vector<roster::Device> all;
        pages.sessions->append_devices(xmpp::Jid::parse(user).value(), all);
        std::vector<xmpp::Jid> addresses;
        for (const auto& device : all) {
            CHECK(device.rings == roster::Rings::by_message);
            addresses.push_back(device.address);
        }
        std::sort(addresses.begin(), addresses.end());
        return addresses;
    };
    CHECK(devices("alice@example.org") == std::vector{ tab, other });
    CHECK(devices(R"(alice\40example.org@call.example.org)") == std::vector{ tab, other });
    CHECK(devices("nick@call.example.org") == std::vector{ nick });
    CHECK(devices("shop-7f3k@call.example.org").empty());
    pages.say(1, request("session.bye"));
    CHECK(devices("alice@example.org") == std::vector{ other });
    pages.sessions->closed(2);
    CHECK(devices("alice@example.org") == std::vector{ other });
    pages.pass(60s);
    CHECK(devices("alice@example.org").empty());
}
