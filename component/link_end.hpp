#pragma once

#include <optional>

#include "component/link.hpp"
#include "component/stream.hpp"
#include "component/transport.hpp"

namespace component {

/// How a connection ended that we did not end.
struct ConnectionEnd {
    bool timed_out;  ///< while it was set up
    const std::optional<ConnectFailure>& failed;
    const Stream& stream;
};

/// One line, with what the administrator can do about it.
void log_connection_end(const LinkOptions& options, const ConnectionEnd& end);

}  // namespace component
