#pragma once

#include <string_view>
#include <tuple>

#include "base/list.hpp"
#include "jingle/extra.hpp"
#include "jingle/fields.hpp"

namespace jingle {

/// <group/> of XEP-0338: any semantics, content names in order.
struct Group {
    std::string_view semantics;
    base::List<std::string_view> contents;
    Extra extra{};

    friend bool operator==(const Group&, const Group&) = default;
};

// COMPAT(Jitsi, old): @type instead of @semantics.
inline constexpr std::tuple group_rows{
    Field{ "semantics",
           &Group::semantics,
           { .refused = chars::blank, .shortest = 1, .longest = 64, .alias = "type" } },
};
constexpr const auto& attribute_rows(const Group*)
{
    return group_rows;
}

inline constexpr std::tuple group_children{
    Child{ "content",
           {},
           &Group::contents,
           { .most = limits::group_names, .value = "name", .rule = content_name } },
};
constexpr const auto& child_rows(const Group*)
{
    return group_children;
}

}  // namespace jingle
