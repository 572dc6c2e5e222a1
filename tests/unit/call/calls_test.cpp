#include <catch2/catch.hpp>

#include "support/dialogue.hpp"

using test::Dialogue;
using test::Lines;
using namespace std::chrono_literals;

namespace {

constexpr auto alice = Dialogue::alice;
constexpr auto bob = Dialogue::bob;
constexpr auto to_bob = Dialogue::bob_contact;
constexpr auto to_bob_phone = Dialogue::bob_phone;
constexpr auto to_alice = Dialogue::alice_contact;

}  // namespace

TEST_CASE("calls: who is not in the session does not know it", "[calls]")
{
    Dialogue d;
    (void)d.jingle(alice, to_bob_phone, "session-initiate");
    for (const auto stranger : { "alice@a.test/other", "mallory@a.test/x", "bob@b.test/tablet" }) {
        CAPTURE(stranger);
        CHECK(d.jingle_as("x", stranger, to_bob, "session-terminate").front().find("unknown-session")
              != std::string::npos);
        CHECK(d.jingle_as("x", stranger, to_alice, "session-terminate").front().find("unknown-session")
              != std::string::npos);
    }
    CHECK(d.jingle_as("x", alice, to_bob, "session-info", "other").front()
          == "alice <- error x unknown-session");
}

TEST_CASE("calls: an address that stands for nobody is unavailable", "[calls]")
{
    Dialogue d;
    for (const auto nobody : { "call.a.test", "bob@call.a.test", "b.test@call.a.test",
                               "bob\\40call.a.test@call.a.test", "bob\\40b.test\\2fx@call.a.test" }) {
        CAPTURE(nobody);
        CHECK(d.jingle_as("x", alice, nobody, "session-initiate")
              == Lines{ "alice <- error x service-unavailable" });
        CHECK(d.message(alice, nobody, "propose") == Lines{ "alice <- message error service-unavailable" });
    }
}

TEST_CASE("calls: the policy local keeps foreigners apart", "[calls][policy]")
{
    Dialogue d;
    const std::string_view eve = "eve@e.test/x";
    CHECK(d.jingle_as("x", eve, to_bob, "session-initiate") == Lines{ "eve <- error x service-unavailable" });
    CHECK(d.message(eve, to_bob, "propose") == Lines{ "eve <- message error service-unavailable" });
    // Back to the served domain it is allowed.
    CHECK(d.message(eve, to_alice, "propose").front() == "alice (all) <- propose");

    Dialogue open{ Dialogue::default_settings(), Dialogue::simple_directory(roster::Default::open) };
    CHECK(open.message(eve, to_bob, "propose").front() == "bob (all) <- propose");
}

TEST_CASE("calls: each limit answers with resource-constraint and spares the others",
          "[calls][limits][process]")
{
    auto settings = Dialogue::default_settings();
    const auto start = [](Dialogue& d, int n) {
        return d.message(alice, to_bob, "propose", "s" + std::to_string(n)).front();
    };

    SECTION("calls at once")
    {
        settings.limits.calls_per_user = 2;
        Dialogue d{ settings };
        CHECK(start(d, 1) == "bob (all) <- propose");
        CHECK(start(d, 2) == "bob (all) <- propose");
        CHECK(start(d, 3) == "alice <- message error resource-constraint");
        CHECK(d.not_let_in() == Lines{ "calls of a user" });
        (void)d.message(alice, to_bob, "retract", "s1");
        CHECK(start(d, 4) == "bob (all) <- propose");
    }
    SECTION("invites a minute")
    {
        settings.limits.invites_per_minute = 2;
        Dialogue d{ settings };
        CHECK(start(d, 1) == "bob (all) <- propose");
        CHECK(start(d, 2) == "bob (all) <- propose");
        CHECK(start(d, 3) == "alice <- message error resource-constraint");
        CHECK(d.not_let_in() == Lines{ "new calls per minute of a user" });
        CHECK(d.message("carol@a.test/x", to_bob, "propose", "s9").front() == "bob (all) <- propose");
        (void)d.pass(30s);
        CHECK(start(d, 4) == "bob (all) <- propose");
    }
    SECTION("invites a minute of a foreign domain")
    {
        settings.limits.invites_per_domain_minute = 1;
        Dialogue d{ settings };
        CHECK(d.message("x@e.test/1", to_alice, "propose", "s1").front() == "alice (all) <- propose");
        CHECK(d.message("y@e.test/1", to_alice, "propose", "s2").front()
              == "y <- message error resource-constraint");
        CHECK(d.not_let_in() == Lines{ "new calls per minute of a domain" });
        CHECK(start(d, 3) == "bob (all) <- propose");
    }
    SECTION("calls of the instance")
    {
        settings.limits.calls = 1;
        Dialogue d{ settings };
        CHECK(start(d, 1) == "bob (all) <- propose");
        CHECK(start(d, 2) == "alice <- message error resource-constraint");
        CHECK(d.not_let_in() == Lines{ "calls of the instance" });
    }
}

