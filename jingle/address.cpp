#include "jingle/address.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include <arpa/inet.h>

namespace jingle {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// A network and what its addresses are; the first row that covers an address counts.
struct Network {
    std::array<std::uint8_t, 16> prefix;
    unsigned bits;
    AddressKind kind;
};

constexpr std::array v4_networks{
    Network{ { 0 }, 8, AddressKind::unspecified },  // RFC 1122, 3.2.1.3
    Network{ { 10 }, 8, AddressKind::private_use },  // RFC 1918
    Network{ { 172, 16 }, 12, AddressKind::private_use },  // RFC 1918
    Network{ { 192, 168 }, 16, AddressKind::private_use },  // RFC 1918
    Network{ { 100, 64 }, 10, AddressKind::shared },  // RFC 6598
    Network{ { 127 }, 8, AddressKind::loopback },  // RFC 1122
    Network{ { 169, 254 }, 16, AddressKind::link_local },  // RFC 3927
    Network{ { 224 }, 4, AddressKind::multicast },  // RFC 5771
    Network{ { 240 }, 4, AddressKind::reserved },  // RFC 1112, broadcast among them
};

constexpr std::array v6_networks{
    Network{ { 0xfe, 0x80 }, 10, AddressKind::link_local },  // RFC 4291
    Network{ { 0xfe, 0xc0 }, 10, AddressKind::private_use },  // RFC 3879, site local
    Network{ { 0xfc }, 7, AddressKind::private_use },  // RFC 4193
    Network{ { 0xff }, 8, AddressKind::multicast },  // RFC 4291
};

/// Where an IPv6 network has an IPv4 address inside.
struct Embedding {
    std::array<std::uint8_t, 12> prefix;
    unsigned bits;
    std::size_t offset;
};

constexpr std::array embeddings{
    Embedding{ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }, 96, 12 },  // mapped, RFC 4291
    Embedding{ { 0x00, 0x64, 0xff, 0x9b }, 96, 12 },  // NAT64, RFC 6052
    Embedding{ { 0x20, 0x02 }, 16, 2 },  // 6to4, RFC 3056
    Embedding{ { 0 }, 96, 12 },  // compatible, RFC 4291
};

bool covers(Bytes prefix, unsigned bits, Bytes address)
{
    const auto whole = bits / 8;
    if (!std::equal(prefix.begin(), prefix.begin() + whole, address.begin()))
        return false;
    const auto rest = bits % 8;
    const auto mask = static_cast<std::uint8_t>(0xff00U >> rest);
    return rest == 0 || (prefix[whole] & mask) == (address[whole] & mask);
}

template <std::size_t N>
AddressKind kind_in(const std::array<Network, N>& networks, Bytes address)
{
    for (const auto& network : networks)
        if (covers(network.prefix, network.bits, address))
            return network.kind;
    return AddressKind::global;
}

AddressKind kind_of_v6(Bytes address)
{
    std::array<std::uint8_t, 16> one{};
    if (std::equal(one.begin(), one.end(), address.begin()))
        return AddressKind::unspecified;
    one.back() = 1;
    if (std::equal(one.begin(), one.end(), address.begin()))
        return AddressKind::loopback;
    for (const auto& embedding : embeddings)
        if (covers(embedding.prefix, embedding.bits, address))
            return kind_in(v4_networks, address.subspan(embedding.offset, 4));
    return kind_in(v6_networks, address);
}

constexpr bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// 8-4-4-4-12 hex digits and ".local", as browsers make them.
bool is_mdns_name(std::string_view text)
{
    constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    constexpr std::string_view suffix = ".local";
    if (text.size() != shape.size() + suffix.size() || !text.ends_with(suffix))
        return false;
    return std::equal(shape.begin(), shape.end(), text.begin(),
                      [](char wanted, char c) { return wanted == 'x' ? is_hex(c) : c == wanted; });
}

}  // namespace

Address classify(std::string_view text) noexcept
{
    std::array<char, INET6_ADDRSTRLEN> terminated{};  // inet_pton wants an end, and no literal is longer
    if (text.size() < terminated.size() && text.find('\0') == std::string_view::npos) {
        std::copy(text.begin(), text.end(), terminated.begin());
        std::array<std::uint8_t, 16> bytes{};
        if (inet_pton(AF_INET, terminated.data(), bytes.data()) == 1)
            return { kind_in(v4_networks, Bytes{ bytes }.first(4)), AddressFamily::v4 };
        if (inet_pton(AF_INET6, terminated.data(), bytes.data()) == 1)
            return { kind_of_v6(bytes), AddressFamily::v6 };
    }
    return { is_mdns_name(text) ? AddressKind::mdns : AddressKind::host_name, AddressFamily::none };
}

}  // namespace jingle
