#include <catch2/catch.hpp>

#include "jingle/session.hpp"
#include "unit/jingle/documents.hpp"

using namespace jingle;

namespace {

// Where in a content-add of the responder's a mended piece stands.
enum class Place { description, transport };
struct Row {
    std::string peer;
    Place place;
    std::string read;
    std::string written;
};

const std::string sha1 = "52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8";

std::string request(Place place, const std::string& piece)
{
    const auto description = place == Place::description ? piece : "";
    const auto transport = place == Place::transport ? piece : "";
    return "<jingle xmlns='urn:xmpp:jingle:1' action='content-add' sid='s1'><content creator='responder' "
           "name='a'>"
           "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
        + description + "</description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'>" + transport
        + "</transport></content></jingle>";
}

}  // namespace

TEST_CASE("mend: what clients write otherwise is read, and written as the XEP says", "[jingle][mend]")
{
    const std::string fb = "xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0'";
    const std::string ext = "<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' uri='u' ";
    const std::string dtls = "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' ";
    const std::string map = "<sctpmap xmlns='urn:xmpp:jingle:transports:dtls-sctp:1' ";
    const auto row = GENERATE_COPY(values<Row>({
        { "Monal: rel_port", Place::transport, "<candidate ip='::1' port='9' rel_port='0'/>",
          "<candidate component='1' ip='::1' port='9' rel-port='0'/>" },
        { "both: the proper one counts", Place::transport,
          "<candidate ip='::1' port='9' rel_port='7' rel-port='8'/>",
          "<candidate component='1' ip='::1' port='9' rel-port='8'/>" },
        { "libwebrtc counters above 255", Place::transport,
          "<candidate ip='::1' port='9' generation='256' network='99999999999999999999999'/>",
          "<candidate component='1' ip='::1' port='9' generation='0' network='0'/>" },
        { "protocol in capitals", Place::transport, "<candidate ip='::1' port='9' protocol='UDP'/>",
          "<candidate component='1' ip='::1' port='9' protocol='udp'/>" },
        { "candidate without address", Place::transport, "<candidate port='9'/>", "" },
        { "candidate without port", Place::transport, "<candidate ip='::1'/>", "" },
        { "candidate of component 0", Place::transport, "<candidate ip='::1' port='9' component='0'/>", "" },
        { "candidate with a port that is none", Place::transport,
          "<candidate ip='::1' port='65536'/><candidate ip='::1' port='-1'/>", "" },
        { "stanza: gathering-complete in the transport's namespace", Place::transport,
          "<gathering-complete/>", "<gathering-complete/>" },
        { "XEP-0343: @port", Place::transport, map + "port='5000'/>", map + "number='5000'/>" },
        { "Jitsi: no streams", Place::transport, map + "number='5000' streams='0'/>",
          map + "number='5000' streams='0'/>" },
        { "XEP-0320: broken lines", Place::transport,
          dtls
              + "hash='SHA-1'>\n  52:2b:27:6a:35:6b:df:39:01:3d:\n  "
                "fa:be:a2:cd:43:e1:41:ec:c9:e8\n</fingerprint>",
          dtls + "hash='sha-1'>" + sha1 + "</fingerprint>" },
        { "Movim: trr-int twice", Place::description,
          "<rtcp-fb " + fb + " id='*' type='trr-int' subtype='100'/><rtcp-fb-trr-int " + fb
              + " value='100'/>",
          "<rtcp-fb-trr-int " + fb + " value='100'/>" },
        { "stanza: trr-int as feedback", Place::description,
          "<payload-type id='96'><rtcp-fb " + fb + " type='trr-int' subtype='7'/></payload-type>",
          "<payload-type id='96'><rtcp-fb-trr-int " + fb + " value='7'/></payload-type>" },
        { "trr-int without a number", Place::description,
          "<rtcp-fb " + fb + " type='trr-int' subtype='4294967296'/>",
          "<rtcp-fb " + fb + " type='trr-int' subtype='4294967296'/>" },
        { "Movim: bandwidth in @value", Place::description, "<bandwidth type='AS' value='768'/>",
          "<bandwidth type='AS'>768</bandwidth>" },
        { "bandwidth in both", Place::description, "<bandwidth type='AS' value='1'> 768 </bandwidth>",
          "<bandwidth type='AS' value='1'>768</bandwidth>" },
        { "Conversations: extmap 4/recvonly", Place::description, ext + "id='4/recvonly'/>",
          ext + "id='4' senders='initiator'/>" },
        { "Conversations: extmap 4/sendonly", Place::description, ext + "id='4/sendonly'/>",
          ext + "id='4' senders='responder'/>" },
        { "Conversations: extmap 4/sendrecv", Place::description, ext + "id='4/sendrecv'/>",
          ext + "id='4'/>" },
        { "Conversations: extmap 4/inactive", Place::description, ext + "id='4/inactive'/>",
          ext + "id='4' senders='none'/>" },
        { "parameter without name", Place::description,
          "<payload-type id='96'><parameter value='0-15'/></payload-type>",
          "<payload-type id='96'><parameter name='' value='0-15'/></payload-type>" },
        { "parameter without value stays without", Place::description,
          "<payload-type id='96'><parameter name='111/111'/></payload-type>",
          "<payload-type id='96'><parameter name='111/111'/></payload-type>" },
        { "Jitsi: source without ssrc stays unknown", Place::description,
          "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' rid='q'/>",
          "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' rid='q'/>" },
        { "boolean with blanks", Place::description, "<encryption required=' true '/>",
          "<encryption required='1'/>" },
    }));
    base::Arena arena;
    CAPTURE(row.peer);

    const auto value = Jingle::from_element(*documents::parse(request(row.place, row.read), arena), arena);

    CAPTURE(value ? "" : value.error().what);
    REQUIRE(value);
    const auto* expected = documents::parse(request(row.place, row.written), arena);
    CHECK(documents::difference(*expected, *documents::parse(documents::written(*value), arena)) == "");
}

TEST_CASE("mend: packetization times on the description belong to each payload type (Movim)",
          "[jingle][mend]")
{
    base::Arena arena;
    const auto xml
        = "<jingle xmlns='urn:xmpp:jingle:1' action='description-info' sid='s'><content name='a'>"
          "<description xmlns='urn:xmpp:jingle:apps:rtp:1' ptime='20' maxptime='60'>"
          "<payload-type id='0'/><payload-type id='8' ptime='30'/></description></content></jingle>";
    const auto value = Jingle::from_element(*documents::parse(xml, arena), arena);
    REQUIRE(value);
    const auto* description = value->contents[0].rtp();
    CHECK(description->extra.attributes.empty());
    CHECK(description->payload_types[0].ptime == 20U);
    CHECK(description->payload_types[0].maxptime == 60U);
    CHECK(description->payload_types[1].ptime == 30U);
}

TEST_CASE("mend: a group may call its semantics type (old Jitsi)", "[jingle][mend]")
{
    base::Arena arena;
    const auto xml
        = "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s'>"
          "<group xmlns='urn:xmpp:jingle:apps:grouping:0' type='BUNDLE'><content name='a'/></group></jingle>";
    const auto value = Jingle::from_element(*documents::parse(xml, arena), arena);
    REQUIRE(value);
    CHECK(value->groups[0].semantics == "BUNDLE");
    CHECK(documents::written(*value).find("semantics='BUNDLE'") != std::string::npos);
}
