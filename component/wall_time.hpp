#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "roster/rows.hpp"

/// Wall time as text.
namespace component {

/// "2026-01-31T12:00:00Z" (XEP-0082, RFC 3339); with milliseconds when there are any.
[[nodiscard]] std::string to_utc_text(roster::WallTime time);
/// "2026-01-31 13:00:00 +0100", in the zone of the process.
[[nodiscard]] std::string to_local_text(roster::WallTime time);
/// Reads RFC 3339 with any zone, and "2026-01-31" as the start of that day in UTC; empty for anything else.
[[nodiscard]] std::optional<roster::WallTime> wall_time_of(std::string_view text);

}  // namespace component
