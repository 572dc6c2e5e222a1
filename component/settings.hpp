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

/// Reads them all; says on stderr, one line each, what is wrong or doubtful. Empty when something is wrong.
[[nodiscard]] std::optional<Settings> load_settings(const std::filesystem::path& file);

}  // namespace component
