#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

#include "roster/roster.hpp"

using namespace std::chrono_literals;
using roster::Answered;
using roster::CallLink;
using roster::Default;
using roster::Device;
using roster::Invitation;
using roster::Line;
using roster::LineStrategy;
using roster::Party;
using roster::Rings;
using roster::UserSettings;
using xmpp::Jid;

namespace {

Jid jid(std::string_view text)
{
    return Jid::parse(text).value();
}

struct Devices final : roster::DeviceSource {
    std::map<std::string, std::vector<Device>, std::less<>> known;
    std::map<std::string, std::vector<std::string>, std::less<>> heard;  ///< resources that hear proposes

    void append_devices(const Jid& user, std::vector<Device>& all) const override
    {
        if (const auto found = known.find(user.bare()); found != known.end())
            all.insert(all.end(), found->second.begin(), found->second.end());
    }
    std::vector<std::string> hearing(const Jid& user) const override
    {
        const auto found = heard.find(user.bare());
        return found != heard.end() ? found->second : std::vector<std::string>{};
    }
};

/// Remembers what it was told, one line each.
struct Storage final : roster::Storage {
    std::vector<std::string> told;

    void put(const roster::Subscription&) override { told.emplace_back("put subscription"); }
    void put(const UserSettings& row) override { told.push_back("put settings " + row.user.full()); }
    void put(const roster::Block& row) override { told.push_back("put block " + row.pattern); }
    void put(const CallLink& row) override { told.push_back("put link " + row.name); }
    void erase(const roster::Subscription&) override { told.emplace_back("erase subscription"); }
    void erase(const UserSettings& row) override { told.push_back("erase settings " + row.user.full()); }
    void erase(const roster::Block& row) override { told.push_back("erase block " + row.pattern); }
    void erase(const CallLink& row) override { told.push_back("erase link " + row.name); }
};

CallLink link_of(std::string_view owner, std::string name)
{
    CallLink link;
    link.secret_hash[0] = static_cast<std::uint8_t>(name.back());
    link.name = std::move(name);
    link.owner = jid(owner);
    return link;
}

roster::RosterSettings defaults(Default by_default = Default::local)
{
    return { .domain = "call.test",
             .policy = { by_default, { "served.test" } },
             .lines = { Line{ "support", "Support", { jid("bob@served.test"), jid("carol@far.test") } },
                        Line{ "desk",
                              "Desk",
                              { jid("bob@served.test"), jid("dora@served.test"), jid("page@call.test") },
                              LineStrategy::in_order,
                              15s } } };
}

/// A roster for call.test that serves served.test, and all it asks.
struct World {
    Devices devices;
    Storage storage;
    roster::WallTime wall{ 24h * 20'000 + 12h };
    roster::SteadyClock::time_point now{ 1h };
    std::vector<std::pair<std::string, std::string>> known;  // user, contact
    roster::Roster roster;

    explicit World(roster::RosterSettings settings = defaults())
        : roster{
            std::move(settings),
            { [this] { return wall; },
              { &devices },
              [](const Jid& device) { return "profile of " + device.full(); },
              [this](const Jid& user, const Jid& contact) {
                  return std::ranges::find(known, std::pair{ user.full(), contact.full() }) != known.end();
              },
              &storage }
        }
    {
    }

    roster::Decision call(std::string_view caller, std::string_view called)
    {
        return roster.decide({ jid(caller), jid(called), true, false }, now);
    }
    std::string rule(std::string_view caller, std::string_view called)
    {
        const auto decision = call(caller, called);
        return (decision.refused ? std::string{ to_string(decision.refused->condition) } + ": " : "")
            + (decision.silent ? "silent: " : "") + (decision.busy ? "busy: " : "") + decision.rule;
    }
    void change(UserSettings settings) { REQUIRE(roster.change(settings)); }
    void started(std::string_view caller, std::string_view called)
    {
        roster.started({ jid(caller), jid(called) });
    }
    void ended(std::string_view caller, std::string_view called, Answered answered)
    {
        roster.ended({ jid(caller), jid(called) }, answered, now);
    }
};

constexpr std::string_view alice = "alice@served.test/pc";
constexpr std::string_view bob = R"(bob\40served.test@call.test)";

UserSettings settings_of(std::string_view user)
{
    UserSettings settings;
    settings.user = jid(user);
    return settings;
}

}  // namespace

TEST_CASE("roster: a contact address rings its user by a propose to the bare JID", "[roster][roster]")
{
    World world;
    const auto called = GENERATE(std::string{ bob }, std::string{ bob } + "/call");

    const auto decision = world.call(alice, called);

    CHECK_FALSE(decision.refused);
    CHECK(decision.rule == "default local");
    CHECK(decision.shown.full() == R"(alice\40served.test@call.test/call)");
    REQUIRE(decision.stages.size() == 1);
    CHECK(decision.stages.front().ring == 0ms);
    CHECK(decision.stages.front().parties == std::vector<Party>{ { jid("bob@served.test"), true, {} } });
}

TEST_CASE("roster: another configuration counts at once", "[roster][roster]")
{
    World world;
    CHECK(world.rule("alice@served.test/x", "support@call.test") == "default local");

    auto settings = defaults(Default::allowlist);
    settings.lines.erase(settings.lines.begin());
    world.roster.configure(std::move(settings));

    CHECK(world.roster.lines().find("support") == nullptr);
    CHECK(world.rule("alice@served.test/x", "desk@call.test") == "service-unavailable: default allowlist");
}

TEST_CASE("roster: what the propose does not reach rings besides", "[roster][roster]")
{
    World world;
    const Device old{ jid("bob@served.test/old"), Rings::by_initiate, "gajim" };
    const Device page{ jid(std::string{ bob } + "/web-1"), Rings::by_message, {} };
    world.devices.known["bob@served.test"] = { old, page };

    // None of those hears the propose that goes out as well.
    CHECK(world.call(alice, bob).stages.front().parties.front()
          == Party{ jid("bob@served.test"), true, { old, page }, true });
    world.devices.heard["bob@served.test"] = { "phone", "tablet" };
    CHECK(world.call(alice, bob).stages.front().parties.front()
          == Party{ jid("bob@served.test"), true, { old, page } });
    CHECK_FALSE(world.roster.is_last_to_hear(jid("bob@served.test/phone")));
    world.devices.heard["bob@served.test"] = { "phone" };
    CHECK(world.roster.is_last_to_hear(jid("bob@served.test/phone")));
    CHECK_FALSE(world.roster.is_last_to_hear(jid("bob@served.test/old")));

    // One device alone: by its resource, known or not.
    const auto dialled = [&](std::string_view resource) {
        return world.call(alice, std::string{ bob } + "/" + std::string{ resource })
            .stages.front()
            .parties.front();
    };
    CHECK(dialled("old") == Party{ jid("bob@served.test"), false, { old } });
    CHECK(dialled("web-1") == Party{ jid("bob@served.test"), false, { page } });
    CHECK(dialled("new")
          == Party{
              jid("bob@served.test"), false, { { jid("bob@served.test/new"), Rings::by_initiate, {} } } });
}

TEST_CASE("roster: who knows whom is asked only where it counts", "[roster][roster]")
{
    World world{ defaults(Default::roster) };
    CHECK(world.rule(alice, bob) == "service-unavailable: default roster");
    world.known = { { "bob@served.test", R"(alice\40served.test@call.test)" } };
    CHECK(world.rule(alice, bob) == "default roster");
    CHECK(world.rule("eve@far.test/x", bob) == "service-unavailable: default roster");
    CHECK(world.rule("eve@far.test/x", "support@call.test") == "default roster");
    CHECK(world.rule("bob@served.test/pc", bob) == "default roster");
}

TEST_CASE("roster: blocked, unknown and unable sound alike", "[roster][roster]")
{
    World world;
    REQUIRE(world.roster.block({ jid("bob@served.test"), "eve@far.test" }));
    REQUIRE(world.roster.block({ std::nullopt, "*@spam.test" }));

    const auto [caller, called, rule] = GENERATE(table<std::string, std::string, std::string>({
        { "eve@far.test/x", std::string{ bob }, "blocked by callee" },
        { "x@spam.test/x", std::string{ bob }, "blocked by operator" },
        { "eve@far.test/x", R"(carol\40far.test@call.test)", "foreign to foreign" },
        { "eve@served.test/x", "nobody@call.test", "nobody reachable" },
        { "eve@served.test/x", "call.test", "nobody there" },
        { "eve@served.test/x", R"(x\40call.test@call.test)", "nobody reachable" },
        { "served.test/x", std::string{ bob }, "no such caller" },
        { "support@call.test/x", std::string{ bob }, "no such caller" },
    }));
    CAPTURE(caller, called);
    const auto decision = world.call(caller, called);
    REQUIRE(decision.refused.has_value());
    CHECK(*decision.refused == xmpp::errors::service_unavailable);
    CHECK(decision.rule == rule);
    CHECK(decision.stages.empty());
}

TEST_CASE("roster: do not disturb and quiet hours are the callee's to say", "[roster][roster]")
{
    World world;
    auto settings = settings_of("bob@served.test");
    settings.do_not_disturb = true;
    world.change(settings);
    CHECK(world.rule(alice, bob) == "service-unavailable: do not disturb");
    settings.do_not_disturb = false;
    settings.quiet = { 12 * 60, 13 * 60 };
    world.change(settings);
    CHECK(world.rule(alice, bob) == "service-unavailable: quiet hours");
    world.wall += 1h;
    CHECK(world.rule(alice, bob) == "default local");
}

TEST_CASE("roster: only the chosen devices ring", "[roster][roster]")
{
    World world;
    auto settings = settings_of("bob@served.test");
    settings.ring_only = { "phone", "web" };
    world.change(settings);
    const Device phone{ jid("bob@served.test/phone"), Rings::by_message, {} };
    CHECK(world.call(alice, bob).stages.front().parties.front()
          == Party{ jid("bob@served.test"), false, { phone } });

    const Device page{ jid(std::string{ bob } + "/web-1"), Rings::by_message, {} };
    const Device pc{ jid("bob@served.test/pc"), Rings::by_initiate, {} };
    world.devices.known["bob@served.test"] = { pc, page };
    CHECK(world.call(alice, bob).stages.front().parties.front()
          == Party{ jid("bob@served.test"), false, { page } });
    world.devices.known["bob@served.test"] = { pc };
    CHECK(world.rule(alice, bob) == "service-unavailable: nobody reachable");
    world.devices.heard["bob@served.test"] = { "phone", "tablet" };
    CHECK(world.call(alice, bob).stages.front().parties.front()
          == Party{ jid("bob@served.test"), false, { phone } });
    world.devices.known.clear();
    world.devices.heard["bob@served.test"] = { "tablet" };
    CHECK(world.rule(alice, bob) == "service-unavailable: nobody reachable");  // The phone is away.
}

TEST_CASE("roster: a line rings its members at once or in order", "[roster][roster]")
{
    World world;
    const auto all = world.call("eve@far.test/x", "support@call.test");
    REQUIRE(all.stages.size() == 1);
    CHECK(all.stages.front().ring == 0ms);
    CHECK(all.stages.front().parties.size() == 2);

    const auto in_order = world.call("eve@far.test/x", "desk@call.test");
    REQUIRE(in_order.stages.size() == 2);  // The page is not open.
    CHECK(in_order.stages[0].parties.front().user == jid("bob@served.test"));
    CHECK(in_order.stages[0].ring == 15s);
    CHECK(in_order.stages[1].parties.front().user == jid("dora@served.test"));

    world.devices.known["page@call.test"] = { { jid("page@call.test/web-1"), Rings::by_message, {} } };
    const auto with_page = world.call("eve@far.test/x", "desk@call.test");
    REQUIRE(with_page.stages.size() == 3);
    CHECK_FALSE(with_page.stages[2].parties.front().propose);
}

TEST_CASE("roster: members of a line who do not want the call are left out", "[roster][roster]")
{
    World world;
    REQUIRE(world.roster.block({ jid("bob@served.test"), "far.test" }));
    auto settings = settings_of("dora@served.test");
    settings.do_not_disturb = true;
    world.change(settings);
    CHECK(world.rule("eve@far.test/x", "desk@call.test") == "service-unavailable: nobody reachable");
    CHECK(world.call(alice, "desk@call.test").stages.size() == 1);
}

TEST_CASE("roster: pages and guests call from addresses of their own", "[roster][roster]")
{
    World world;
    REQUIRE(world.roster.add_link(link_of("bob@served.test", "shop")));

    const auto page = world.call(R"(alice\40served.test@call.test/web-7)", bob);
    CHECK(page.shown.full() == R"(alice\40served.test@call.test/call)");
    CHECK(page.rule == "default local");
    const auto web_user = world.call("anna@call.test/web-7", R"(carol\40far.test@call.test)");
    CHECK(web_user.shown.full() == "anna@call.test/call");
    CHECK_FALSE(web_user.refused);
    const auto guest = world.call("shop@call.test/guest-1", bob);
    CHECK(guest.shown.full() == "shop@call.test/guest-1");
    CHECK(guest.stages.front().parties.front().user == jid("bob@served.test"));
    CHECK(world.call("shop@call.test/guest-1", "shop@call.test").stages.front().parties.front().user
          == jid("bob@served.test"));
}

TEST_CASE("roster: a link leads to its owner alone, while it works", "[roster][roster]")
{
    World world;
    auto link = link_of("bob@served.test", "shop");
    link.uses_left = 1;
    REQUIRE(world.roster.add_link(link));
    constexpr std::string_view guest = "shop@call.test/guest-1";

    CHECK(world.rule(guest, R"(dora\40served.test@call.test)") == "service-unavailable: nobody there");
    CHECK(world.rule(guest, "support@call.test") == "service-unavailable: nobody there");
    CHECK(world.rule(guest, "anna@call.test") == "service-unavailable: nobody there");

    // Who reached nobody may try again; who was answered has used it.
    world.started(guest, bob);
    world.ended(guest, bob, Answered::no);
    CHECK(world.rule(guest, bob) == "default local");
    world.started(guest, bob);
    world.ended(guest, bob, Answered::yes);
    CHECK(world.rule(guest, bob) == "service-unavailable: no such caller");

    REQUIRE(world.roster.add_link(link_of("bob@served.test", "open")));
    CHECK_FALSE(world.roster.revoke_link("open", jid("eve@served.test")));
    CHECK(world.roster.revoke_link("open", jid("bob@served.test/pc")));
    CHECK(world.rule("open@call.test/guest-1", bob) == "service-unavailable: no such caller");
    CHECK_FALSE(world.roster.revoke_link("open", jid("bob@served.test")));
    CHECK_FALSE(world.roster.add_link(link_of("bob@served.test", "support")));
}

TEST_CASE("roster: a link carries one call, and its owner alone can call back", "[roster][roster]")
{
    World world;
    REQUIRE(world.roster.add_link(link_of("bob@served.test", "shop")));
    constexpr std::string_view guest = "shop@call.test/guest-1";

    world.started(guest, bob);
    CHECK(world.rule("shop@call.test/guest-2", bob) == "busy: link in use");
    CHECK(world.rule("bob@served.test/pc", "shop@call.test") == "busy: link in use");
    world.ended(guest, bob, Answered::yes);
    CHECK(world.rule("shop@call.test/guest-2", bob) == "default local");

    CHECK(world.rule("bob@served.test/pc", "shop@call.test") == "service-unavailable: nobody reachable");
    world.devices.known["shop@call.test"] = { { jid(guest), Rings::by_message, {} } };
    CHECK(world.rule(alice, "shop@call.test") == "service-unavailable: nobody there");
    const auto back = world.call("bob@served.test/pc", guest);
    REQUIRE(back.stages.size() == 1);
    CHECK(back.stages.front().parties.front()
          == Party{ jid("shop@call.test"), false, { { jid(guest), Rings::by_message, {} } } });
    CHECK(back.shown.full() == R"(bob\40served.test@call.test/call)");
}

TEST_CASE("roster: rules ring silently and require a relay", "[roster][roster]")
{
    auto settings = defaults();
    settings.policy.rules = roster::RuleSet{ {
        { *roster::Pattern::parse("eve@far.test"),
          {},
          {},
          roster::RuleMedia::any,
          roster::RuleAction::ring_silently },
        { *roster::Pattern::parse("*@far.test"),
          {},
          {},
          roster::RuleMedia::any,
          roster::RuleAction::require_relay },
    } };
    World world{ std::move(settings) };

    const auto silent = world.call("eve@far.test/x", bob);
    CHECK(silent.silent);
    CHECK_FALSE(silent.refused);
    CHECK(silent.stages.empty());
    CHECK(silent.rule == "rule 1");
    const auto relayed = world.call("adam@far.test/x", bob);
    CHECK(relayed.relay_only);
    CHECK(relayed.rule == "default local, relayed by rule 2");
}

TEST_CASE("roster: the caller's own limits are told as such", "[roster][roster]")
{
    World world;
    for (int i = 0; i < 2; ++i)
        world.started(alice, bob);
    CHECK(world.rule("alice@served.test/phone", std::string{ bob } + "/pc")
          == "resource-constraint: limit calls_per_pair");
    for (int i = 0; i < 2; ++i)
        world.ended(alice, bob, Answered::yes);
    for (int i = 0; i < 5; ++i) {
        CHECK(world.rule(alice, bob) == "default local");
        world.started(alice, bob);
        world.ended(alice, bob, Answered::no);
    }
    CHECK(world.rule(alice, bob) == "resource-constraint: limit unanswered_calls");
    // Who may not call at all does not learn that he has called too often.
    REQUIRE(world.roster.block({ jid("bob@served.test"), "alice@served.test" }));
    CHECK(world.rule(alice, bob) == "service-unavailable: blocked by callee");
}

TEST_CASE("roster: every change is stored, and what was stored is taken in", "[roster][roster]")
{
    World world;
    auto settings = settings_of("bob@served.test");
    settings.do_not_disturb = true;
    world.change(settings);
    world.change(settings_of("bob@served.test"));
    // A contact address is somebody's: it is his own that is blocked.
    REQUIRE(world.roster.block({ jid("bob@served.test"), R"(eve\40far.test@call.test)" }));
    CHECK(world.rule("eve@far.test/x", bob) == "service-unavailable: blocked by callee");
    REQUIRE(world.roster.unblock({ jid("bob@served.test"), R"(eve\40far.test@call.test)" }));
    CHECK_FALSE(world.roster.unblock({ jid("bob@served.test"), "eve@far.test" }));
    REQUIRE(world.roster.add_link(link_of("bob@served.test", "shop")));
    REQUIRE(world.roster.revoke_link("shop", jid("bob@served.test")));
    CHECK(world.storage.told
          == std::vector<std::string>{ "put settings bob@served.test", "erase settings bob@served.test",
                                       "put block eve@far.test", "erase block eve@far.test", "put link shop",
                                       "put link shop" });

    World next;
    next.roster.load({ settings }, { { std::nullopt, "alice@served.test" } },
                     { link_of("bob@served.test", "shop") });
    CHECK(next.storage.told.empty());
    CHECK(next.rule(alice, bob) == "service-unavailable: blocked by operator");
    CHECK(next.rule("shop@call.test/guest-1", bob) == "service-unavailable: do not disturb");
    CHECK(next.roster.profile_of(jid("bob@served.test/x")) == "profile of bob@served.test/x");
}
