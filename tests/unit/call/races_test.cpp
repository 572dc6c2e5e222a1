// Old clients, words that cross, devices that go in the wrong moment.
#include <algorithm>

#include <catch2/catch.hpp>

#include "support/dialogue.hpp"

using jingle::Action;
using test::Dialogue;
using test::Lines;
using namespace std::chrono_literals;

namespace {

constexpr auto alice = Dialogue::alice;
constexpr auto bob = Dialogue::bob;
constexpr auto to_bob = Dialogue::bob_contact;
constexpr std::string_view from_bob = "bob\\40b.test@call.a.test/call";  // where alice has him
constexpr auto to_alice = Dialogue::alice_contact;
constexpr std::string_view to_alice_bare = "alice\\40a.test@call.a.test";
constexpr std::string_view cancel = "<reason xmlns='urn:xmpp:jingle:1'><cancel/></reason>";
constexpr std::string_view success = "<reason xmlns='urn:xmpp:jingle:1'><success/></reason>";

Dialogue proposed()
{
    Dialogue d;
    (void)d.message(alice, to_bob, "propose");
    return d;
}

bool has(const Lines& lines, std::string_view line)
{
    return std::ranges::find(lines, line) != lines.end();
}

}  // namespace

TEST_CASE("races: clients of XEP-0353 0.6 speak to bare addresses", "[call][jmi][races]")
{
    auto d = proposed();
    CHECK(d.message(bob, to_alice_bare, "ringing") == Lines{ "alice <- ringing" });
    SECTION("from taking up to the end")
    {
        CHECK(d.message(bob, to_alice_bare, "proceed") == Lines{ "alice <- proceed" });
        CHECK(d.jingle(alice, from_bob, "session-initiate").back() == "bob <- session-initiate");
        CHECK(d.jingle(bob, to_alice, "session-accept").back() == "alice <- session-accept");
        CHECK(d.jingle(bob, to_alice, "session-terminate")
              == Lines{ "bob <- result i3", "alice <- session-terminate success", "alice <- finish success",
                        "bob <- finish success" });
        CHECK(d.message(bob, to_alice_bare, "finish", "s1", success).empty());
        CHECK(d.message(alice, to_bob, "finish", "s1", success).empty());
    }
    SECTION("a refusal")
    {
        CHECK(d.message(bob, to_alice_bare, "reject") == Lines{ "alice <- reject" });
    }
    SECTION("a caller's retract")
    {
        CHECK(d.message(alice, to_bob, "retract", "s1", cancel) == Lines{ "bob (all) <- retract cancel" });
    }
}

TEST_CASE("races: the caller gives up while somebody takes it up", "[call][jmi][races]")
{
    auto d = proposed();
    SECTION("the retract is first")
    {
        CHECK(d.message(alice, to_bob, "retract", "s1", cancel) == Lines{ "bob (all) <- retract cancel" });
        CHECK(d.message(bob, to_alice, "proceed") == Lines{ std::string{ bob } + " <- retract cancel" });
    }
    SECTION("the proceed is first")
    {
        (void)d.message(bob, to_alice, "proceed");
        CHECK(d.message(alice, to_bob, "retract", "s1", cancel) == Lines{ "bob <- retract cancel" });
        CHECK(d.jingle_as("x", alice, from_bob, "session-initiate")
              == Lines{ "alice <- error x out-of-order" });
    }
    SECTION("the offer is out already")
    {
        (void)d.message(bob, to_alice, "proceed");
        (void)d.jingle(alice, from_bob, "session-initiate");
        CHECK(has(d.message(alice, to_bob, "retract", "s1", cancel), "bob <- session-terminate cancel"));
        CHECK(d.jingle_as("x", bob, to_alice, "session-accept") == Lines{ "bob <- error x unknown-session" });
    }
    CHECK(d.noted().back() == "ended cancel");
}

