#pragma once

#include "component/commands.hpp"

namespace component {

/// `carillon explain`: what each line of SDP, or element of Jingle, becomes.
extern const Command explain_command;

}  // namespace component
