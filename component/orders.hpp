#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "component/control_socket.hpp"
#include "component/operations.hpp"

namespace component {

/// Carries out what `carillon ctl` asks of the service: "drain", "resume", "reload", "links",
/// "log-level debug".
[[nodiscard]] OrderResult carry_out_order(std::string_view line, Operations& operations,
                                          const std::function<OrderResult()>& reload);

/// "drain, resume, reload, links or log-level LEVEL"
[[nodiscard]] std::string known_orders();
/// Whether a service would understand it, but for its argument.
[[nodiscard]] bool is_order(std::string_view word);

}  // namespace component
