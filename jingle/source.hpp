#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/list.hpp"
#include "jingle/extra.hpp"

namespace jingle {

struct SourceParameter {
    std::string_view name;
    std::optional<std::string_view> value;

    friend bool operator==(const SourceParameter&, const SourceParameter&) = default;
};

/// <source/> of XEP-0339.
struct Source {
    std::uint32_t ssrc = 0;
    base::List<SourceParameter> parameters;
    Extra extra;

    friend bool operator==(const Source&, const Source&) = default;
};

/// <ssrc-group/> of XEP-0339. The order of the sources has meaning; any semantics token passes.
struct SourceGroup {
    std::string_view semantics;
    base::List<std::uint32_t> ssrcs;

    friend bool operator==(const SourceGroup&, const SourceGroup&) = default;
};

}  // namespace jingle
