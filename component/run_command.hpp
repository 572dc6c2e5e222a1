#pragma once

#include "component/commands.hpp"

namespace component {

/// `carillon run`: the component itself, until SIGTERM or SIGINT.
extern const Command run_command;

}  // namespace component
