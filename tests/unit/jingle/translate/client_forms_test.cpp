#include <catch2/catch.hpp>

#include "unit/jingle/translate/support.hpp"

// What clients say beyond the XEPs and in their own way, read from their sources; and what they say that no
// SDP can be made of.

using namespace translate;
using jingle::Loss;
using jingle::Role;

namespace {

const std::string fingerprint
    = "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1' setup='actpass'>"
      "52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8</fingerprint>";
const std::string ice = "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' "
                        "pwd='abcdefghijklmnopqrstuv'>";

std::string initiate(const std::string& contents)
{
    return "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s'>" + contents + "</jingle>";
}

/// One content with an audio description and an ICE transport that hold this.
std::string content(const std::string& description, const std::string& transport,
                    const std::string& attributes = "")
{
    return initiate("<content creator='initiator' name='0' " + attributes
                    + "><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='0'/>"
                    + description + "</description>" + ice + fingerprint + transport
                    + "</transport></content>");
}

std::string ssma(const std::string& element)
{
    return "<" + element.substr(0, element.find_first_of(" />")) + " xmlns='urn:xmpp:jingle:apps:rtp:ssma:0'"
        + element.substr(element.find_first_of(" />"));
}

std::size_t count(const Leg& leg, Loss loss)
{
    return static_cast<std::size_t>(std::count_if(leg.notes.begin(), leg.notes.end(),
                                                  [loss](const auto& note) { return note.loss == loss; }));
}

}  // namespace

TEST_CASE("client forms: what has a place in SDP gets it", "[jingle][translate]")
{
    struct Row {
        std::string client;
        std::string xml;
        std::string line;
    };
    const auto row = GENERATE(values<Row>({
        { "Jitsi, encodings", content(ssma("source rid='h'/>") + ssma("source rid='l'/>"), ""),
          "a=rid:h send\r\na=rid:l send\r\n" },
        { "Jitsi, simulcast",
          content(ssma("source rid='h'/>") + ssma("source rid='l'/>")
                      + ssma("rid-group semantics='SIM'><source rid='h'/><source rid='l'/></rid-group>"),
                  ""),
          "a=simulcast:send h;l\r\n" },
        { "Jitsi, cryptex",
          content("",
                  "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1' setup='actpass' "
                  "cryptex='true'>52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8</fingerprint>"),
          "a=cryptex\r\n" },
        { "Movim, the kind of network",
          content("",
                  "<candidate component='1' foundation='1' generation='0' id='a' ip='192.0.2.1' port='5' "
                  "priority='1' protocol='udp' type='host' network-id='1' network-cost='900'/>"),
          "typ host generation 0 network-id 1 network-cost 900\r\n" },
        { "Movim, a blank behind the msid",
          content(ssma("source ssrc='1'><parameter name='msid' value='a b '/></source>"), ""),
          "a=ssrc:1 msid:a b\r\n" },
        { "options with a slash",
          content("", "<sdp xmlns='urn:carillon:sdp-carry:0'><a n='ice-options' v='own/2'/></sdp>"),
          "a=ice-options:own/2\r\n" },
        { "stanza.js, a data channel",
          initiate("<content creator='initiator' name='0'><description xmlns='urn:xmpp:jingle:apps:rtp:1' "
                   "media='datachannel'/>"
                   + ice + fingerprint
                   + "<sctpmap xmlns='urn:xmpp:jingle:transports:dtls-sctp:1' "
                     "number='5000'/></transport></content>"),
          "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n" },
    }));
    CAPTURE(row.client);
    Leg leg;
    CHECK(leg.to_text(row.xml, Role::initiator).find(row.line) != std::string::npos);
}

TEST_CASE("client forms: a carried rid is said once, as it was written", "[jingle][translate]")
{
    Leg leg;
    const auto text = leg.to_text(content(ssma("source rid='h'/>")
                                              + "<sdp xmlns='urn:carillon:sdp-carry:0'><a n='rid' v='h send "
                                                "max-width=640'/></sdp>",
                                          ""),
                                  Role::initiator);
    CHECK(text.find("a=rid:h send max-width=640\r\n") != std::string::npos);
    CHECK(text.find("a=rid:h send\r\n") == std::string::npos);
}

