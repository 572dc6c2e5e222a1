// Devices that answer nothing: neither a result nor an error comes for the session-initiate.
#include <catch2/catch.hpp>

#include "support/dialogue.hpp"

using jingle::Action;
using test::Dialogue;
using test::Lines;
using namespace std::chrono_literals;

namespace {

constexpr auto alice = Dialogue::alice;
constexpr auto to_bob = Dialogue::bob_contact;
constexpr auto to_alice = Dialogue::alice_contact;
constexpr std::string_view kaidan = "bob@b.test/kaidan";
constexpr std::string_view gajim = "bob@b.test/gajim";
constexpr std::string_view busy = "<reason><busy/></reason>";
constexpr std::string_view ringing = "<ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>";

roster::Party plain(std::string_view user, const std::vector<std::string>& devices)
{
    roster::Party party{ .user = Dialogue::jid(user), .propose = false, .devices = {} };
    for (const auto& device : devices)
        party.devices.push_back(
            { Dialogue::jid(std::string{ user } + "/" + device), roster::Rings::by_initiate, {} });
    return party;
}

Dialogue dialogue(std::vector<roster::Stage> stages)
{
    Dialogue d{ Dialogue::default_settings(), std::make_unique<test::StagedDirectory>(std::move(stages)) };
    d.name_devices();
    return d;
}

Dialogue one_device()
{
    return dialogue({ { { plain("bob@b.test", { "kaidan" }) }, {} } });
}

Dialogue two_devices()
{
    return dialogue({ { { plain("bob@b.test", { "kaidan", "gajim" }) }, {} } });
}

}  // namespace

TEST_CASE("unheard: the only device answers nothing: he cannot be reached", "[call][unheard][process]")
{
    auto d = one_device();
    (void)d.jingle(alice, to_bob, "session-initiate");
    CHECK(d.pass(29999ms).empty());
    CHECK(d.pass(1ms)
          == Lines{ "bob/kaidan <- session-terminate timeout", "alice <- session-terminate gone" });
    CHECK(d.noted()
          == Lines{ "started staged", "initiated bob/kaidan", "gone bob/kaidan timeout", "ended gone" });
}

TEST_CASE("unheard: the others ring on, and what they say is what the caller hears",
          "[call][unheard][process]")
{
    auto d = two_devices();
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.reply(gajim, Action::session_initiate);
    CHECK(d.pass(30s) == Lines{ "bob/kaidan <- session-terminate timeout" });

    SECTION("one answers")
    {
        CHECK(d.jingle(gajim, to_alice, "session-accept")
              == Lines{ "bob/gajim <- result i2", "alice <- session-accept" });
    }
    SECTION("it is busy")
    {
        CHECK(d.jingle(gajim, to_alice, "session-terminate", "s1", busy).back()
              == "alice <- session-terminate busy");
    }
    SECTION("nobody answers")
    {
        CHECK(d.pass(29999ms).empty());
        CHECK(d.pass(1ms).back() == "alice <- session-terminate timeout");
    }
    SECTION("the silent one comes late")
    {
        CHECK(d.reply(kaidan, Action::session_initiate).empty());
        CHECK(d.jingle_as("late", kaidan, to_alice, "session-accept")
              == Lines{ "bob/kaidan <- error late unknown-session" });
    }
}

TEST_CASE("unheard: in a group the next rings when nothing has come from the first",
          "[call][unheard][group][process]")
{
    auto d = dialogue(
        { { { plain("bob@b.test", { "kaidan" }) }, 45s }, { { plain("carol@b.test", { "pc" }) }, 20s } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    CHECK(d.pass(30s) == Lines{ "bob/kaidan <- session-terminate timeout", "carol/pc <- session-initiate" });
    CHECK(d.jingle("carol@b.test/pc", to_alice, "session-accept").back() == "alice <- session-accept");
}

TEST_CASE("unheard: whatever comes from a device shows that it is there", "[call][unheard][process]")
{
    auto d = one_device();
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.pass(20s);
    SECTION("the result")
    {
        (void)d.reply(kaidan, Action::session_initiate);
    }
    SECTION("that it rings")
    {
        (void)d.jingle(kaidan, to_alice, "session-info", "s1", ringing);
    }
    SECTION("candidates")
    {
        (void)d.jingle(kaidan, to_alice, "transport-info");
    }
    CHECK(d.pass(39999ms).empty());
    CHECK(d.pass(1ms).front() == "alice <- session-terminate timeout");
}

TEST_CASE("unheard: the time runs from the offer, not from the propose", "[call][unheard][process]")
{
    auto d = two_devices();
    (void)d.message(alice, to_bob, "propose");
    (void)d.pass(15s);
    (void)d.jingle(alice, to_bob, "session-initiate");
    CHECK(d.pass(29999ms).empty());
    CHECK(d.pass(1ms).back() == "alice <- finish gone");
}

TEST_CASE("unheard: after the stream was lost devices that have not rung are asked, and have their time anew",
          "[call][unheard][process]")
{
    auto d = one_device();
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.pass(10s);
    if (GENERATE(false, true))
        d.restart_process();
    CHECK(d.reconnected() == Lines{ "alice <- session-info", "bob/kaidan <- session-info" });
    SECTION("it is there")
    {
        (void)d.reply(kaidan, Action::session_info);
        CHECK(d.pass(49s).empty());
    }
    SECTION("it is not")
    {
        CHECK(d.pass(19s).empty());
        CHECK(d.pass(11s).back() == "alice <- session-terminate gone");
    }
}

TEST_CASE("unheard: a device that was away and speaks again is not given up", "[call][process]")
{
    auto d = two_devices();
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.reply(kaidan, Action::session_initiate);
    (void)d.reply(gajim, Action::session_initiate);
    (void)d.gone(kaidan);
    (void)d.pass(5s);
    (void)d.jingle(kaidan, to_alice, "session-info", "s1", ringing);
    CHECK(d.pass(54s).empty());
}
