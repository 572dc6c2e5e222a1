#pragma once

#include <cstdint>
#include <string_view>

namespace jingle {

/// What kind of thing stands in the place of an address. Nothing is ever resolved.
enum class AddressKind : std::uint8_t {
    global,
    private_use,  ///< RFC 1918; unique and site local IPv6
    shared,  ///< carrier-grade NAT, RFC 6598
    link_local,
    loopback,
    unspecified,  ///< 0.0.0.0/8 and ::
    multicast,
    reserved,  ///< broadcast and 240.0.0.0/4
    mdns,  ///< <uuid>.local
    host_name,  ///< any other text
};

enum class AddressFamily : std::uint8_t { none, v4, v6 };

struct Address {
    AddressKind kind = AddressKind::host_name;
    AddressFamily family = AddressFamily::none;

    friend bool operator==(const Address&, const Address&) = default;
};

/// Classifies an IP literal (IPv6 without brackets and zone) or a name. An IPv4 address within an IPv6 one
/// (mapped, compatible, NAT64, 6to4) counts as that IPv4 address.
[[nodiscard]] Address classify(std::string_view text) noexcept;

[[nodiscard]] constexpr bool is_literal(const Address& address) noexcept
{
    return address.family != AddressFamily::none;
}

/// Tells something about the network behind: what CandidateFilter::no_host_private hides.
[[nodiscard]] constexpr bool is_internal(AddressKind kind) noexcept
{
    return kind == AddressKind::private_use || kind == AddressKind::shared || kind == AddressKind::link_local
        || kind == AddressKind::loopback;
}

}  // namespace jingle
