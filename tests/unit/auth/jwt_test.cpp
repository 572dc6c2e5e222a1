#include <memory>

#include <catch2/catch.hpp>
#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include "base/base64url.hpp"
#include "component/auth/jwt.hpp"

using base::to_base64url;
using component::auth::check_jwt;
using component::auth::JwtAlgorithm;
using component::auth::JwtClaims;
using component::auth::JwtKey;
using component::auth::JwtRefusal;
using component::auth::make_jwt_key;
using component::auth::Seconds;
using namespace std::chrono_literals;

// Tokens are signed here with OpenSSL alone, so that what signs and what checks share no code.

namespace {

constexpr Seconds now{ 1'800'000'000s };
const std::string secret = "0123456789abcdef0123456789abcdef";

/// A key pair on some curve; the public half in PEM.
class KeyPair {
public:
    explicit KeyPair(const char* curve = "P-256")
        : key_{ EVP_EC_gen(curve), EVP_PKEY_free }
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> bio{ BIO_new(BIO_s_mem()), BIO_free };
        PEM_write_bio_PUBKEY(bio.get(), key_.get());
        char* text = nullptr;
        const auto size = BIO_get_mem_data(bio.get(), &text);
        pem.assign(text, static_cast<std::size_t>(size));
    }

    /// JWS wants r and s side by side, not in DER.
    [[nodiscard]] std::string sign(std::string_view what) const
    {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{ EVP_MD_CTX_new(),
                                                                               EVP_MD_CTX_free };
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
        std::array<unsigned char, 256> der{};
        auto size = der.size();
        EVP_DigestSign(context.get(), der.data(), &size, reinterpret_cast<const unsigned char*>(what.data()),
                       what.size());
        const unsigned char* at = der.data();
        const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> both{
            d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)), ECDSA_SIG_free
        };
        std::string raw(64, '\0');
        BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), reinterpret_cast<unsigned char*>(raw.data()), 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), reinterpret_cast<unsigned char*>(raw.data()) + 32, 32);
        return raw;
    }

    std::string pem;

private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

std::string hmac(std::string_view key, std::string_view what)
{
    std::string digest(32, '\0');
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(what.data()), what.size(),
         reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return digest;
}

std::string body_of(std::string_view header, std::string_view claims)
{
    return to_base64url(header) + "." + to_base64url(claims);
}

const std::string hs_header = R"({"alg":"HS256","kid":"hs","typ":"JWT"})";
const std::string es_header = R"({"alg":"ES256","kid":"es"})";
const std::string good_claims = R"({"sub":"alice@example.org","aud":"call.example.org","exp":1800000600})";

std::string hs_token(std::string_view claims = good_claims, std::string_view header = hs_header,
                     std::string_view key = secret)
{
    const auto body = body_of(header, claims);
    return body + "." + to_base64url(hmac(key, body));
}

struct Stage {
    KeyPair pair;
    std::vector<JwtKey> keys{ *make_jwt_key("hs", JwtAlgorithm::hs256, secret),
                              *make_jwt_key("es", JwtAlgorithm::es256, pair.pem) };

    [[nodiscard]] std::string es_token(std::string_view claims = good_claims,
                                       std::string_view header = es_header) const
    {
        const auto body = body_of(header, claims);
        return body + "." + to_base64url(pair.sign(body));
    }

    [[nodiscard]] tl::expected<JwtClaims, JwtRefusal> check(std::string_view token, Seconds at = now) const
    {
        return check_jwt(token, keys, "call.example.org", at);
    }

    /// What a token is refused for; it must be refused.
    [[nodiscard]] JwtRefusal refusal(std::string_view token, Seconds at = now) const
    {
        const auto claims = check(token, at);
        REQUIRE_FALSE(claims);
        return claims.error();
    }
};

}  // namespace

