#include <functional>

#include <catch2/catch.hpp>

#include "unit/jingle/translate/support.hpp"

using namespace translate;
using base::Errc;
using jingle::Action;
using jingle::Role;

namespace {

const std::string head = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
const std::string fingerprint
    = "a=fingerprint:sha-1 52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8\r\n";
const std::string ice = "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n";

std::string audio(const std::string& rest)
{
    return "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 opus/48000/2\r\n" + ice + rest;
}

std::string repeat(std::size_t count, const std::function<std::string(std::size_t)>& line)
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += line(i);
    return out;
}

base::Result<jingle::Jingle> translated(const std::string& text, base::Arena& arena, jingle::Slots& slots,
                                        jingle::Notes* notes = nullptr)
{
    const auto description = parse_sdp(text, arena);
    return jingle::from_sdp(description, { .sid = "s", .slots = slots, .notes = notes }, arena);
}

}  // namespace

TEST_CASE("refusal: an SDP that cannot be said whole is not said at all", "[jingle][translate]")
{
    struct Row {
        std::string what;
        std::string text;
        Errc code;
    };
    const auto row = GENERATE(values<Row>({
        { "DTLS without a fingerprint", audio(""), Errc::forbidden },
        { "a fingerprint of a hash that nobody knows", audio("a=fingerprint:sha3-256 AB:CD\r\n"),
          Errc::forbidden },
        { "holdconn", audio(fingerprint + "a=setup:holdconn\r\n"), Errc::unsupported },
        { "no name", "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\n" + ice + fingerprint, Errc::unsupported },
        { "nothing live", "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n", Errc::unsupported },
        { "no m-line", "", Errc::unsupported },
        { "kind that is not understood", "m=image 9 udptl t38\r\n", Errc::unsupported },
        { "neither ICE nor an address", "m=audio 9 RTP/AVP 0\r\n", Errc::missing },
        { "several ports", "m=audio 5004/2 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n", Errc::unsupported },
        { "repeated payload type", "m=audio 9 UDP/TLS/RTP/SAVPF 0 0\r\n" + ice + fingerprint,
          Errc::duplicate },
        { "payload type of 8 bits", "m=audio 9 UDP/TLS/RTP/SAVPF 128\r\n" + ice + fingerprint,
          Errc::out_of_range },
        { "fmtp without a name", audio(fingerprint + "a=fmtp:96 =1\r\n"), Errc::malformed },
        { "33 m-lines",
          repeat(33, [](auto i) { return audio(fingerprint + "a=mid:" + std::to_string(i) + "\r\n"); }),
          Errc::too_long },
        { "33 fmtp parameters",
          audio(fingerprint + "a=fmtp:96 " + repeat(33, [](auto i) { return std::to_string(i) + "=1;"; })
                + "\r\n"),
          Errc::too_long },
        { "17 rtcp-fb",
          audio(fingerprint
                + repeat(17, [](auto i) { return "a=rtcp-fb:96 x" + std::to_string(i) + "\r\n"; })),
          Errc::too_long },
        { "129 sources",
          audio(fingerprint
                + repeat(129, [](auto i) { return "a=ssrc:" + std::to_string(i) + " cname:c\r\n"; })),
          Errc::too_long },
        { "9 attributes of a source",
          audio(fingerprint + repeat(9, [](auto i) { return "a=ssrc:1 x" + std::to_string(i) + ":c\r\n"; })),
          Errc::too_long },
        { "65 carried attributes",
          audio(fingerprint + repeat(65, [](auto i) { return "a=x-" + std::to_string(i) + "\r\n"; })),
          Errc::too_long },
        { "carried value of 1025 bytes", audio(fingerprint + "a=x-own:" + std::string(1025, 'x') + "\r\n"),
          Errc::too_long },
    }));
    CAPTURE(row.what);
    base::Arena arena;
    jingle::Slots slots;
    const auto text = head + row.text;
    const auto description = sdp::Description::parse(text, arena);
    if (!description) {  // the reader has the rule already
        CHECK(description.error().code == row.code);
        return;
    }
    const auto result = jingle::from_sdp(*description, { .sid = "s", .slots = slots }, arena);
    REQUIRE_FALSE(result);
    CAPTURE(result.error().what);
    CHECK(result.error().code == row.code);
    CHECK(slots.empty());
}

