#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include "base/list.hpp"
#include "jingle/extra.hpp"
#include "jingle/fields.hpp"

namespace jingle {

struct SourceParameter {
    std::string_view name;
    std::optional<std::string_view> value;

    friend bool operator==(const SourceParameter&, const SourceParameter&) = default;
};

inline constexpr std::tuple source_parameter_rows{
    Field{ "name", &SourceParameter::name, { .refused = chars::blank | chars::colon, .shortest = 1 } },
    Field{ "value", &SourceParameter::value },
};
constexpr const auto& attribute_rows(const SourceParameter*)
{
    return source_parameter_rows;
}

/// <source/> of XEP-0339.
struct Source {
    std::uint32_t ssrc = 0;
    base::List<SourceParameter> parameters;
    Extra extra;

    friend bool operator==(const Source&, const Source&) = default;
};

inline constexpr std::tuple source_rows{
    Field{ "ssrc", &Source::ssrc },
};
constexpr const auto& attribute_rows(const Source*)
{
    return source_rows;
}

inline constexpr std::tuple source_children{
    Child{ "parameter", {}, &Source::parameters, { .most = limits::source_parameters } },
};
constexpr const auto& child_rows(const Source*)
{
    return source_children;
}

/// <ssrc-group/> of XEP-0339. The order of the sources has meaning; any semantics token passes.
struct SourceGroup {
    std::string_view semantics;
    base::List<std::uint32_t> ssrcs;
    Extra extra{};

    friend bool operator==(const SourceGroup&, const SourceGroup&) = default;
};

inline constexpr std::tuple source_group_rows{
    Field{ "semantics", &SourceGroup::semantics, { .refused = chars::blank, .shortest = 1, .longest = 64 } },
};
constexpr const auto& attribute_rows(const SourceGroup*)
{
    return source_group_rows;
}

inline constexpr std::tuple source_group_children{
    Child{ "source",
           {},
           &SourceGroup::ssrcs,
           { .most = limits::sources, .only_with = "ssrc", .value = "ssrc" } },
};
constexpr const auto& child_rows(const SourceGroup*)
{
    return source_group_children;
}

}  // namespace jingle
