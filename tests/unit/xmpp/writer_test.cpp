#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "parse.hpp"
#include "recorder.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/writer.hpp"

using xmpp::Element;
using xmpp::Writer;
namespace ns = xmpp::ns;

TEST_CASE("writer: a namespace is declared where it changes", "[xmpp][writer]")
{
    std::string out;
    Writer writer{ out, ns::component };

    writer.open("iq").attribute("id", "1").attribute("n", 7U);
    writer.open("ping", ns::ping).close();
    writer.open("a", "urn:a").open("b").text("x").close().open("c", ns::component).close().close();
    writer.close();

    CHECK(out
          == "<iq id='1' n='7'><ping xmlns='urn:xmpp:ping'/>"
             "<a xmlns='urn:a'><b>x</b><c xmlns='jabber:component:accept'/></a></iq>");
}

TEST_CASE("writer: elements and ready text fit between what is opened and closed", "[xmpp][writer]")
{
    base::Arena arena;
    auto& element = parse("<a xmlns='urn:a' xml:lang='de'><b xmlns=''/>t</a>", arena, xmpp::Pretty::no);
    std::string out = "before ";
    Writer writer{ out, "urn:s" };

    writer.open("s", "urn:s").element(element).raw("<r/>").text("").close();
    writer.open("t").attributes(element.attributes).text("&").close();
    writer.open("u", "urn:a").element(element).close();

    CHECK(out
          == "before <s><a xmlns='urn:a' xml:lang='de'><b xmlns=''/>t</a><r/></s>"
             "<t xml:lang='de'>&amp;</t>"
             "<u xmlns='urn:a'><a xml:lang='de'><b xmlns=''/>t</a></u>");
}

TEST_CASE("writer: every special character becomes a reference", "[xmpp][writer]")
{
    std::string out;
    xmpp::append_escaped(out, "a&<>\"'\t\n\r\u00e9 z");
    CHECK(out == "a&amp;&lt;&gt;&quot;&apos;&#9;&#10;&#13;\u00e9 z");

    const std::string many(1000, '&');
    out.clear();
    xmpp::append_escaped(out, many);
    CHECK(out.size() == 5 * many.size());
}

TEST_CASE("writer: a special character is found wherever it stands", "[xmpp][writer]")
{
    constexpr std::string_view special = "&<>\"'\t\n\r";
    constexpr std::string_view neighbours = "(;=?~ \x7F\xC3\xBC\xFF%";
    const auto length = GENERATE(range(1, 24));
    for (std::size_t at = 0; at < static_cast<std::size_t>(length); ++at)
        for (const char c : special)
            for (const char neighbour : neighbours) {
                std::string text(static_cast<std::size_t>(length), neighbour);
                text[at] = c;
                std::string reference;
                xmpp::append_escaped(reference, { &c, 1 });
                std::string out;
                Writer{ out, {} }.open("a").attribute("b", text).close();
                REQUIRE(out == "<a b='" + text.substr(0, at) + reference + text.substr(at + 1) + "'/>");
            }
}

TEST_CASE("writer: the buffer fits whenever nothing is open", "[xmpp][writer]")
{
    std::string out = "<";
    Writer first{ out, {} };
    first.open("a").attribute("b", std::string(1000, '\'')).close();
    CHECK(out == "<<a b='" + [] {
        std::string quotes;
        for (int i = 0; i < 1000; ++i)
            quotes += "&apos;";
        return quotes;
    }() + "'/>");

    out = "1";
    Writer second{ out, {} };
    second.open("c").text("d").close();
    CHECK(out == "1<c>d</c>");
    out += "2";
    first.raw("<e/>").open("f").close().text("g");
    CHECK(out == "1<c>d</c>2<e/><f/>g");
}

TEST_CASE("writer: numbers are plain decimals", "[xmpp][writer]")
{
    std::string out;
    Writer{ out, {} }.open("a").attribute("b", 0U).attribute("c", ~0ULL).close();
    CHECK(out == "<a b='0' c='18446744073709551615'/>");
}

TEST_CASE("text: only UTF-8 of characters that XML allows", "[xmpp][text]")
{
    const auto [text, is_text] = GENERATE(table<std::string, bool>({
        { "", true },
        { "a\t\n\r ~\x7f", true },
        { "\u0080\u07ff\u0800\ud7ff\ue000\ufffd\U00010000\U0010ffff", true },
        { std::string(1, '\0'), false },
        { "\x01", false },
        { "\x0b", false },
        { "\x1f", false },
        { "a\x80", false },
        { "\xbf", false },
        { "\xc0\x80", false },
        { "\xc1\xbf", false },
        { "\xc2", false },
        { "\xc2"
          "a",
          false },
        { "\xe0\x9f\xbf", false },
        { "\xe2\x82", false },
        { "\xe2\x82z", false },
        { "\xed\xa0\x80", false },
        { "\xed\xbf\xbf", false },
        { "\xef\xbf\xbe", false },
        { "\xef\xbf\xbf", false },
        { "\xf0\x8f\xbf\xbf", false },
        { "\xf0\x9f\x98", false },
        { "\xf4\x90\x80\x80", false },
        { "\xf5\x80\x80\x80", false },
        { "\xff", false },
        { "\xfe", false },
    }));
    CAPTURE(text);
    CHECK(xmpp::is_xml_text(text) == is_text);
    CHECK(xmpp::is_xml_text("ab" + text + "c") == is_text);
}

