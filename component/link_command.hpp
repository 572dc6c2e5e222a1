#pragma once

#include "component/commands.hpp"

namespace component {

/// `carillon link new|list|revoke`: call links, beside the running service.
extern const Command link_command;

}  // namespace component
