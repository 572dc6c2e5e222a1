// Any bytes as a token, and the same bytes as claims that the site's own secret has signed: neither may
// crash, and only what the secret signed may pass.
#include "component/auth/jwt.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64url.hpp"
#include "component/auth/subject.hpp"

namespace {

using component::auth::JwtAlgorithm;

constexpr component::auth::Seconds now{ std::chrono::seconds{ 1'800'000'000 } };
const std::string secret(32, 's');

void require(bool holds)
{
    if (!holds)
        std::abort();
}

std::string sign(const std::string& body)
{
    std::string digest(32, '\0');
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(body.data()), body.size(),
         reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return body + "." + base::to_base64url(digest);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::array keys{ *component::auth::make_jwt_key("k", JwtAlgorithm::hs256, secret) };
    const std::string_view input{ reinterpret_cast<const char*>(data), size };

    const auto body = base::to_base64url(R"({"alg":"HS256","kid":"k"})") + "." + base::to_base64url(input);
    const auto signed_claims = component::auth::check_jwt(sign(body), keys, "a", now);
    if (signed_claims) {
        require(!signed_claims->subject.empty());
        require(signed_claims->expires > now);
        (void)component::auth::subject_of(signed_claims->subject, {});
    }
    // As a token: good only when our secret signed it, which a fuzzer does not guess.
    require(!component::auth::check_jwt(input, keys, "a", now));
    // As a header that is signed as well.
    (void)component::auth::check_jwt(sign(base::to_base64url(input) + ".e30"), keys, "a", now);

    (void)component::auth::subject_of(input, {});
    if (const auto bytes = base::from_base64url(input))
        require(base::to_base64url(*bytes) == input);
    return 0;
}
