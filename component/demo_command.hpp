#pragma once

#include "component/commands.hpp"

namespace component {

/// demo
extern const Command demo_command;

}  // namespace component
