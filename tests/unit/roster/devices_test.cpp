#include <catch2/catch.hpp>

#include "roster/devices.hpp"
#include "xmpp/ns.hpp"

using namespace std::chrono_literals;
using roster::CapsCache;
using roster::Device;
using roster::Devices;
using xmpp::Jid;

namespace ns = xmpp::ns;

namespace {

const roster::Clock::time_point start{ 24h };
const auto alice = *Jid::parse("alice@a.test");
const auto bob_contact = *Jid::parse("bob\\40b.test@call.test");
const auto carol_contact = *Jid::parse("carol\\40c.test@call.test");

using Features = std::vector<std::string_view>;
const Features callable{ ns::jingle, ns::rtp, ns::rtp_audio, ns::ice_udp, ns::dtls };

Features with(Features features, std::string_view more)
{
    features.push_back(more);
    return features;
}
Features without(Features features, std::string_view one)
{
    std::erase(features, one);
    return features;
}

/// Devices whose questions are answered as the test wants.
struct Room {
    CapsCache cache;
    Devices devices{ [](std::string_view node, const roster::Abilities& abilities) {
        return std::string{ node } + "/" + abilities.name + (abilities.carry ? "+carry" : "")
            + (abilities.ice_tcp ? "+tcp" : "");
    } };

    Devices::Shown shows(std::string_view device, const Jid& own = bob_contact, std::string_view node = "n",
                         std::int8_t priority = 0)
    {
        const std::string ver{ device };
        return devices.available(*Jid::parse(device), own,
                                 { roster::Show::available, priority, xmpp::Caps{ node, ver, {} } }, cache,
                                 start);
    }
    void answers(const Features& features)
    {
        base::Arena arena;
        xmpp::DiscoInfo info;
        info.identities.push_back(arena, { "client", "pc", "Name", {} });
        for (const auto feature : features)
            info.features.push_back(arena, feature);
        while (const auto question = cache.next_question(start))
            cache.answered(*question, &info, start);
    }
    [[nodiscard]] std::vector<Device> of(const Jid& user) const
    {
        std::vector<Device> all;
        devices.append_devices(user, all);
        return all;
    }
};

}  // namespace

TEST_CASE("devices: who can take calls but not by message is rung by initiate", "[roster][devices]")
{
    Room room;
    room.shows("alice@a.test/plain", bob_contact, "urn:plain", GENERATE(as<std::int8_t>{}, 0, 5, -1));
    CHECK(room.of(alice).empty());
    CHECK_FALSE(room.devices.can_be_called(alice));  // Nothing is known yet.

    REQUIRE(room.devices.seen(alice).size() == 1);
    CHECK_FALSE(room.devices.seen(alice).front().abilities);

    room.answers(callable);
    CHECK(room.devices.seen(alice).front().resource == "plain");
    CHECK(room.devices.seen(alice).front().abilities->takes_calls());
    const auto plain = *Jid::parse("alice@a.test/plain");
    CHECK(room.of(alice) == std::vector<Device>{ { plain, roster::Rings::by_initiate, "urn:plain/Name" } });
    CHECK(room.devices.can_be_called(alice) == true);
    CHECK(room.devices.profile_of(plain) == "urn:plain/Name");
    CHECK(room.devices.profile_of(*Jid::parse("alice@a.test/other")).empty());
}

TEST_CASE("devices: what a client announces is known to its profile", "[roster][devices]")
{
    Room room;
    room.shows("alice@a.test/pc");
    room.answers(with(with(callable, ns::carry), ns::ice));
    CHECK(room.of(alice).front().profile == "n/Name+carry+tcp");
}

TEST_CASE("devices: what knows Message Initiation is left to the propose", "[roster][devices]")
{
    Room room;
    room.shows("alice@a.test/phone", bob_contact, "n", GENERATE(as<std::int8_t>{}, 0, 5, -1));
    room.answers(with(callable, ns::jmi));
    CHECK(room.of(alice).empty());
    CHECK(room.devices.can_be_called(alice) == true);
}

TEST_CASE("devices: the propose is heard by what knows Message Initiation, or was not asked yet",
          "[roster][devices]")
{
    Room room;
    using Resources = std::vector<std::string>;
    CHECK(room.devices.hearing(alice).empty());
    room.shows("alice@a.test/plain");
    CHECK(room.devices.hearing(alice) == Resources{ "plain" });
    room.answers(callable);
    CHECK(room.devices.hearing(alice).empty());
    room.shows("alice@a.test/phone");
    room.answers(with(callable, ns::jmi));
    CHECK(room.devices.hearing(alice) == Resources{ "phone" });
}

