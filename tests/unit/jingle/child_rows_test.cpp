#include <catch2/catch.hpp>

#include "unit/jingle/all_values.hpp"
#include "unit/jingle/documents.hpp"

using namespace jingle;
using base::Errc;

namespace {

template <class T>
constexpr std::string_view parent_ns()
{
    return std::same_as<T, Transport> ? xmpp::ns::ice_udp : xmpp::ns::rtp;
}

template <class T>
base::Result<T> read_one(const xmpp::Element& element, base::Arena& arena)
{
    Reading reading{ arena };
    T value{};
    TRY_VOID(read(element, value, reading));
    return value;
}

template <class T>
const xmpp::Element* write_one(const T& value, base::Arena& arena)
{
    std::string out;
    xmpp::Writer writer{ out, {} };
    write_element("x", parent_ns<T>(), value, writer);
    return documents::parse(out, arena);
}

// One child as the row wants it; `index` makes it differ from the others where that can be.
template <class Owner, class Member>
xmpp::Element* child_of(const Child<Owner, Member>& row, std::string_view outer_ns, base::Arena& arena)
{
    const auto ns = row.ns.empty() ? outer_ns : row.ns;
    if constexpr (std::same_as<Member, bool>) {
        return xmpp::Element::create(arena, row.name, ns);
    } else if constexpr (is_optional<Member>) {
        return minimal<plain_t<Member>>(row.name, ns, arena);
    } else if constexpr (is_scalar<typename Member::value_type>) {
        auto* child = xmpp::Element::create(arena, row.name, ns);
        const auto is_text = std::same_as<typename Member::value_type, std::string_view>;
        child->set(arena, row.rule.value,
                   is_text ? arena.copy(sample_text(row.rule.rule)) : std::string_view{ "1" });
        return child;
    } else {
        return minimal<typename Member::value_type>(row.name, ns, arena);
    }
}

template <class Member>
inline constexpr bool is_list = requires(Member member, base::Arena arena)
{
    member.push_back(arena, {});
};

template <class T, class Owner, class Member>
void check_row(const Child<Owner, Member>& row)
{
    base::Arena arena;
    const auto most = is_list<Member> ? row.rule.most : 1;
    auto* parent = minimal<T>("x", parent_ns<T>(), arena);
    for (std::size_t i = 0; i < most; ++i)
        parent->append(child_of(row, parent->ns, arena));
    const auto value = read_one<T>(*parent, arena);
    REQUIRE(value);
    const auto* written = write_one(*value, arena);
    CHECK(documents::difference(*parent, *written) == "");
    CHECK(*read_one<T>(*written, arena) == *value);

    parent->append(child_of(row, parent->ns, arena));
    const auto over = read_one<T>(*parent, arena);
    if constexpr (std::same_as<Member, bool>) {
        CHECK(over == value);
    } else {
        REQUIRE_FALSE(over);
        CHECK(over.error().code == (is_list<Member> ? Errc::too_long : Errc::duplicate));
        CHECK(over.error().what.starts_with(row.name));
    }
}

// Of the right name and the wrong namespace: none of ours, and kept.
template <class T, class Owner, class Member>
void check_foreign(const Child<Owner, Member>& row)
{
    base::Arena arena;
    auto* parent = minimal<T>("x", parent_ns<T>(), arena);
    parent->append(xmpp::Element::create(arena, row.name, "urn:example:other"));
    const auto value = read_one<T>(*parent, arena);
    REQUIRE(value);
    CHECK(documents::difference(*parent, *write_one(*value, arena)) == "");
}

template <class T, class Row>
void check_any(const Row& row)
{
    if constexpr (requires { row.rule.most; }) {
        CAPTURE(typeid(T).name(), row.name);
        check_row<T>(row);
        check_foreign<T>(row);
    } else if constexpr (requires { row.most; }) {
        CAPTURE(typeid(T).name(), row.ns);
        base::Arena arena;
        auto* parent = minimal<T>("x", parent_ns<T>(), arena);
        for (std::size_t i = 0; i < row.most; ++i)
            parent->append(xmpp::Element::create(arena, arena.copy("name" + std::to_string(i)), row.ns));
        const auto value = read_one<T>(*parent, arena);
        REQUIRE(value);
        CHECK(documents::difference(*parent, *write_one(*value, arena)) == "");
        parent->append(xmpp::Element::create(arena, "one-more", row.ns));
        CHECK(read_one<T>(*parent, arena).error().code == Errc::too_long);
    } else {
        using Member = std::remove_cvref_t<decltype(std::declval<T>().*row.member)>;
        std::apply([](const auto&... inner) { (check_any<T>(inner), ...); },
                   child_rows(static_cast<const Member*>(nullptr)));
    }
}

}  // namespace

TEST_CASE("child rows: each is read up to its limit, comes out as it went in, and is counted",
          "[jingle][rows]")
{
    AllValues::for_each([]<class T>() {
        if constexpr (requires(const T* value) { child_rows(value); })
            std::apply([](const auto&... row) { (check_any<T>(row), ...); },
                       child_rows(static_cast<const T*>(nullptr)));
    });
}

TEST_CASE("child rows: unknown children come out again, up to the limit of the stanza", "[jingle][rows]")
{
    AllValues::for_each([]<class T>() {
        if constexpr (
            requires(const T* value) { child_rows(value); } && requires(T value) { value.extra; }) {
            CAPTURE(typeid(T).name());
            base::Arena arena;
            auto* parent = minimal<T>("x", parent_ns<T>(), arena);
            auto& unknown = parent->add(arena, "unknown", "urn:example:other");
            unknown.add(arena, "deep").text = "line\nline";
            unknown.set(arena, "a", "b");
            const auto value = read_one<T>(*parent, arena);
            REQUIRE(value);
            CHECK(documents::difference(*parent, *write_one(*value, arena)) == "");

            unknown.text = arena.copy(std::string(limits::extra_bytes, 'x'));
            const auto refused = read_one<T>(*parent, arena);
            REQUIRE_FALSE(refused);
            CHECK(refused.error() == base::Error{ Errc::too_long, "unknown elements" });
        }
    });
}
