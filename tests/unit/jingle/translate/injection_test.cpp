#include <array>
#include <iostream>

#include <catch2/catch.hpp>

#include "unit/jingle/translate/lines.hpp"
#include "unit/jingle/translate/support.hpp"
#include "xmpp/ns.hpp"

using namespace translate;
using jingle::Action;
using jingle::Role;

namespace {

const char* const everything = R"(<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1'>
 <content creator='initiator' name='0'>
  <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>
   <payload-type id='111' name='opus' clockrate='48000' channels='2' ptime='20'>
    <parameter name='minptime' value='10'/><parameter name='' value='0-15'/>
    <rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='ccm' subtype='tmmbr'><parameter name='smaxpr' value='1'/></rtcp-fb>
   </payload-type>
   <rtcp-mux/><bandwidth type='AS'>64</bandwidth>
   <encryption><crypto tag='1' crypto-suite='AES' key-params='inline:x' session-params='KDR=1'/>
    <zrtp-hash xmlns='urn:xmpp:jingle:apps:rtp:zrtp:1' version='1.10'>abcd</zrtp-hash></encryption>
   <rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1' uri='urn:a'><parameter name='k' value='v'/></rtp-hdrext>
   <stream xmlns='urn:xmpp:jingle:apps:rtp:msid:0' id='s' track='t'/>
   <ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='FID'><source ssrc='1'/><source ssrc='2'/></ssrc-group>
   <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1'><parameter name='cname' value='c'/></source>
   <category xmlns='urn:xmpp:jingle:apps:category:0' name='speaker'/>
   <sdp xmlns='urn:carillon:sdp-carry:0'><a n='rid' v='q send'/><line t='i' v='title'/><m port='5000'/></sdp>
  </description>
  <transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='8hhY' pwd='asd88fgpdd777uzjYhagZg1x'>
   <fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1' setup='actpass'>52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8</fingerprint>
   <trickle xmlns='http://gultsch.de/xmpp/drafts/jingle/transports/ice-udp/option'/>
   <candidate component='1' foundation='1' generation='0' id='c1' ip='192.0.2.10' port='5000' priority='1' protocol='udp' rel-addr='192.0.2.1' rel-port='1' type='srflx'/>
   <sdp xmlns='urn:carillon:sdp-carry:0'><a n='tls-id' v='abc'/><cand id='c1'><x n='network-id' v='1'/></cand></sdp>
  </transport>
 </content>
 <group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content name='0'/></group>
 <sdp xmlns='urn:carillon:sdp-carry:0'><a n='msid-semantic' v='WMS'/><line t='s' v='title'/></sdp>
</jingle>)";

/// Calls `visit` with each attribute value of the tree, to be changed in place.
template <class Visit>
void for_each_value(xmpp::Element& element, Visit visit)
{
    for (auto& attribute : element.attributes)
        visit(attribute.value);
    if (element.text.find_first_not_of(" \n") != std::string_view::npos)
        visit(element.text);
    for (const auto& child : element.children())
        for_each_value(const_cast<xmpp::Element&>(child), visit);
}

std::size_t count_values(xmpp::Element& element)
{
    std::size_t count = 0;
    for_each_value(element, [&](std::string_view&) { ++count; });
    return count;
}

/// The text that comes out when the value number `index` has `attack` behind it; empty when it is refused.
std::string attacked(std::size_t index, const std::string& attack)
{
    base::Arena arena;
    auto* element = documents::parse(everything, arena);
    std::size_t at = 0;
    for_each_value(*element, [&](std::string_view& value) {
        if (at++ == index)
            value = arena.concat(value, attack);
    });
    const auto value = jingle::Jingle::from_element(*element, arena);
    if (!value)
        return {};
    jingle::Slots slots;
    const auto description
        = jingle::to_sdp(*value, { .slots = slots, .trust = jingle::Trust::trusted }, arena);
    if (!description)
        return {};
    const auto text = description->to_string();
    return text ? *text : std::string{};
}

}  // namespace

TEST_CASE("injection: no value of a request starts a line of SDP", "[jingle][translate]")
{
    const std::array<std::string, 7> line_ends{ "\r\n",         "\n",           "\r",  "\xC2\x85",
                                                "\xE2\x80\xA8", "\xE2\x80\xA9", "\x0B" };
    base::Arena arena;
    const auto values = count_values(*documents::parse(everything, arena));
    CHECK(values > 60);
    std::size_t passed = 0;
    for (const auto& line_end : line_ends) {
        for (std::size_t i = 0; i < values; ++i) {
            CAPTURE(i, line_end);
            const auto came_through
                = attacked(i, line_end + "a=injected:1").find("injected") != std::string::npos;
            CHECK_FALSE(came_through);
            passed += came_through ? 1 : 0;
        }
    }
    std::cout << "summary: injection: " << line_ends.size() << " line ends in each of " << values
              << " values of XML, " << passed << " passed\n";
}

