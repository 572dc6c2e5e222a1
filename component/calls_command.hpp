#pragma once

#include "component/commands.hpp"

namespace component {

/// `carillon calls`: the last calls as a table. Reads the database while the service runs.
extern const Command calls_command;
/// `carillon call ID`: everything about one call.
extern const Command call_command;

}  // namespace component
