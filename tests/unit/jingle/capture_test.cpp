#include <array>
#include <map>

#include <catch2/catch.hpp>

#include "jingle/message.hpp"
#include "unit/jingle/documents.hpp"

using namespace documents;

namespace {

template <class T>
std::string round_trip(const xmpp::Element& element, const T& value, base::Arena& arena)
{
    const auto* again = parse(written(value), arena);
    return difference(element, *again);
}

void check_jingle(const xmpp::Element& element, base::Arena& arena)
{
    const auto value = jingle::Jingle::from_element(element, arena);
    CAPTURE(xmpp::to_string(element), value ? "" : value.error().what);
    REQUIRE(value);
    CHECK(round_trip(element, *value, arena) == "");
    const auto again = jingle::Jingle::from_element(*parse(written(*value), arena), arena);
    REQUIRE(again);
    CHECK(*again == *value);
}

}  // namespace

TEST_CASE("capture: every jingle element of every client comes out as it went in", "[jingle][capture]")
{
    std::size_t count = 0;
    for (const auto& path : files("jingle", ".xml")) {
        base::Arena arena;
        std::vector<const xmpp::Element*> found;
        find_all(*parse(slurp(path), arena), "jingle", xmpp::ns::jingle, found);
        CAPTURE(path.filename().string());
        for (const auto* element : found)
            check_jingle(*element, arena);
        count += found.size();
    }
    CHECK(count == 131);
}

TEST_CASE("capture: every vector comes out as it went in", "[jingle][capture]")
{
    for (const auto& path : files("vectors", ".jingle.xml")) {
        base::Arena arena;
        CAPTURE(path.filename().string());
        check_jingle(*parse(slurp(path), arena), arena);
    }
}

TEST_CASE("capture: every jingle message of every client comes out as it went in", "[jingle][capture]")
{
    std::size_t count = 0;
    for (const auto& path : files("jingle", ".xml")) {
        base::Arena arena;
        const auto* capture = parse(slurp(path), arena);
        CAPTURE(path.filename().string());
        for (const auto& stanza : capture->children()) {
            const auto* child = stanza.first_child();
            if (stanza.name != "message" || child == nullptr || child->ns != xmpp::ns::jmi)
                continue;
            const auto value = jingle::Message::from_stanza(stanza, arena);
            CAPTURE(xmpp::to_string(stanza), value ? "" : value.error().what);
            REQUIRE(value);
            CHECK(round_trip(*child, *value, arena) == "");
            ++count;
        }
    }
    CHECK(count == 16);
}
