#include "component/call_link.hpp"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>

namespace component {
namespace {

constexpr std::size_t token_bytes = 16;
constexpr std::size_t max_slug = 20;
constexpr std::size_t name_end = 6;
// Nothing that is read as something else on the phone; 32 signs, so that no byte favours one.
constexpr std::string_view name_signs = "abcdefghijkmnpqrstuvwxyz23456789";
static_assert(name_signs.size() == 32);

std::string base64url(std::span<const std::uint8_t> bytes)
{
    constexpr std::string_view signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const auto byte : bytes) {
        held = held << 8U | byte;
        for (bits += 8; bits >= 6; bits -= 6)
            text += signs[held >> (bits - 6) & 63U];
    }
    if (bits > 0)
        text += signs[held << (6 - bits) & 63U];
    return text;
}

std::string slug_of(std::string_view title)
{
    std::string slug;
    for (const char c : title) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool is_plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (slug.size() >= max_slug)
            break;
        if (is_plain)
            slug += lower;
        else if (!slug.empty() && slug.back() != '-')
            slug += '-';
    }
    while (slug.ends_with('-'))
        slug.pop_back();
    return slug.empty() ? "link" : slug;
}

}  // namespace

MadeLink make_link(const LinkWishes& wishes, roster::WallTime now,
                   const std::function<void(std::span<std::uint8_t>)>& random)
{
    std::array<std::uint8_t, token_bytes + name_end> bytes{};
    random(bytes);
    MadeLink made;
    made.token = base64url(std::span{ bytes }.first<token_bytes>());
    auto& row = made.row;
    row.name = slug_of(wishes.title) + "-";
    for (const auto byte : std::span{ bytes }.last<name_end>())
        row.name += name_signs[byte % name_signs.size()];
    row.owner = wishes.owner;
    row.secret_hash = hash_token(made.token);
    row.title = wishes.title;
    row.uses_left = wishes.uses;
    row.expires = wishes.expires;
    row.made = now;
    return made;
}

roster::SecretHash hash_token(std::string_view token)
{
    roster::SecretHash hash{};
    unsigned size = 0;
    if (EVP_Digest(token.data(), token.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error{ "no SHA-256 from OpenSSL" };
    return hash;
}

std::string link_url(std::string_view public_url, std::string_view token)
{
    if (public_url.empty())
        return {};
    while (public_url.ends_with('/'))
        public_url.remove_suffix(1);
    return std::string{ public_url } + "/c#" + std::string{ token };
}

}  // namespace component
