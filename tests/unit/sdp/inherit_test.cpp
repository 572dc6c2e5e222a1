#include <catch2/catch.hpp>

#include "files.hpp"
#include "sdp/inherit.hpp"
#include "support.hpp"

using sdp::Description;
using sdp::Direction;
using sdp_test::checked;

namespace {

Description inherited(const std::string& text, base::Arena& arena)
{
    const auto kept = arena.copy(text);
    auto value = checked(Description::parse(kept, arena));
    sdp::inherit(value, arena);
    return value;
}

}  // namespace

TEST_CASE("inherit: the session level reaches every medium that has none of its own", "[sdp][inherit]")
{
    base::Arena arena;
    const auto value = inherited(
        sdp_test::read_file(std::string{ TEST_DATA } + "/vectors/18-session-level-everything.sdp"), arena);
    const auto& a = value.media[0].transport;
    const auto& v = value.media[1].transport;

    CHECK(a.direction == Direction::sendrecv);
    CHECK(v.direction == Direction::recvonly);
    CHECK(a.ice_ufrag == "Ses1");
    CHECK(v.ice_pwd == "sessionLevelPassword0001");
    CHECK(v.ice_options.size() == 1);
    CHECK(v.fingerprints.size() == 1);
    CHECK(v.setup == sdp::Setup::actpass);
    CHECK(v.extmaps.size() == 1);
    CHECK(v.extmap_allow_mixed);
    CHECK(value.transport == sdp::TransportAttributes{});
}

TEST_CASE("inherit: a list of its own replaces the whole list of the session", "[sdp][inherit]")
{
    base::Arena arena;
    const auto value = inherited(
        std::string{ sdp_test::session_head }
            + "c=IN IP4 192.0.2.1\na=fingerprint:x AA\na=fingerprint:x BB\na=ice-options:trickle\n"
              "a=extmap:1 urn:a\na=extmap:2 urn:b\na=end-of-candidates\n"
              "m=audio 9 RTP/AVP 0\nc=IN IP4 192.0.2.2\na=fingerprint:x CC\na=extmap:2 urn:c\n"
              "m=audio 9 RTP/AVP 0\n",
        arena);
    const auto& own = value.media[0];
    const auto& none = value.media[1];

    CHECK(own.connection->address == "192.0.2.2");
    CHECK(none.connection->address == "192.0.2.1");
    CHECK(own.transport.fingerprints.size() == 1);
    CHECK(none.transport.fingerprints.size() == 2);
    REQUIRE(own.transport.extmaps.size() == 2);
    CHECK(own.transport.extmaps[0].uri == "urn:c");
    CHECK(own.transport.extmaps[1].uri == "urn:a");
    CHECK(own.end_of_candidates);
    CHECK_FALSE(value.end_of_candidates);
    CHECK_FALSE(value.connection);
}

TEST_CASE("inherit: what was inherited can grow without touching another medium", "[sdp][inherit]")
{
    base::Arena arena;
    auto value = inherited(std::string{ sdp_test::session_head }
                               + "a=fingerprint:x AA\nm=audio 9 RTP/AVP 0\nm=video 9 RTP/AVP 0\n",
                           arena);
    value.media[0].transport.fingerprints.push_back(arena, { "x", "BB" });
    value.media[1].transport.fingerprints.push_back(arena, { "x", "CC" });

    CHECK(value.media[0].transport.fingerprints[1].value == "BB");
}

TEST_CASE("inherit: a bundled section without credentials takes those of the tagged one", "[sdp][inherit]")
{
    base::Arena arena;
    const auto value
        = inherited(std::string{ sdp_test::session_head }
                        + "a=group:BUNDLE gone 0 1 2 nobody\n"
                          "m=audio 0 RTP/AVP 0\na=mid:gone\n"
                          "m=audio 9 RTP/AVP 0\na=mid:0\na=ice-ufrag:aaaa\na=ice-pwd:aaaaaaaaaaaaaaaaaaaaaa\n"
                          "a=fingerprint:x AA\na=setup:actpass\na=ice-options:trickle\n"
                          "m=video 0 RTP/AVP 0\na=mid:1\na=bundle-only\n"
                          "m=video 9 RTP/AVP 0\na=mid:2\na=ice-ufrag:bbbb\na=ice-pwd:bbbbbbbbbbbbbbbbbbbbbb\n"
                          "m=video 9 RTP/AVP 0\na=mid:3\n",
                    arena);

    CHECK_FALSE(value.media[0].transport.ice_ufrag);
    CHECK(value.media[2].transport == value.media[1].transport);
    CHECK(value.media[3].transport.ice_ufrag == "bbbb");
    CHECK(value.media[3].transport.fingerprints.empty());
    CHECK_FALSE(value.media[4].transport.ice_ufrag);
}

TEST_CASE("inherit: a second time changes nothing, and neither does a description without media",
          "[sdp][inherit]")
{
    for (const auto& file : sdp_test::find_files("corpus/firefox", ".sdp")) {
        base::Arena arena;
        auto value = inherited(sdp_test::read_file(file), arena);
        const auto once = checked(value.to_string());
        sdp::inherit(value, arena);
        CHECK(checked(value.to_string()) == once);
    }
    base::Arena arena;
    CHECK(inherited(sdp_test::with_session_line("a=recvonly"), arena).transport.direction
          == Direction::recvonly);
}
