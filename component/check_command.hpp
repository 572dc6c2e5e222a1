#pragma once

#include "component/commands.hpp"

namespace component {

/// `carillon check`: says what is wrong with the configuration, and opens nothing.
extern const Command check_command;

}  // namespace component
