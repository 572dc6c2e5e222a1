#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/list.hpp"
#include "jingle/senders.hpp"

namespace jingle {

struct ExtensionParameter {
    std::string_view name;
    std::optional<std::string_view> value;

    friend bool operator==(const ExtensionParameter&, const ExtensionParameter&) = default;
};

/// <rtp-hdrext/> of XEP-0294.
struct HeaderExtension {
    std::uint16_t id = 0;
    std::string_view uri;
    std::optional<Senders> senders;
    base::List<ExtensionParameter> parameters;

    friend bool operator==(const HeaderExtension&, const HeaderExtension&) = default;
};

}  // namespace jingle
