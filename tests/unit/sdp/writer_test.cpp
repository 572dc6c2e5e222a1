#include <catch2/catch.hpp>

#include "sdp/description.hpp"
#include "sdp/grammar.hpp"
#include "support.hpp"

using base::Errc;
using sdp::Description;
using sdp::Media;
using sdp_test::checked;

namespace {

/// A description whose every member is legal.
Description complete(base::Arena& arena)
{
    Media m;
    m.media = "audio";
    m.proto = "UDP/TLS/RTP/SAVPF";
    m.formats = { arena, { "96" } };
    m.connection = sdp::Connection{};
    m.bandwidths = { arena, { { "AS", "1" } } };
    m.other_lines = { arena, { { 'i', "title" } } };
    m.transport.ice_ufrag = "abcd";
    m.transport.ice_pwd = "1234567890123456789012";
    m.transport.ice_options = { arena, { "trickle" } };
    m.transport.fingerprints = { arena, { { "x", "AB" } } };
    m.transport.tls_id = "id";
    m.transport.extmaps = { arena, { { 1, {}, "urn:x", "a=b" } } };
    m.mid = "0";
    m.remote_candidates = { arena, { { 1, "192.0.2.1", 9 } } };
    m.rtcp = sdp::Rtcp{ 9, "IN IP4 0.0.0.0" };
    m.rtpmaps = { arena, { { 96, "opus", 48000, 2 } } };
    m.fmtps = { arena, { { 96, "a=b" } } };
    m.rtcp_fbs = { arena, { { 96, "nack" } } };
    m.ptime = "20";
    m.maxptime = "20";
    m.msids = { arena, { { "stream", "track" } } };
    m.ssrcs = { arena, { { 1, "cname", "x" } } };
    m.ssrc_groups = { arena, { { "FID", { arena, { 1, 2 } } } } };
    m.content = { arena, { "slides" } };
    m.cryptos = { arena, { { "1", "S", "k", "x" } } };
    m.zrtp_hashes = { arena, { { "1.10", "ab" } } };
    m.max_message_size = "1";
    m.sctpmap = sdp::SctpMap{ 5000, "webrtc-datachannel", 1 };
    m.other = { arena, { { "label", "x" } } };
    Description d;
    d.groups = { arena, { { "BUNDLE", { arena, { "0" } } } } };
    d.media.push_back(arena, m);
    return d;
}

using Place = void (*)(Description&, std::string_view);

// Every text of a description, and what makes it evil.
const std::vector<std::pair<const char*, Place>> places{
    { "user name", [](Description& d, std::string_view s) { d.origin.username = s; } },
    { "session id", [](Description& d, std::string_view s) { d.origin.sess_id = s; } },
    { "session version", [](Description& d, std::string_view s) { d.origin.sess_version = s; } },
    { "network type", [](Description& d, std::string_view s) { d.origin.net_type = s; } },
    { "address type", [](Description& d, std::string_view s) { d.origin.address_type = s; } },
    { "origin address", [](Description& d, std::string_view s) { d.origin.address = s; } },
    { "session name", [](Description& d, std::string_view s) { d.session_name = s; } },
    { "timing", [](Description& d, std::string_view s) { d.timing = s; } },
    { "group semantics", [](Description& d, std::string_view s) { d.groups[0].semantics = s; } },
    { "group mid", [](Description& d, std::string_view s) { d.groups[0].mids[0] = s; } },
    { "media", [](Description& d, std::string_view s) { d.media[0].media = s; } },
    { "proto", [](Description& d, std::string_view s) { d.media[0].proto = s; } },
    { "format", [](Description& d, std::string_view s) { d.media[0].formats[0] = s; } },
    { "c= network", [](Description& d, std::string_view s) { d.media[0].connection->net_type = s; } },
    { "c= type", [](Description& d, std::string_view s) { d.media[0].connection->address_type = s; } },
    { "c= address", [](Description& d, std::string_view s) { d.media[0].connection->address = s; } },
    { "b= type", [](Description& d, std::string_view s) { d.media[0].bandwidths[0].type = s; } },
    { "b= value", [](Description& d, std::string_view s) { d.media[0].bandwidths[0].value = s; } },
    { "i=", [](Description& d, std::string_view s) { d.media[0].other_lines[0].value = s; } },
    { "ufrag", [](Description& d, std::string_view s) { d.media[0].transport.ice_ufrag = s; } },
    { "pwd", [](Description& d, std::string_view s) { d.media[0].transport.ice_pwd = s; } },
    { "option", [](Description& d, std::string_view s) { d.media[0].transport.ice_options[0] = s; } },
    { "hash", [](Description& d, std::string_view s) { d.media[0].transport.fingerprints[0].hash = s; } },
    { "fingerprint",
      [](Description& d, std::string_view s) { d.media[0].transport.fingerprints[0].value = s; } },
    { "tls-id", [](Description& d, std::string_view s) { d.media[0].transport.tls_id = s; } },
    { "extmap URI", [](Description& d, std::string_view s) { d.media[0].transport.extmaps[0].uri = s; } },
    { "extmap attributes",
      [](Description& d, std::string_view s) { d.media[0].transport.extmaps[0].attributes = s; } },
    { "mid", [](Description& d, std::string_view s) { d.media[0].mid = s; } },
    { "remote candidate",
      [](Description& d, std::string_view s) { d.media[0].remote_candidates[0].address = s; } },
    { "rtcp", [](Description& d, std::string_view s) { d.media[0].rtcp->address = s; } },
    { "codec", [](Description& d, std::string_view s) { d.media[0].rtpmaps[0].name = s; } },
    { "fmtp", [](Description& d, std::string_view s) { d.media[0].fmtps[0].parameters = s; } },
    { "rtcp-fb", [](Description& d, std::string_view s) { d.media[0].rtcp_fbs[0].value = s; } },
    { "ptime", [](Description& d, std::string_view s) { d.media[0].ptime = s; } },
    { "maxptime", [](Description& d, std::string_view s) { d.media[0].maxptime = s; } },
    { "msid stream", [](Description& d, std::string_view s) { d.media[0].msids[0].stream = s; } },
    { "msid track", [](Description& d, std::string_view s) { d.media[0].msids[0].track = s; } },
    { "ssrc attribute", [](Description& d, std::string_view s) { d.media[0].ssrcs[0].attribute = s; } },
    { "ssrc value", [](Description& d, std::string_view s) { d.media[0].ssrcs[0].value = s; } },
    { "ssrc-group", [](Description& d, std::string_view s) { d.media[0].ssrc_groups[0].semantics = s; } },
    { "content", [](Description& d, std::string_view s) { d.media[0].content[0] = s; } },
    { "crypto tag", [](Description& d, std::string_view s) { d.media[0].cryptos[0].tag = s; } },
    { "crypto suite", [](Description& d, std::string_view s) { d.media[0].cryptos[0].suite = s; } },
    { "crypto key", [](Description& d, std::string_view s) { d.media[0].cryptos[0].key_params = s; } },
    { "crypto session",
      [](Description& d, std::string_view s) { d.media[0].cryptos[0].session_params = s; } },
    { "zrtp version", [](Description& d, std::string_view s) { d.media[0].zrtp_hashes[0].version = s; } },
    { "zrtp hash", [](Description& d, std::string_view s) { d.media[0].zrtp_hashes[0].value = s; } },
    { "message size", [](Description& d, std::string_view s) { d.media[0].max_message_size = s; } },
    { "sctpmap", [](Description& d, std::string_view s) { d.media[0].sctpmap->app = s; } },
    { "other name", [](Description& d, std::string_view s) { d.media[0].other[0].name = s; } },
    { "other value", [](Description& d, std::string_view s) { d.media[0].other[0].value = s; } },
};

}  // namespace