TEST_CASE("calls: another configuration counts for calls that begin then", "[calls][limits]")
{
    auto settings = Dialogue::default_settings();
    settings.timeouts.ring = 60s;
    Dialogue d{ settings };
    CHECK(d.message(alice, to_bob, "propose", "s1").front() == "bob (all) <- propose");

    settings.limits.calls_per_user = 2;
    settings.timeouts.ring = 5s;
    settings.domain = "other.test";
    d.set().configure(settings);

    CHECK(d.set().settings().domain == "call.a.test");
    CHECK(d.message(alice, to_bob, "propose", "s2").front() == "bob (all) <- propose");
    CHECK(d.message(alice, to_bob, "propose", "s3").front() == "alice <- message error resource-constraint");
    (void)d.pass(10s);
    CHECK(d.message(alice, to_bob, "propose", "s4").front() == "bob (all) <- propose");  // s2 is over
    CHECK(d.message(alice, to_bob, "propose", "s5").front() == "alice <- message error resource-constraint");
    (void)d.message(alice, to_bob, "retract", "s1");  // which has rung on
    CHECK(d.message(alice, to_bob, "propose", "s6").front() == "bob (all) <- propose");
}

TEST_CASE("calls: of two offers that cross the lower sid wins", "[calls][tie-break]")
{
    const std::string_view alice_pc = "alice\\40a.test@call.a.test/pc";
    Dialogue d;
    (void)d.jingle(alice, to_bob_phone, "session-initiate", "m");
    CHECK(d.jingle(bob, alice_pc, "session-initiate", "z") == Lines{ "bob <- error i2 tie-break" });

    const auto lines = d.jingle(bob, alice_pc, "session-initiate", "b");
    CHECK(lines
          == Lines{ "alice <- session-terminate expired", "bob <- session-terminate expired",
                    "bob <- result i3", "alice <- session-initiate" });
}

TEST_CASE("calls: of two offers under one sid that of the lower JID wins", "[calls][tie-break]")
{
    const std::string_view alice_pc = "alice\\40a.test@call.a.test/pc";
    SECTION("it was there first")
    {
        Dialogue d;
        (void)d.jingle(alice, to_bob_phone, "session-initiate", "m");
        CHECK(d.jingle(bob, alice_pc, "session-initiate", "m") == Lines{ "bob <- error i2 tie-break" });
        CHECK(d.jingle(bob, to_alice, "session-accept", "m").back() == "alice <- session-accept");
    }
    SECTION("it comes second, and the loser's goes without a word to the winner")
    {
        Dialogue d;
        (void)d.jingle(bob, alice_pc, "session-initiate", "m");
        CHECK(
            d.jingle(alice, to_bob_phone, "session-initiate", "m")
            == Lines{ "bob <- session-terminate expired", "alice <- result i2", "bob <- session-initiate" });
        CHECK(d.noted().at(2) == "stopped alice expired");
        CHECK(d.reply(alice, jingle::Action::session_initiate, xmpp::errors::tie_break).empty());
        CHECK(d.jingle(alice, to_bob_phone, "transport-info", "m").back() == "bob <- transport-info");
        const auto at_bob
            = "c" + jingle::call::CallId::make("key", "alice@a.test", "bob@b.test", "m").to_string();
        CHECK(d.jingle(bob, to_alice, "session-accept", at_bob).back() == "alice <- session-accept");
        CHECK(d.jingle(alice, to_bob_phone, "session-terminate", "m").back()
              == "bob <- session-terminate success");
    }
}

