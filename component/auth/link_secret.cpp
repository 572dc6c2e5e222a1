#include "component/auth/link_secret.hpp"

#include <algorithm>
#include <cstring>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/base64url.hpp"

namespace component::auth {

std::string to_text(const LinkSecret& secret)
{
    return base::to_base64url({ reinterpret_cast<const char*>(secret.data()), secret.size() });
}

std::optional<LinkSecret> link_secret_of(std::string_view text)
{
    constexpr std::size_t text_size = 22;
    LinkSecret secret{};
    const auto bytes = text.size() == text_size ? base::from_base64url(text) : std::nullopt;
    if (!bytes || bytes->size() != secret.size())
        return std::nullopt;
    std::memcpy(secret.data(), bytes->data(), secret.size());
    return secret;
}

LinkHash hash_of(const LinkSecret& secret)
{
    LinkHash hash{};
    EVP_Digest(secret.data(), secret.size(), hash.data(), nullptr, EVP_sha256(), nullptr);
    return hash;
}

bool is_same(const LinkHash& a, const LinkHash& b) noexcept
{
    return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string link_name(const std::array<std::uint8_t, 8>& random)
{
    constexpr std::string_view alphabet = "23456789bcdfghjkmnpqrstvwxz";
    std::string name = "link-";
    for (const auto byte : random)
        name += alphabet[byte % alphabet.size()];
    return name;
}

}  // namespace component::auth
