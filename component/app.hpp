#pragma once

#include <filesystem>

#include "component/settings.hpp"

namespace component {

/// Connects and relays until SIGTERM or SIGINT; the result is the exit code. SIGHUP reads `config_file`
/// again.
[[nodiscard]] int run_app(Settings settings, const std::filesystem::path& config_file);

}  // namespace component
