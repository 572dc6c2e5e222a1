// Several devices, several users, several stages.
#include <algorithm>

#include <catch2/catch.hpp>

#include "support/dialogue.hpp"

using test::Dialogue;
using test::Lines;
using namespace std::chrono_literals;

namespace {

constexpr auto alice = Dialogue::alice;
constexpr auto to_bob = Dialogue::bob_contact;
constexpr auto to_alice = Dialogue::alice_contact;

roster::Party by_propose(std::string_view user)
{
    return { .user = Dialogue::jid(user), .propose = true, .devices = {} };
}
roster::Party by_initiate(std::string_view user, const std::vector<std::string>& devices,
                          std::string profile = {})
{
    roster::Party party{ .user = Dialogue::jid(user), .propose = false, .devices = {} };
    for (const auto& device : devices)
        party.devices.push_back(
            { Dialogue::jid(std::string{ user } + "/" + device), roster::Rings::by_initiate, profile });
    return party;
}

/// Two plain devices, and a propose of which nobody knows whether it reaches any.
roster::Party in_part_unknown(std::string_view user)
{
    auto party = by_initiate(user, { "kaidan", "gajim" });
    party.propose = true;
    party.blind = true;
    return party;
}

Dialogue dialogue(std::vector<roster::Stage> stages, std::string caller_profile = {},
                  jingle::call::Settings settings = Dialogue::default_settings())
{
    Dialogue d{ std::move(settings),
                std::make_unique<test::StagedDirectory>(std::move(stages), std::move(caller_profile)) };
    d.name_devices();
    return d;
}

bool has(const Lines& lines, std::string_view line)
{
    return std::ranges::find(lines, line) != lines.end();
}

}  // namespace

TEST_CASE("forks: early candidates go to the winner, and only his to the caller", "[call][forks]")
{
    auto d = dialogue({ { { by_initiate("bob@b.test", { "a", "b" }) }, {} } });
    CHECK(d.jingle(alice, to_bob, "session-initiate")
          == Lines{ "alice <- result i1", "bob/a <- session-initiate", "bob/b <- session-initiate" });
    CHECK(d.jingle(alice, to_bob, "transport-info") == Lines{ "alice <- result i2" });
    CHECK(d.jingle("bob@b.test/a", to_alice, "transport-info") == Lines{ "bob/a <- result i3" });
    CHECK(d.jingle("bob@b.test/b", to_alice, "transport-info") == Lines{ "bob/b <- result i4" });
    CHECK(d.jingle("bob@b.test/b", to_alice, "session-accept")
          == Lines{ "bob/b <- result i5", "alice <- session-accept", "bob/a <- session-terminate cancel",
                    "bob/b <- transport-info", "alice <- transport-info" });
}

