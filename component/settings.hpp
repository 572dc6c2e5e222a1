#pragma once

#include <filesystem>
#include <optional>

#include "component/config.hpp"
#include "component/secret.hpp"

namespace component {

/// The configuration and the secret, for a command that works with them.
struct Settings {
    Config config;
    FoundSecret secret;
};

/// Reads both; says on stderr, one line each, what is wrong or doubtful. Empty when something is wrong.
[[nodiscard]] std::optional<Settings> load_settings(const std::filesystem::path& file);

}  // namespace component