TEST_CASE("calls: the same sid from two users are two calls", "[calls]")
{
    Dialogue d;
    (void)d.jingle(alice, to_bob_phone, "session-initiate");
    CHECK(d.jingle("carol@a.test/x", to_bob_phone, "session-initiate").back() == "bob <- session-initiate");
    CHECK(d.calls() == 2);
    // Bob's client may know sessions by their sid alone: the second one has another.
    CHECK(d.jingle(bob, "carol\\40a.test@call.a.test/call", "session-accept").front().find("unknown-session")
          != std::string::npos);
    CHECK(d.jingle(bob, to_alice, "session-accept").back() == "alice <- session-accept");
    CHECK(d.jingle(alice, to_bob_phone, "session-terminate").back() == "bob <- session-terminate success");
    CHECK(d.jingle("carol@a.test/x", to_bob_phone, "transport-info").back() == "bob <- transport-info");
}

TEST_CASE("calls: who calls the own account is heard under another sid", "[calls]")
{
    Dialogue d;
    const std::string_view tablet = "alice\\40a.test@call.a.test/tablet";
    CHECK(d.jingle(alice, tablet, "session-initiate").back() == "alice <- session-initiate");
    // Under the caller's sid the tablet has no session.
    CHECK(d.jingle("alice@a.test/tablet", to_alice, "session-accept").front().find("unknown-session")
          != std::string::npos);
}

TEST_CASE("calls: a sid cannot be used again while it is remembered", "[calls]")
{
    Dialogue d;
    (void)d.jingle(alice, to_bob_phone, "session-initiate");
    (void)d.jingle(alice, to_bob_phone, "session-terminate");
    CHECK(d.jingle(alice, to_bob_phone, "session-initiate") == Lines{ "alice <- error i3 out-of-order" });
    CHECK(d.jingle("alice@a.test/other", to_bob_phone, "session-initiate").front()
          == "alice <- error i4 out-of-order");
    (void)d.pass(60s);
    CHECK(d.jingle(alice, to_bob_phone, "session-initiate").back() == "bob <- session-initiate");
}

TEST_CASE("calls: a reply counts only from who was asked", "[calls]")
{
    Dialogue d;
    (void)d.jingle(alice, to_bob_phone, "session-initiate");
    jingle::call::ReturnPath path;
    path.call = jingle::call::CallId::make("key", "alice@a.test", "bob@b.test", "s1");
    path.action = jingle::Action::session_initiate;
    base::Arena arena;
    jingle::call::Turn turn{ arena, jingle::call::Time{ 1h }, {} };
    d.set().reply(Dialogue::jid("mallory@e.test/x"), path, xmpp::errors::service_unavailable, turn);
    CHECK(turn.outputs.empty());
    d.set().reply(Dialogue::jid(bob), path, xmpp::errors::service_unavailable, turn);
    CHECK_FALSE(turn.outputs.empty());
}