TEST_CASE("jwt: what either algorithm signed is taken", "[auth][jwt]")
{
    const Stage stage;

    const auto by_secret = stage.check(hs_token());
    const auto by_key = stage.check(stage.es_token());

    REQUIRE(by_secret);
    REQUIRE(by_key);
    CHECK(*by_secret == *by_key);
    CHECK(by_key->subject == "alice@example.org");
    CHECK(by_key->expires == now + 600s);
    CHECK((by_key->audio && by_key->video));
    CHECK_FALSE((by_key->name || by_key->to || by_key->max_calls));
}

TEST_CASE("jwt: all claims are read", "[auth][jwt]")
{
    const Stage stage;

    const auto claims
        = stage.check(hs_token(R"({"sub":"site-17","aud":["x","call.example.org"],"exp":1800000600.7,
        "nbf":1799999999,"name":"Alice \u00c4","to":["bob@b.example","line"],"media":["audio"],"max_calls":2,
        "iat":1,"other":{"deep":[1]}})"));

    REQUIRE(claims);
    CHECK(claims->name == "Alice \xC3\x84");
    CHECK(claims->to == std::vector<std::string>{ "bob@b.example", "line" });
    CHECK((claims->audio && !claims->video));
    CHECK(claims->max_calls == 2U);
    CHECK(claims->expires == now + 600s);
}

TEST_CASE("jwt: a public key is never taken for a secret", "[auth][jwt]")
{
    const Stage stage;

    // The classic: HS256, signed with the text of the public key.
    const auto confused = hs_token(good_claims, R"({"alg":"HS256","kid":"es"})", stage.pair.pem);
    CHECK(stage.refusal(confused) == JwtRefusal::wrong_algorithm);
    auto trimmed = stage.keys[1].material;
    CHECK(stage.refusal(hs_token(good_claims, R"({"alg":"HS256","kid":"es"})", trimmed))
          == JwtRefusal::wrong_algorithm);
    CHECK(stage.refusal(stage.es_token(good_claims, R"({"alg":"ES256","kid":"hs"})"))
          == JwtRefusal::wrong_algorithm);
    CHECK_FALSE(make_jwt_key("x", JwtAlgorithm::hs256, stage.pair.pem));
}

