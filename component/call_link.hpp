#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "roster/links.hpp"

namespace component {

struct LinkWishes {
    xmpp::Jid owner;  ///< bare
    std::string title{};
    std::optional<unsigned> uses{};
    std::optional<roster::WallTime> expires{};
};

/// A new link with what only its owner is told.
struct MadeLink {
    roster::CallLink row;
    std::string token;  ///< 128 random bits, base64url: what the link's URL carries
};

/// The address is named after the title, with a random end: "shop-7f3kq2".
[[nodiscard]] MadeLink make_link(const LinkWishes& wishes, roster::WallTime now,
                                 const std::function<void(std::span<std::uint8_t>)>& random);

/// Where a guest goes. The token stands behind '#', so that it is in no server's log. Empty without
/// `public_url`.
[[nodiscard]] std::string link_url(std::string_view public_url, std::string_view token);

}  // namespace component