TEST_CASE("calls: unavailable presence reaches every call of that device and no other", "[calls][process]")
{
    Dialogue d;
    for (const auto sid : { "s1", "s2", "s3" })
        (void)d.jingle(alice, to_bob_phone, "session-initiate", sid);
    (void)d.jingle("carol@a.test/x", to_bob_phone, "session-initiate", "s4");
    (void)d.gone(alice);
    CHECK(d.pass(10s).size() == 3);  // a ping each
    (void)d.gone("nobody@a.test/x");
}

TEST_CASE("calls: a thousand come and go and nothing is left", "[calls][many]")
{
    auto settings = Dialogue::default_settings();
    settings.limits = { 100'000, 100'000, 100'000, 100'000, 16 };
    Dialogue d{ settings };
    for (int i = 0; i < 1000; ++i)
        (void)d.message(alice, to_bob, "propose", "s" + std::to_string(i));
    CHECK(d.calls() == 1000);
    (void)d.pass(60s);
    (void)d.pass(60s);
    CHECK(d.calls() == 0);
    CHECK(d.deadline() == std::nullopt);
}

TEST_CASE("calls: a running call waits for a server that is away, one that rings does not", "[calls]")
{
    using jingle::call::Server;
    Dialogue d;
    (void)d.jingle(alice, to_bob_phone, "session-initiate");
    REQUIRE(d.set().deadline(Server::away));
    CHECK(d.set().deadline(Server::away) == d.deadline());

    (void)d.jingle(bob, to_alice, "session-accept");
    REQUIRE(d.deadline());
    CHECK_FALSE(d.set().deadline(Server::away));
    base::Arena arena;
    jingle::call::Turn turn{ arena, *d.deadline() + 1h };
    d.set().pass_time(turn, Server::away);
    CHECK(turn.outputs.empty());
    d.set().pass_time(turn);
    CHECK_FALSE(turn.outputs.empty());  // it is asked whether it is there
}

TEST_CASE("calls: while new ones are refused the running ones go on, and one is ended from outside",
          "[calls][process]")
{
    Dialogue d;
    (void)d.message(alice, to_bob, "propose", "s1");
    d.set().set_new_calls(jingle::call::NewCalls::refused);
    CHECK(d.message("carol@a.test/x", to_bob, "propose", "s2")
          == Lines{ "carol <- message error service-unavailable" });
    CHECK(d.not_let_in() == Lines{ "draining" });
    CHECK(d.message(bob, to_alice, "ringing", "s1") == Lines{ "alice <- ringing" });
    CHECK(d.set().counts().started == 1);
    CHECK(d.set().counts().refused == 1);

    const auto id = jingle::call::CallId::make("key", "alice@a.test", "bob@b.test", "s1");
    CHECK(d.end(id) == Lines{ "alice <- reject cancel", "bob (all) <- retract cancel" });
    CHECK(d.end(id).empty());
}

TEST_CASE("calls: a server that does not keep up gets no new calls, the running ones go on",
          "[calls][process]")
{
    using jingle::call::Pace;
    Dialogue d;
    (void)d.message(alice, to_bob, "propose", "s1");
    (void)d.message(bob, to_alice, "proceed", "s1");
    d.set().set_pace(Pace::lags);
    CHECK(d.message("carol@a.test/x", to_bob, "propose", "s2")
          == Lines{ "carol <- message error resource-constraint" });
    CHECK(d.jingle_as("x", "carol@a.test/x", to_bob_phone, "session-initiate", "s3")
          == Lines{ "carol <- error x resource-constraint" });
    CHECK(d.not_let_in() == Lines{ "the server does not keep up", "the server does not keep up" });
    CHECK(d.set().counts().refused_lagging == 2);
    CHECK(d.set().counts().refused == 2);
    CHECK(d.jingle(alice, to_bob_phone, "session-initiate", "s1")
          == Lines{ "alice <- result i1", "bob <- session-initiate" });
    CHECK(d.set().size() == 1);

    d.set().set_pace(Pace::keeps_up);
    (void)d.message("carol@a.test/x", to_bob, "propose", "s2");
    CHECK(d.set().size() == 2);
}