TEST_CASE("writer: a complete description reads back as itself", "[sdp][writer]")
{
    base::Arena arena;
    const auto value = complete(arena);
    CHECK(checked(Description::parse(checked(value.to_string()), arena)) == value);
}

TEST_CASE("writer: no value can start a line", "[sdp][writer]")
{
    using namespace std::string_view_literals;
    for (const auto evil : { "x\r\na=y"sv, "x\ny"sv, "x\ry"sv, "x\0y"sv, "x\ty"sv, "\x7F"sv, "\x1B[0m"sv,
                             "\xC2\x85"sv, "\xE2\x80\xA8"sv, "\xFF"sv })
        for (const auto& [name, place] : places) {
            CAPTURE(name, evil);
            base::Arena arena;
            auto value = complete(arena);
            place(value, evil);
            std::string out = "kept";

            const auto result = value.append_to(out);
            CHECK_FALSE(result);
            CHECK(out == "kept");
            CHECK_FALSE(value.to_string());
        }
}

TEST_CASE("writer: an error says where", "[sdp][writer]")
{
    base::Arena arena;
    auto value = complete(arena);
    value.media[0].other[0].value = "ab\nc";
    const auto error = value.to_string().error();
    const auto lines = checked(complete(arena).to_string());

    CHECK(error.code == Errc::forbidden);
    CHECK(error.line == std::count(lines.begin(), lines.end(), '\n'));
    CHECK(error.column == std::string_view{ "a=label:ab" }.size() + 1);
}

