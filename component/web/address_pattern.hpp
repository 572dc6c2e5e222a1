#pragma once

#include <string_view>

#include "xmpp/jid.hpp"

namespace component::web {

/// Whether a bare address is meant by a pattern of a token: an address, "*@domain", "*.domain" or "*".
[[nodiscard]] bool matches(std::string_view pattern, const xmpp::Jid& address);

}  // namespace component::web
