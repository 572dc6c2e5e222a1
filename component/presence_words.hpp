#pragma once

#include <optional>
#include <string_view>

#include "roster/devices.hpp"
#include "roster/subscriptions.hpp"
#include "xmpp/element.hpp"

namespace component {

/// What a type of presence asks; empty for those that ask nothing.
[[nodiscard]] std::optional<roster::Request> request_of(std::string_view type);
/// The type that says it; empty for plain presence.
[[nodiscard]] std::string_view word_of(roster::Reply reply);
/// What an available presence says of its sender; what is malformed in it counts as not said.
[[nodiscard]] roster::DevicePresence read_presence(const xmpp::Element& presence);

}  // namespace component
