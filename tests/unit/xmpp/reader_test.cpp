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

namespace {

/// Awkward at every byte: multi-byte characters, references, CDATA, prefixes, quotes inside quotes, blanks
/// between stanzas.
const std::string awkward
    = std::string{ stream_header } + R"( <iq xml:lang="é" id='"&apos;&#x1F600;&gt;>'><p:q xmlns:p='urn:p'
 p:a='ü€😀' a = "1"><b xmlns="urn:b"/>t&amp;é<![CDATA[</iq>]] ]]>€</p:q > </iq>
<message/><message><body>&lt;&#10;
</body></message></stream:stream>)";

const Events awkward_events{
    open_event,
    in_component(
        "<iq xml:lang='é' id='&quot;&apos;😀&gt;&gt;'><q xmlns='urn:p' xmlns:ns1='urn:p' ns1:a='ü€😀' a='1'>"
        "<b xmlns='urn:b'/>t&amp;é&lt;/iq&gt;]] €</q> </iq>"),
    in_component("<message/>"),
    in_component("<message><body>&lt;&#10;&#10;</body></message>"),
    "close",
};

}  // namespace

TEST_CASE("reader: a stream may be cut anywhere", "[xmpp][reader]")
{
    for (std::size_t cut = 0; cut <= awkward.size(); ++cut) {
        Recorder recorder;
        Reader reader{ recorder };
        REQUIRE(reader.feed(awkward.substr(0, cut)));
        REQUIRE(reader.feed(awkward.substr(cut)));
        REQUIRE(recorder.events == awkward_events);
    }
    Recorder recorder;
    Reader reader{ recorder };
    for (const char byte : awkward)
        REQUIRE(reader.feed({ &byte, 1 }));
    CHECK(recorder.events == awkward_events);
}

TEST_CASE("reader: a stanza is told as soon as its last byte is there", "[xmpp][reader]")
{
    const std::string stanza = "<iq id='1'><ping xmlns='urn:xmpp:ping'/></iq>";
    for (std::size_t cut = 1; cut < stanza.size(); ++cut) {
        Recorder recorder;
        Reader reader{ recorder };
        REQUIRE(reader.feed(stream_header));
        REQUIRE(reader.feed(stanza.substr(0, cut)));
        REQUIRE(recorder.events.size() == 1);
        REQUIRE(reader.feed(stanza.substr(cut)));
        REQUIRE(recorder.events.size() == 2);
    }
}

