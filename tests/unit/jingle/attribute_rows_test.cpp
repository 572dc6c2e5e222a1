#include <catch2/catch.hpp>

#include "unit/jingle/all_values.hpp"
#include "unit/jingle/documents.hpp"

using namespace jingle;
using base::Errc;

namespace {

constexpr std::string_view any_ns = "urn:example:any";

// What no value may hold, since a line of SDP could come out of it.
const std::vector<std::string> injections{
    "\n",   "\r",   "\r\n", "\t",       std::string(1, '\0'), "\x01",        "\x0B",
    "\x0C", "\x1F", "\x7F", "\xC2\x85", "\xE2\x80\xA8",       "\xE2\x80\xA9"
};

struct RefusedClass {
    std::uint16_t bit;
    std::string_view text;
};
constexpr std::array refused_classes{
    RefusedClass{ chars::blank, " " },  RefusedClass{ chars::semicolon, ";" },
    RefusedClass{ chars::equals, "=" }, RefusedClass{ chars::colon, ":" },
    RefusedClass{ chars::slash, "/" },  RefusedClass{ chars::markup, "<" },
    RefusedClass{ chars::markup, "&" }, RefusedClass{ chars::markup, "\"" },
    RefusedClass{ chars::markup, "'" }, RefusedClass{ chars::beyond_ascii, "é" },
    RefusedClass{ chars::comma, "," },
};

template <class T>
base::Result<T> read_one(const xmpp::Element& element, base::Arena& arena)
{
    Reading reading{ arena };
    T value{};
    TRY_VOID(read_attributes(element, value, reading));
    return value;
}

// The error that `text` in this row gives, empty for none.
template <class T, class Row>
std::optional<Errc> error_of(const Row& row, std::string_view text, base::Arena& arena)
{
    auto* element = minimal<T>("x", any_ns, arena);
    if constexpr (is_body<Row>)
        element->text = text;
    else
        element->set(arena, row.name, text);
    const auto value = read_one<T>(*element, arena);
    if (value)
        return std::nullopt;
    CHECK(value.error().what == name_of(row));
    return value.error().code;
}

template <class T>
xmpp::Element* write_one(const T& value, base::Arena& arena)
{
    std::string out;
    xmpp::Writer writer{ out, any_ns };
    writer.open("x");
    write_attributes(value, writer);
    writer.close();
    return documents::parse("<r xmlns='urn:example:any'>" + out + "</r>", arena);
}

template <class T, class Row>
void check_text_row(const Row& row)
{
    base::Arena arena;
    const auto good = sample_text(row.rule);
    CHECK_FALSE(error_of<T>(row, good, arena));
    for (const auto& bad : injections) {
        // White space at the ends of a text is not part of it.
        CHECK(error_of<T>(row, "a" + bad + "a" + good, arena) == Errc::forbidden);
        if constexpr (!is_body<Row>) {
            CHECK(error_of<T>(row, bad + good, arena) == Errc::forbidden);
            CHECK(error_of<T>(row, good + bad, arena) == Errc::forbidden);
        }
    }
    for (const auto& [bit, text] : refused_classes)
        if ((row.rule.refused & bit) != 0)
            CHECK(error_of<T>(row, "a" + std::string{ text } + good, arena) == Errc::forbidden);
        else if (row.rule.longest > good.size() + 2)
            CHECK_FALSE(error_of<T>(row, "a" + std::string{ text } + good, arena));
    CHECK_FALSE(error_of<T>(row, std::string(row.rule.longest, 'a'), arena));
    CHECK(error_of<T>(row, std::string(row.rule.longest + 1, 'a'), arena) == Errc::too_long);
    if (row.rule.shortest > 0)
        CHECK(error_of<T>(row, std::string(row.rule.shortest - 1, 'a'), arena) == Errc::malformed);
}

template <class T, class Member>
void check_number_row(const Field<T, Member>& row)
{
    base::Arena arena;
    const auto most = std::min<std::uint64_t>(row.rule.most, std::numeric_limits<plain_t<Member>>::max());
    CHECK_FALSE(error_of<T>(row, std::to_string(most), arena));
    CHECK_FALSE(error_of<T>(row, std::to_string(row.rule.least), arena));
    for (const auto* bad : { "", "-1", "+1", " 1", "1 ", "0x1", "1e1", "1.0", "\n1", "1\r\n", "one", "١" })
        CHECK(error_of<T>(row, bad, arena) == Errc::malformed);
    const auto above = row.rule.zero_when_above ? std::optional<Errc>{} : Errc::out_of_range;
    for (const auto& bad :
         { std::to_string(most + 1), std::string{ "18446744073709551615" },
           std::string{ "18446744073709551616" }, std::string(21, '9'), std::string(2000, '9') })
        CHECK(error_of<T>(row, bad, arena) == above);
    if (row.rule.least > 0)
        CHECK(error_of<T>(row, std::to_string(row.rule.least - 1), arena) == Errc::out_of_range);
    const auto zeros = error_of<T>(row, "0" + std::to_string(most), arena);
    CHECK(zeros == (row.rule.no_leading_zero ? std::optional{ Errc::malformed } : std::nullopt));
}

template <class T, class Member>
void check_enum_row(const Field<T, Member>& row)
{
    base::Arena arena;
    for (const auto& known : enum_rows(plain_t<Member>{}))
        CHECK_FALSE(error_of<T>(row, known.token, arena));
    for (const auto* bad : { "", "nonsense", " both", "Both", "INITIATOR", "initiator\n" })
        CHECK(error_of<T>(row, bad, arena) == Errc::unknown_token);
}

template <class T, class Member>
void check_boolean_row(const Field<T, Member>& row)
{
    base::Arena arena;
    for (const auto* good : { "true", "1", "false", "0", " true ", "\n0\t" })
        CHECK_FALSE(error_of<T>(row, good, arena));
    for (const auto* bad : { "", "yes", "TRUE", "2", "tr ue" })
        CHECK(error_of<T>(row, bad, arena) == Errc::malformed);
}

template <class T, class Row>
void check_values(const Row& row)
{
    if constexpr (is_body<Row>) {
        check_text_row<T>(row);
    } else {
        using Value = plain_t<std::remove_cvref_t<decltype(std::declval<T>().*row.member)>>;
        if constexpr (std::same_as<Value, std::string_view>)
            check_text_row<T>(row);
        else if constexpr (std::same_as<Value, bool>)
            check_boolean_row(row);
        else if constexpr (std::is_enum_v<Value>)
            check_enum_row(row);
        else
            check_number_row(row);
    }
}

template <class T, class Member>
void check_presence(const Field<T, Member>& row)
{
    base::Arena arena;
    auto* element = minimal<T>("x", any_ns, arena);
    element->remove_attribute(row.name);
    const auto value = read_one<T>(*element, arena);
    if (is_required(row)) {
        REQUIRE_FALSE(value);
        CHECK(value.error() == base::Error{ Errc::missing, std::string{ row.name } });
    } else {
        CHECK(value);
    }
}

template <class T, class Member>
void check_round_trip(const Field<T, Member>& row, std::string_view read_from)
{
    base::Arena arena;
    auto* element = minimal<T>("x", any_ns, arena);
    element->remove_attribute(row.name);
    const auto text = sample(row);
    element->set(arena, read_from, text);
    const auto value = read_one<T>(*element, arena);
    REQUIRE(value);

    const auto* written = write_one(*value, arena)->first_child();
    CHECK(written->attribute(row.name) == std::string_view{ text });
    if (read_from != row.name)
        CHECK_FALSE(written->attribute(read_from));
    const auto again = read_one<T>(*written, arena);
    REQUIRE(again);
    CHECK(*again == *value);
}

template <class T>
void for_each_row(auto function)
{
    std::apply([&](const auto&... row) { (function(row), ...); },
               attribute_rows(static_cast<const T*>(nullptr)));
}

}  // namespace

