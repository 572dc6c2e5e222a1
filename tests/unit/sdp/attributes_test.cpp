#include <catch2/catch.hpp>

#include "files.hpp"
#include "sdp/description.hpp"
#include "sdp/rules.hpp"
#include "support.hpp"

using base::Errc;
using sdp::Description;
using sdp::Direction;
using sdp::Media;
using sdp_test::checked;
using sdp_test::lines_of;
using sdp_test::with_media_line;
using sdp_test::with_session_line;

namespace {

struct Row {
    std::string line;
    std::string out;  ///< as printed; empty: like `line`
    bool (*holds)(const Media&);
};

const std::string sha1 = "a=fingerprint:sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33";
const std::string sha1_mixed
    = "a=fingerprint:SHA-1 00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33";

const std::vector<Row> rows{
    { "a=rtcp:9 IN IP4 0.0.0.0", "",
      [](const Media& m) {
          return m.rtcp == sdp::Rtcp{ 9, "IN IP4 0.0.0.0" };
      } },
    { "a=rtcp:53020", "",
      [](const Media& m) {
          return m.rtcp == sdp::Rtcp{ 53020, "" };
      } },
    { "a=end-of-candidates", "", [](const Media& m) { return m.end_of_candidates; } },
    { "a=candidate:1 1 UDP 1 192.0.2.1 9 typ host", "a=candidate:1 1 udp 1 192.0.2.1 9 typ host",
      [](const Media& m) { return m.candidates.size() == 1 && m.candidates[0].transport == "udp"; } },
    { "a=remote-candidates:1 192.0.2.1 5000 2 192.0.2.1 5001", "",
      [](const Media& m) { return m.remote_candidates.size() == 2 && m.remote_candidates[1].port == 5001; } },
    { "a=ice-options:ice2,trickle", "a=ice-options:ice2 trickle",
      [](const Media& m) { return m.transport.ice_options.size() == 2; } },
    { "a=ice-options:trickle  ice2", "a=ice-options:trickle ice2",
      [](const Media& m) { return m.transport.ice_options.size() == 2; } },
    { sha1, "", [](const Media& m) { return m.transport.fingerprints[0].hash == "sha-1"; } },
    { sha1_mixed, sha1,
      [](const Media& m) { return m.transport.fingerprints[0].value.ends_with("FF:00:11:22:33"); } },
    { "a=fingerprint:sha3-256 AB", "",
      [](const Media& m) { return m.transport.fingerprints[0].value == "AB"; } },
    { "a=setup:holdconn", "", [](const Media& m) { return m.transport.setup == sdp::Setup::holdconn; } },
    { "a=tls-id:abc3de65cddef001be82", "", [](const Media& m) { return m.transport.tls_id.has_value(); } },
    { "a=bundle-only", "", [](const Media& m) { return m.bundle_only; } },
    { "a=mid:a&b", "", [](const Media& m) { return m.mid == "a&b"; } },
    { "a=extmap:4/recvonly urn:x", "",
      [](const Media& m) { return m.transport.extmaps[0].direction == Direction::recvonly; } },
    { "a=extmap:4350 urn:x p=1 q", "",
      [](const Media& m) { return m.transport.extmaps[0].attributes == "p=1 q"; } },
    { "a=extmap-allow-mixed", "", [](const Media& m) { return m.transport.extmap_allow_mixed; } },
    { "a=sendonly", "", [](const Media& m) { return m.transport.direction == Direction::sendonly; } },
    { "a=inactive", "", [](const Media& m) { return m.transport.direction == Direction::inactive; } },
    { "a=msid:- track", "", [](const Media& m) { return m.msids[0].track == "track"; } },
    { "a=msid:{stream}", "", [](const Media& m) { return !m.msids[0].track; } },
    { "a=content:slides,alt", "",
      [](const Media& m) { return m.content.size() == 2 && m.content[1] == "alt"; } },
    { "a=rtcp-mux", "", [](const Media& m) { return m.rtcp_mux; } },
    { "a=rtcp-rsize", "", [](const Media& m) { return m.rtcp_rsize; } },
    { "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AB|2^20|1:32 KDR=1 X", "",
      [](const Media& m) { return m.cryptos[0].session_params == "KDR=1 X"; } },
    { "a=zrtp-hash:1.10 fe30", "", [](const Media& m) { return m.zrtp_hashes[0].version == "1.10"; } },
    { "a=rtpmap:96 opus/48000/2", "", [](const Media& m) { return m.rtpmaps[0].channels == 2; } },
    { "a=rtpmap:0 PCMU/8000/1", "", [](const Media& m) { return m.rtpmaps[0].channels == 1; } },
    { "a=fmtp:96 a=b; c;d==", "", [](const Media& m) { return m.fmtps[0].parameters == "a=b; c;d=="; } },
    { "a=rtcp-fb:* ccm tmmbr smaxpr=120", "", [](const Media& m) { return !m.rtcp_fbs[0].payload_type; } },
    { "a=rtcp-fb:96 trr-int 100", "", [](const Media& m) { return m.rtcp_fbs[0].value == "trr-int 100"; } },
    { "a=ptime:20", "", [](const Media& m) { return m.ptime == "20"; } },
    { "a=maxptime:2.5", "", [](const Media& m) { return m.maxptime == "2.5"; } },
    { "a=ssrc-group:FID 1 4294967295", "",
      [](const Media& m) { return m.ssrc_groups[0].ssrcs[1] == 4294967295; } },
    { "a=ssrc:0 cname:a b:\xC3\xA9", "", [](const Media& m) { return m.ssrcs[0].value == "a b:\xC3\xA9"; } },
    { "a=ssrc:1 flag", "", [](const Media& m) { return !m.ssrcs[0].value; } },
    { "a=sctp-port:5000", "", [](const Media& m) { return m.sctp_port == 5000; } },
    { "a=max-message-size:18446744073709551615", "",
      [](const Media& m) { return m.max_message_size.has_value(); } },
    { "a=sctpmap:5000 webrtc-datachannel 1024", "",
      [](const Media& m) { return m.sctpmap->streams == 1024; } },
    { "a=sctpmap:5000 webrtc-datachannel", "", [](const Media& m) { return !m.sctpmap->streams; } },
    { "a=rid:h send pt=96", "", [](const Media& m) { return m.other[0].name == "rid" && m.other[0].value; } },
    { "a=x-flag", "",
      [](const Media& m) {
          return m.other[0] == sdp::Attribute{ "x-flag", std::nullopt };
      } },
    { "a=x-empty:", "",
      [](const Media& m) {
          return m.other[0] == sdp::Attribute{ "x-empty", "" };
      } },
    { "b=AS:768", "",
      [](const Media& m) {
          return m.bandwidths[0] == sdp::Bandwidth{ "AS", "768" };
      } },
    { "c=IN IP6 ::1", "", [](const Media& m) { return m.connection->address == "::1"; } },
    { "i=a title \t ", "i=a title", [](const Media& m) { return m.other_lines[0].value == "a title"; } },
};

}  // namespace

