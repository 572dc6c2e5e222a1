#include "component/auth/jwt_key.hpp"

#include <array>
#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace component::auth {
namespace {

using base::Errc;

std::string_view trim(std::string_view text)
{
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool is_public_p256(std::string_view pem)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio{
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free
    };
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
        PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free
    };
    std::array<char, 64> group{};
    return key && EVP_PKEY_is_a(key.get(), "EC") == 1
        && EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), nullptr) == 1
        && std::string_view{ group.data() } == "prime256v1";
}

}  // namespace

base::Result<JwtKey> make_jwt_key(std::string kid, JwtAlgorithm algorithm, std::string_view material)
{
    material = trim(material);
    switch (algorithm) {
    case JwtAlgorithm::hs256:
        // Whoever names a public key here would let everybody sign who can read it.
        if (material.starts_with("-----BEGIN"))
            return base::fail(Errc::forbidden, "a key in PEM is no secret: HS256 wants random bytes");
        if (material.size() < min_jwt_secret)
            return base::fail(Errc::out_of_range,
                              "the secret is shorter than " + std::to_string(min_jwt_secret)
                                  + " bytes, and could be guessed; make one with: openssl rand -hex 32");
        break;
    case JwtAlgorithm::es256:
        if (!is_public_p256(material))
            return base::fail(
                Errc::malformed,
                "ES256 wants a public key on the curve P-256 in PEM, as `openssl ec -pubout` writes it");
        break;
    }
    return JwtKey{ std::move(kid), algorithm, std::string{ material } };
}

}  // namespace component::auth
