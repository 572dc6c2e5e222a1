#include "component/auth/jwt.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include <jansson.h>
#include <jwt.h>

#include "base/base64url.hpp"
#include "base/enum_table.hpp"

// What libjwt leaves to its user, and is done here: it takes any algorithm that the token names, HS256 with a
// public key as the secret included; it checks no claim; it takes a name that stands twice.

namespace component::auth {
namespace {

using Json = std::unique_ptr<json_t, decltype(&json_decref)>;
using Refused = tl::unexpected<JwtRefusal>;

constexpr std::array algorithm_rows{
    base::EnumRow<JwtAlgorithm>{ JwtAlgorithm::hs256, "HS256" },
    base::EnumRow<JwtAlgorithm>{ JwtAlgorithm::es256, "ES256" },
};
constexpr std::array refusal_rows{
    base::EnumRow<JwtRefusal>{ JwtRefusal::too_long, "too long" },
    base::EnumRow<JwtRefusal>{ JwtRefusal::malformed, "no token" },
    base::EnumRow<JwtRefusal>{ JwtRefusal::unknown_key, "no key of that kid" },
    base::EnumRow<JwtRefusal>{ JwtRefusal::wrong_algorithm, "another algorithm than the key's" },
    base::EnumRow<JwtRefusal>{ JwtRefusal::bad_signature, "the signature is wrong" },
    base::EnumRow<JwtRefusal>{ JwtRefusal::expired, "expired" },
    base::EnumRow<JwtRefusal>{ JwtRefusal::not_yet, "not valid yet" },
    base::EnumRow<JwtRefusal>{ JwtRefusal::wrong_audience, "meant for somebody else" },
    base::EnumRow<JwtRefusal>{ JwtRefusal::bad_claims, "a claim is missing or wrong" },
};

/// The three parts between the dots.
std::optional<std::array<std::string_view, 3>> split(std::string_view token)
{
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos)
        return std::nullopt;
    return std::array{ token.substr(0, first), token.substr(first + 1, second - first - 1),
                       token.substr(second + 1) };
}

/// The object in a part; null for anything else.
Json object_of(std::string_view part)
{
    const auto text = base::from_base64url(part);
    if (!text)
        return { nullptr, json_decref };
    json_error_t ignored;
    Json value{ json_loadb(text->data(), text->size(), JSON_REJECT_DUPLICATES, &ignored), json_decref };
    if (!json_is_object(value.get()))
        value.reset();
    return value;
}

std::optional<std::string_view> text_of(const json_t* value)
{
    if (!json_is_string(value))
        return std::nullopt;
    return std::string_view{ json_string_value(value), json_string_length(value) };
}

/// A NumericDate; a fraction of a second is dropped. Empty for what no calendar has.
std::optional<Seconds> date_of(const json_t* value)
{
    constexpr double last = 253'402'300'800;  // the year 10000
    if (!json_is_number(value))
        return std::nullopt;
    const auto number = std::floor(json_number_value(value));
    if (!(number >= 0 && number < last))
        return std::nullopt;
    return Seconds{ std::chrono::seconds{ static_cast<std::int64_t>(number) } };
}

/// A text, or a list of texts.
std::optional<std::vector<std::string>> texts_of(const json_t* value)
{
    if (const auto single = text_of(value))
        return std::vector{ std::string{ *single } };
    if (!json_is_array(value))
        return std::nullopt;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < json_array_size(value); ++i) {
        const auto text = text_of(json_array_get(value, i));
        if (!text)
            return std::nullopt;
        texts.emplace_back(*text);
    }
    return texts;
}

tl::expected<const JwtKey*, JwtRefusal> key_for(const json_t* header, std::span<const JwtKey> keys)
{
    // RFC 7515, 4.1.11: what must be understood, and is not.
    if (json_object_get(header, "crit") != nullptr)
        return Refused{ JwtRefusal::malformed };
    const auto* named = json_object_get(header, "kid");
    const auto kid = text_of(named);
    if (named != nullptr && !kid)
        return Refused{ JwtRefusal::malformed };
    const auto key = kid ? std::ranges::find(keys, *kid, &JwtKey::kid) : keys.begin();
    if (key == keys.end() || (!kid && keys.size() != 1))
        return Refused{ JwtRefusal::unknown_key };
    const auto algorithm = text_of(json_object_get(header, "alg"));
    if (!algorithm || *algorithm != base::find_token(algorithm_rows, key->algorithm))
        return Refused{ JwtRefusal::wrong_algorithm };
    return &*key;
}

