#pragma once

#include "component/secret.hpp"

namespace component {

inline constexpr const char* default_config_file = "/etc/carillon/carillon.toml";

/// Reads the command line and does what it says; the result is the exit code. The configuration file is that
/// of -c, else $CARILLON_CONFIG, else default_config_file.
[[nodiscard]] int run_command_line(int argument_count, char** arguments, const Environment& environment);

}  // namespace component
