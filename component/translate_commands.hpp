#pragma once

#include "component/commands.hpp"

namespace component {

/// `carillon sdp2jingle`: descriptions as Jingle requests.
extern const Command sdp2jingle_command;
/// `carillon jingle2sdp`: Jingle requests as descriptions.
extern const Command jingle2sdp_command;

}  // namespace component