TEST_CASE("forks: each device's ringing is told once", "[call][forks]")
{
    constexpr std::string_view ringing = "<ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>";
    auto d = dialogue({ { { by_initiate("bob@b.test", { "a", "b" }) }, {} } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    CHECK(d.jingle("bob@b.test/a", to_alice, "session-info", "s1", ringing)
          == Lines{ "bob/a <- result i2", "alice <- session-info ringing" });
    CHECK(d.jingle("bob@b.test/a", to_alice, "session-info", "s1", ringing) == Lines{ "bob/a <- result i3" });
    CHECK(d.jingle("bob@b.test/b", to_alice, "session-info", "s1", ringing).size() == 2);
    CHECK(std::ranges::count(d.noted(), "ringing bob/a") == 1);
}

TEST_CASE("forks: a group goes on when one of it rejects", "[call][forks][group]")
{
    auto d = dialogue({ { { by_propose("bob@b.test"), by_propose("carol@b.test"),
                            by_initiate("dave@b.test", { "pc", "phone" }) },
                          {} } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    CHECK(d.message("bob@b.test/phone", to_alice, "reject").empty());
    CHECK(d.jingle("dave@b.test/pc", to_alice, "session-terminate", "s1", "<reason><decline/></reason>")
          == Lines{ "dave/pc <- result i2", "dave/phone <- session-terminate cancel" });
    const auto lines = d.message("carol@b.test/phone", to_alice, "proceed");
    CHECK(lines == Lines{ "carol/phone <- session-initiate" });
    CHECK(d.noted()
          == Lines{ "started staged", "initiated dave/pc", "initiated dave/phone",
                    "refused bob (all) decline", "refused dave/pc decline", "stopped dave/phone cancel",
                    "proceeded carol/phone", "initiated carol/phone" });
}

TEST_CASE("forks: in a group the others are told that it is answered elsewhere", "[call][forks][group]")
{
    auto d = dialogue({ { { by_propose("bob@b.test"), by_propose("carol@b.test") }, {} } });
    (void)d.message(alice, to_bob, "propose");
    CHECK(d.message("carol@b.test/phone", to_alice, "proceed")
          == Lines{ "bob (all) <- retract cancel", "alice <- proceed" });
    CHECK(has(d.noted(), "stopped bob (all) success"));
}

TEST_CASE("forks: stages ring one after the other, each in its time", "[call][forks][group]")
{
    auto d = dialogue({ { { by_propose("bob@b.test") }, 20s },
                        { { by_initiate("carol@b.test", { "pc" }) }, 15s },
                        { { by_propose("dave@b.test"), by_propose("bob@b.test") }, {} } });
    CHECK(d.jingle(alice, to_bob, "session-initiate")
          == Lines{ "alice <- result i1", "bob (all) <- propose" });
    CHECK(d.pass(19999ms).empty());
    CHECK(d.pass(1ms) == Lines{ "bob (all) <- retract timeout", "carol/pc <- session-initiate" });
    // A refusal need not wait for the time.
    CHECK(d.jingle("carol@b.test/pc", to_alice, "session-terminate", "s1", "<reason><busy/></reason>")
          == Lines{ "carol/pc <- result i2", "dave (all) <- propose", "bob (all) <- propose" });
    CHECK(d.pass(59999ms).empty());
    CHECK(d.pass(1ms)
          == Lines{ "dave (all) <- retract timeout", "bob (all) <- retract timeout",
                    "alice <- session-terminate timeout" });
}

TEST_CASE("forks: who rejects in one stage is not rung in the next", "[call][forks][group]")
{
    auto d = dialogue({ { { by_propose("bob@b.test") }, 20s },
                        { { by_propose("bob@b.test"), by_propose("carol@b.test") }, 20s } });
    (void)d.message(alice, to_bob, "propose");
    CHECK(d.message("bob@b.test/phone", to_alice, "reject") == Lines{ "carol (all) <- propose" });
    CHECK(d.message("carol@b.test/phone", to_alice, "reject") == Lines{ "alice <- reject" });
}

TEST_CASE("forks: a caller who proposes is asked for the offer that plain devices need", "[call][forks][jmi]")
{
    auto d = dialogue({ { { by_propose("bob@b.test"), by_initiate("bob@b.test", { "kaidan" }) }, {} } });
    CHECK(d.message(alice, to_bob, "propose")
          == Lines{ "bob (all) <- propose", "alice <- ringing", "alice <- proceed" });
    CHECK(d.jingle(alice, to_bob, "session-initiate")
          == Lines{ "alice <- result i1", "bob/kaidan <- session-initiate" });
    // It proceeds once.
    CHECK(d.message("bob@b.test/phone", to_alice, "proceed")
          == Lines{ "bob/kaidan <- session-terminate cancel", "bob/phone <- session-initiate" });
}

TEST_CASE("forks: an offer that never comes ends the call", "[call][forks][jmi]")
{
    auto d = dialogue({ { { by_initiate("bob@b.test", { "kaidan" }) }, {} } });
    (void)d.message(alice, to_bob, "propose");
    CHECK(d.pass(19999ms).empty());
    CHECK(d.pass(1ms) == Lines{ "alice <- reject timeout" });
}

TEST_CASE("forks: a device whose propose bounces gets a session-initiate", "[call][forks][jmi]")
{
    roster::Party bob{ .user = Dialogue::jid("bob@b.test"), .propose = false, .devices = {} };
    bob.devices.push_back({ Dialogue::jid("bob@b.test/pc"), roster::Rings::by_message, {} });
    auto d = dialogue({ { { bob }, {} } });
    CHECK(d.message(alice, to_bob, "propose") == Lines{ "bob/pc <- propose" });
    CHECK(d.bounce("bob@b.test/pc", to_alice) == Lines{ "alice <- ringing", "alice <- proceed" });
    CHECK(d.jingle(alice, to_bob, "session-initiate")
          == Lines{ "alice <- result i1", "bob/pc <- session-initiate" });
    CHECK(d.jingle("bob@b.test/pc", to_alice, "session-accept").back() == "alice <- session-accept");
}

TEST_CASE("forks: when the propose to all comes back, those that are known get a session-initiate",
          "[call][forks][jmi]")
{
    auto directory = std::make_unique<test::StagedDirectory>(
        std::vector<roster::Stage>{ { { by_propose("bob@b.test") }, {} } });
    for (const auto device : { "phone", "tablet" })
        directory->instead.push_back(
            { Dialogue::jid("bob@b.test/" + std::string{ device }), roster::Rings::by_initiate, {} });
    Dialogue d{ Dialogue::default_settings(), std::move(directory) };
    d.name_devices();
    constexpr std::string_view phone = "bob@b.test/phone";
    const bool proposes = GENERATE(true, false);
    const Lines offers{ "bob/phone <- session-initiate", "bob/tablet <- session-initiate" };
    if (proposes) {
        (void)d.message(alice, to_bob, "propose");
        CHECK(d.bounce("bob@b.test", to_alice) == Lines{ "alice <- ringing", "alice <- proceed" });
        CHECK(d.jingle(alice, to_bob, "session-initiate")
              == Lines{ "alice <- result i1", offers[0], offers[1] });
    } else {
        (void)d.jingle(alice, to_bob, "session-initiate");
        CHECK(d.bounce("bob@b.test", to_alice) == offers);
    }
    CHECK(d.bounce("bob@b.test", to_alice).empty());

    SECTION("one answers")
    {
        CHECK(d.jingle(phone, to_alice, "session-accept")
              == Lines{ "bob/phone <- result i2", "alice <- session-accept",
                        "bob/tablet <- session-terminate cancel" });
        CHECK(d.jingle(alice, to_bob, "transport-info").back() == "bob/phone <- transport-info");
    }
    SECTION("none can be reached")
    {
        CHECK(d.reply(phone, jingle::Action::session_initiate, xmpp::errors::service_unavailable).empty());
        CHECK(
            d.reply("bob@b.test/tablet", jingle::Action::session_initiate, xmpp::errors::service_unavailable)
                .front()
            == "alice <- session-terminate gone");
    }
}

TEST_CASE("forks: one that is rung in place of a propose goes away", "[call][forks][jmi][process]")
{
    auto directory = std::make_unique<test::StagedDirectory>(
        std::vector<roster::Stage>{ { { by_propose("bob@b.test") }, {} } });
    directory->instead.push_back({ Dialogue::jid("bob@b.test/phone"), roster::Rings::by_initiate, {} });
    Dialogue d{ Dialogue::default_settings(), std::move(directory) };
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.bounce("bob@b.test", to_alice);
    (void)d.reply("bob@b.test/phone", jingle::Action::session_initiate);
    (void)d.gone("bob@b.test/phone");
    CHECK(d.pass(10s) == Lines{ "bob <- session-terminate gone", "alice <- session-terminate gone" });
}

TEST_CASE("forks: a propose that comes back while somebody rings was another device's", "[call][forks][jmi]")
{
    auto d = dialogue({ { { by_propose("bob@b.test") }, {} } });
    (void)d.message(alice, to_bob, "propose");
    SECTION("returned by the server, after one has rung")
    {
        (void)d.message("bob@b.test/phone", to_alice, "ringing");
        CHECK(d.bounce("bob@b.test", to_alice).empty());
    }
    SECTION("refused by one device")
    {
        CHECK(d.bounce("bob@b.test/tv", to_alice).empty());
    }
    CHECK(d.message("bob@b.test/phone", to_alice, "proceed") == Lines{ "alice <- proceed" });
}

TEST_CASE("forks: devices rung in place of a propose are bounded, and never the caller's",
          "[call][forks][limits]")
{
    auto directory = std::make_unique<test::StagedDirectory>(
        std::vector<roster::Stage>{ { { by_propose("alice@a.test") }, {} } });
    directory->instead.push_back({ Dialogue::jid(alice), roster::Rings::by_initiate, {} });
    for (int i = 0; i < 100; ++i)
        directory->instead.push_back(
            { Dialogue::jid("alice@a.test/" + std::to_string(i)), roster::Rings::by_initiate, {} });
    Dialogue d{ Dialogue::default_settings(), std::move(directory) };
    d.name_devices();
    (void)d.jingle(alice, "alice\\40a.test@call.a.test", "session-initiate");
    const auto sid
        = "c" + jingle::call::CallId::make("key", "alice@a.test", "alice@a.test", "s1").to_string();
    const auto lines = d.bounce("alice@a.test", to_alice, sid);
    CHECK(lines.size() == 15);  // 16 of a stage, with the propose
    CHECK(lines.front() == "alice/0 <- session-initiate");
}

TEST_CASE("forks: a caller whose propose bounced may call without it", "[call][forks][jmi]")
{
    auto d = dialogue({ { { by_propose("bob@b.test") }, {} } });
    (void)d.message(alice, to_bob, "propose");
    CHECK(d.bounce("bob@b.test", to_alice) == Lines{ "alice <- message error service-unavailable" });
    CHECK(d.jingle(alice, to_bob, "session-initiate")
          == Lines{ "alice <- result i1", "bob (all) <- propose" });
    CHECK(d.calls() == 1);
}

TEST_CASE("forks: the calling device does not ring, its user's others do, under a sid of their own",
          "[call][forks]")
{
    auto d = dialogue({ { { by_initiate("alice@a.test", { "pc", "phone" }) }, {} } });
    const auto lines = d.jingle(alice, "alice\\40a.test@call.a.test", "session-initiate");
    CHECK(lines == Lines{ "alice <- result i1", "alice/phone <- session-initiate" });
    CHECK(d.jingle_as("x", "alice@a.test/phone", to_alice, "session-accept")
          == Lines{ "alice <- error x unknown-session" });

    auto alone = dialogue({ { { by_initiate("alice@a.test", { "pc" }) }, {} } });
    CHECK(alone.jingle_as("x", alice, "alice\\40a.test@call.a.test", "session-initiate")
          == Lines{ "alice <- error x service-unavailable" });
}

TEST_CASE("forks: devices beyond the limit do not ring", "[call][forks][limits][process]")
{
    std::vector<std::string> many;
    for (int i = 0; i < 5000; ++i)
        many.push_back("d" + std::to_string(i));
    auto d = dialogue({ { { by_initiate("bob@b.test", many) }, 10s },
                        { { by_initiate("carol@b.test", many) }, 10s },
                        { { by_initiate("dave@b.test", many) }, 10s } });
    CHECK(d.jingle(alice, to_bob, "session-initiate").size() == 1 + 16);
    CHECK(d.pass(10s).size() == 16 + 16);
    CHECK(d.pass(10s).size() == 16 + 1);  // 32 in all
    CHECK(d.noted().back() == "ended gone");  // not even a result has come of any
}

TEST_CASE("forks: what each device says early is bounded", "[call][forks][limits]")
{
    auto d = dialogue({ { { by_initiate("bob@b.test", { "a", "b" }) }, {} } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    for (int i = 0; i < 100; ++i)
        CHECK(d.jingle_as("x", "bob@b.test/a", to_alice, "transport-info") == Lines{ "bob/a <- result x" });
    CHECK(d.jingle_as("x", "bob@b.test/a", to_alice, "transport-info")
          == Lines{ "bob/a <- error x resource-constraint" });
    CHECK(d.jingle_as("x", "bob@b.test/b", to_alice, "transport-info") == Lines{ "bob/b <- result x" });
}

TEST_CASE("forks: an offer without DTLS ends with security-error, unless that is allowed", "[call][dtls]")
{
    constexpr std::string_view bare
        = "<content creator='initiator' name='audio'><description xmlns='urn:xmpp:jingle:apps:rtp:1' "
          "media='audio'><payload-type id='0' name='PCMU'/></description><transport "
          "xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' "
          "pwd='0123456789012345678901'/></content>";
    auto d = dialogue({ { { by_initiate("bob@b.test", { "a", "b" }) }, {} } });
    CHECK(d.jingle(alice, to_bob, "session-initiate", "s1", bare)
          == Lines{ "alice <- result i1", "alice <- session-terminate security-error" });

    auto answered = dialogue({ { { by_initiate("bob@b.test", { "a" }) }, {} } });
    (void)answered.jingle(alice, to_bob, "session-initiate");
    CHECK(answered.jingle("bob@b.test/a", to_alice, "session-accept", "s1", bare)
          == Lines{ "bob/a <- result i2", "alice <- session-terminate security-error",
                    "bob/a <- session-terminate security-error" });

    auto settings = Dialogue::default_settings();
    settings.require_dtls = false;
    auto lax = dialogue({ { { by_initiate("bob@b.test", { "a" }) }, {} } }, {}, settings);
    CHECK(lax.jingle(alice, to_bob, "session-initiate", "s1", bare).back() == "bob/a <- session-initiate");
}

TEST_CASE("forks: what a client cannot take is split, and the parts go one by one", "[call][profile]")
{
    constexpr std::string_view two = "<content creator='initiator' name='audio' senders='initiator'/>"
                                     "<content creator='initiator' name='video' senders='initiator'/>";
    auto d = dialogue({ { { by_initiate("bob@b.test", { "dino" }, "dino") }, {} } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.jingle("bob@b.test/dino", to_alice, "session-accept");
    CHECK(d.jingle(alice, to_bob, "content-modify", "s1", two) == Lines{ "bob/dino <- content-modify" });
    CHECK(d.reply("bob@b.test/dino", jingle::Action::content_modify)
          == Lines{ "bob/dino <- content-modify (end to end)" });
    CHECK(d.reply("bob@b.test/dino", jingle::Action::content_modify) == Lines{ "alice <- result i3" });
}

TEST_CASE("forks: what a client cannot be told is refused to who asks", "[call][profile]")
{
    auto d = dialogue({ { { by_initiate("bob@b.test", { "js" }, "stanza") }, {} } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.jingle("bob@b.test/js", to_alice, "session-accept");
    const auto lines = d.jingle_as("x", alice, to_bob, "content-add");
    REQUIRE(lines.size() == 1);
    CHECK(lines.front().starts_with("alice <- error x"));
}

TEST_CASE("forks: a call that is to be relayed keeps other candidates back", "[call][policy]")
{
    const std::vector<roster::Stage> stages{ { { by_initiate("bob@b.test", { "a" }) }, {} } };
    for (const bool relay_only : { false, true }) {
        auto directory = std::make_unique<test::StagedDirectory>(stages);
        directory->relay_only = relay_only;
        Dialogue d{ Dialogue::default_settings(), std::move(directory) };
        (void)d.jingle(alice, to_bob, "session-initiate");
        CHECK(d.jingle(alice, to_bob, "transport-info").size() == (relay_only ? 1 : 2));
        CHECK(d.jingle("bob@b.test/a", to_alice, "transport-info").size() == (relay_only ? 1 : 2));
    }
}

namespace {

constexpr std::string_view busy = "<reason><busy/></reason>";
constexpr std::string_view no_media = "<reason><media-error/></reason>";
constexpr std::string_view kaidan = "bob@b.test/kaidan";
constexpr std::string_view gajim = "bob@b.test/gajim";
constexpr std::string_view phone = "bob@b.test/phone";

}  // namespace

TEST_CASE("forks: a device that nobody knows of rings on when the known ones have refused",
          "[call][forks][blind]")
{
    auto d = dialogue({ { { in_part_unknown("bob@b.test") }, {} } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.jingle(kaidan, to_alice, "session-terminate", "s1", no_media);
    if (GENERATE(true, false))
        CHECK(d.jingle(gajim, to_alice, "session-terminate", "s1", no_media)
              == Lines{ "bob/gajim <- result i3" });
    else
        CHECK(d.reply(gajim, jingle::Action::session_initiate, xmpp::errors::service_unavailable).empty());
    CHECK(d.pass(59999ms).empty());

    SECTION("nobody takes it up: the caller hears what the known ones have said")
    {
        CHECK(d.pass(1ms)
              == Lines{ "bob (all) <- retract timeout", "alice <- session-terminate media-error" });
    }
    SECTION("it takes it up, without ever having said that it rings")
    {
        CHECK(d.message(phone, to_alice, "proceed") == Lines{ "bob/phone <- session-initiate" });
    }
    SECTION("it has said that it rings: nobody has answered")
    {
        CHECK(d.message(phone, to_alice, "ringing") == Lines{ "alice <- session-info ringing" });
        CHECK(d.pass(1ms) == Lines{ "bob (all) <- retract timeout", "alice <- session-terminate timeout" });
    }
    SECTION("it rejects, for its user")
    {
        CHECK(d.message(phone, to_alice, "reject", "s1",
                        "<reason xmlns='urn:xmpp:jingle:1'><decline/></reason>")
                  .size()
              == 1);
    }
}

TEST_CASE("forks: who is busy on a known device is busy, unless another one says that it rings",
          "[call][forks][blind]")
{
    auto d = dialogue({ { { in_part_unknown("bob@b.test") }, {} } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    SECTION("nobody rings")
    {
        (void)d.jingle(kaidan, to_alice, "session-terminate", "s1", busy);
        const auto heard = GENERATE(true, false)
            ? d.jingle(gajim, to_alice, "session-terminate", "s1", busy)
            : d.reply(gajim, jingle::Action::session_initiate, xmpp::errors::service_unavailable);
        CHECK(has(heard, "bob (all) <- retract cancel"));
        CHECK(has(heard, "alice <- session-terminate busy"));
    }
    SECTION("his phone rings")
    {
        (void)d.message(phone, to_alice, "ringing");
        (void)d.jingle(kaidan, to_alice, "session-terminate", "s1", busy);
        (void)d.jingle(gajim, to_alice, "session-terminate", "s1", busy);
        CHECK(d.message(phone, to_alice, "proceed") == Lines{ "bob/phone <- session-initiate" });
    }
}

TEST_CASE("forks: when all known devices vanish, and no other takes it up, the caller hears it",
          "[call][forks][blind][process]")
{
    auto d = dialogue({ { { in_part_unknown("bob@b.test") }, {} } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.gone(kaidan);
    (void)d.gone(gajim);
    CHECK(d.pass(10s)
          == Lines{ "bob/kaidan <- session-terminate gone", "bob/gajim <- session-terminate gone" });
    CHECK(d.pass(50s) == Lines{ "bob (all) <- retract timeout", "alice <- session-terminate gone" });
}

TEST_CASE("forks: a known device that lets it ring is no answer, whatever the others say",
          "[call][forks][blind]")
{
    auto d = dialogue({ { { in_part_unknown("bob@b.test") }, {} } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.reply(gajim, jingle::Action::session_initiate);
    (void)d.jingle(kaidan, to_alice, "session-terminate", "s1", busy);
    (void)d.jingle(gajim, to_alice, "session-info", "s1",
                   "<ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>");
    CHECK(d.pass(60s).back() == "alice <- session-terminate timeout");
}

TEST_CASE("forks: in a group the next stage rings when the time of an unknown device is over",
          "[call][forks][blind][group]")
{
    auto d
        = dialogue({ { { in_part_unknown("bob@b.test") }, 20s }, { { by_propose("carol@b.test") }, 20s } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.jingle(kaidan, to_alice, "session-terminate", "s1", no_media);
    (void)d.jingle(gajim, to_alice, "session-terminate", "s1", no_media);
    CHECK(d.pass(19999ms).empty());
    CHECK(d.pass(1ms) == Lines{ "bob (all) <- retract timeout", "carol (all) <- propose" });
    CHECK(d.message("carol@b.test/phone", to_alice, "proceed") == Lines{ "carol/phone <- session-initiate" });
}

TEST_CASE("forks: a propose that a known device hears rings as long as it may", "[call][forks][blind]")
{
    auto party = in_part_unknown("bob@b.test");
    party.blind = false;
    auto d = dialogue({ { { party }, {} } });
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.jingle(kaidan, to_alice, "session-terminate", "s1", busy);
    (void)d.jingle(gajim, to_alice, "session-terminate", "s1", busy);
    CHECK(d.pass(59999ms).empty());
    CHECK(d.pass(1ms) == Lines{ "bob (all) <- retract timeout", "alice <- session-terminate timeout" });
}

TEST_CASE("forks: when the last device that heard the propose vanishes the call ends",
          "[call][forks][blind][process]")
{
    auto directory = std::make_unique<test::StagedDirectory>(
        std::vector<roster::Stage>{ { { by_propose("bob@b.test") }, {} } });
    auto* const known = directory.get();
    Dialogue d{ Dialogue::default_settings(), std::move(directory) };
    d.name_devices();
    (void)d.message(alice, to_bob, "propose");

    SECTION("it does")
    {
        known->last_to_hear = true;
        CHECK(d.gone(phone).empty());
        CHECK(d.pass(9999ms).empty());
        CHECK(d.pass(1ms)
              == Lines{ "bob (all) <- retract cancel", "alice <- message error service-unavailable" });
    }
    SECTION("it has rung before")
    {
        (void)d.message(phone, to_alice, "ringing");
        known->last_to_hear = true;
        (void)d.gone(phone);
        CHECK(d.pass(10s) == Lines{ "bob (all) <- retract cancel", "alice <- reject gone" });
    }
    SECTION("it is back, and rings")
    {
        known->last_to_hear = true;
        (void)d.gone(phone);
        (void)d.pass(5s);
        (void)d.message(phone, to_alice, "ringing");
        CHECK(d.pass(54s).empty());
    }
    SECTION("others are known")
    {
        (void)d.gone(phone);
        CHECK(d.pass(59s).empty());
    }
    SECTION("one that is not known has rung too")
    {
        (void)d.message("bob@b.test/unknown", to_alice, "ringing");
        known->last_to_hear = true;
        (void)d.gone(phone);
        CHECK(d.pass(59s).empty());
        CHECK(d.message("bob@b.test/unknown", to_alice, "proceed") == Lines{ "alice <- proceed" });
    }
    SECTION("more than are counted have rung")
    {
        for (int i = 0; i < 100; ++i)
            (void)d.message("bob@b.test/" + std::to_string(i), to_alice, "ringing");
        known->last_to_hear = true;
        for (int i = 0; i < 100; ++i)
            (void)d.gone("bob@b.test/" + std::to_string(i));
        CHECK(d.pass(59s).empty());
    }
}

TEST_CASE("forks: who announces ICE over TCP gets TCP candidates, others do not", "[call][profile]")
{
    constexpr std::string_view tcp
        = "<content creator='initiator' name='audio'><transport "
          "xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' pwd='0123456789012345678901'>"
          "<candidate component='1' foundation='1' generation='0' id='c1' ip='192.0.2.1' port='9' "
          "priority='1' protocol='tcp' tcptype='active' type='host'/></transport></content>";
    for (const std::string profile : { "stanza", "stanza+tcp", "default", "default+tcp" }) {
        CAPTURE(profile);
        auto settings = Dialogue::default_settings();
        settings.candidates.tcp = true;
        auto d = dialogue({ { { by_initiate("bob@b.test", { "js" }, profile) }, {} } }, {}, settings);
        (void)d.jingle(alice, to_bob, "session-initiate");
        CHECK(d.jingle(alice, to_bob, "transport-info", "s1", tcp).size()
              == (profile.ends_with("+tcp") ? 2 : 1));
    }
}
