#pragma once

#include "component/commands.hpp"

namespace component {

/// `carillon turn`: the relay credentials as a page would get them.
extern const Command turn_command;

}  // namespace component