TEST_CASE("devices: what hears the propose may take a session-initiate too", "[roster][devices]")
{
    Room room;
    room.shows("alice@a.test/plain");
    room.answers(callable);
    room.shows("alice@a.test/phone");
    std::vector<Device> hearing;
    room.devices.append_hearing(alice, hearing);
    CHECK(hearing.empty());  // what was not asked yet may take neither
    room.answers(with(callable, ns::jmi));
    room.devices.append_hearing(alice, hearing);
    REQUIRE(hearing.size() == 1);
    CHECK(hearing.front().address.full() == "alice@a.test/phone");
    CHECK(hearing.front().rings == roster::Rings::by_initiate);
    CHECK(room.of(alice).size() == 1);
}

TEST_CASE("devices: without one of the features there is no call", "[roster][devices]")
{
    Room room;
    room.shows("alice@a.test/pc");
    room.answers(without(callable, GENERATE(ns::jingle, ns::rtp, ns::rtp_audio, ns::ice_udp, ns::dtls)));
    CHECK(room.of(alice).empty());
    CHECK(room.devices.can_be_called(alice) == false);
}

TEST_CASE("devices: a device is there as long as one address of ours sees it", "[roster][devices]")
{
    Room room;
    const auto device = *Jid::parse("alice@a.test/pc");
    CHECK(room.shows("alice@a.test/pc", bob_contact).first_to_address);
    CHECK(room.shows("alice@a.test/pc", carol_contact).first_to_address);
    CHECK_FALSE(room.shows("alice@a.test/pc", *bob_contact.with_resource("call")).first_to_address);
    room.answers(callable);

    CHECK_FALSE(room.devices.unavailable(device, bob_contact));
    CHECK_FALSE(room.devices.unavailable(device, bob_contact));
    CHECK(room.of(alice).size() == 1);
    CHECK(room.devices.unavailable(device, carol_contact));
    CHECK(room.of(alice).empty());
    CHECK(room.devices.users() == 0);
    CHECK(room.devices.can_be_called(alice) == false);
}

TEST_CASE("devices: unavailable of a bare address, or its unreachable server, means all", "[roster][devices]")
{
    Room room;
    for (const auto device : { "alice@a.test/1", "alice@a.test/2", "bob@b.test/1" })
        room.shows(device);
    if (GENERATE(true, false))
        CHECK(room.devices.unavailable(alice, bob_contact));
    else
        CHECK(room.devices.forget(alice));
    CHECK(room.devices.size() == 1);
}

TEST_CASE("devices: after the link was away what is not seen again is forgotten", "[roster][devices]")
{
    Room room;
    for (const auto device : { "alice@a.test/1", "alice@a.test/2", "bob@b.test/1" })
        room.shows(device);
    room.devices.start_over();
    room.shows("alice@a.test/2");
    auto users = room.devices.forget_unseen();
    std::ranges::sort(users);
    CHECK(users == std::vector{ alice, *Jid::parse("bob@b.test") });
    CHECK(room.devices.size() == 1);
    CHECK(room.devices.forget_unseen().empty());
}

TEST_CASE("devices: new caps are looked up, the same are not", "[roster][devices]")
{
    Room room;
    room.shows("alice@a.test/pc");
    room.answers(callable);
    CHECK_FALSE(room.shows("alice@a.test/pc").other);
    CHECK_FALSE(room.cache.next_question(start));
    CHECK(room.shows("alice@a.test/pc", bob_contact, "another").other);
    CHECK(room.cache.next_question(start));
}

TEST_CASE("devices: thousands are bounded", "[roster][devices][hostile]")
{
    Room room;
    for (std::size_t i = 0; i < 5'000; ++i)
        CHECK(room.shows("alice@a.test/" + std::to_string(i)).kept == (i < Devices::max_per_user));
    CHECK(room.devices.size() == Devices::max_per_user);
    CHECK(room.shows("bob@b.test/1").kept);
    for (std::size_t i = 0; i < 2 * Devices::max_addresses; ++i)
        room.shows("bob@b.test/1", *Jid::parse("c" + std::to_string(i) + "@call.test"));
    for (std::size_t i = 0; i < Devices::max_nodes + 10; ++i)
        room.shows("bob@b.test/1", bob_contact, "node" + std::to_string(i));
    room.answers(callable);
    CHECK(room.of(*Jid::parse("bob@b.test")).front().profile == "/Name");
    CHECK_FALSE(room.shows("b.test").kept);
}
