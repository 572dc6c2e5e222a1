#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "component/auth/jwt_key.hpp"

namespace component::auth {

using Seconds = std::chrono::sys_seconds;

/// What a token says of who holds it.
struct JwtClaims {
    std::string subject;  ///< see subject_of()
    std::optional<std::string> name;  ///< to be shown
    std::optional<std::vector<std::string>> to;  ///< who may be called; absent: whoever the policy allows
    bool audio = true;
    bool video = true;
    std::optional<unsigned> max_calls;  ///< at once
    Seconds expires;

    friend bool operator==(const JwtClaims&, const JwtClaims&) = default;
};

/// Why a token is refused: for the log. Whoever shows it hears one answer to all.
enum class JwtRefusal {
    too_long,
    malformed,  ///< not three parts of base64url, no JSON, a name twice
    unknown_key,
    wrong_algorithm,  ///< other than the key's own
    bad_signature,
    expired,
    not_yet,  ///< nbf
    wrong_audience,
    bad_claims,  ///< one is missing, of another type or too long
};
[[nodiscard]] std::string_view to_string(JwtRefusal refusal) noexcept;

inline constexpr std::size_t max_jwt_bytes = 8192;
/// How far the issuer's clock may be ahead of ours. The end of a token ends its session too, to the second.
inline constexpr std::chrono::seconds jwt_leeway{ 60 };
inline constexpr std::size_t max_jwt_callees = 64;
inline constexpr std::size_t max_jwt_subject = 1023;
inline constexpr std::size_t max_jwt_name = 256;
inline constexpr unsigned max_jwt_calls = 1000;

/// Checks a token (RFC 7519) that was signed with one of `keys`. `alg` must be the algorithm of the key that
/// `kid` names (without kid: of the only key); exp, aud and sub are required.
[[nodiscard]] tl::expected<JwtClaims, JwtRefusal>
check_jwt(std::string_view token, std::span<const JwtKey> keys, std::string_view audience, Seconds now);

}  // namespace component::auth