TEST_CASE("injection: values that are built, not read, are refused as well", "[jingle][translate]")
{
    using J = jingle::Jingle;
    struct Row {
        const char* what;
        void (*spoil)(J&);
    };
    const auto row = GENERATE(values<Row>({
        { "name", [](J& j) { j.contents[0].rtp()->payload_types[0].name = "opus/1\r\na=x"; } },
        { "codec with a slash", [](J& j) { j.contents[0].rtp()->payload_types[0].name = "opus/48000"; } },
        { "parameter name", [](J& j) { j.contents[0].rtp()->payload_types[0].parameters[0].name = "a\n"; } },
        { "';' in a value",
          [](J& j) { j.contents[0].rtp()->payload_types[0].parameters[0].value = "1;apt=96"; } },
        { "'=' in a name", [](J& j) { j.contents[0].rtp()->payload_types[0].parameters[0].name = "a=b"; } },
        { "rtcp-fb",
          [](J& j) { j.contents[0].rtp()->payload_types[0].feedback.messages[0].type = "ccm fir"; } },
        { "uri", [](J& j) { j.contents[0].rtp()->header_extensions[0].uri = "urn:a b"; } },
        { "source", [](J& j) { j.contents[0].rtp()->sources[0].parameters[0].value = "c\r\na=x"; } },
        { "source parameter with a colon",
          [](J& j) { j.contents[0].rtp()->sources[0].parameters[0].name = "a:b"; } },
        { "stream", [](J& j) { j.contents[0].rtp()->streams[0].id = "a b"; } },
        { "category", [](J& j) { j.contents[0].rtp()->categories[0] = "a,b c"; } },
        { "semantics", [](J& j) { j.groups[0].semantics = "BUNDLE 7"; } },
        { "ufrag", [](J& j) { j.contents[0].ice()->ufrag = "8hh Y"; } },
        { "pwd", [](J& j) { j.contents[0].ice()->pwd = "asd88fgpdd777uzjYhagZg1x\r\na=x"; } },
        { "hash", [](J& j) { j.contents[0].ice()->fingerprints[0].hash = "sha-1 "; } },
        { "fingerprint", [](J& j) { j.contents[0].ice()->fingerprints[0].value = "52:2B\r\na=x"; } },
        { "candidate", [](J& j) { j.contents[0].ice()->candidates[0].ip = "192.0.2.1\r\na=x"; } },
        { "crypto", [](J& j) { j.contents[0].rtp()->encryption->cryptos[0].key_params = "a b"; } },
    }));
    CAPTURE(row.what);
    base::Arena arena;
    auto value = read_jingle(everything, arena);
    jingle::Slots slots;
    const auto how = jingle::ToSdp{ .slots = slots, .trust = jingle::Trust::trusted };
    REQUIRE(jingle::to_sdp(value, how, arena));
    jingle::Slots fresh;
    row.spoil(value);
    const auto result = jingle::to_sdp(value, { .slots = fresh, .trust = jingle::Trust::trusted }, arena);
    REQUIRE_FALSE(result);
    CHECK((result.error().code == base::Errc::forbidden || result.error().code == base::Errc::malformed));
    CHECK(fresh.empty());  // nothing is half translated
}

TEST_CASE("injection: the carry holds nothing that has a place in Jingle", "[jingle][translate]")
{
    const std::string name
        = GENERATE("candidate", "ice-ufrag", "ice-pwd", "fingerprint", "setup", "crypto", "fmtp", "rtcp-fb",
                   "extmap", "ssrc", "ssrc-group", "group", "mid", "sendonly", "rtcp-mux", "sctp-port",
                   "CANDIDATE", "msid", "end-of-candidates", "remote-candidates");
    CAPTURE(name);
    Leg leg;
    std::string xml{ everything };
    xml.replace(xml.find("n='rid' v='q send'"), std::string_view{ "n='rid' v='q send'" }.size(),
                "n='" + name + "' v='carried 1'");
    const auto text = leg.to_text(xml, Role::initiator);
    CHECK(text.find("carried") == std::string::npos);
    CHECK(std::any_of(leg.notes.begin(), leg.notes.end(),
                      [](const auto& note) { return note.loss == jingle::Loss::carried_denied; }));
}

TEST_CASE("injection: of a stranger's carry only the listed names come out", "[jingle][translate]")
{
    Leg trusted;
    const auto all = trusted.to_text(everything, Role::initiator);
    CHECK(all.find("i=title\r\n") != std::string::npos);
    CHECK(all.find("m=audio 5000 ") != std::string::npos);

    Leg leg;
    const auto text = leg.to_text(everything, Role::initiator, jingle::Trust::untrusted);
    CHECK(text.find("a=rid:q send\r\n") != std::string::npos);
    CHECK(text.find("network-id 1") != std::string::npos);
    CHECK(text.find("title") == std::string::npos);
    CHECK(text.find("m=audio 9 ") != std::string::npos);
}

TEST_CASE("injection: a control character in a carry is refused wherever it stands", "[jingle][translate]")
{
    struct Row {
        const char* what;
        std::string old;
        std::string now;
    };
    const auto attack = GENERATE(as<std::string>{}, "&#13;&#10;a=injected:1", "&#10;a=injected:1", "&#13;x",
                                 "&#9;x", "&#127;x");
    const auto row = GENERATE_COPY(values<Row>({
        { "name", "n='rid'", "n='rid" + attack + "'" },
        { "value", "v='q send'", "v='q send" + attack + "'" },
        { "line", "v='title'", "v='title" + attack + "'" },
        { "port", "port='5000'", "port='5000" + attack + "'" },
        { "candidate extension", "n='network-id'", "n='network-id" + attack + "'" },
    }));
    const auto trust = GENERATE(jingle::Trust::trusted, jingle::Trust::untrusted);
    CAPTURE(row.what, attack);
    std::string xml{ everything };
    const auto at = xml.find(row.old);
    REQUIRE(at != std::string::npos);
    xml.replace(at, row.old.size(), row.now);
    base::Arena arena;
    jingle::Slots slots;
    const auto value = jingle::Jingle::from_element(*documents::parse(xml, arena), arena);
    if (value)
        CHECK_FALSE(jingle::to_sdp(*value, { .slots = slots, .trust = trust }, arena));
}