TEST_CASE("reader: what breaks the stream", "[xmpp][reader]")
{
    const auto [xml, error] = GENERATE(table<std::string, StreamError>({
        { "<a></b>", StreamError::not_well_formed },
        { "<a", StreamError{} },  // Not yet.
        { "<a b=c/>", StreamError::not_well_formed },
        { "<a b='1' b='2'/>", StreamError::not_well_formed },
        { "<a b='<'/>", StreamError::not_well_formed },
        { "<a>&nbsp;</a>", StreamError::not_well_formed },
        { "<a b='&nbsp;'/>", StreamError::not_well_formed },
        { "<a>&#1;</a>", StreamError::not_well_formed },
        { "<a>&#xD800;</a>", StreamError::not_well_formed },
        { "<a>\x01</a>", StreamError::not_well_formed },
        { std::string{ "<a>\0</a>", 8 }, StreamError::not_well_formed },
        { "<a>\xff</a>", StreamError::not_well_formed },
        { "<a>\xc0\xaf</a>", StreamError::not_well_formed },
        { "<a>\xed\xa0\x80</a>", StreamError::not_well_formed },
        { "<a>\xef\xbf\xbf</a>", StreamError::not_well_formed },
        { "<a>]]></a>", StreamError::not_well_formed },
        { "<p:a/>", StreamError::not_well_formed },
        { "<a p:b='1'/>", StreamError::not_well_formed },
        { "<a><b xmlns:p='urn:p'/><p:c/></a>", StreamError::not_well_formed },
        { "<a xmlns:p=''/>", StreamError::not_well_formed },
        { "<a xmlns:='urn:p'/>", StreamError::not_well_formed },
        { "<a xmlns:p:q='urn:p'/>", StreamError::not_well_formed },
        { "<a xmlns:xmlns='urn:p'/>", StreamError::not_well_formed },
        { "<a xmlns:xml='urn:p'/>", StreamError::not_well_formed },
        { "<a xmlns='http://www.w3.org/XML/1998/namespace'/>", StreamError::not_well_formed },
        { "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>", StreamError::not_well_formed },
        { "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>", StreamError::not_well_formed },
        { "<xmlns:a/>", StreamError::not_well_formed },
        { "<p:a:b xmlns:p='urn:p'/>", StreamError::not_well_formed },
        { "<p: xmlns:p='urn:p'/>", StreamError::not_well_formed },
        { "<:p/>", StreamError::not_well_formed },
        { "<p:1 xmlns:p='urn:p'/>", StreamError::not_well_formed },
        { "<a p:-='' xmlns:p='urn:p'/>", StreamError::not_well_formed },
        { "<a p:x='1' q:x='2' xmlns:p='urn:p' xmlns:q='urn:p'/>", StreamError::not_well_formed },
        { "<!-- x -->", StreamError::restricted_xml },
        { "<a><!-- x --></a>", StreamError::restricted_xml },
        { "<a><?php x?></a>", StreamError::restricted_xml },
        { "<?xml version='1.0'?>", StreamError::not_well_formed },
        { "<!DOCTYPE a>", StreamError::not_well_formed },
    }));
    CAPTURE(xml);
    Recorder recorder;
    Reader reader{ recorder };
    REQUIRE(reader.feed(stream_header));
    if (xml == "<a") {
        CHECK(reader.feed(xml));
        return;
    }
    CHECK_FALSE(reader.feed(xml));
    CHECK(reader.error() == error);
    CHECK_FALSE(reader.feed("<iq/>"));
    CHECK(recorder.events == Events{ open_event });

    reader.reset();
    CHECK(reader.feed(stream_header));
    CHECK(reader.feed("<iq/>"));
    CHECK(recorder.events.size() == 3);
}

TEST_CASE("reader: what may not stand before the stream", "[xmpp][reader]")
{
    const auto [xml, error] = GENERATE(table<std::string, StreamError>({
        { "<!DOCTYPE a [<!ENTITY b 'c'>]>", StreamError::restricted_xml },
        { "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>", StreamError::restricted_xml },
        { "<?php x?>", StreamError::restricted_xml },
        { "<!-- x -->", StreamError::restricted_xml },
        { " <?xml version='1.0'?>", StreamError::not_well_formed },
        { "text <", StreamError::not_well_formed },
        { "\xff\xfe<\0", StreamError::not_well_formed },
        { std::string{ "<\0s\0", 4 }, StreamError::not_well_formed },
        { std::string{ "\0<\0s", 4 }, StreamError::not_well_formed },
        { "<p:stream>", StreamError::not_well_formed },
        { "<stream " + std::string(33, ' ') + "a='" + std::string(65537, 'x') + "'>",
          StreamError::policy_violation },
    }));
    CAPTURE(xml.substr(0, 80));
    Recorder recorder;
    Reader reader{ recorder };
    CHECK_FALSE(reader.feed(xml));
    CHECK(reader.error() == error);
    CHECK(recorder.events.empty());
}

TEST_CASE("reader: a header may declare UTF-8 or another encoding, and is read as UTF-8", "[xmpp][reader]")
{
    const auto declaration
        = GENERATE(as<std::string>{}, "", "\xef\xbb\xbf", "<?xml version='1.0' encoding='UTF-8'?>",
                   "<?xml version='1.0' encoding='ISO-8859-1'?>", "\n ");
    Recorder recorder;
    Reader reader{ recorder };
    CHECK(reader.feed(declaration + "<s><message>\u00e9</message>"));
    CHECK(recorder.events == Events{ "open <s/>", "<message>\u00e9</message>" });
}

