#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace component::auth {

/// The secret of a call link: 128 random bits. Only its hash is kept.
using LinkSecret = std::array<std::uint8_t, 16>;
using LinkHash = std::array<std::uint8_t, 32>;

/// As it stands behind the # of the link: 22 characters of base64url.
[[nodiscard]] std::string to_text(const LinkSecret& secret);
[[nodiscard]] std::optional<LinkSecret> link_secret_of(std::string_view text);

/// SHA-256. Nothing slower is needed: 128 random bits cannot be guessed from it.
[[nodiscard]] LinkHash hash_of(const LinkSecret& secret);
/// In constant time.
[[nodiscard]] bool is_same(const LinkHash& a, const LinkHash& b) noexcept;

/// Local part of a link's address, like "link-7f3kq2ab", from random bytes: readable aloud, no vowels that
/// make words, nothing that is taken for something else.
[[nodiscard]] std::string link_name(const std::array<std::uint8_t, 8>& random);

}  // namespace component::auth
