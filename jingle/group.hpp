#pragma once

#include <string_view>

#include "base/list.hpp"

namespace jingle {

/// <group/> of XEP-0338: any semantics, content names in order.
struct Group {
    std::string_view semantics;
    base::List<std::string_view> contents;

    friend bool operator==(const Group&, const Group&) = default;
};

}  // namespace jingle