TEST_CASE("jwt: no signature is none", "[auth][jwt]")
{
    const Stage stage;
    for (const auto* alg : { "none", "None", "NONE", "nOnE", "", "HS384", "RS256", "hs256" }) {
        CAPTURE(alg);
        const auto header = std::string{ R"({"alg":")" } + alg + R"(","kid":"hs"})";
        const auto body = body_of(header, good_claims);
        CHECK(stage.refusal(body + ".") == JwtRefusal::malformed);
        CHECK(stage.refusal(body) == JwtRefusal::malformed);
        CHECK(stage.refusal(body + "." + to_base64url(hmac(secret, body))) == JwtRefusal::wrong_algorithm);
    }
    CHECK(stage.refusal(hs_token(good_claims, R"({"kid":"hs"})")) == JwtRefusal::wrong_algorithm);
    CHECK(stage.refusal(hs_token(good_claims, R"({"alg":256,"kid":"hs"})")) == JwtRefusal::wrong_algorithm);
}

TEST_CASE("jwt: a changed, foreign or cut signature is refused", "[auth][jwt]")
{
    const Stage stage;
    const auto good = stage.es_token();
    const auto dot = good.rfind('.');

    auto changed = good;
    changed[dot + 5] = changed[dot + 5] == 'A' ? 'B' : 'A';
    CHECK(stage.refusal(changed) == JwtRefusal::bad_signature);
    CHECK(stage.refusal(body_of(es_header, R"({"sub":"root","aud":"call.example.org","exp":1800000600})")
                        + good.substr(dot))
          == JwtRefusal::bad_signature);
    CHECK(stage.refusal(hs_token(good_claims, hs_header, "fedcba9876543210fedcba9876543210"))
          == JwtRefusal::bad_signature);
    // Zeros for r and s (CVE-2022-21449).
    CHECK(stage.refusal(good.substr(0, dot + 1) + to_base64url(std::string(64, '\0')))
          == JwtRefusal::bad_signature);
    for (std::size_t size = 0; size < good.size(); ++size)
        CHECK_FALSE(stage.check(good.substr(0, size)));
}

TEST_CASE("jwt: the key is the one that kid names", "[auth][jwt]")
{
    Stage stage;
    CHECK(stage.refusal(hs_token(good_claims, R"({"alg":"HS256","kid":"other"})"))
          == JwtRefusal::unknown_key);
    CHECK(stage.refusal(hs_token(good_claims, R"({"alg":"HS256","kid":"../../dev/null"})"))
          == JwtRefusal::unknown_key);
    CHECK(stage.refusal(hs_token(good_claims, R"({"alg":"HS256","kid":7})")) == JwtRefusal::malformed);
    CHECK(stage.refusal(hs_token(good_claims, R"({"alg":"HS256"})")) == JwtRefusal::unknown_key);
    CHECK(stage.refusal(hs_token(good_claims, R"({"alg":"HS256","kid":"hs","crit":["exp"]})"))
          == JwtRefusal::malformed);

    stage.keys.pop_back();
    CHECK(stage.check(hs_token(good_claims, R"({"alg":"HS256"})")));
    stage.keys.clear();
    CHECK(stage.refusal(hs_token()) == JwtRefusal::unknown_key);
    CHECK(stage.refusal(hs_token(good_claims, R"({"alg":"HS256"})")) == JwtRefusal::unknown_key);
}

TEST_CASE("jwt: a name that stands twice is refused", "[auth][jwt]")
{
    const Stage stage;
    CHECK(stage.refusal(hs_token(R"({"sub":"a","sub":"root","aud":"call.example.org","exp":1800000600})"))
          == JwtRefusal::malformed);
    CHECK(stage.refusal(hs_token(good_claims, R"({"alg":"HS256","kid":"hs","alg":"HS256"})"))
          == JwtRefusal::malformed);
}

TEST_CASE("jwt: times are checked against the given clock", "[auth][jwt]")
{
    const Stage stage;
    const auto token = hs_token(R"({"sub":"a","aud":"call.example.org","exp":1800000600,"nbf":1800000000})");

    CHECK(stage.check(token, now));
    CHECK(stage.check(token, now - component::auth::jwt_leeway));
    CHECK(stage.refusal(token, now - component::auth::jwt_leeway - 1s) == JwtRefusal::not_yet);
    CHECK(stage.check(token, now + 599s));
    CHECK(stage.refusal(token, now + 600s) == JwtRefusal::expired);
}

TEST_CASE("jwt: claims that are missing or wrong", "[auth][jwt]")
{
    struct Row {
        std::string claims;
        JwtRefusal refusal;
    };
    const auto row = GENERATE(values<Row>({
        { R"({"aud":"call.example.org","exp":1800000600})", JwtRefusal::bad_claims },
        { R"({"sub":"a","exp":1800000600})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org"})", JwtRefusal::bad_claims },
        { R"({"sub":"","aud":"call.example.org","exp":1800000600})", JwtRefusal::bad_claims },
        { R"({"sub":7,"aud":"call.example.org","exp":1800000600})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"other.example.org","exp":1800000600})", JwtRefusal::wrong_audience },
        { R"({"sub":"a","aud":[],"exp":1800000600})", JwtRefusal::wrong_audience },
        { R"({"sub":"a","aud":["call.example.org",7],"exp":1800000600})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org","exp":"1800000600"})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org","exp":-1})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org","exp":1e300})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org","exp":99999999999999999999})", JwtRefusal::malformed },
        { R"({"sub":"a","aud":"call.example.org","exp":1800000600,"nbf":"x"})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org","exp":1800000600,"to":[1]})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org","exp":1800000600,"to":{}})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org","exp":1800000600,"media":true})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org","exp":1800000600,"name":7})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org","exp":1800000600,"max_calls":-1})", JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org","exp":1800000600,"max_calls":1.5})",
          JwtRefusal::bad_claims },
        { R"({"sub":"a","aud":"call.example.org","exp":1800000600,"max_calls":1001})",
          JwtRefusal::bad_claims },
        { R"({"sub":"a\u0000b","aud":"call.example.org","exp":1800000600})", JwtRefusal::malformed },
        { R"([1])", JwtRefusal::malformed },
        { "\xFF", JwtRefusal::malformed },
        { R"({"sub":"a"} )" + std::string(10, '}'), JwtRefusal::malformed },
    }));
    CAPTURE(row.claims);
    const Stage stage;

    CHECK(stage.refusal(hs_token(row.claims)) == row.refusal);
}