TEST_CASE("races: a session-terminate and a session-accept cross", "[call][races]")
{
    auto d = proposed();
    (void)d.message(bob, to_alice, "proceed");
    (void)d.jingle(alice, from_bob, "session-initiate");
    CHECK(d.jingle(alice, from_bob, "session-terminate", "s1", "<reason><cancel/></reason>")
          == Lines{ "alice <- result i2", "bob <- session-terminate cancel", "bob <- finish cancel",
                    "alice <- finish cancel" });
    CHECK(d.jingle_as("x", bob, to_alice, "session-accept") == Lines{ "bob <- error x unknown-session" });
}

TEST_CASE("races: two devices proceed at once", "[call][jmi][races]")
{
    auto d = proposed();
    CHECK(d.message(bob, to_alice, "proceed") == Lines{ "alice <- proceed" });
    // It hears by carbon that the phone has it. A word to it alone would reach the phone by carbon, as the
    // end.
    CHECK(d.message("bob@b.test/tablet", to_alice, "proceed").empty());
    CHECK(d.message("bob@b.test/tablet", to_alice, "reject").empty());
    CHECK(d.jingle(alice, from_bob, "session-initiate").back() == "bob <- session-initiate");
    CHECK(d.jingle_as("x", "bob@b.test/tablet", to_alice, "session-accept")
          == Lines{ "bob <- error x unknown-session" });
    CHECK(d.jingle(bob, to_alice, "session-accept").back() == "alice <- session-accept");
}

TEST_CASE("races: who has proceeded changes his mind", "[call][jmi][races]")
{
    auto d = proposed();
    (void)d.message(bob, to_alice, "proceed");
    SECTION("before the offer")
    {
        CHECK(d.message(bob, to_alice, "reject") == Lines{ "alice <- reject" });
        CHECK(d.jingle_as("x", alice, from_bob, "session-initiate")
              == Lines{ "alice <- error x out-of-order" });
    }
    SECTION("after it, in the words of before")
    {
        (void)d.jingle(alice, from_bob, "session-initiate");
        CHECK(has(d.message(bob, to_alice, "reject"), "alice <- session-terminate decline"));
        CHECK(d.calls() == 1);
        CHECK(d.noted().back() == "ended decline");
    }
}

TEST_CASE("races: the calling device goes away while it rings", "[call][races][process]")
{
    SECTION("it has proposed")
    {
        auto d = proposed();
        (void)d.gone(alice);
        CHECK(d.pass(9999ms).empty());
        CHECK(d.pass(1ms) == Lines{ "alice <- reject gone", "bob (all) <- retract gone" });
    }
    SECTION("it has sent its offer: it is asked first")
    {
        Dialogue d;
        (void)d.jingle(alice, to_bob, "session-initiate");
        (void)d.gone(alice);
        CHECK(d.pass(10s) == Lines{ "alice <- session-info" });
        (void)d.reply(alice, Action::session_info, xmpp::errors::service_unavailable);
        CHECK(d.noted().back() == "ended gone");
    }
    SECTION("it is back in time, and says so by its offer")
    {
        auto d = proposed();
        (void)d.gone(alice);
        (void)d.message(bob, to_alice, "proceed");
        (void)d.jingle(alice, from_bob, "session-initiate");
        CHECK(d.pass(15s).empty());
    }
}

TEST_CASE("races: what ends another session ends no call that runs", "[call][jmi][races]")
{
    auto d = proposed();
    (void)d.message(bob, to_alice, "proceed");
    (void)d.jingle(alice, from_bob, "session-initiate");
    (void)d.jingle(bob, to_alice, "session-accept");
    for (const auto* kind : { "ringing", "proceed", "reject", "retract", "accept", "finish" }) {
        CAPTURE(kind);
        CHECK(d.message("bob@b.test/tablet", to_alice, kind).empty());
        CHECK(d.message("alice@a.test/tablet", to_bob, kind).empty());
        CHECK(d.message(bob, to_alice, kind).empty());
        CHECK(d.message(alice, to_bob, kind).empty());
    }
    CHECK(d.jingle(alice, from_bob, "transport-info").back() == "bob <- transport-info");
}
