#include <catch2/catch.hpp>

#include "recorder.hpp"
#include "xmpp/ns.hpp"

using xmpp::Reader;
using xmpp::ReaderLimits;
using xmpp::StreamError;
using Events = std::vector<std::string>;

namespace {

const std::string open_event = "open <stream xmlns='http://etherx.jabber.org/streams' id='s1'/>";

/// What is told about the stanzas in `xml`, without the header's event.
Events read(std::string_view xml, ReaderLimits limits = {})
{
    Recorder recorder;
    Reader reader{ recorder, limits };
    REQUIRE(reader.feed(stream_header));
    REQUIRE(reader.feed(xml));
    REQUIRE(recorder.events.at(0) == open_event);
    return { recorder.events.begin() + 1, recorder.events.end() };
}

std::string in_component(std::string_view rest)
{
    const auto name_end = rest.find_first_of(" />");
    return std::string{ rest.substr(0, name_end) } + " xmlns='jabber:component:accept'"
        + std::string{ rest.substr(name_end) };
}

}  // namespace

TEST_CASE("reader: a stanza comes out as it went in", "[xmpp][reader]")
{
    const auto [xml, read_as] = GENERATE(table<std::string, std::string>({
        { "<iq id='1'/>", in_component("<iq id='1'/>") },
        { "<iq id='1'></iq>", in_component("<iq id='1'/>") },
        { " \n<iq/> junk &amp; <!-- -->", in_component("<iq/>") },
        { "<message xmlns='jabber:client'><body>x</body></message>",
          in_component("<message><body>x</body></message>") },
        { "<c:message xmlns:c='jabber:client'><c:body/></c:message>",
          in_component("<message><body/></message>") },
        { "<message><f xmlns='urn:f'><message xmlns='jabber:client'/></f></message>",
          in_component("<message><f xmlns='urn:f'><message xmlns='jabber:client'/></f></message>") },
        { "<message><p:a xmlns:p='urn:p' p:b='1' xml:lang='de'><c/></p:a></message>",
          in_component("<message><a xmlns='urn:p' xmlns:ns1='urn:p' ns1:b='1' xml:lang='de'>"
                       "<c xmlns='jabber:component:accept'/></a></message>") },
        { "<message><a xmlns=''/></message>", in_component("<message><a xmlns=''/></message>") },
        { "<message>a<b>c</b>d<e/>f</message>", in_component("<message>a<b>c</b>d<e/>f</message>") },
        { "<message><![CDATA[<&]]>]]&gt;&#x1F600;\u00e9</message>",
          in_component("<message>&lt;&amp;]]&gt;\U0001F600\u00e9</message>") },
        { "<message a='&#9;&#10;&#13;\t\n'>\r\n\r</message>",
          in_component("<message a='&#9;&#10;&#13;  '>&#10;&#10;</message>") },
    }));
    CAPTURE(xml);
    const auto events = read(xml.substr(0, xml.find("<!--")));
    CHECK(events == Events{ read_as });
}