TEST_CASE("reader: nothing is read after the stream's end", "[xmpp][reader]")
{
    const auto rest = GENERATE(as<std::string>{}, "", " ", "<iq/>", "<!-- -->");
    Recorder recorder;
    Reader reader{ recorder };
    CHECK(reader.feed(std::string{ stream_header } + "</stream:stream>" + rest));
    CHECK(reader.feed("garbage"));
    CHECK(recorder.events == Events{ open_event, "close" });
}

TEST_CASE("reader: a stream in jabber:client is read the same", "[xmpp][reader]")
{
    Recorder recorder;
    Reader reader{ recorder };
    CHECK(reader.feed("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
                      "<iq><a/></iq><stream:error><b/></stream:error>"));
    CHECK(recorder.events.at(1) == in_component("<iq><a/></iq>"));
    CHECK(recorder.events.at(2)
          == "<error xmlns='http://etherx.jabber.org/streams'><b xmlns='jabber:component:accept'/></error>");
}

namespace {

std::string repeat(std::size_t count, std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += text;
    return out;
}

std::string attributes(std::size_t count, std::string_view prefix = "a")
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += " " + std::string{ prefix } + std::to_string(i) + "=''";
    return out;
}

std::string declarations(std::size_t count)
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += " xmlns:p" + std::to_string(i) + "='urn:p'";
    return out;
}

constexpr ReaderLimits small{
    .max_stanza_bytes = 400, .max_kept_bytes = 200, .max_depth = 3, .max_attributes = 4, .max_value_bytes = 40
};

}  // namespace

TEST_CASE("reader: a stanza at a limit is read and one above it is skipped", "[xmpp][reader]")
{
    const auto [xml, told] = GENERATE(table<std::string, std::string>({
        { "<a><b><c/></b></a>", in_component("<a><b><c/></b></a>") },
        { "<a id='1'><b><c><d/></c></b>x</a>",
          "skipped " + in_component("<a id='1'/>") + ": elements too deep" },
        { "<a" + attributes(4) + "/>", in_component("<a" + attributes(4) + "/>") },
        { "<a" + attributes(5) + " id='1'/>",
          "skipped " + in_component("<a" + attributes(4) + " id='1'/>") + ": too many attributes" },
        { "<a id='1'><b" + attributes(5) + "/></a>",
          "skipped " + in_component("<a id='1'/>") + ": too many attributes" },
        { "<a" + declarations(5) + "/>", in_component("<a/>") },
        { "<a id='1'" + declarations(6) + "/>",
          "skipped " + in_component("<a id='1'/>") + ": too many attributes" },
        { "<a b='" + repeat(40, "x") + "'/>", in_component("<a b='" + repeat(40, "x") + "'/>") },
        { "<a b='" + repeat(41, "x") + "' id='1'/>",
          "skipped " + in_component("<a id='1'/>") + ": attribute value too long" },
        { "<a id='1'><b c='" + repeat(41, "x") + "'/></a>",
          "skipped " + in_component("<a id='1'/>") + ": attribute value too long" },
        { "<a id='1'><p:b xmlns:p='" + repeat(41, "x") + "' p:c='1'/></a>",
          "skipped " + in_component("<a id='1'/>") + ": attribute value too long" },
        { "<a>" + repeat(193, "x") + "</a>", in_component("<a>" + repeat(193, "x") + "</a>") },
        { "<a>" + repeat(194, "x") + "</a>", "skipped " + in_component("<a/>") + ": too long" },
        { "<a>" + repeat(384, "x") + "</a>", "skipped " + in_component("<a/>") + ": too long" },
        { "<a id='1'><b" + attributes(5) + "/>" + repeat(200, "x") + "</a>",
          "skipped " + in_component("<a id='1'/>") + ": too long" },
        { "<a id='1'><p:\u00e9 xmlns:p='urn:p'/></a>",
          "skipped " + in_component("<a id='1'/>") + ": name beyond ASCII behind a prefix" },
        { "<a id='1'><b p:\u00e9='' xmlns:p='urn:p'/></a>",
          "skipped " + in_component("<a id='1'/>") + ": name beyond ASCII behind a prefix" },
        { "<\u00e9 \u00e9='1'/>", in_component("<\u00e9 \u00e9='1'/>") },
    }));
    CAPTURE(xml);
    const auto stanzas = xml + "<iq>" + xml + "</iq>" + xml + "<iq><b/></iq>";
    const Events expected{ told, read("<iq>" + xml + "</iq>", small).at(0), told,
                           in_component("<iq><b/></iq>") };

    CHECK(read(stanzas, small) == expected);

    // The same, however it is cut.
    Recorder recorder;
    Reader reader{ recorder, small };
    REQUIRE(reader.feed(stream_header));
    for (const char byte : stanzas)
        REQUIRE(reader.feed({ &byte, 1 }));
    CHECK(recorder.events == [&] {
        auto all = expected;
        all.insert(all.begin(), open_event);
        return all;
    }());
}

