#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>

#include "base/list.hpp"
#include "jingle/limits.hpp"
#include "jingle/text_rule.hpp"

/// The rows of the mapping tables. What an element looks like stands beside its struct:
/// `attribute_rows(const T*)` and, where it has children, `child_rows(const T*)`, both in the order of
/// writing. jingle/codec.hpp reads and writes by them; a new attribute is one row and its member.
namespace jingle {

/// What a value must be like beyond its type. Defaults: any number the type holds, any text without controls.
struct Rule {
    std::uint16_t refused = 0;  ///< text: chars:: besides controls
    std::size_t shortest = 0;  ///< text, bytes
    std::size_t longest = limits::value;  ///< text, bytes
    std::uint64_t least = 0;  ///< numbers
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    bool zero_when_above = false;  ///< numbers: above `most` reads as 0 instead of failing
    bool no_leading_zero = false;  ///< numbers
    bool as_digit = false;  ///< booleans: written 1 and 0
    bool may_miss = false;  ///< a plain member keeps its default when the attribute is absent
    bool lower_case = false;  ///< text: ASCII letters are lowered when read
    std::string_view alias = {};  ///< read when the attribute itself is absent; never written
};

inline constexpr Rule free_text{};
/// Free text that is not empty.
inline constexpr Rule some_text{ .shortest = 1 };
inline constexpr Rule token{ .refused = chars::blank, .shortest = 1 };
/// content/@name is free text: a blank in it is no mistake.
inline constexpr Rule content_name{ .shortest = 1, .longest = limits::name };

/// An attribute and the member that holds it. A plain member is required, an optional one may be absent.
/// The codec follows from the member's type: text, unsigned number, xs:boolean, enum with enum_rows().
template <class Object, class Member>
struct Field {
    std::string_view name;
    Member Object::*member;
    Rule rule = {};
};
template <class Object, class Member>
Field(std::string_view, Member Object::*) -> Field<Object, Member>;
template <class Object, class Member>
Field(std::string_view, Member Object::*, Rule) -> Field<Object, Member>;

/// The row for the text inside the element, read without the white space at its ends.
template <class Object>
struct Body {
    std::string_view Object::*member;
    Rule rule = {};
};
template <class Object>
Body(std::string_view Object::*, Rule) -> Body<Object>;

/// How often a child may stand, and how it is told from others.
struct ChildRule {
    std::size_t most = 1;  ///< lists: more is too_long
    std::string_view key = {};  ///< the attribute that names it in an error's place
    std::string_view only_with = {};  ///< without this attribute it is none of ours: kept as unknown
    std::string_view value = {};  ///< lists of text or numbers: the attribute that holds it
    Rule rule = {};  ///< of that attribute
    bool skip_unreadable
        = false;  ///< one with a value missing or wrong is left out; hostile text still fails
};

/// Child elements and the member that holds them; `ns` empty = that of the parent. The member's type decides:
/// bool = there or not, optional<T> = at most one, List<T> = each in order,
/// List of text or numbers = one attribute of each.
template <class Object, class Member>
struct Child {
    std::string_view name;
    std::string_view ns;
    Member Object::*member;
    ChildRule rule = {};
};
template <class Object, class Member>
Child(std::string_view, std::string_view, Member Object::*) -> Child<Object, Member>;
template <class Object, class Member>
Child(std::string_view, std::string_view, Member Object::*, ChildRule) -> Child<Object, Member>;

/// Children of this element that are grouped in a struct of their own, with child_rows() of its own.
template <class Object, class Member>
struct Inline {
    Member Object::*member;
};
template <class Object, class Member>
Inline(Member Object::*) -> Inline<Object, Member>;

/// Empty children of one namespace, of which only the name counts.
template <class Object>
struct Names {
    std::string_view ns;
    base::List<std::string_view> Object::*member;
    std::size_t most;
};
template <class Object>
Names(std::string_view, base::List<std::string_view> Object::*, std::size_t) -> Names<Object>;

}  // namespace jingle
