#include "component/auth/resume_token.hpp"

#include <algorithm>
#include <cstring>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "component/auth/base64url.hpp"

namespace component::auth {
namespace {

/// Version and purpose, so that a seal for anything else is none here.
constexpr std::string_view purpose = "carillon resume token 1";
constexpr std::size_t seal_size = 32;
constexpr std::size_t body_size = 16 + 4 + 8;

template <class Number>
void append(std::string& out, Number value)
{
    for (int shift = (static_cast<int>(sizeof value) - 1) * 8; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift & 255);
}

template <class Number>
Number take(std::string_view& bytes)
{
    Number value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i)
        value = static_cast<Number>(value << 8U | static_cast<unsigned char>(bytes[i]));
    bytes.remove_prefix(sizeof value);
    return value;
}

std::string seal_of(std::string_view body, std::string_view key)
{
    const auto message = std::string{ purpose }.append(body);
    std::string digest(seal_size, '\0');
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(message.data()), message.size(),
         reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return digest;
}

}  // namespace

std::string seal(const ResumeToken& token, std::string_view instance_key)
{
    std::string body{ reinterpret_cast<const char*>(token.session.data()), token.session.size() };
    append(body, token.generation);
    append(body, static_cast<std::uint64_t>(token.expires.time_since_epoch().count()));
    return to_base64url(body + seal_of(body, instance_key));
}

std::optional<ResumeToken> unseal(std::string_view text, std::string_view instance_key,
                                  std::chrono::sys_seconds now)
{
    constexpr auto text_size = ((body_size + seal_size) * 4 + 2) / 3;
    const auto bytes = text.size() == text_size ? from_base64url(text) : std::nullopt;
    if (!bytes)
        return std::nullopt;
    auto body = std::string_view{ *bytes }.substr(0, body_size);
    const auto wanted = seal_of(body, instance_key);
    if (CRYPTO_memcmp(wanted.data(), bytes->data() + body_size, seal_size) != 0)
        return std::nullopt;
    ResumeToken token;
    std::memcpy(token.session.data(), body.data(), token.session.size());
    body.remove_prefix(token.session.size());
    token.generation = take<std::uint32_t>(body);
    token.expires = std::chrono::sys_seconds{ std::chrono::seconds{
        static_cast<std::int64_t>(take<std::uint64_t>(body)) } };
    if (now >= token.expires)
        return std::nullopt;
    return token;
}

bool is_current(const ResumeToken& token, std::uint32_t newest, bool newest_was_shown) noexcept
{
    return token.generation == newest || (!newest_was_shown && token.generation + 1 == newest);
}

}  // namespace component::auth
