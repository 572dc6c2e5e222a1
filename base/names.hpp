#pragma once

#include <algorithm>
#include <string_view>

#include "base/list.hpp"

namespace base {

/// a == b. Names that are looked up among their like are often numbered, so their ends differ: those are
/// compared before the library is called.
[[nodiscard]] inline bool is_same_name(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && (a.empty() || (a.back() == b.back() && a == b));
}

[[nodiscard]] inline bool contains(const List<std::string_view>& names, std::string_view name) noexcept
{
    return std::any_of(names.begin(), names.end(),
                       [name](std::string_view other) { return is_same_name(other, name); });
}

}  // namespace base