TEST_CASE("attribute rows: each refuses what its type and rule do not allow, with its name", "[jingle][rows]")
{
    AllValues::for_each([]<class T>() {
        for_each_row<T>([](const auto& row) {
            CAPTURE(typeid(T).name(), name_of(row));
            check_values<T>(row);
        });
    });
}

TEST_CASE("attribute rows: only what is required may not be absent", "[jingle][rows]")
{
    AllValues::for_each([]<class T>() {
        for_each_row<T>([](const auto& row) {
            CAPTURE(typeid(T).name(), name_of(row));
            if constexpr (!is_body<std::remove_cvref_t<decltype(row)>>)
                check_presence(row);
        });
    });
}

TEST_CASE("attribute rows: each comes out as it went in, an alias under its proper name", "[jingle][rows]")
{
    AllValues::for_each([]<class T>() {
        for_each_row<T>([](const auto& row) {
            CAPTURE(typeid(T).name(), name_of(row));
            if constexpr (!is_body<std::remove_cvref_t<decltype(row)>>) {
                check_round_trip(row, row.name);
                if (!row.rule.alias.empty())
                    check_round_trip(row, row.rule.alias);
            }
        });
    });
}

TEST_CASE("attribute rows: unknown attributes come out again, up to the limit", "[jingle][rows]")
{
    AllValues::for_each([]<class T>() {
        if constexpr (requires(T value) { value.extra; }) {
            CAPTURE(typeid(T).name());
            base::Arena arena;
            auto* element = minimal<T>("x", any_ns, arena);
            element->attributes.push_back(arena, { "lang", "ru", xmpp::ns::xml });
            for (std::size_t i = 1; i < limits::extra_attributes; ++i)
                element->set(arena, arena.copy("unknown" + std::to_string(i)), "a\r\n & b");
            const auto value = read_one<T>(*element, arena);
            REQUIRE(value);
            CHECK(value->extra.attributes.size() == limits::extra_attributes);
            const auto again = read_one<T>(*write_one(*value, arena)->first_child(), arena);
            REQUIRE(again);
            CHECK(*again == *value);

            element->set(arena, "one-more", "");
            const auto refused = read_one<T>(*element, arena);
            REQUIRE_FALSE(refused);
            CHECK(refused.error() == base::Error{ Errc::too_long, "unknown attributes" });
        }
    });
}
