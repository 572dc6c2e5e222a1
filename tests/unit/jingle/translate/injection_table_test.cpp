#include <array>
#include <iostream>
#include <vector>

#include <catch2/catch.hpp>

#include "jingle/explain.hpp"
#include "unit/jingle/translate/everything.hpp"
#include "unit/jingle/translate/support.hpp"

// Each value of a request and of a description in turn is given text that would be something else on the
// other side: a line of SDP, an element, an attribute, a byte that no XML can hold.

using namespace translate;

namespace {

/// What no text may hold on its way: ends of lines, for strict readers and for sloppy ones, controls, and
/// bytes that are no UTF-8 or no character of XML.
const std::vector<std::string> unsafe{
    "\n",           "\r",
    "\x0B",         "\x0C",
    "\t",           std::string(1, '\0'),
    "\x01",         "\x1F",
    "\x7F",         "\xC2\x85",
    "\xC2\x9F",     "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xC0\x8A",
    "\xE0\x80\x8A", "\xED\xA0\x80",
    "\xEF\xBF\xBE", "\xFF",
    "\x80",         "\xF4\x90\x80\x80",
};

std::vector<std::string> line_attacks()
{
    std::vector<std::string> attacks{ "\r\na=injected:1\r\n" };
    for (const auto& bytes : unsafe)
        attacks.push_back(bytes + "a=injected:1");
    return attacks;
}

std::vector<std::string> markup_attacks()
{
    std::vector<std::string> attacks{ "'/><injected/>",  "\"/><injected/>", "<injected/>",
                                      "]]><injected/>",  "--><injected/>",  "' injected='1",
                                      "\" injected=\"1", "&injected;",      "<![CDATA[injected]]>",
                                      "<!--injected-->", "<?injected?>" };
    for (const auto& bytes : unsafe)
        if (bytes != "\n")  // ends a line of SDP as it should
            attacks.push_back("injected" + bytes);
    return attacks;
}

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

/// The SDP of the request with `attack` behind its value number `index`; empty when it is refused.
std::string sdp_of_attacked(std::size_t index, const std::string& attack)
{
    base::Arena arena;
    auto* element = documents::parse(everything, arena);
    std::size_t at = 0;
    for_each_value(*element, [&](std::string_view& value) {
        if (at++ == index)
            value = arena.concat(value, attack);
    });
    const auto request = jingle::Jingle::from_element(*element, arena);
    if (!request)
        return {};
    jingle::Slots slots;
    const auto description
        = jingle::to_sdp(*request, { .slots = slots, .trust = jingle::Trust::trusted }, arena);
    const auto text = description ? description->to_string() : base::Result<std::string>{};
    return text ? *text : std::string{};
}

/// Where the values of a description end: behind each run of what separates nothing.
std::vector<std::size_t> value_ends(std::string_view sdp)
{
    constexpr std::string_view separators = " :/;=,\n";
    std::vector<std::size_t> ends;
    for (std::size_t i = 1; i < sdp.size(); ++i)
        if (separators.find(sdp[i]) != std::string_view::npos
            && separators.find(sdp[i - 1]) == std::string_view::npos)
            ends.push_back(i);
    return ends;
}

/// The request that says the description with `attack` at `place`; empty when it is refused.
std::string xml_of_attacked(std::size_t place, const std::string& attack)
{
    base::Arena arena;
    auto text = everything_sdp;
    text.insert(place, attack);
    const auto description = sdp::Description::parse(text, arena);
    if (!description)
        return {};
    jingle::Slots slots;
    const auto request = jingle::from_sdp(*description, { .sid = "s", .slots = slots }, arena);
    return request ? documents::written(*request) : std::string{};
}

bool is_injected(const xmpp::Element& element)
{
    for (const auto& attribute : element.attributes)
        if (attribute.name.find("injected") != std::string_view::npos)
            return true;
    for (const auto& child : element.children())
        if (is_injected(child))
            return true;
    return element.name.find("injected") != std::string_view::npos;
}

/// True when the XML does not read as the value it was meant to be.
bool has_come_through(const std::string& xml, const std::string& attack)
{
    if (xml.empty())
        return false;
    const auto is_markup = attack.find_first_of("<>&'\"") != std::string::npos;
    if (!is_markup && xml.find(attack) != std::string::npos)
        return true;
    base::Arena arena;
    const auto document = xmpp::parse_document(xml, arena);
    return !document || is_injected(**document);
}

bool holds(const xmpp::Element& element, const jingle::ElementRow& row)
{
    if (element.is(row.element, row.ns)
        && (row.attribute.empty() || (row.attribute == "text()" && !element.text.empty())
            || element.attribute(row.attribute)))
        return true;
    const auto children = element.children();
    return std::any_of(children.begin(), children.end(),
                       [&](const auto& child) { return holds(child, row); });
}

}  // namespace

TEST_CASE("injection: the samples hold a value for each row of the mapping table", "[jingle][translate]")
{
    base::Arena arena;
    const auto* request = documents::parse(everything, arena);
    for (const auto& row : jingle::element_rows()) {
        CAPTURE(row.element, row.attribute);
        const auto elsewhere = row.element == "reason"
            || (row.element == "gathering-complete" && row.ns == xmpp::ns::ice_udp);  // stands in ice:0
        CHECK((elsewhere || holds(*request, row)));
    }
    for (const auto& row : jingle::line_rows()) {
        const auto line = "\n" + std::string{ row.line };
        CAPTURE(row.line);
        const auto stands = everything_sdp.find(line + ":") != std::string::npos
            || everything_sdp.find(line + "\n") != std::string::npos
            || (row.line.size() == 2 && everything_sdp.find(line) != std::string::npos);
        CHECK((row.line == "a=*" || row.line == "v=" || stands));
    }
    CHECK_FALSE(sdp_of_attacked(std::string::npos, "").empty());
    CHECK_FALSE(xml_of_attacked(0, "").empty());
}

TEST_CASE("injection: no value of a request starts a line of SDP", "[jingle][translate]")
{
    base::Arena arena;
    std::size_t values = 0;
    for_each_value(*documents::parse(everything, arena), [&](std::string_view&) { ++values; });
    const auto attacks = line_attacks();
    std::size_t passed = 0;
    for (const auto& attack : attacks)
        for (std::size_t i = 0; i < values; ++i)
            if (sdp_of_attacked(i, attack).find("injected") != std::string::npos) {
                ++passed;
                UNSCOPED_INFO("value " << i << ": " << attack);
            }
    std::cout << "summary: injection, XML to SDP: " << values << " values x " << attacks.size()
              << " attacks, " << passed << " passed\n";
    CHECK(values > 100);
    CHECK(passed == 0);
}

TEST_CASE("injection: no value of a description breaks XML", "[jingle][translate]")
{
    const auto places = value_ends(everything_sdp);
    const auto attacks = markup_attacks();
    std::size_t passed = 0;
    std::size_t said = 0;  // as the text that it is
    for (const auto& attack : attacks)
        for (const auto place : places) {
            const auto xml = xml_of_attacked(place, attack);
            said += xml.empty() ? 0 : 1;
            if (has_come_through(xml, attack)) {
                ++passed;
                UNSCOPED_INFO("at " << place << ": " << attack);
            }
        }
    std::cout << "summary: injection, SDP to XML: " << places.size() << " values x " << attacks.size()
              << " attacks, " << passed << " passed\n";
    CHECK(places.size() > 200);
    CHECK(said > 500);
    CHECK(passed == 0);
}
