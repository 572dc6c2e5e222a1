// Proposes that cross, sessions that move, calls that go in circles.
#include <algorithm>

#include <catch2/catch.hpp>

#include "support/dialogue.hpp"

using test::Dialogue;
using test::Lines;
using namespace std::chrono_literals;

namespace {

constexpr auto alice = Dialogue::alice;
constexpr auto bob = Dialogue::bob;
constexpr auto to_bob = Dialogue::bob_contact;
constexpr auto to_alice = Dialogue::alice_contact;

std::string via(std::initializer_list<std::string_view> gateways)
{
    std::string xml = "<via xmlns='urn:carillon:via:0'>";
    for (const auto gateway : gateways)
        xml += "<gateway jid='" + std::string{ gateway } + "'/>";
    return xml + "</via>";
}

/// A call by Message Initiation that both have taken up.
Dialogue active()
{
    Dialogue d;
    (void)d.message(alice, to_bob, "propose");
    (void)d.message(bob, to_alice, "proceed");
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.jingle(bob, to_alice, "session-accept");
    return d;
}

}  // namespace

TEST_CASE("crossing: of two proposes the lower id wins, and the loser is never passed on",
          "[call][jmi][tie-break]")
{
    Dialogue first;
    (void)first.message(alice, to_bob, "propose", "a1");
    CHECK(first.message(bob, to_alice, "propose", "b1") == Lines{ "bob <- reject expired tie-break" });
    CHECK(first.message(bob, to_alice, "proceed", "a1") == Lines{ "alice <- proceed" });

    Dialogue second;
    (void)second.message(alice, to_bob, "propose", "b1");
    CHECK(second.message(bob, to_alice, "propose", "a1")
          == Lines{ "alice <- reject expired tie-break", "bob (all) <- retract expired tie-break",
                    "alice (all) <- propose" });
    CHECK(second.message(alice, to_bob, "proceed", "a1") == Lines{ "bob <- proceed" });
}

TEST_CASE("crossing: at equal ids the one that rings already stands", "[call][jmi][tie-break]")
{
    Dialogue d;
    (void)d.message(alice, to_bob, "propose", "same");
    CHECK(d.message(bob, to_alice, "propose", "same")
          == Lines{ std::string{ bob } + " <- reject expired tie-break" });
    CHECK(d.message(bob, to_alice, "proceed", "same") == Lines{ "alice <- proceed" });
    CHECK(d.calls() == 1);
}

TEST_CASE("crossing: proposes of others do not cross", "[call][jmi][tie-break]")
{
    Dialogue d;
    (void)d.message(alice, to_bob, "propose", "a1");
    CHECK(d.message("carol@b.test/x", to_alice, "propose", "b1") == Lines{ "alice (all) <- propose" });
    CHECK(d.message(alice, to_bob, "propose", "a2") == Lines{ "bob (all) <- propose" });
}

TEST_CASE("migration: in a running session proposes may cross too, and the session stays",
          "[call][jmi][tie-break]")
{
    auto d = active();
    CHECK(d.message("alice@a.test/phone", to_bob, "propose", "s3") == Lines{ "bob (all) <- propose" });
    CHECK(d.message(bob, to_alice, "propose", "s2")
          == Lines{ "alice <- reject expired tie-break", "bob (all) <- retract expired tie-break",
                    "alice (all) <- propose" });
    CHECK(d.jingle(alice, to_bob, "transport-info").back() == "bob <- transport-info");
}

TEST_CASE("migration: who moves says where the session goes on, and the other hears it", "[call][jmi]")
{
    auto d = active();
    CHECK(d.message("alice@a.test/phone", to_bob, "propose", "s2") == Lines{ "bob (all) <- propose" });
    CHECK(d.message(bob, to_alice, "finish", "s1",
                    "<reason xmlns='urn:xmpp:jingle:1'><expired/></reason><migrated to='s2'/>")
          == Lines{ "alice <- finish expired -> s2", "alice <- session-terminate expired" });
    CHECK(d.message(bob, to_alice, "proceed", "s2") == Lines{ "alice <- proceed" });
    CHECK(d.jingle("alice@a.test/phone", to_bob, "session-initiate", "s2").back()
          == "bob <- session-initiate");
}

TEST_CASE("migration: a finish without it ends no running session", "[call][jmi]")
{
    auto d = active();
    CHECK(d.message(bob, to_alice, "finish").empty());
    CHECK(d.jingle(alice, to_bob, "transport-info").back() == "bob <- transport-info");
}

TEST_CASE("loops: what has been here, or has passed four gateways, goes no further", "[call][loop]")
{
    for (const auto& passed :
         { via({ "call.a.test" }), via({ "x.test", "call.a.test" }), via({ "1", "2", "3", "4" }) }) {
        CAPTURE(passed);
        Dialogue d;
        CHECK(d.message(alice, to_bob, "propose", "s1", passed)
              == Lines{ "alice <- message error service-unavailable" });
        CHECK(d.jingle_as("x", alice, to_bob, "session-initiate", "s1",
                          std::string{ Dialogue::body_of("session-initiate") } + passed)
              == Lines{ "alice <- error x service-unavailable" });
    }
    Dialogue d;
    CHECK(d.message(alice, to_bob, "propose", "s1", via({ "1", "2", "3" }))
          == Lines{ "bob (all) <- propose" });
}

TEST_CASE("flood: ten thousand proposes of one are refused, the others call as before",
          "[call][limits][flood]")
{
    auto settings = Dialogue::default_settings();
    settings.limits = { 4, 10, 60, 1'000'000, 16 };
    Dialogue d{ settings };
    int passed = 0;
    for (int i = 0; i < 10'000; ++i)
        passed
            += d.message(alice, to_bob, "propose", "f" + std::to_string(i)).front() == "bob (all) <- propose"
            ? 1
            : 0;
    CHECK(passed == 4);
    CHECK(d.calls() == 4);
    CHECK(d.message("carol@a.test/x", to_bob, "propose", "c1") == Lines{ "bob (all) <- propose" });
}

TEST_CASE("call: Dino's accept to its own devices is no answer", "[call][jmi]")
{
    Dialogue d;
    (void)d.message(alice, to_bob, "propose");
    CHECK(d.message(bob, to_alice, "accept").empty());
    CHECK(d.message(bob, to_alice, "proceed") == Lines{ "alice <- proceed" });
}
