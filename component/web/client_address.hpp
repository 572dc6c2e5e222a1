#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace component::web {

/// An address, or all those with its first bits: "10.0.0.0/8", "::1".
class Network {
public:
    [[nodiscard]] static std::optional<Network> parse(std::string_view text);
    [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;

    friend bool operator==(const Network&, const Network&) = default;

private:
    boost::asio::ip::address_v6::bytes_type bytes_{};  ///< IPv4 as ::ffff:a.b.c.d
    unsigned prefix_ = 0;
};

/// Who sent a request: the peer, or what a proxy that is trusted says in X-Forwarded-For, read from its end.
[[nodiscard]] boost::asio::ip::address client_of(const boost::asio::ip::address& peer,
                                                 std::string_view forwarded_for,
                                                 std::span<const Network> trusted);

[[nodiscard]] bool is_trusted(const boost::asio::ip::address& peer, std::span<const Network> trusted);

/// The name an address has for limits. Of IPv6 the first 64 bits count, since everybody has the others.
[[nodiscard]] std::string limit_name(const boost::asio::ip::address& address);

}  // namespace component::web
