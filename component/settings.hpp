#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "component/config.hpp"
#include "component/secret.hpp"

namespace component {

/// The configuration and the secret, for a command that works with them.
struct Settings {
    Config config;
    FoundSecret secret;
    std::string turn_secret;  ///< what [turn] secret_file holds; empty: the source needs none
    std::vector<auth::JwtKey> jwt_keys;
};

/// The keys of [auth.jwt], each checked; or what is wrong, with the key's name.
[[nodiscard]] base::Result<std::vector<auth::JwtKey>> load_jwt_keys(const JwtConfig& config);

/// What [turn] needs of its secret_file; "" when it needs nothing.
[[nodiscard]] base::Result<FoundSecret> load_turn_secret(const TurnConfig& config);

/// What was read, and what is to be said about it, one line each. `settings` is empty when there are errors.
struct SettingsRead {
    std::optional<Settings> settings{};
    std::vector<std::string> errors{};
    std::vector<std::string> warnings{};
};

/// Reads the file and all it names, and checks everything.
[[nodiscard]] SettingsRead read_settings(const std::filesystem::path& file);

/// The same for a command: says on stderr what is wrong or doubtful. Empty when something is wrong.
[[nodiscard]] std::optional<Settings> load_settings(const std::filesystem::path& file);

}  // namespace component
