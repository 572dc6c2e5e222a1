#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace component {

/// "turn:turn.example.org:3478?transport=udp" (RFC 7064, RFC 7065).
struct TurnUri {
    std::string scheme;  ///< stun, stuns, turn, turns
    std::string host;  ///< an IPv6 address without its brackets
    std::uint16_t port = 0;  ///< the scheme's own where none is given
    std::string transport;  ///< udp or tcp; the scheme's own where none is given

    [[nodiscard]] static base::Result<TurnUri> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;
    /// Whether it wants credentials: STUN does not.
    [[nodiscard]] bool is_relay() const noexcept { return scheme.starts_with("turn"); }

    friend bool operator==(const TurnUri&, const TurnUri&) = default;
};

}  // namespace component