TEST_CASE("client forms: a rid that would be more than one is refused", "[jingle][translate]")
{
    const auto rid = GENERATE(as<std::string>{}, "", "h,l", "h;l", "h send", "~h");
    CAPTURE(rid);
    Leg leg;
    CHECK_THROWS(leg.to_text(content(ssma("source rid='" + rid + "'/>"), ""), Role::initiator));
}

TEST_CASE("client forms: what cannot be said is told", "[jingle][translate]")
{
    struct Row {
        std::string what;
        std::string xml;
        Loss loss;
        std::size_t count;
    };
    const auto header = [](const std::string& id) {
        return "<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='" + id + "' uri='urn:x'/>";
    };
    const auto row = GENERATE_COPY(values<Row>({
        { "a source of which nothing is said", content(ssma("source ssrc='7'/>"), ""),
          Loss::source_without_attribute, 1 },
        { "candidates without what they need",
          content("",
                  "<candidate ip='192.0.2.1'/><candidate ip='192.0.2.2' port='70000'/>"
                  "<candidate component='300' ip='192.0.2.3' port='7'/>"
                  "<candidate ip='192.0.2.4' port='7' priority='-1' type='host'/>"),
          Loss::candidate_unusable, 4 },
        { "ids of header extensions that RFC 8285 does not have",
          content(header("0") + header("256") + header("4095") + header("4352"), ""),
          Loss::header_extension_conflict, 4 },
        { "ids that it has", content(header("1") + header("255") + header("4096") + header("4351"), ""),
          Loss::header_extension_conflict, 0 },
    }));
    CAPTURE(row.what);
    Leg leg;
    (void)leg.to_text(row.xml, Role::initiator);
    CHECK(count(leg, row.loss) == row.count);
}

TEST_CASE("client forms: what is not understood at all is refused by its name", "[jingle][translate]")
{
    const auto [xml, what] = GENERATE(table<std::string, std::string>({
        { initiate(
              "<content creator='initiator' name='audio'><description xmlns='urn:xmpp:jingle:apps:rtp:1' "
              "media='audio'><payload-type id='0'/></description><transport "
              "xmlns='http://www.google.com/transport/p2p'/></content>"),
          "content 'audio': transport 'http://www.google.com/transport/p2p'" },
        { initiate("<content creator='initiator' name='f'><description "
                   "xmlns='urn:xmpp:jingle:apps:file-transfer:5'/><transport "
                   "xmlns='urn:xmpp:jingle:transports:s5b:1'/></content>"),
          "content 'f': transport 'urn:xmpp:jingle:transports:s5b:1'" },
        { initiate("<content creator='initiator' name='f'><description "
                   "xmlns='urn:xmpp:jingle:apps:file-transfer:5'/>"
                   + ice + "</transport></content>"),
          "content 'f': description 'urn:xmpp:jingle:apps:file-transfer:5'" },
        { content("", "", "disposition='early-session'"), "content '0': disposition 'early-session'" },
        { initiate("<content creator='initiator' name='f'><description xmlns='urn:xmpp:jingle:apps:rtp:1' "
                   "media='audio'/><transport xmlns='urn:a&#10;b'/></content>"),
          "content 'f': transport" },
    }));
    base::Arena arena;
    jingle::Slots slots;
    const auto request = read_jingle(xml, arena);
    const auto result = jingle::to_sdp(request, { .slots = slots }, arena);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == base::Errc::unsupported);
    CHECK(result.error().what == what);
}

TEST_CASE("client forms: an m-line that is not understood at all is refused by its name",
          "[jingle][translate]")
{
    const auto [m_line, what] = GENERATE(table<std::string, std::string>({
        { "m=audio 9 udp/tls/rtp/savpf 0", "content 'audio': protocol 'udp/tls/rtp/savpf'" },
        { "m=image 9 RTP/AVP 0", "content 'image': media 'image'" },
        { "m=application 9 UDP/BFCP *", "content 'application': protocol 'UDP/BFCP'" },
        { "m=audio 0 UDP/BFCP *", "no m-line that can become a content" },
    }));
    base::Arena arena;
    jingle::Slots slots;
    const auto text = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" + m_line + "\r\n";
    const auto description = parse_sdp(text, arena);
    const auto result = jingle::from_sdp(description, { .sid = "s", .slots = slots }, arena);
    REQUIRE_FALSE(result);
    CHECK(result.error() == base::Error{ base::Errc::unsupported, what });
}
