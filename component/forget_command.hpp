#pragma once

#include "component/commands.hpp"

namespace component {

/// `carillon forget JID`: deletes what is kept about a user.
extern const Command forget_command;

}  // namespace component
