#pragma once

#include "component/commands.hpp"

namespace component {

/// `carillon ctl WHAT`: steers the running service.
extern const Command ctl_command;

}  // namespace component
