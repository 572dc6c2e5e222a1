#include <array>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "unit/jingle/all_values.hpp"
#include "unit/jingle/documents.hpp"

using namespace jingle;

namespace {

// Pieces of text that escape, that a rule may refuse, and that take several bytes.
const std::vector<std::string> pieces{ "a", "Z", "9", "-", "+", "&", "<", ">", "\"", "'", "]]>", "&#10;",
                                       "é", "ж", "🎵", " ", ";", "=", ":", "/", ",",  "{", "\\" };

std::string_view any_text(const Rule& rule, base::Arena& arena)
{
    std::string text;
    const auto wanted = std::min(rule.shortest + *rc::gen::inRange<std::size_t>(0, 20), rule.longest);
    while (text.size() < wanted) {
        const auto piece = *rc::gen::elementOf(pieces);
        const auto fits = text.size() + piece.size() <= wanted;
        const auto allowed
            = !check_text(piece, rule.refused, 0, rule.longest) && !(rule.lower_case && piece == "Z");
        text += fits && allowed ? piece : "b";
    }
    return arena.copy(text);
}

template <class Value>
Value any_value(const Rule& rule, base::Arena& arena)
{
    if constexpr (std::same_as<Value, std::string_view>) {
        return any_text(rule, arena);
    } else if constexpr (std::same_as<Value, bool>) {
        return *rc::gen::arbitrary<bool>();
    } else if constexpr (std::is_enum_v<Value>) {
        const auto& rows = enum_rows(Value{});
        return rows[*rc::gen::inRange<std::size_t>(0, rows.size())].value;
    } else {
        const auto most = std::min<std::uint64_t>(rule.most, std::numeric_limits<Value>::max());
        const auto spread = most - rule.least;
        const auto number = *rc::gen::arbitrary<std::uint64_t>();
        return static_cast<Value>(
            rule.least
            + (spread == std::numeric_limits<std::uint64_t>::max() ? number : number % (spread + 1)));
    }
}

template <class T>
void fill(T& value, base::Arena& arena);

template <class T, class Member>
void fill_row(T& value, const Field<T, Member>& row, base::Arena& arena)
{
    if (!is_optional<Member> || *rc::gen::arbitrary<bool>())
        value.*row.member = any_value<plain_t<Member>>(row.rule, arena);
}

template <class T>
void fill_row(T& value, const Body<T>& row, base::Arena& arena)
{
    value.*row.member = any_text(row.rule, arena);
}

template <class T, class Member>
void fill_row(T& value, const Child<T, Member>& row, base::Arena& arena)
{
    auto& member = value.*row.member;
    if constexpr (std::same_as<Member, bool>) {
        member = *rc::gen::arbitrary<bool>();
    } else if constexpr (is_optional<Member>) {
        if (*rc::gen::arbitrary<bool>())
            fill(member.emplace(), arena);
    } else {
        const auto count = *rc::gen::inRange<std::size_t>(0, 4);
        for (std::size_t i = 0; i < count; ++i) {
            typename Member::value_type item{};
            if constexpr (is_scalar<typename Member::value_type>)
                item = any_value<typename Member::value_type>(row.rule.rule, arena);
            else
                fill(item, arena);
            member.push_back(arena, item);
        }
    }
}

template <class T, class Member>
void fill_row(T& value, const Inline<T, Member>& row, base::Arena& arena)
{
    auto& member = value.*row.member;
    std::apply([&](const auto&... inner) { (fill_row(member, inner, arena), ...); }, child_rows(&member));
}

template <class T>
void fill_row(T& value, const Names<T>& row, base::Arena& arena)
{
    (value.*row.member).push_back(arena, "trickle");
}

template <class T>
void fill(T& value, base::Arena& arena)
{
    std::apply([&](const auto&... row) { (fill_row(value, row, arena), ...); }, attribute_rows(&value));
    if constexpr (requires { child_rows(&value); })
        std::apply([&](const auto&... row) { (fill_row(value, row, arena), ...); }, child_rows(&value));
}

// A digest has a form, and all fingerprints of a transport one role.
void settle(Transport& transport)
{
    transport.kind = TransportKind::ice_udp;
    transport.gathering_complete |= transport.gathering_complete_in_own_ns;
    for (auto& fingerprint : transport.fingerprints) {
        fingerprint.setup = Setup::actpass;
        fingerprint.hash = "sha-1";
        fingerprint.value = "52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8";
    }
}

Jingle any_jingle(base::Arena& arena)
{
    Jingle value;
    fill_row(value, std::get<3>(jingle_rows), arena);
    value.action = Action::session_initiate;
    const auto count = *rc::gen::inRange<std::size_t>(1, 4);
    for (std::size_t i = 0; i < count; ++i) {
        auto& content = value.contents.push_back(arena, {});
        fill(content, arena);
        content.senders = content.senders == Senders::rejected ? Senders::none : content.senders;
        fill(content.description.emplace<RtpDescription>(), arena);
        auto& transport = content.transport.emplace<Transport>();
        fill(transport, arena);
        settle(transport);
    }
    Group group;
    group.semantics = "LS";
    fill_row(group, std::get<0>(group_children), arena);
    value.groups.push_back(arena, group);
    return value;
}

}  // namespace

TEST_CASE("round trip: any request that is allowed is read as it was written", "[jingle][property]")
{
    CHECK(rc::check([] {
        base::Arena arena;
        const auto value = any_jingle(arena);
        const auto xml = documents::written(value);
        const auto document = xmpp::parse_document(xml, arena, xmpp::Pretty::no);
        RC_ASSERT(document.has_value());
        const auto again = Jingle::from_element(**document, arena);
        if (!again)
            RC_FAIL(again.error().what);
        RC_ASSERT(*again == value);
        RC_ASSERT(documents::written(*again) == xml);
    }));
}
