#include <catch2/catch.hpp>

#include "xmpp/document.hpp"
#include "xmpp/writer.hpp"

using xmpp::Pretty;

TEST_CASE("plain scanner: what programs write is read without expat, as expat reads it", "[xmpp][plain]")
{
    const std::string xml = GENERATE(
        as<std::string>{}, "<a/>", " \n<a></a>\n", "<a b='1' c=\"2\"/>", "<a b='1' />",
        "<a\n\tb='\"]]>' c=\"'\">xy</a>", "<a b='&lt;&gt;&amp;&quot;&apos;&amp;lt;'/>",
        "<a>1 &lt; 2 &amp;amp; '\"</a>", "<a xmlns='urn:a'><b xmlns='urn:b' c='d'/>text<e/>tail</a>",
        "<p:a xmlns:p='urn:p' xmlns:q='urn:p' p:b='1' b='2'><p:c/> <d/></p:a>", "<a>\n <b> </b>\n</a>",
        "<a xml:lang='en'/>", "<a b='\xC3\xA9&amp;\xF0\x9F\x93\x9E'>\xE2\x82\xAC &lt; \xC3\xA9</a>");
    const auto pretty = GENERATE(Pretty::no, Pretty::yes);
    CAPTURE(xml);
    base::Arena arena;

    const auto* const plain = xmpp::read_plain(xml, arena, pretty);

    const auto expat = xmpp::read_with_expat(xml, arena, pretty);
    REQUIRE(expat.has_value());
    REQUIRE(plain != nullptr);
    CHECK(equal(*plain, **expat));
}

TEST_CASE("plain scanner: everything else is left to expat", "[xmpp][plain]")
{
    using namespace std::string_literals;
    const std::string xml = GENERATE(
        ""s, " "s, "a"s, "<"s, "<a"s, "<a>"s, "<a b"s, "<a b="s, "<a b='"s, "<a b='1'"s, "</a>"s, "<a></b>"s,
        "<a/>x"s, "<a/><b/>"s, "<a><b></a></b>"s, "<a>]]></a>"s, "<a>]</a>"s, "<a b='<'/>"s, "<a b=1/>"s,
        "<a b='1\"/>"s, "<a b='1'c='2'/>"s, "<a b='1' b='1'/>"s, "<a b = '1'/>"s, "< a/>"s, "<a></a >"s,
        "<a / >"s, "<1/>"s, "<:a/>"s, "<p:a/>"s, "<a p:b='1'/>"s, "<a xmlns:p=''/>"s,
        "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='1'/>"s, "<a>&b;</a>"s, "<a>&amp</a>"s, "<a>&#10;</a>"s,
        "<a b='&#x41;'/>"s, "<a b='\n'/>"s, "<a b='\t'/>"s, "<a>\r\n</a>"s, "<a>\x01</a>"s, "<a>\0</a>"s,
        "<a b='\0'/>"s, "<a/>\0"s, "<a>\x7F</a>"s, "<a>\xC3</a>"s, "<a>\xFF</a>"s, "<a b='\xC3'/>"s,
        "<a>\xEF\xBF\xBE</a>"s, "<a>\xED\xA0\x80</a>"s, "<\xC3\xA9/>"s, "\xEF\xBB\xBF<a/>"s,
        "<?xml version='1.0'?><a/>"s, "<!-- b --><a/>"s, "<a><!-- b --></a>"s, "<a><![CDATA[b]]></a>"s,
        "<a><?b c?></a>"s, "<!DOCTYPE a><a/>"s, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"s);
    CAPTURE(xml);
    base::Arena arena;
    CHECK(xmpp::read_plain(xml, arena, Pretty::yes) == nullptr);
}

TEST_CASE("plain scanner: what is over a limit is left to expat", "[xmpp][plain]")
{
    const xmpp::ReaderLimits limits{ .max_depth = 2, .max_attributes = 2, .max_value_bytes = 4 };
    base::Arena arena;
    CHECK(xmpp::read_plain("<a b='1234' c='2'><b/></a>", arena, Pretty::no, limits) != nullptr);
    CHECK(xmpp::read_plain("<a><b><c/></b></a>", arena, Pretty::no, limits) == nullptr);
    CHECK(xmpp::read_plain("<a b='1' c='2' d='3'/>", arena, Pretty::no, limits) == nullptr);
    CHECK(xmpp::read_plain("<a b='12345'/>", arena, Pretty::no, limits) == nullptr);

    std::string wide = "<a";
    for (int i = 0; i < 100; ++i)
        wide += " b" + std::to_string(i) + "=''";
    CHECK(xmpp::read_plain(wide + "/>", arena, Pretty::no, { .max_attributes = 1000 }) == nullptr);
    CHECK(xmpp::read_with_expat(wide + "/>", arena, Pretty::no, { .max_attributes = 1000 }).has_value());
}
