#include <catch2/catch.hpp>

#include "unit/jingle/translate/support.hpp"

using namespace translate;
using jingle::Role;
using jingle::SlotChange;
using jingle::Slots;
using jingle::SlotState;

namespace {

std::string with_media(const std::string& m_sections)
{
    return "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" + m_sections;
}

std::string section(const std::string& mid, int port = 9)
{
    return "m=audio " + std::to_string(port) + " UDP/TLS/RTP/SAVPF 0\r\na=mid:" + mid + "\r\n";
}

base::Result<void> learn(Slots& slots, const std::string& m_sections, Role creator = Role::initiator)
{
    base::Arena arena;
    const auto text = with_media(m_sections);
    return slots.learn(parse_sdp(text, arena), creator);
}

}  // namespace

TEST_CASE("slots: a name that is a short free token is the mid", "[jingle][translate]")
{
    Slots slots;
    slots.add(Role::initiator, "audio");
    slots.add(Role::initiator, "this is audio");
    slots.add(Role::responder, "audio");
    slots.add(Role::initiator, "seventeen-letters");
    slots.add(Role::initiator, "0");

    CHECK(slots[0].mid == "audio");
    CHECK(slots[1].mid == "0");
    CHECK(slots[2].mid == "1");
    CHECK(slots[3].mid == "2");
    CHECK(slots[4].mid == "3");  // 0 is taken
}

TEST_CASE("slots: contents are found by creator and name, or by a name that is unique", "[jingle][translate]")
{
    Slots slots;
    slots.add(Role::initiator, "a");
    slots.add(Role::responder, "a");
    slots.add(Role::responder, "b");

    CHECK(slots.find_content(Role::responder, "a") == 1U);
    CHECK(slots.find_content(Role::initiator, "b") == 2U);
    CHECK(slots.find_name("a") == std::nullopt);
    CHECK(slots.find_content(Role::initiator, "c") == std::nullopt);
}

TEST_CASE("slots: m-lines are learnt, rejected and recycled in place", "[jingle][translate]")
{
    Slots slots;
    REQUIRE(learn(slots, section("0") + section("1")));
    REQUIRE(learn(slots, section("0") + section("1", 0)));
    CHECK(slots[1].state == SlotState::rejected);
    CHECK(slots[1].change == SlotChange::rejected);

    REQUIRE(learn(slots, section("0") + section("2"), Role::responder));
    CHECK(slots.size() == 2);
    CHECK(slots[1].mid == "2");
    CHECK(slots[1].creator == Role::responder);
    CHECK(slots[1].change == SlotChange::added);
    CHECK(slots[0].change == SlotChange::none);
}

TEST_CASE("slots: an m-line without mid is named after its media", "[jingle][translate]")
{
    Slots slots;
    const std::string video = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n";
    REQUIRE(learn(slots, "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n" + video + video));
    CHECK(slots[0].mid == "audio");
    CHECK(slots[1].mid == "video1");
    CHECK(slots[2].mid == "video2");
}

TEST_CASE("slots: what SDP never does is refused", "[jingle][translate]")
{
    Slots slots;
    REQUIRE(learn(slots, section("0") + section("1")));
    const auto before = slots;
    CHECK(learn(slots, section("0")).error().code == base::Errc::malformed);
    CHECK(slots == before);
    CHECK(learn(slots, section("0") + section("2")).error().code == base::Errc::malformed);
}
