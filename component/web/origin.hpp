#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace component::web {

/// Scheme, host and port of a page (RFC 6454), in lower case.
struct Origin {
    bool secure = false;
    std::string host;  ///< with brackets around an IPv6 address
    std::uint16_t port = 0;

    /// "https://www.example.org" or "http://localhost:8080", with nothing behind it.
    [[nodiscard]] static std::optional<Origin> parse(std::string_view text);
    /// As a browser writes it: without the usual port.
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const Origin&, const Origin&) = default;
};

/// Whether this may stand in a Host header (RFC 9110, 7.2).
[[nodiscard]] bool is_authority(std::string_view text);

/// Whether a page of `origin` may open a socket: one of the list, or ours. Ours is `own` when the operator
/// has said it, else whatever the request was sent to.
[[nodiscard]] bool is_allowed(const Origin& origin, std::span<const Origin> listed,
                              const std::optional<Origin>& own, std::string_view host_header);

}  // namespace component::web
