#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace component::web {

/// Encrypts and authenticates short texts (AES-256-GCM) with a key that is derived from the instance's: for
/// Authenticator::seal(). A purpose of its own makes a seal for anything else none here.
class TextSeal {
public:
    explicit TextSeal(std::string_view instance_key);

    /// Letters, digits, - and _; another one each time. Empty when the system has no random bytes.
    [[nodiscard]] std::string seal(std::string_view text) const;
    /// Empty for what was not sealed with this key.
    [[nodiscard]] std::optional<std::string> unseal(std::string_view sealed) const;

private:
    std::array<unsigned char, 32> key_{};
};

}  // namespace component::web