TEST_CASE("writer: a blank cannot make one field two", "[sdp][writer]")
{
    const std::vector<std::string_view> free_text{
        "session name", "i=",         "extmap attributes", "rtcp",       "fmtp",
        "rtcp-fb",      "ssrc value", "crypto session",    "other value"
    };
    for (const auto& [name, place] : places) {
        CAPTURE(name);
        base::Arena arena;
        auto value = complete(arena);
        place(value, "1 1");
        const bool is_free = std::find(free_text.begin(), free_text.end(), name) != free_text.end();
        const bool is_two_numbers = std::string_view{ name } == "timing";
        CHECK(value.to_string().has_value() == (is_free || is_two_numbers));
    }
}

TEST_CASE("writer: what has a member does not come in as another attribute or line", "[sdp][writer]")
{
    base::Arena arena;
    auto value = complete(arena);

    SECTION("an attribute of the medium")
    {
        value.media[0].other[0].name
            = GENERATE(as<std::string_view>{}, "candidate", "ice-pwd", "fingerprint", "rtpmap");
    }
    SECTION("an attribute of the session")
    {
        value.other.push_back(arena, { "group", "BUNDLE 0" });
    }
    SECTION("a line of the medium")
    {
        value.media[0].other_lines[0].type = GENERATE('a', 'c', 'm', 'v', 'x', '\n');
    }
    SECTION("a line of the session")
    {
        value.other_lines.push_back(arena, { GENERATE('a', 'm', 'o', 'v'), "x" });
    }
    CHECK_FALSE(value.to_string());
}

TEST_CASE("fragment: has no lines of a session and reads back as itself", "[sdp][fragment]")
{
    base::Arena arena;
    const auto value = complete(arena);
    const auto text = checked(value.fragment_to_string());

    CHECK(text.starts_with("a=group:BUNDLE 0\r\nm=audio 9"));
    CHECK(checked(Description::parse_fragment(text, arena)) == value);
    CHECK(Description::parse(text, arena).error().code == Errc::missing);
    CHECK(checked(Description::parse_fragment("", arena)) == Description{});
}

TEST_CASE("fragment: refuses lines of a session", "[sdp][fragment]")
{
    const auto line
        = GENERATE(as<std::string>{}, "v=0", "o=- 1 1 IN IP4 a", "s=-", "t=0 0", "c=IN IP4 a", "b=AS:1");
    base::Arena arena;
    CHECK(Description::parse_fragment(line, arena).error().code == Errc::forbidden);
}

TEST_CASE("grammar: characters and names", "[sdp][grammar]")
{
    CHECK(sdp::is_safe_text(""));
    CHECK(sdp::is_safe_text("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x93\x9E, and some more text"));
    CHECK(sdp::find_unsafe("0123456789abcdef\nx") == 16);
    CHECK(sdp::find_unsafe("0123456789abcdefghi\x7F") == 19);
    CHECK(sdp::is_token("!#$%&'*+-.^_`{|}~aZ9"));
    for (const std::string_view text : { "", "a b", "a:b", "a/b", "a<b", "a\"b", "a(b", "a,b", "a;b", "a=b",
                                         "a?b", "a@b", "a[b", "\xC3\xA9" })
        CHECK_FALSE(sdp::is_token(text));
    CHECK(sdp::is_mdns_name("0a1b2c3d-0000-4000-8000-0123456789ab.local"));
    CHECK_FALSE(sdp::is_mdns_name("a.b.local"));
    CHECK_FALSE(sdp::is_mdns_name(std::string(60, 'a') + ".local"));
    CHECK(sdp::is_ip_address("::ffff:192.0.2.1"));
    CHECK_FALSE(sdp::is_ip_address("192.0.2.01"));
    CHECK_FALSE(sdp::is_ip_address(""));
    CHECK(sdp::is_fingerprint("sha-1", "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33"));
    CHECK_FALSE(sdp::is_fingerprint("x", ""));
    CHECK_FALSE(sdp::is_fingerprint("x", "AB:CG"));
    CHECK_FALSE(sdp::is_fingerprint("x", "ABC:D"));
}
