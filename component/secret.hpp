#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "component/config.hpp"

namespace component {

/// A variable of the environment; empty when it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// The secret shared with the server, and what is to be said about where it was found. `error` says why there
/// is none.
struct FoundSecret {
    std::string secret;
    std::string source;
    std::vector<std::string> warnings;
    std::optional<std::string> error;
};

/// The first of: $CREDENTIALS_DIRECTORY/xmpp-secret, secret_file, $CARILLON_XMPP_SECRET_FILE,
/// $CARILLON_XMPP_SECRET, `secret` of `config_file`. A place that is named and cannot be read is an error,
/// not a reason to look further; only a systemd credential may be absent from its directory.
[[nodiscard]] FoundSecret find_secret(const XmppConfig& config, const std::filesystem::path& config_file,
                                      const Environment& environment);

/// A secret of one line in a file of its own, with a warning when others can read it.
[[nodiscard]] FoundSecret secret_from_file(const std::filesystem::path& file);

/// A whole file of keys, up to a kilobyte; empty when it cannot be read.
[[nodiscard]] std::optional<std::string> read_small_file(const std::filesystem::path& file);

/// The process's own environment.
[[nodiscard]] std::optional<std::string> process_environment(const char* name);

}  // namespace component
