#include <iostream>

#include <catch2/catch.hpp>

#include "unit/jingle/translate/lines.hpp"
#include "unit/jingle/translate/support.hpp"

using namespace translate;
using jingle::Action;
using jingle::Role;
using jingle::TransportKind;

namespace {

struct Vector {
    const char* name;
    Action action = Action::session_initiate;
    TransportKind transport = TransportKind::ice_udp;
};

// The whole descriptions. An answer stands without its offer here, as its file does.
const std::vector<Vector> whole{
    { "01-audio-opus-offer" },
    { "02-audio-opus-answer", Action::session_accept },
    { "03-chrome-av-bundle-offer" },
    { "04-chrome-av-bundle-answer", Action::session_accept },
    { "05-firefox-av-offer" },
    { "07-datachannel-only" },
    { "08-datachannel-legacy-sctpmap" },
    { "09-sdes-legacy" },
    { "13-rejected-video-answer", Action::session_accept },
    { "14-ice-tcp", Action::session_initiate, TransportKind::ice },
    { "16-simulcast-rid" },
    { "18-session-level-everything" },
    { "20-fingerprints-several" },
    { "22-dtmf-red-cn" },
    { "23-static-pcmu-pcma-raw-udp" },
    { "24-video-recvonly-offer" },
    { "25-video-sendonly-answer", Action::session_accept },
    { "26-rtcp-fb-wildcard-trr-int" },
    { "28-mdns-ipv6-relay-candidates" },
    { "29-end-of-candidates-lite-ice2" },
    { "35-bandwidth-as-tias" },
    { "38-content-category-two-videos" },
    { "39-text-t140-rtt" },
    { "40-inactive-mline" },
    { "41-bundle-only" },
    { "43-h264-sprop-equals-signs" },
    { "44-zrtp-hash-legacy" },
    { "45-recycled-slot-offer" },
    { "47-gstreamer-webrtcbin-offer" },
    { "49-xml-specials-in-names" },
};

std::string file(const std::string& name, const std::string& ending)
{
    return documents::slurp(std::filesystem::path{ TEST_DATA } / "vectors" / (name + ending));
}

Role writer_of(Action action)
{
    return action == Action::session_accept ? Role::responder : Role::initiator;
}

/// The element of a file as a leg would write it: without the JIDs, which no SDP says.
xmpp::Element* expected(const std::string& name, base::Arena& arena)
{
    auto* element = documents::parse(file(name, ".jingle.xml"), arena);
    element->remove_attribute("initiator");
    element->remove_attribute("responder");
    number_candidates(*element, arena);
    return element;
}

}  // namespace

TEST_CASE("vector: the SDP becomes the XML", "[jingle][translate]")
{
    for (const auto& vector : whole) {
        CAPTURE(vector.name);
        Leg leg;
        const auto xml = leg.to_xml(file(vector.name, ".sdp"), vector.action, writer_of(vector.action),
                                    vector.transport);
        CAPTURE(xml);
        auto* got = documents::parse(xml, leg.arena);
        number_candidates(*got, leg.arena);
        CHECK(documents::difference(*expected(vector.name, leg.arena), *got) == "");
    }
}

TEST_CASE("vector: the XML becomes the SDP, and stays it", "[jingle][translate]")
{
    for (const auto& vector : whole) {
        CAPTURE(vector.name);
        const auto wanted = file(vector.name, ".sdp");
        const auto writer = writer_of(vector.action);
        // A rejected m-line of an offer is known to the slots of its leg only.
        const auto known_to_slots = std::string_view{ vector.name }.substr(0, 2) == "45";
        Leg from_xml;
        if (known_to_slots)
            from_xml.to_xml(wanted, vector.action, writer);
        const auto text = from_xml.to_text(file(vector.name, ".jingle.xml"), writer);
        CAPTURE(text);
        CHECK(joined(lines::lost(wanted, text)) == "");
        CHECK(joined(lines::gained(wanted, text)) == "");

        Leg second;
        const auto xml = second.to_xml(text, vector.action, writer, vector.transport);
        Leg fresh;
        CHECK((known_to_slots ? second : fresh).to_text(xml, writer) == text);
    }
    std::cout << "summary: vectors: " << whole.size() << " whole descriptions both ways\n";
}
