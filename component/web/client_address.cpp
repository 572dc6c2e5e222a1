#include "component/web/client_address.hpp"

#include <algorithm>
#include <charconv>

namespace component::web {
namespace {

namespace ip = boost::asio::ip;

constexpr unsigned bits_v4 = 32;
constexpr unsigned bits_v6 = 128;
constexpr std::size_t limit_bytes = 8;
constexpr std::size_t max_hops = 16;  ///< of X-Forwarded-For

ip::address_v6::bytes_type to_bytes(const ip::address& address)
{
    return address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes()
                           : address.to_v6().to_bytes();
}

std::string_view trim(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<ip::address> parse_address(std::string_view text)
{
    constexpr std::size_t longest = 64;
    boost::system::error_code error;
    if (text.size() > longest)
        return std::nullopt;
    const auto address = ip::make_address(std::string{ text }, error);
    return error ? std::nullopt : std::optional{ address };
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text)
{
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    const auto bits = address->is_v4() ? bits_v4 : bits_v6;
    auto prefix = bits;
    if (slash != std::string_view::npos) {
        const auto digits = text.substr(slash + 1);
        const auto* last = digits.data() + digits.size();
        const auto [end, error] = std::from_chars(digits.data(), last, prefix);
        if (error != std::errc{} || end != last || prefix > bits)
            return std::nullopt;
    }
    Network network;
    network.bytes_ = to_bytes(*address);
    network.prefix_ = prefix + (bits_v6 - bits);
    return network;
}

bool Network::contains(const ip::address& address) const
{
    constexpr unsigned bits_of_byte = 8;
    const auto bytes = to_bytes(address);
    const auto whole = prefix_ / bits_of_byte;
    if (!std::equal(bytes.begin(), bytes.begin() + whole, bytes_.begin()))
        return false;
    const auto rest = prefix_ % bits_of_byte;
    const auto mask = static_cast<unsigned char>(0xFF00U >> rest);
    return rest == 0 || ((bytes.at(whole) ^ bytes_.at(whole)) & mask) == 0;
}

bool is_trusted(const ip::address& peer, std::span<const Network> trusted)
{
    return std::ranges::any_of(trusted, [&](const Network& network) { return network.contains(peer); });
}

ip::address client_of(const ip::address& peer, std::string_view forwarded_for,
                      std::span<const Network> trusted)
{
    auto client = peer;
    // Each proxy appends who spoke to it: what stands before the first one that is not ours is hearsay.
    for (std::size_t hop = 0; hop < max_hops && is_trusted(client, trusted); ++hop) {
        const auto comma = forwarded_for.rfind(',');
        const auto before
            = parse_address(trim(forwarded_for.substr(comma == std::string_view::npos ? 0 : comma + 1)));
        if (!before)
            break;
        client = *before;
        forwarded_for = comma == std::string_view::npos ? std::string_view{} : forwarded_for.substr(0, comma);
    }
    return client;
}

std::string limit_name(const ip::address& address)
{
    if (address.is_v4())
        return address.to_string();
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, v6).to_string();
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + limit_bytes, bytes.end(), static_cast<unsigned char>(0));
    return ip::address_v6{ bytes }.to_string();
}

}  // namespace component::web