TEST_CASE("jwt: lengths have limits", "[auth][jwt]")
{
    const Stage stage;
    const auto with = [](const std::string& claim) {
        return R"({"sub":"a","aud":"call.example.org","exp":1800000600,)" + claim + "}";
    };
    CHECK(stage.refusal(std::string(component::auth::max_jwt_bytes + 1, 'a')) == JwtRefusal::too_long);
    CHECK(stage.refusal(
              hs_token(with("\"name\":\"" + std::string(component::auth::max_jwt_name + 1, 'a') + "\"")))
          == JwtRefusal::bad_claims);
    std::string callees = "\"a\"";
    for (std::size_t i = 1; i < component::auth::max_jwt_callees; ++i)
        callees += ",\"a\"";
    CHECK(stage.check(hs_token(with("\"to\":[" + callees + "]"))));
    CHECK(stage.refusal(hs_token(with("\"to\":[" + callees + ",\"b\"]"))) == JwtRefusal::bad_claims);
    CHECK(stage.refusal(hs_token(R"({"sub":")" + std::string(component::auth::max_jwt_subject + 1, 'a')
                                 + R"(","aud":"call.example.org","exp":1800000600})"))
          == JwtRefusal::bad_claims);
    // Deep, within the limit of bytes.
    CHECK_FALSE(stage.check(hs_token(std::string(5000, '['))));
}

TEST_CASE("jwt: what is no token", "[auth][jwt]")
{
    const Stage stage;
    for (const std::string text : { "", ".", "..", "...", "a.b.c", "a.b", "e30.e30.e30", "\xFF.\xFF.\xFF" })
        CHECK_FALSE(stage.check(text));
    CHECK(stage.refusal(hs_token() + "=") == JwtRefusal::malformed);
    CHECK(stage.refusal(" " + hs_token()) == JwtRefusal::malformed);
    CHECK(stage.refusal(hs_token() + ".x") == JwtRefusal::malformed);
    CHECK(stage.refusal(hs_token() + std::string(1, '\0')) == JwtRefusal::malformed);
}

TEST_CASE("jwt: keys that would be unsafe are refused", "[auth][jwt]")
{
    CHECK_FALSE(make_jwt_key("k", JwtAlgorithm::hs256, "short"));
    CHECK_FALSE(make_jwt_key("k", JwtAlgorithm::hs256, std::string(31, 'a') + "\n\n"));
    CHECK(make_jwt_key("k", JwtAlgorithm::hs256, secret + "\n")->material == secret);
    CHECK_FALSE(make_jwt_key("k", JwtAlgorithm::es256, secret));
    CHECK_FALSE(make_jwt_key("k", JwtAlgorithm::es256, ""));
    CHECK_FALSE(make_jwt_key("k", JwtAlgorithm::es256, KeyPair{ "P-384" }.pem));
    CHECK(make_jwt_key("k", JwtAlgorithm::es256, KeyPair{}.pem));
}

TEST_CASE("jwt: each refusal has words", "[auth][jwt]")
{
    for (int i = 0; i <= static_cast<int>(JwtRefusal::bad_claims); ++i)
        CHECK_FALSE(to_string(static_cast<JwtRefusal>(i)).empty());
}
