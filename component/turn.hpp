#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "component/turn_uri.hpp"
#include "roster/rows.hpp"

namespace component {

/// A relay or STUN server, with what it wants to be told.
struct RelayService {
    TurnUri uri;
    std::string username;  ///< empty: none is needed
    std::string password;
    std::optional<roster::WallTime> expires;  ///< absent: good for ever

    friend bool operator==(const RelayService&, const RelayService&) = default;
};

/// What somebody may use. Whoever keeps it asks again at `renew_at`, when half of its life is over.
struct Relays {
    std::vector<RelayService> services;
    std::optional<roster::WallTime> renew_at;

    friend bool operator==(const Relays&, const Relays&) = default;
};

/// One entry of RTCConfiguration's iceServers (W3C WebRTC, 4.2.2), member for member.
struct IceServer {
    std::vector<std::string> urls;
    std::string username;
    std::string credential;

    friend bool operator==(const IceServer&, const IceServer&) = default;
};
struct IceServers {
    std::vector<IceServer> servers;
    std::optional<roster::WallTime> expires;  ///< of the first that does
    std::optional<roster::WallTime> renew_at;

    friend bool operator==(const IceServers&, const IceServers&) = default;
};

/// Longer names are cut: STUN has room for 513 bytes (RFC 8489, 14.3), and the time stands before the name.
inline constexpr std::size_t max_turn_user = 400;

struct TurnCredentials {
    std::string username;  ///< "1800000000:alice@example.org"
    std::string password;
    roster::WallTime expires{};
};

/// Credentials that coturn (use-auth-secret) and eturnal accept until `now` + `ttl`: the time and the user,
/// and base64 of their HMAC-SHA1 under the shared secret (draft-uberti-behave-turn-rest-00).
[[nodiscard]] TurnCredentials mint_turn_credentials(std::string_view secret, std::string_view user,
                                                    roster::WallTime now, std::chrono::seconds ttl);

/// The same servers for a page: those with the same credentials become one entry.
[[nodiscard]] IceServers ice_servers(const Relays& relays);

}  // namespace component