TEST_CASE("reader: a stanza that is too long by far ends the stream", "[xmpp][reader]")
{
    const auto xml
        = GENERATE(as<std::string>{}, "<a>" + repeat(394, "x") + "</a>", "<a b='" + repeat(400, "x"),
                   "<a>" + repeat(100, "<b/>"), "<a>" + repeat(400, " "), "<" + repeat(400, "a"));
    const auto step = GENERATE(1U, 7U, 1000U);
    CAPTURE(xml, step);
    Recorder recorder;
    Reader reader{ recorder, small };
    REQUIRE(reader.feed(stream_header));

    auto is_open = true;
    std::size_t fed = 0;
    for (; is_open && fed < xml.size(); fed += step)
        is_open = reader.feed(std::string_view{ xml }.substr(fed, step));

    CHECK_FALSE(is_open);
    CHECK(reader.error() == StreamError::policy_violation);
    CHECK(recorder.events == Events{ open_event });
}

TEST_CASE("reader: blanks between stanzas have no limit", "[xmpp][reader]")
{
    CHECK(read(repeat(1000, " ") + "<a/>" + repeat(1000, "\n") + "<b/>", small).size() == 2);
}

TEST_CASE("reader: a stream goes on from one way of reading to the other", "[xmpp][reader]")
{
    Recorder recorder;
    Reader reader{ recorder };
    REQUIRE(reader.feed(stream_header));
    const auto body = repeat(1000, "x");
    std::string all;
    Events expected{ open_event };
    for (int i = 0; i < 5000; ++i) {
        const auto id = std::to_string(i);
        const auto* const written = i % 5 == 0 ? "&#x41;" : i % 7 == 0 ? "<![CDATA[A]]>" : "A";
        all += "<message id='" + id + "'>" + written + body + "\u00e9</message>" + (i % 3 == 0 ? " " : "")
            + "<n" + id + "/>";
        expected.push_back(in_component("<message id='" + id + "'>A" + body + "\u00e9</message>"));
        expected.push_back(in_component("<n" + id + "/>"));
    }
    const auto step = GENERATE(std::size_t{ 997 }, std::size_t{ 100000 }, std::size_t{ 1 } << 30U);
    for (std::size_t at = 0; at < all.size(); at += step)
        REQUIRE(reader.feed(std::string_view{ all }.substr(at, step)));
    REQUIRE(reader.feed("</stream:stream>"));
    expected.emplace_back("close");
    CHECK((recorder.events == expected));
}

TEST_CASE("reader: default limits hold what calls need", "[xmpp][reader]")
{
    CHECK(read("<a>" + repeat(15, "<b>") + repeat(15, "</b>") + "</a>").at(0).find("skipped")
          == std::string::npos);
    CHECK(read("<a>" + repeat(16, "<b>") + repeat(16, "</b>") + "</a>").at(0).find("too deep")
          != std::string::npos);
    CHECK(read("<a>" + repeat(5000, "<b>") + repeat(5000, "</b>") + "</a>").at(0).find("too deep")
          != std::string::npos);
    CHECK(read("<a>" + repeat(60000, "&lt;") + "</a>").at(0).find("skipped") == std::string::npos);
    CHECK(read("<a b='" + repeat(65536, "x") + "'/>").at(0).find("skipped") == std::string::npos);
    CHECK(read("<a>" + repeat(256 * 1024, "x") + "</a>").at(0).find("too long") != std::string::npos);
}