namespace {

/// Texts that want to be something else.
rc::Gen<std::string> nasty_text()
{
    const auto piece = rc::gen::element<std::string>(
        "&", "<", ">", "\"", "'", "\t", "\n", "\r", "\r\n", " ", "]]>", "<![CDATA[", "&amp;", "\u00e9",
        "\U0001F600", "\u0085", "\u2028", "\ue000", "\x7f", "x", "</a>", "xmlns");
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                        [](const std::vector<std::string>& pieces) {
                            std::string out;
                            for (const auto& p : pieces)
                                out += p;
                            return out;
                        });
}

std::string_view any_namespace()
{
    static const std::vector<std::string_view> namespaces{ ns::component,  ns::client, ns::jingle, ns::rtp,
                                                           "urn:x&'\"<\t", "",         "urn:y" };
    return *rc::gen::elementOf(namespaces);
}

/// A tree whose texts live in the arena.
Element* any_element(base::Arena& arena, int depth)
{
    auto* element = Element::create(arena, *rc::gen::element<std::string_view>("a", "b-c", "_d.1", "\u00e9"),
                                    any_namespace());
    element->text = arena.copy(*nasty_text());
    const auto attributes = *rc::gen::inRange(0, 6);
    for (int i = 0; i < attributes; ++i) {
        auto attribute_ns = any_namespace();
        const auto name = *rc::gen::element<std::string_view>("a", "lang", "xmlns1", "_x");
        if (*rc::gen::inRange(0, 5) == 0)
            attribute_ns = ns::xml;
        const auto is_there
            = std::any_of(element->attributes.begin(), element->attributes.end(),
                          [&](const auto& a) { return a.name == name && a.ns == attribute_ns; });
        if (!is_there)
            element->attributes.push_back(arena, { name, arena.copy(*nasty_text()), attribute_ns });
    }
    const auto children = depth == 0 ? 0 : *rc::gen::inRange(0, 4);
    for (int i = 0; i < children; ++i)
        element->append(any_element(arena, depth - 1)).tail = arena.copy(*nasty_text());
    return element;
}

/// Compares the stanza that comes with one that is expected.
class Comparer final : public xmpp::StreamHandler {
public:
    explicit Comparer(const Element& expected)
        : expected_{ expected }
    {
    }
    int equal_stanzas = 0;
    void on_stream_open(const Element&) override { }
    void on_stanza(Element& stanza) override { equal_stanzas += equal(stanza, expected_) ? 1 : 0; }
    void on_skipped(const Element&, xmpp::SkipReason) override { }
    void on_stream_close() override { }

private:
    const Element& expected_;
};

}  // namespace

TEST_CASE("writer: what is written and read again is equal", "[xmpp][writer][reader]")
{
    const auto holds = rc::check([] {
        base::Arena arena;
        const auto* element = any_element(arena, 3);

        const auto again = xmpp::parse_document(xmpp::to_string(*element), arena);

        RC_ASSERT(again.has_value());
        RC_ASSERT(equal(**again, *element));
        RC_ASSERT(equal(*clone(*element, arena), *element));
    });
    CHECK(holds);
}

TEST_CASE("writer: what is written into a stream and read again is equal", "[xmpp][writer][reader]")
{
    const auto holds = rc::check([] {
        base::Arena arena;
        auto* element = any_element(arena, 3);
        if (element->ns == ns::client)
            element->ns = ns::component;
        std::string xml{ stream_header };
        Writer{ xml, ns::component }.element(*element).element(*element);
        Comparer comparer{ *element };
        xmpp::Reader reader{ comparer };

        const auto cut = *rc::gen::inRange<std::size_t>(0, xml.size());
        RC_ASSERT(reader.feed(std::string_view{ xml }.substr(0, cut)));
        RC_ASSERT(reader.feed(std::string_view{ xml }.substr(cut)));
        RC_ASSERT(comparer.equal_stanzas == 2);
    });
    CHECK(holds);
}

TEST_CASE("writer: a text of any length comes out whole, in a new string and in one with room",
          "[xmpp][writer]")
{
    const auto count = GENERATE(1U, 20U, 100U, 5000U);
    std::string expected = "<a>";
    for (unsigned i = 0; i < count; ++i)
        expected.append("<b c='").append(std::to_string(i)).append("'>&lt;</b>");
    expected += "</a>";
    const auto write = [count](std::string& out) {
        Writer writer{ out, {} };
        writer.open("a");
        for (unsigned i = 0; i < count; ++i)
            writer.open("b").attribute("c", i).text("<").close();
        writer.close();
    };

    std::string out;
    write(out);
    CHECK(out == expected);

    write(out);
    CHECK(out == expected + expected);
    out.clear();
    write(out);
    CHECK(out == expected);
}
