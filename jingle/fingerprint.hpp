#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <tuple>

#include "base/enum_table.hpp"
#include "base/result.hpp"
#include "jingle/extra.hpp"
#include "jingle/fields.hpp"
#include "xmpp/element.hpp"
#include "xmpp/writer.hpp"

namespace jingle {

/// fingerprint/@setup (XEP-0320, RFC 8122).
enum class Setup { actpass, active, passive, holdconn };

inline constexpr std::array<base::EnumRow<Setup>, 4> setup_rows{ {
    { Setup::actpass, "actpass" },
    { Setup::active, "active" },
    { Setup::passive, "passive" },
    { Setup::holdconn, "holdconn" },
} };
constexpr const auto& enum_rows(Setup)
{
    return setup_rows;
}

/// <fingerprint/> of XEP-0320. `value` is upper-case hex with colons and without white space once it is read.
struct Fingerprint {
    std::string_view hash;
    std::optional<Setup> setup;
    std::string_view value;
    std::optional<bool> cryptex;  ///< Jitsi
    std::optional<bool> required;  ///< old drafts
    Extra extra{};

    friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

inline constexpr std::tuple fingerprint_rows{
    Field{ "hash",
           &Fingerprint::hash,
           { .refused = chars::blank, .shortest = 1, .longest = 64, .lower_case = true } },
    Field{ "setup", &Fingerprint::setup },
    Field{ "cryptex", &Fingerprint::cryptex },
    Field{ "required", &Fingerprint::required },
};
constexpr const auto& attribute_rows(const Fingerprint*)
{
    return fingerprint_rows;
}

/// Bytes of a digest by the name of its hash (RFC 8122, 5). Other hashes may have any length.
struct DigestLength {
    std::string_view hash;
    std::size_t bytes;
};
inline constexpr std::array digest_lengths{
    DigestLength{ "md2", 16 },     DigestLength{ "md5", 16 },     DigestLength{ "sha-1", 20 },
    DigestLength{ "sha-224", 28 }, DigestLength{ "sha-256", 32 }, DigestLength{ "sha-384", 48 },
    DigestLength{ "sha-512", 64 },
};

struct Reading;
/// The digest comes out as upper-case hex with colons, whatever white space stood in it.
base::Result<void> read(const xmpp::Element& from, Fingerprint& into, Reading& reading);
void write(const Fingerprint& value, xmpp::Writer& writer);

}  // namespace jingle