bool has_signature_of(const std::string& token, const JwtKey& key)
{
    jwt_t* made = nullptr;
    const auto failed
        = jwt_decode(&made, token.c_str(), reinterpret_cast<const unsigned char*>(key.material.data()),
                     static_cast<int>(key.material.size()));
    const std::unique_ptr<jwt_t, decltype(&jwt_free)> decoded{ made, jwt_free };
    const auto wanted = key.algorithm == JwtAlgorithm::hs256 ? JWT_ALG_HS256 : JWT_ALG_ES256;
    return failed == 0 && decoded && jwt_get_alg(decoded.get()) == wanted;
}

std::optional<JwtRefusal> check_times(const json_t* claims, Seconds now, JwtClaims& read)
{
    const auto expires = date_of(json_object_get(claims, "exp"));
    if (!expires)
        return JwtRefusal::bad_claims;
    read.expires = *expires;
    if (now >= *expires)
        return JwtRefusal::expired;
    if (const auto* value = json_object_get(claims, "nbf"); value != nullptr) {
        const auto not_before = date_of(value);
        if (!not_before)
            return JwtRefusal::bad_claims;
        if (now + jwt_leeway < *not_before)
            return JwtRefusal::not_yet;
    }
    return std::nullopt;
}

/// Those that say what may be done.
bool read_rights(const json_t* claims, JwtClaims& read)
{
    if (const auto* value = json_object_get(claims, "name"); value != nullptr) {
        const auto name = text_of(value);
        if (!name || name->size() > max_jwt_name)
            return false;
        read.name = *name;
    }
    if (const auto* value = json_object_get(claims, "to"); value != nullptr) {
        read.to = texts_of(value);
        if (!read.to || read.to->size() > max_jwt_callees)
            return false;
    }
    if (const auto* value = json_object_get(claims, "media"); value != nullptr) {
        const auto media = texts_of(value);
        if (!media)
            return false;
        read.audio = std::ranges::find(*media, "audio") != media->end();
        read.video = std::ranges::find(*media, "video") != media->end();
    }
    if (const auto* value = json_object_get(claims, "max_calls"); value != nullptr) {
        const auto number = json_integer_value(value);
        if (!json_is_integer(value) || number < 0 || number > max_jwt_calls)
            return false;
        read.max_calls = static_cast<unsigned>(number);
    }
    return true;
}

tl::expected<JwtClaims, JwtRefusal> read_claims(const json_t* claims, std::string_view audience, Seconds now)
{
    JwtClaims read;
    if (const auto refused = check_times(claims, now, read))
        return Refused{ *refused };
    const auto meant_for = texts_of(json_object_get(claims, "aud"));
    if (!meant_for)
        return Refused{ JwtRefusal::bad_claims };
    if (std::ranges::find(*meant_for, audience) == meant_for->end())
        return Refused{ JwtRefusal::wrong_audience };
    const auto subject = text_of(json_object_get(claims, "sub"));
    if (!subject || subject->empty() || subject->size() > max_jwt_subject || !read_rights(claims, read))
        return Refused{ JwtRefusal::bad_claims };
    read.subject = *subject;
    return read;
}

}  // namespace

std::string_view to_string(JwtRefusal refusal) noexcept
{
    return base::find_token(refusal_rows, refusal);
}

tl::expected<JwtClaims, JwtRefusal> check_jwt(std::string_view token, std::span<const JwtKey> keys,
                                              std::string_view audience, Seconds now)
{
    if (token.size() > max_jwt_bytes)
        return Refused{ JwtRefusal::too_long };
    const auto parts = split(token);
    if (!parts || (*parts)[2].empty() || !base::from_base64url((*parts)[2]))
        return Refused{ JwtRefusal::malformed };
    const auto header = object_of((*parts)[0]);
    const auto claims = object_of((*parts)[1]);
    if (!header || !claims)
        return Refused{ JwtRefusal::malformed };
    const auto key = key_for(header.get(), keys);
    if (!key)
        return Refused{ key.error() };
    if (!has_signature_of(std::string{ token }, **key))
        return Refused{ JwtRefusal::bad_signature };
    return read_claims(claims.get(), audience, now);
}

}  // namespace component::auth
