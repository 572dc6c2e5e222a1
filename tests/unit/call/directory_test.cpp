// What the directory decides, and what it is told.
#include <catch2/catch.hpp>

#include "support/dialogue.hpp"

using test::Dialogue;
using test::Lines;
using namespace std::chrono_literals;

namespace {

constexpr auto alice = Dialogue::alice;
constexpr auto to_bob = Dialogue::bob_contact;
constexpr auto to_alice = Dialogue::alice_contact;

/// Bob rings by a propose to his bare JID.
struct Scene {
    test::StagedDirectory* directory;
    Dialogue dialogue;

    Scene()
        : Scene{ std::make_unique<test::StagedDirectory>(std::vector<roster::Stage>{
            { { { .user = Dialogue::jid("bob@b.test"), .propose = true, .devices = {} } }, {} } }) }
    {
    }

private:
    explicit Scene(std::unique_ptr<test::StagedDirectory> made)
        : directory{ made.get() }
        , dialogue{ Dialogue::default_settings(), std::move(made) }
    {
    }
};

const std::string pair = " alice@a.test/pc bob\\40b.test@call.a.test audio";

}  // namespace

TEST_CASE("directory: it is told of a call that was answered, once", "[call][directory][process]")
{
    Scene scene;
    auto& d = scene.dialogue;
    d.message(alice, to_bob, "propose");
    CHECK(scene.directory->ledger == Lines{ "started" + pair });
    d.message(Dialogue::bob, to_alice, "proceed");
    d.jingle(alice, Dialogue::bob_phone, "session-initiate");
    d.jingle(Dialogue::bob, to_alice, "session-accept");
    CHECK(scene.directory->ledger.size() == 1);
    d.jingle(alice, Dialogue::bob_phone, "session-terminate");
    d.pass(10min);
    CHECK(scene.directory->ledger == Lines{ "started" + pair, "answered" + pair });
}

TEST_CASE("directory: it is told of a call that nobody answered", "[call][directory][process]")
{
    Scene scene;
    scene.dialogue.message(alice, to_bob, "propose");
    scene.dialogue.pass(60s);
    CHECK(scene.directory->ledger == Lines{ "started" + pair, "unanswered" + pair });
}

TEST_CASE("directory: a limit of the caller's stops the call before it is one", "[call][directory][process]")
{
    auto made = std::make_unique<test::StagedDirectory>(std::vector<roster::Stage>{
        { { { .user = Dialogue::jid("bob@b.test"), .propose = true, .devices = {} } }, {} } });
    const auto* directory = made.get();
    auto settings = Dialogue::default_settings();
    settings.limits.calls_per_user = 1;
    Dialogue d{ settings, std::move(made) };
    d.message(alice, to_bob, "propose");
    d.message(alice, to_bob, "propose", "s2");
    CHECK(directory->ledger.size() == 1);
}

TEST_CASE("directory: who is not to ring hears nothing, and the caller hears it ring until time is over",
          "[call][directory][process]")
{
    Scene scene;
    scene.directory->silent = true;
    auto& d = scene.dialogue;
    SECTION("proposed")
    {
        CHECK(d.message(alice, to_bob, "propose") == Lines{ "alice <- ringing" });
        CHECK(d.pass(60s) == Lines{ "alice <- reject timeout" });
    }
    SECTION("initiated")
    {
        CHECK(d.jingle(alice, to_bob, "session-initiate")
              == Lines{ "alice <- result i1", "alice <- session-info ringing" });
        CHECK(d.pass(60s) == Lines{ "alice <- session-terminate timeout" });
    }
    SECTION("given up")
    {
        d.message(alice, to_bob, "propose");
        CHECK(d.message(alice, to_bob, "retract").empty());
        CHECK(d.pass(60s).empty());
    }
    CHECK(scene.directory->ledger == Lines{ "started" + pair, "unanswered" + pair });
}

TEST_CASE("directory: a line that carries a call is busy", "[call][directory]")
{
    Scene scene;
    scene.directory->busy = true;
    auto& d = scene.dialogue;
    SECTION("proposed")
    {
        CHECK(d.message(alice, to_bob, "propose") == Lines{ "alice <- reject busy" });
    }
    SECTION("initiated")
    {
        CHECK(d.jingle(alice, to_bob, "session-initiate")
              == Lines{ "alice <- result i1", "alice <- session-terminate busy" });
    }
    CHECK(scene.directory->ledger == Lines{ "started" + pair, "unanswered" + pair });
}