TEST_CASE("refusal: payload types without a target go, with a word", "[jingle][translate]")
{
    base::Arena arena;
    jingle::Slots slots;
    jingle::Notes notes;
    const auto text = head
        + "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 100\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\n"
          "a=fmtp:97 apt=96\r\na=rtpmap:98 rtx/90000\r\na=fmtp:98 apt=120\r\na=rtpmap:99 rtx/90000\r\n"
        + ice + fingerprint;
    const auto value = must(translated(text, arena, slots, &notes));
    REQUIRE(value.contents.size() == 1);
    const auto& types = value.contents[0].rtp()->payload_types;
    REQUIRE(types.size() == 2);
    CHECK(types[0].id == 96);
    CHECK(types[1].id == 97);
    CHECK(notes.size() == 3);  // 98: no target, 99: no apt, 100: no name
}

TEST_CASE("refusal: an answer with other contents than its offer", "[jingle][translate]")
{
    const auto offer_text = head + audio(fingerprint + "a=mid:0\r\na=setup:actpass\r\n");
    const std::string xml = "<jingle xmlns='urn:xmpp:jingle:1' action='session-accept' sid='s'>"
                            "<content creator='initiator' name='other'>"
                            "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>"
                            "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'/></content></jingle>";
    Leg leg;
    leg.offered(offer_text);
    const auto value = read_jingle(xml, leg.arena);
    const auto result = jingle::to_sdp(
        value, { .writer = Role::responder, .slots = leg.slots, .offer = &*leg.offer }, leg.arena);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::malformed);
}

TEST_CASE("refusal: WebRTC gets no media without DTLS", "[jingle][translate]")
{
    const auto xml
        = documents::slurp(std::filesystem::path{ TEST_DATA } / "vectors" / "09-sdes-legacy.jingle.xml");
    base::Arena arena;
    jingle::Slots slots;
    const auto value = read_jingle(xml, arena);
    CHECK(jingle::to_sdp(value, { .slots = slots }, arena));
    jingle::Slots fresh;
    const auto result
        = jingle::to_sdp(value, { .slots = fresh, .audience = jingle::Audience::webrtc }, arena);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::forbidden);
}

TEST_CASE("refusal: a hash that nobody knows goes along, but is not enough", "[jingle][translate]")
{
    const std::string unknown = "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha3-256' "
                                "setup='actpass'>AB:CD</fingerprint>";
    const std::string known = "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1' setup='actpass'>"
                              "52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8</fingerprint>";
    const auto request = [](const std::string& fingerprints) {
        return "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='a'><content "
               "creator='initiator' name='0'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
               "<payload-type id='0'/></description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' "
               "ufrag='8hhY' pwd='asd88fgpdd777uzjYhagZg1x'>"
            + fingerprints + "</transport></content></jingle>";
    };
    Leg leg;
    const auto both = leg.to_text(request(unknown + known), Role::initiator);
    CHECK(both.find("a=fingerprint:sha3-256 AB:CD\r\n") != std::string::npos);
    base::Arena arena;
    jingle::Slots slots;
    const auto result = jingle::to_sdp(read_jingle(request(unknown), arena), { .slots = slots }, arena);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::forbidden);
}

TEST_CASE("refusal: one half of ICE credentials", "[jingle][translate]")
{
    const auto credentials = GENERATE("ufrag='8hhY'", "pwd='asd88fgpdd777uzjYhagZg1x'");
    const auto xml = "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='a'>"
                     "<content creator='initiator' name='0'>"
                     "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
                     "<payload-type id='0' name='PCMU' clockrate='8000'/></description>"
                     "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' "
        + std::string{ credentials } + "/></content></jingle>";
    base::Arena arena;
    jingle::Slots slots;
    const auto result = jingle::to_sdp(read_jingle(xml, arena), { .slots = slots }, arena);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::missing);
}
