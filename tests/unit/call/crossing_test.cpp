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

TEST_CASE("crossing: of two proposes with one id that of the lower JID wins", "[call][jmi][tie-break]")
{
    SECTION("it was there first")
    {
        Dialogue d;
        (void)d.message(alice, to_bob, "propose", "same");
        CHECK(d.message(bob, to_alice, "propose", "same")
              == Lines{ std::string{ bob } + " <- reject expired tie-break" });
        // What the loser says of his own, as the specification has it, does not end the other.
        CHECK(d.message(bob, to_alice, "retract", "same", "<tie-break/>").empty());
        CHECK(d.message(bob, to_alice, "proceed", "same") == Lines{ "alice <- proceed" });
        CHECK(d.calls() == 1);
    }
    SECTION("it comes second")
    {
        Dialogue d;
        (void)d.message(bob, to_alice, "propose", "same");
        CHECK(d.message(alice, to_bob, "propose", "same")
              == Lines{ "bob <- reject expired tie-break", "alice (all) <- retract expired tie-break",
                        "bob (all) <- propose" });
        // The winner refuses the other by the same id; he goes on by his own.
        CHECK(d.message(alice, to_bob, "reject", "same", "<tie-break/>").empty());
        // For bob, who knows a call of that name, it has another.
        const auto at_bob
            = "c" + jingle::call::CallId::make("key", "alice@a.test", "bob@b.test", "same").to_string();
        CHECK(d.message(bob, to_alice, "proceed", at_bob) == Lines{ "alice <- proceed" });
        CHECK(d.jingle(alice, to_bob, "session-initiate", "same").back() == "bob <- session-initiate");
        CHECK(d.jingle(bob, to_alice, "session-accept", at_bob).back() == "alice <- session-accept");
        CHECK(d.jingle(alice, to_bob, "transport-info", "same").back() == "bob <- transport-info");
    }
}

TEST_CASE("crossing: who may not call does not end the call that he crosses",
          "[call][tie-break][policy][process]")
{
    auto settings = Dialogue::default_settings();
    settings.limits.invites_per_minute = 1;
    Dialogue d{ settings };
    (void)d.message(bob, to_alice, "propose", "zz");
    (void)d.message(bob, to_alice, "retract", "zz");
    (void)d.jingle(alice, "bob\\40b.test@call.a.test/phone", "session-initiate", "m");
    CHECK(d.jingle_as("x", bob, "alice\\40a.test@call.a.test/pc", "session-initiate", "b")
          == Lines{ "bob <- error x resource-constraint" });
    CHECK(d.jingle(bob, to_alice, "session-accept", "m").back() == "alice <- session-accept");
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

TEST_CASE("migration: to a session that nobody could follow ends no running session", "[call][jmi]")
{
    auto d = active();
    CHECK(d.message(bob, to_alice, "finish", "s1",
                    "<reason xmlns='urn:xmpp:jingle:1'><expired/></reason><migrated to='s2'/>")
              .empty());
    CHECK(d.jingle(alice, to_bob, "transport-info").back() == "bob <- transport-info");
}

TEST_CASE("migration: each side hears of the session that goes on under the name it knows", "[call][jmi]")
{
    // Whoever calls the own account is heard under another sid there.
    constexpr std::string_view to_self = "alice\\40a.test@call.a.test";
    constexpr std::string_view pc = "alice@a.test/pc";
    constexpr std::string_view tablet = "alice@a.test/tablet";
    const auto sid_at_tablet = [](std::string_view sid) {
        return "c" + jingle::call::CallId::make("key", "alice@a.test", "alice@a.test", sid).to_string();
    };
    Dialogue d;
    (void)d.message(pc, to_self, "propose", "s1");
    (void)d.message(tablet, to_alice, "proceed", sid_at_tablet("s1"));
    (void)d.jingle(pc, to_self, "session-initiate", "s1");
    (void)d.jingle(tablet, to_alice, "session-accept", sid_at_tablet("s1"));
    (void)d.message("alice@a.test/phone", to_self, "propose", "s2");
    CHECK(d.message(tablet, to_alice, "finish", sid_at_tablet("s1"),
                    "<migrated to='" + sid_at_tablet("s2") + "'/>")
              .front()
          == "alice <- finish expired -> s2");
}

namespace {

/// A call of alice's to a device of bob's without Message Initiation.
Dialogue active_with_plain(std::string_view profile = {})
{
    roster::Party party{ .user = Dialogue::jid("bob@b.test"), .propose = true, .devices = {}, .blind = true };
    party.devices.push_back(
        { Dialogue::jid("bob@b.test/kaidan"), roster::Rings::by_initiate, std::string{ profile } });
    Dialogue d{ Dialogue::default_settings(),
                std::make_unique<test::StagedDirectory>(std::vector<roster::Stage>{ { { party }, {} } }) };
    d.name_devices();
    (void)d.message(alice, to_bob, "propose");
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.jingle("bob@b.test/kaidan", to_alice, "session-accept");
    return d;
}
constexpr std::string_view kaidan = "bob@b.test/kaidan";
constexpr std::string_view tablet = "alice@a.test/tablet";

}  // namespace

TEST_CASE("migration: a device without Message Initiation is called anew, and knows by which session",
          "[call][jmi][migration]")
{
    auto d = active_with_plain();
    CHECK(d.message(tablet, to_bob, "propose", "s2")
          == Lines{ "alice <- finish expired -> s2", "alice <- session-terminate expired",
                    "bob/kaidan <- session-terminate alternative-session", "alice <- ringing",
                    "alice <- proceed" });
    CHECK(d.jingle(tablet, to_bob, "session-initiate", "s2")
          == Lines{ "alice <- result i3", "bob/kaidan <- session-initiate" });
    CHECK(d.jingle(kaidan, to_alice, "session-accept", "s2").back() == "alice <- session-accept");
    CHECK(d.jingle(tablet, to_bob, "transport-info", "s2").back() == "bob/kaidan <- transport-info");
    CHECK(d.jingle_as("old", alice, to_bob, "session-info").front() == "alice <- error old unknown-session");
}

TEST_CASE("migration: of who was called, likewise", "[call][jmi][migration]")
{
    Dialogue d;
    (void)d.jingle(alice, to_bob, "session-initiate");  // alice's device is plain
    (void)d.message(bob, to_alice, "proceed");
    (void)d.jingle(bob, to_alice, "session-accept");
    CHECK(d.message("bob@b.test/tablet", to_alice, "propose", "s2")
          == Lines{ "bob <- finish expired -> s2", "bob <- session-terminate expired",
                    "alice <- session-terminate alternative-session", "bob <- ringing", "bob <- proceed" });
    CHECK(d.jingle("bob@b.test/tablet", to_alice, "session-initiate", "s2")
          == Lines{ "bob <- result i3", "alice <- session-initiate" });
}

TEST_CASE("migration: other media, other people and plain callers start a call of their own",
          "[call][jmi][migration]")
{
    auto d = active_with_plain();
    const auto next = GENERATE(0, 1, 2);
    if (next == 0)
        (void)d.message(tablet, to_bob, "propose", "s2",
                        "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'/>");
    else if (next == 1)
        (void)d.message("carol@a.test/x", to_bob, "propose", "s2");
    else
        (void)d.jingle(tablet, to_bob, "session-initiate", "s2");
    CHECK(d.jingle(alice, to_bob, "transport-info").back() == "bob/kaidan <- transport-info");
    CHECK(d.jingle(kaidan, to_alice, "transport-info").back() == "alice <- transport-info");
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
          "[call][limits][many]")
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
