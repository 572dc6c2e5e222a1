#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include "base/list.hpp"
#include "base/result.hpp"
#include "jingle/extra.hpp"
#include "jingle/fields.hpp"
#include "jingle/senders.hpp"
#include "xmpp/element.hpp"

namespace jingle {

struct ExtensionParameter {
    std::string_view name;
    std::optional<std::string_view> value;

    friend bool operator==(const ExtensionParameter&, const ExtensionParameter&) = default;
};

inline constexpr std::tuple extension_parameter_rows{
    Field{ "name", &ExtensionParameter::name, { .refused = chars::blank, .shortest = 1 } },
    Field{ "value", &ExtensionParameter::value },
};
constexpr const auto& attribute_rows(const ExtensionParameter*)
{
    return extension_parameter_rows;
}

/// <rtp-hdrext/> of XEP-0294.
struct HeaderExtension {
    std::uint16_t id = 0;
    std::string_view uri;
    std::optional<Senders> senders;
    base::List<ExtensionParameter> parameters;
    Extra extra{};

    friend bool operator==(const HeaderExtension&, const HeaderExtension&) = default;
};

inline constexpr std::tuple header_extension_rows{
    Field{ "id", &HeaderExtension::id },
    Field{ "uri", &HeaderExtension::uri, token },
    Field{ "senders", &HeaderExtension::senders },
};
constexpr const auto& attribute_rows(const HeaderExtension*)
{
    return header_extension_rows;
}

inline constexpr std::tuple header_extension_children{
    Child{ "parameter", {}, &HeaderExtension::parameters, { .most = limits::extension_parameters } },
};
constexpr const auto& child_rows(const HeaderExtension*)
{
    return header_extension_children;
}

struct Reading;
base::Result<void> read(const xmpp::Element& from, HeaderExtension& into, Reading& reading);

}  // namespace jingle
