#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace component::auth {

/// Signatures that are taken: with a shared secret, or with a public key. Never "none", nothing else.
enum class JwtAlgorithm { hs256, es256 };

/// A key whose tokens are taken. Made by make_jwt_key() alone.
struct JwtKey {
    std::string kid;
    JwtAlgorithm algorithm = JwtAlgorithm::es256;
    std::string material;  ///< HS256: the secret; ES256: the public key, PEM
};

/// RFC 7518, 3.2: a shorter secret can be guessed from one token.
inline constexpr std::size_t min_jwt_secret = 32;

/// Checks that the material is what the algorithm wants: a secret of at least min_jwt_secret bytes (blanks at
/// both ends do not count), and no key in PEM by mistake; or a public key on the curve P-256.
[[nodiscard]] base::Result<JwtKey> make_jwt_key(std::string kid, JwtAlgorithm algorithm,
                                                std::string_view material);

}  // namespace component::auth
