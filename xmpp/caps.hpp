#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "xmpp/disco.hpp"

namespace xmpp {

/// The <c/> of a presence (XEP-0115): what its sender can do, as a hash of its disco#info.
struct Caps {
    static constexpr std::string_view sha1 = "sha-1";

    std::string_view node;
    std::string_view ver;
    std::string_view hash;  ///< empty in the form of before 2007, whose `ver` proves nothing

    /// True for the hash functions of XEP-0300 that XEP-0115 names here: sha-1 and the SHA-2 family.
    [[nodiscard]] static bool can_hash(std::string_view hash) noexcept;

    /// Node and ver are required.
    [[nodiscard]] static base::Result<Caps> from_element(const Element& c);
    Element& append_to(Element& presence, base::Arena& arena) const;

    /// The node to ask for: "node#ver".
    [[nodiscard]] std::string_view info_node(base::Arena& arena) const
    {
        return arena.concat(node, "#", ver);
    }

    friend bool operator==(const Caps&, const Caps&) = default;
};

/// The string that is hashed (XEP-0115, 5.1). Fails where 5.4 calls the answer ill-formed (the same identity,
/// feature or FORM_TYPE twice, or a FORM_TYPE of several values), and where a '<' or '/' inside a value would
/// make it read like another one.
[[nodiscard]] base::Result<std::string> verification_string(const DiscoInfo& info);

/// The `ver` of an entity that answers `info`: base64 of the verification string's hash.
[[nodiscard]] base::Result<std::string> verification_hash(const DiscoInfo& info,
                                                          std::string_view hash = Caps::sha1);

/// True when `info` is what `caps` promised, so that it may be remembered for everybody with the same caps.
[[nodiscard]] bool matches(const Caps& caps, const DiscoInfo& info);

}  // namespace xmpp