TEST_CASE("attribute: a line of an m-section is read into its member and written back", "[sdp][attributes]")
{
    for (const auto& row : rows) {
        CAPTURE(row.line);
        base::Arena arena;
        const auto text = with_media_line(row.line);
        const auto value = checked(Description::parse(text, arena));
        const auto printed = checked(value.to_string());

        REQUIRE(value.media.size() == 1);
        CHECK(value.dropped.empty());
        CHECK(row.holds(value.media[0]));
        CHECK(lines_of(printed).back() == (row.out.empty() ? row.line : row.out));
        CHECK(checked(Description::parse(printed, arena)) == value);
    }
}

TEST_CASE("attribute: every rule has a row in the table above or a test of its own", "[sdp][attributes]")
{
    // With both halves of the credentials, other levels, or the two remaining directions.
    const std::vector<std::string_view> elsewhere{ "group",   "ice-lite", "ice-ufrag",
                                                   "ice-pwd", "sendrecv", "recvonly" };
    for (const auto& rule : sdp::rules()) {
        CAPTURE(rule.name);
        const auto names_rule = [&rule](const Row& row) {
            const auto name = std::string_view{ row.line }.substr(2);
            return name.starts_with(rule.name)
                && (name.size() == rule.name.size() || name[rule.name.size()] == ':');
        };
        const bool here = std::any_of(rows.begin(), rows.end(), names_rule);
        CHECK((here || std::find(elsewhere.begin(), elsewhere.end(), rule.name) != elsewhere.end()));
        CHECK(sdp::find_rule(rule.name) == &rule);
    }
    CHECK(sdp::find_rule("") == nullptr);
    CHECK(sdp::find_rule("rtcp-xr") == nullptr);
}

TEST_CASE("attribute: session lines are read and written back", "[sdp][attributes]")
{
    const auto line = GENERATE(values<std::string>({
        "a=group:BUNDLE 0 1",
        "a=group:BUNDLE",
        "a=group:LS a b",
        "a=ice-lite",
        "a=ice-ufrag:abcd\r\na=ice-pwd:1234567890123456789012",
        "a=end-of-candidates",
        "a=setup:active",
        "a=recvonly",
        "a=sendrecv",
        "a=extmap:1 urn:x",
        "a=msid-semantic: WMS *",
        "a=extmap-allow-mixed",
        "a=identity:eyJ",
        "r=604800 3600 0",
        "z=0 0",
        "k=clear:x",
        "t=1 2",
    }));
    CAPTURE(line);
    base::Arena arena;
    const auto text = with_session_line(line);
    const auto value = checked(Description::parse(text, arena));

    CHECK(checked(value.to_string()) == text);
    CHECK(value.dropped.empty());
}

