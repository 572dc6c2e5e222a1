#include <catch2/catch.hpp>

#include "component/page_presence.hpp"
#include "roster/contact.hpp"

using component::PagePresence;
using component::web::Callability;
using component::web::PageMedia;
using namespace std::chrono_literals;

namespace {

xmpp::Jid jid(std::string_view text)
{
    return xmpp::Jid::parse(text).value();
}

/// Bob with a phone that nothing is known of but its presence; alice with a page.
struct Scene final : roster::DeviceSource {
    roster::Devices devices{ [](std::string_view, const roster::Abilities&) { return std::string{}; } };
    roster::CapsCache caps;
    roster::Subscriptions subscriptions{ nullptr };
    roster::Roster roster{ { .domain = "call.test", .policy = { roster::Default::local, { "a.test" } } },
                           { .wall_clock = [] { return roster::WallTime{ 24h }; },
                             .devices = { &devices, this } } };
    PagePresence presence{ roster, devices, subscriptions };
    std::vector<xmpp::Jid> pages;

    void append_devices(const xmpp::Jid& user, std::vector<roster::Device>& all) const override
    {
        for (const auto& page : pages)
            if (const auto contact = roster::contact_of(page); contact && contact->user == user)
                all.push_back({ page, roster::Rings::by_message, {} });
    }

    static xmpp::Jid page(const std::string& user) { return jid(user + "\\40a.test@call.test/web-1"); }
    [[nodiscard]] Callability look(const std::string& from, const std::string& who) const
    {
        return presence.look(page(from), roster::contact_address(jid(who), "call.test").value());
    }
    /// bob lets alice's contact address see him.
    void bob_shows_alice()
    {
        subscriptions.handle(roster::Request::subscribe, jid("alice\\40a.test@call.test"), jid("bob@a.test"));
        subscriptions.handle(roster::Request::subscribed, jid("alice\\40a.test@call.test"),
                             jid("bob@a.test"));
        REQUIRE(subscriptions.find(jid("alice\\40a.test@call.test"), jid("bob@a.test")).contact_sees_user);
    }
    void phone(roster::Show show, std::string_view resource = "phone", std::int8_t priority = 0)
    {
        devices.available(jid("bob@a.test/" + std::string{ resource }), jid("alice\\40a.test@call.test"),
                          { show, priority, {} }, caps, {});
    }
};

constexpr Callability unknown{ .callable = true, .media = { .audio = true, .video = true } };

}  // namespace

TEST_CASE("page presence: of who shows nothing, no more is known than that he may be called",
          "[page_presence]")
{
    Scene scene;
    CHECK(scene.look("alice", "bob@a.test") == unknown);
    scene.phone(roster::Show::do_not_disturb);
    CHECK(scene.look("alice", "bob@a.test") == unknown);
    CHECK(scene.look("alice", "nobody@a.test") == unknown);
}

TEST_CASE("page presence: who lets a contact address see him is seen, by that one alone", "[page_presence]")
{
    Scene scene;
    scene.bob_shows_alice();
    Callability away;
    away.known = true;
    CHECK(scene.look("alice", "bob@a.test") == away);
    CHECK(scene.look("eve", "bob@a.test") == unknown);

    scene.phone(roster::Show::away);
    CHECK(scene.look("alice", "bob@a.test").show == Callability::Show::away);
    CHECK(scene.look("alice", "bob@a.test").callable);
    scene.phone(roster::Show::chat, "pc", 5);
    CHECK(scene.look("alice", "bob@a.test").show == Callability::Show::chat);

    scene.devices.forget(jid("bob@a.test"));
    CHECK_FALSE(scene.look("alice", "bob@a.test").callable);
    scene.pages.push_back(Scene::page("bob"));
    auto there = unknown;
    there.known = true;
    CHECK(scene.look("alice", "bob@a.test") == there);
}

TEST_CASE("page presence: who may not be called is like somebody who does not exist",
          "[page_presence][hostile]")
{
    Scene scene;
    scene.bob_shows_alice();
    scene.phone(roster::Show::available);
    REQUIRE(scene.look("alice", "bob@a.test").callable);
    REQUIRE(scene.roster.block({ jid("bob@a.test"), "alice@a.test" }));
    CHECK(scene.look("alice", "bob@a.test") == Callability{});

    const auto own = roster::contact_address(jid("bob@a.test"), "call.test").value();
    CHECK(scene.presence.look(jid("stranger\\40b.test@call.test/web-1"), own) == unknown);
    const auto foreign = roster::contact_address(jid("bob@c.test"), "call.test").value();
    CHECK(scene.presence.look(jid("stranger\\40b.test@call.test/web-1"), foreign) == Callability{});
    CHECK(scene.presence.look(Scene::page("alice"), jid("nobody@call.test")) == Callability{});
    CHECK(scene.presence.look(Scene::page("alice"), jid("call.test")) == Callability{});
}

TEST_CASE("page presence: a user knows of himself", "[page_presence]")
{
    Scene scene;
    CHECK_FALSE(scene.look("bob", "bob@a.test").callable);
    scene.pages.push_back(Scene::page("bob"));
    CHECK(scene.look("bob", "bob@a.test").callable);
}
