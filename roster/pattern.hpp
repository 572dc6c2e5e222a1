#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/jid.hpp"

namespace roster {

/// Whom a rule or a block means:
///   bob@b.example    this user
///   *@b.example      everybody of the domain; b.example alone is the same
///   *.b.example      everybody of the domains below, and not of b.example itself
///   *                everybody
struct Pattern {
    enum class Kind : std::uint8_t { anybody, address, domain, subdomains };

    Kind kind = Kind::anybody;
    std::string name;  ///< the prepared bare JID or domain; empty for anybody

    /// Empty for anything that is none of the four.
    [[nodiscard]] static std::optional<Pattern> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;
    /// `user` without its resource.
    [[nodiscard]] bool matches(const xmpp::Jid& user) const;

    friend bool operator==(const Pattern&, const Pattern&) = default;
};

/// Whether `domain` lies below `parent`: a.b.example below b.example and example.
[[nodiscard]] bool is_below(std::string_view domain, std::string_view parent) noexcept;

/// The domain above, "b.example" of "a.b.example"; empty at the top.
[[nodiscard]] std::string_view parent_of(std::string_view domain) noexcept;

}  // namespace roster