TEST_CASE("description: lines come out in the order of RFC 8866", "[sdp][description]")
{
    base::Arena arena;
    const auto value
        = checked(Description::parse("v=0\nb=CT:1\nk=clear:x\nt=0 0\nc=IN IP4 192.0.2.1\np=+1\ns=name\n"
                                     "e=a@b.example\nu=http://a.example\no=- 1 1 IN IP4 0.0.0.0\ni=title",
                                     arena));

    CHECK(checked(value.to_string())
          == "v=0\r\no=- 1 1 IN IP4 "
             "0.0.0.0\r\ns=name\r\ni=title\r\nu=http://a.example\r\ne=a@b.example\r\np=+1\r\n"
             "c=IN IP4 192.0.2.1\r\nb=CT:1\r\nt=0 0\r\nk=clear:x\r\n");
}

TEST_CASE("description: session name and times have defaults", "[sdp][description]")
{
    base::Arena arena;
    const auto text
        = GENERATE(as<std::string>{}, "v=0\no=- 1 1 IN IP4 0.0.0.0\n", "v=0\no=- 1 1 IN IP4 0.0.0.0\ns= \n");
    CHECK(checked(checked(Description::parse(text, arena)).to_string()) == sdp_test::session_head);
}

TEST_CASE("description: payload attributes follow the order of the m= line", "[sdp][description]")
{
    base::Arena arena;
    const auto text = with_media_line(
        "a=rtcp-fb:97 nack\na=fmtp:97 x=1\na=rtpmap:5 DVI4/8000\na=rtpmap:97 B/1\na=fmtp:96 y=1\n"
        "a=rtcp-fb:96 ccm fir\na=rtcp-fb:* nack\na=rtpmap:96 A/1\na=rtcp-fb:97 nack pli");
    const auto value = checked(Description::parse(text, arena));
    const std::vector<std::string> expected{ "a=rtcp-fb:* nack",    "a=rtpmap:96 A/1",
                                             "a=fmtp:96 y=1",       "a=rtcp-fb:96 ccm fir",
                                             "a=rtpmap:97 B/1",     "a=fmtp:97 x=1",
                                             "a=rtcp-fb:97 nack",   "a=rtcp-fb:97 nack pli",
                                             "a=rtpmap:5 DVI4/8000" };

    const auto lines = lines_of(checked(value.to_string()));
    CHECK(std::vector<std::string>(lines.begin() + 5, lines.end()) == expected);
    CHECK(checked(Description::parse(checked(value.to_string()), arena)) == value);
}

TEST_CASE("description: payload attributes made in another order are written in that of the m= line",
          "[sdp][description]")
{
    base::Arena arena;
    Description value;
    Media media;
    media.media = "audio";
    media.proto = "RTP/AVP";
    media.formats = { arena, { "8", "0" } };
    media.rtpmaps = { arena, { { 0, "PCMU", 8000, {} }, { 8, "PCMA", 8000, {} } } };
    value.media.push_back(arena, media);

    const auto lines = lines_of(checked(value.to_string()));
    CHECK(lines[5] == "a=rtpmap:8 PCMA/8000");
    CHECK(lines[6] == "a=rtpmap:0 PCMU/8000");
}

TEST_CASE("description: attributes of payload types are unknown ones where formats are none",
          "[sdp][description]")
{
    base::Arena arena;
    const auto text = with_media_line("a=fmtp:5000 x\r\na=rtpmap:webrtc-datachannel x",
                                      "m=application 9 DTLS/SCTP 5000\r\n");
    const auto value = checked(Description::parse(text, arena));

    CHECK(value.media[0].other.size() == 2);
    CHECK(checked(value.to_string()) == text);
}

TEST_CASE("description: CRLF, LF and a missing last line end read alike", "[sdp][description]")
{
    base::Arena arena;
    const std::string crlf = with_media_line("a=rtpmap:96 VP8/90000");
    std::string lf = crlf;
    lf.erase(std::remove(lf.begin(), lf.end(), '\r'), lf.end());

    CHECK(checked(Description::parse(lf, arena)) == checked(Description::parse(crlf, arena)));
    lf.pop_back();
    CHECK(checked(Description::parse(lf, arena)) == checked(Description::parse(crlf, arena)));
}
