#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "base/enum_table.hpp"
#include "base/list.hpp"
#include "base/result.hpp"
#include "jingle/extra.hpp"
#include "jingle/fields.hpp"
#include "jingle/reading.hpp"
#include "xmpp/element.hpp"
#include "xmpp/writer.hpp"

/// Reads and writes any value by the rows that stand beside its struct (jingle/fields.hpp). A value whose
/// reading needs more than its rows has a `read(const Element&, T&, Reading&)` of its own, which starts with
/// read_rows(); the same goes for write(). Only the .cpp files of jingle/ include this.
namespace jingle {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// The overloads for any value; those beside a struct are preferred.
template <class T>
base::Result<void> read(const xmpp::Element& from, T& into, Reading& reading);
template <class T>
void write(const T& value, xmpp::Writer& writer);

// ---- one value
// ----------------------------------------------------------------------------------------------------

using Mistake = std::optional<base::Errc>;

inline Mistake decode(std::string_view text, std::string_view& out, const Rule& rule, Reading& reading)
{
    out = rule.lower_case ? lowered(text, reading.arena) : text;
    return check_text(text, rule.refused, rule.shortest, rule.longest);
}

/// Decimal digits, at most 20 of them, below 2^64.
inline Mistake decode_digits(std::string_view text, std::uint64_t& out)
{
    constexpr std::size_t max_digits = 20;
    constexpr auto top = std::numeric_limits<std::uint64_t>::max();
    if (text.empty())
        return base::Errc::malformed;
    std::uint64_t value = 0;
    bool overflow = text.size() > max_digits;
    const bool fits = text.size() < max_digits;  // 10^19 does.
    for (const auto c : text) {
        if (c < '0' || c > '9')
            return base::Errc::malformed;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        overflow = overflow || (!fits && value > (top - digit) / 10);
        value = value * 10 + digit;
    }
    out = value;
    return overflow ? Mistake{ base::Errc::out_of_range } : std::nullopt;
}

template <std::unsigned_integral T>
requires(!std::same_as<T, bool>) Mistake decode(std::string_view text, T& out, const Rule& rule, Reading&)
{
    std::uint64_t value = 0;
    auto mistake = decode_digits(text, value);
    if (mistake == base::Errc::malformed || (rule.no_leading_zero && text.size() > 1 && text.front() == '0'))
        return base::Errc::malformed;
    if (mistake || value > std::min<std::uint64_t>(rule.most, std::numeric_limits<T>::max())) {
        if (!rule.zero_when_above)
            return base::Errc::out_of_range;
        value = 0;
    }
    out = static_cast<T>(value);
    return value < rule.least ? Mistake{ base::Errc::out_of_range } : std::nullopt;
}

inline Mistake decode(std::string_view text, bool& out, const Rule&, Reading&)
{
    const auto value = parse_boolean(text);
    out = value.value_or(false);
    return value ? std::nullopt : Mistake{ base::Errc::malformed };
}

template <class E>
requires std::is_enum_v<E> Mistake decode(std::string_view text, E& out, const Rule&, Reading&)
{
    const auto value = base::find_value(enum_rows(E{}), text);
    if (!value)
        return base::Errc::unknown_token;
    out = *value;
    return std::nullopt;
}

inline void encode(std::string_view name, std::string_view value, const Rule&, xmpp::Writer& writer)
{
    writer.attribute(name, value);
}

template <std::unsigned_integral T>
requires(!std::same_as<T, bool>) void encode(std::string_view name, T value, const Rule&,
                                             xmpp::Writer& writer)
{
    writer.attribute(name, value);
}

inline void encode(std::string_view name, bool value, const Rule& rule, xmpp::Writer& writer)
{
    if (rule.as_digit)
        writer.attribute(name, std::string_view{ value ? "1" : "0" });
    else
        writer.attribute(name, std::string_view{ value ? "true" : "false" });
}

template <class E>
requires std::is_enum_v<E>
void encode(std::string_view name, E value, const Rule&, xmpp::Writer& writer)
{
    writer.attribute(name, base::find_token(enum_rows(E{}), value));
}

// ---- attributes
// ---------------------------------------------------------------------------------------------------

/// Which attributes of the element have found their row.
using Taken = std::uint32_t;
static_assert(limits::attributes <= std::numeric_limits<Taken>::digits);

inline std::optional<std::string_view> take(const base::List<xmpp::Attribute>& attributes,
                                            std::string_view name, Taken& taken)
{
    Taken bit = 1;
    for (const auto& a : attributes) {
        // Names of one element seldom share length and first letter, and a comparison is a call.
        if (a.name.size() == name.size() && a.name.front() == name.front() && a.name == name
            && a.ns.empty()) {
            taken |= bit;
            return a.value;
        }
        bit <<= 1;
    }
    return std::nullopt;
}

template <class T, class Member>
Mistake read_row(const xmpp::Element& from, T& into, const Field<T, Member>& row, Taken& taken,
                 Reading& reading)
{
    auto text = take(from.attributes, row.name, taken);
    if (!row.rule.alias.empty())
        if (const auto other = take(from.attributes, row.rule.alias, taken); !text)
            text = other;
    auto& member = into.*row.member;
    if (text) {
        if constexpr (is_optional<Member>)
            return decode(*text, member.emplace(), row.rule, reading);
        else
            return decode(*text, member, row.rule, reading);
    }
    if (is_optional<Member> || std::same_as<Member, bool> || row.rule.may_miss)
        return std::nullopt;
    return base::Errc::missing;
}

template <class T>
Mistake read_row(const xmpp::Element& from, T& into, const Body<T>& row, Taken&, Reading& reading)
{
    return decode(trim(from.text), into.*row.member, row.rule, reading);
}

template <class T, class Member>
std::string_view name_of(const Field<T, Member>& row)
{
    return row.name;
}
template <class T>
std::string_view name_of(const Body<T>&)
{
    return "text";
}

template <class T>
base::Result<void> keep_rest(const xmpp::Element& from, T& into, Taken taken, Reading& reading)
{
    if (from.attributes.size() > limits::attributes)
        return base::fail(base::Errc::too_long, "attributes");
    if constexpr (requires { into.extra; }) {
        for (const auto& a : from.attributes) {
            if ((taken & 1U) == 0) {
                if (a.value.size() > limits::value
                    || into.extra.attributes.size() >= limits::extra_attributes)
                    return base::fail(base::Errc::too_long, "unknown attributes");
                into.extra.attributes.push_back(reading.arena, a);
            }
            taken >>= 1U;
        }
    }
    return {};
}

template <class T>
base::Result<void> read_attributes(const xmpp::Element& from, T& into, Reading& reading)
{
    Taken taken = 0;
    Mistake mistake;
    std::string_view name;
    const auto one = [&](const auto& row) {
        mistake = read_row(from, into, row, taken, reading);
        if (mistake)
            name = name_of(row);
        return !mistake;
    };
    if (!std::apply([&](const auto&... row) { return (one(row) && ...); }, attribute_rows(&into)))
        return base::fail(*mistake, name);
    return keep_rest(from, into, taken, reading);
}

template <class T, class Member>
void write_row(const T& from, const Field<T, Member>& row, xmpp::Writer& writer)
{
    const auto& member = from.*row.member;
    if constexpr (is_optional<Member>) {
        if (member)
            encode(row.name, *member, row.rule, writer);
    } else if constexpr (std::same_as<Member, bool>) {
        if (member)
            encode(row.name, member, row.rule, writer);
    } else {
        encode(row.name, member, row.rule, writer);
    }
}

template <class T>
void write_row(const T& from, const Body<T>& row, xmpp::Writer& writer)
{
    writer.text(from.*row.member);
}

template <class T>
void write_attributes(const T& from, xmpp::Writer& writer)
{
    const auto attribute = [&](const auto& row) {
        if constexpr (!std::same_as<std::remove_cvref_t<decltype(row)>, Body<T>>)
            write_row(from, row, writer);
    };
    const auto text = [&](const auto& row) {
        if constexpr (std::same_as<std::remove_cvref_t<decltype(row)>, Body<T>>)
            write_row(from, row, writer);
    };
    std::apply([&](const auto&... row) { (attribute(row), ...); }, attribute_rows(&from));
    if constexpr (requires { from.extra; })
        writer.attributes(from.extra.attributes);
    std::apply([&](const auto&... row) { (text(row), ...); }, attribute_rows(&from));
}

// ---- children
// -----------------------------------------------------------------------------------------------------

/// Most namespaces are the reader's own text, which is told by where it stands.
inline bool is_same_ns(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && (a.data() == b.data() || a == b);
}

template <class T, class Member>
bool matches(const xmpp::Element& parent, const xmpp::Element& child, const Child<T, Member>& row)
{
    if (child.name != row.name || !is_same_ns(child.ns, row.ns.empty() ? parent.ns : row.ns))
        return false;
    return row.rule.only_with.empty() || child.attribute(row.rule.only_with).has_value();
}

template <class U>
base::Result<void> read_member(const xmpp::Element& child, std::optional<U>& member, const ChildRule& rule,
                               Reading& reading)
{
    if (member)
        return at(child, rule.key, { base::Errc::duplicate, {} });
    auto result = read(child, member.emplace(), reading);
    return result ? result : at(child, rule.key, std::move(result).error());
}

inline base::Result<void> read_member(const xmpp::Element&, bool& member, const ChildRule&, Reading&)
{
    member = true;
    return {};
}

constexpr bool is_unreadable(base::Errc code)
{
    return code == base::Errc::missing || code == base::Errc::malformed || code == base::Errc::out_of_range;
}

template <class U>
inline constexpr bool is_scalar = std::same_as<U, std::string_view> || std::unsigned_integral<U>;

/// How many siblings of one name begin with `child`, up to `most`.
inline std::size_t run_length(const xmpp::Element& child, std::size_t most)
{
    std::size_t count = 0;
    for (auto at = xmpp::Element::ChildIterator{ &child }, end = decltype(at){}; at != end && count < most;
         ++at) {
        if (!is_same_ns(at->name, child.name))
            break;
        ++count;
    }
    return count;
}

template <class U>
base::Result<void> read_member(const xmpp::Element& child, base::List<U>& member, const ChildRule& rule,
                               Reading& reading)
{
    if (member.size() >= rule.most)
        return at(child, {}, { base::Errc::too_long, "(too many)" });
    if (member.empty())
        member.reserve(reading.arena, run_length(child, rule.most));
    U item{};
    if constexpr (is_scalar<U>) {
        const auto text = child.attribute(rule.value);
        const auto mistake = text ? decode(*text, item, rule.rule, reading) : base::Errc::missing;
        if (mistake)
            return at(child, {}, { *mistake, std::string{ rule.value } });
    } else {
        auto result = read(child, item, reading);
        if (!result && rule.skip_unreadable && is_unreadable(result.error().code))
            return {};
        if (!result)
            return at(child, rule.key, std::move(result).error());
    }
    member.push_back(reading.arena, item);
    return {};
}

template <class T, class Member>
bool read_child(const xmpp::Element& parent, const xmpp::Element& child, T& into, const Child<T, Member>& row,
                base::Result<void>& result, Reading& reading)
{
    if (!matches(parent, child, row))
        return false;
    result = read_member(child, into.*row.member, row.rule, reading);
    return true;
}

template <class T>
bool read_child(const xmpp::Element&, const xmpp::Element& child, T& into, const Names<T>& row,
                base::Result<void>& result, Reading& reading)
{
    auto& names = into.*row.member;
    if (!child.attributes.empty() || child.first_child() != nullptr || !is_same_ns(child.ns, row.ns))
        return false;
    if (names.size() >= row.most)
        result = at(child, {}, { base::Errc::too_long, "(too many)" });
    else
        names.push_back(reading.arena, child.name);
    return true;
}

template <class T, class Member>
bool read_child(const xmpp::Element& parent, const xmpp::Element& child, T& into,
                const Inline<T, Member>& row, base::Result<void>& result, Reading& reading)
{
    auto& member = into.*row.member;
    return std::apply(
        [&](const auto&... inner) {
            return (read_child(parent, child, member, inner, result, reading) || ...);
        },
        child_rows(&member));
}

template <class T>
base::Result<void> read_children(const xmpp::Element& from, T& into, Reading& reading)
{
    for (const auto& child : from.children()) {
        base::Result<void> result;
        bool known = false;
        if constexpr (requires { child_rows(&into); })
            known = std::apply(
                [&](const auto&... row) {
                    return (read_child(from, child, into, row, result, reading) || ...);
                },
                child_rows(&into));
        if constexpr (requires { into.extra; })
            if (!known)
                result = keep(child, into.extra, reading);
        if (!result)
            return result;
    }
    return {};
}

template <class U>
void write_element(std::string_view name, std::string_view ns, const U& value, xmpp::Writer& writer)
{
    writer.open(name, ns);
    write(value, writer);
    writer.close();
}

template <class T, class Member>
void write_child(const T& from, const Child<T, Member>& row, xmpp::Writer& writer)
{
    const auto& member = from.*row.member;
    if constexpr (std::same_as<Member, bool>) {
        if (member)
            writer.open(row.name, row.ns).close();
    } else if constexpr (is_optional<Member>) {
        if (member)
            write_element(row.name, row.ns, *member, writer);
    } else {
        for (const auto& item : member)
            if constexpr (is_scalar<typename Member::value_type>) {
                writer.open(row.name, row.ns);
                encode(row.rule.value, item, row.rule.rule, writer);
                writer.close();
            } else {
                write_element(row.name, row.ns, item, writer);
            }
    }
}

template <class T>
void write_child(const T& from, const Names<T>& row, xmpp::Writer& writer)
{
    for (const auto name : from.*row.member)
        writer.open(name, row.ns).close();
}

template <class T, class Member>
void write_child(const T& from, const Inline<T, Member>& row, xmpp::Writer& writer)
{
    const auto& member = from.*row.member;
    std::apply([&](const auto&... inner) { (write_child(member, inner, writer), ...); }, child_rows(&member));
}

// ---- whole values
// -------------------------------------------------------------------------------------------------

template <class T>
base::Result<void> read_rows(const xmpp::Element& from, T& into, Reading& reading)
{
    TRY_VOID(read_attributes(from, into, reading));
    return read_children(from, into, reading);
}

inline void write_extra(const Extra& extra, xmpp::Writer& writer)
{
    for (const auto* child : extra.children)
        writer.element(*child);
}

template <class T>
void write_rows(const T& value, xmpp::Writer& writer)
{
    write_attributes(value, writer);
    if constexpr (requires { child_rows(&value); })
        std::apply([&](const auto&... row) { (write_child(value, row, writer), ...); }, child_rows(&value));
    if constexpr (requires { value.extra; })
        write_extra(value.extra, writer);
}

template <class T>
base::Result<void> read(const xmpp::Element& from, T& into, Reading& reading)
{
    return read_rows(from, into, reading);
}

template <class T>
void write(const T& value, xmpp::Writer& writer)
{
    write_rows(value, writer);
}

}  // namespace jingle
