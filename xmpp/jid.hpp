#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xmpp {

/// A prepared address (RFC 6122: nodeprep, nameprep, resourceprep), kept as one text. Two Jids are equal
/// exactly when their texts are. An empty local part or resource is absent. At most 1023 bytes a part.
class Jid {
public:
    static constexpr std::size_t max_part = 1023;

    Jid() = default;

    /// Splits at the first '/' and then the first '@' before it, prepares each part; empty for anything
    /// malformed. The dot at the end of a domain is dropped. Well under a microsecond when all is ASCII.
    [[nodiscard]] static std::optional<Jid> parse(std::string_view text);

    [[nodiscard]] std::string_view local() const noexcept;
    [[nodiscard]] std::string_view domain() const noexcept;
    [[nodiscard]] std::string_view resource() const noexcept;
    [[nodiscard]] std::string_view bare() const noexcept;  ///< "local@domain" or "domain"
    [[nodiscard]] const std::string& full() const noexcept { return text_; }
    [[nodiscard]] bool is_full() const noexcept { return resource_at_ != 0; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

    [[nodiscard]] Jid to_bare() const;
    /// The same bare address with this resource; empty when the resource cannot be prepared.
    [[nodiscard]] std::optional<Jid> with_resource(std::string_view resource) const;

    friend bool operator==(const Jid& a, const Jid& b) noexcept { return a.text_ == b.text_; }
    friend std::strong_ordering operator<=>(const Jid& a, const Jid& b) noexcept
    {
        return a.text_ <=> b.text_;
    }

private:
    std::string text_;
    std::uint16_t domain_at_ = 0;  ///< where the domain starts
    std::uint16_t resource_at_ = 0;  ///< where the resource starts; 0 = none
};

/// XEP-0106: any address as a local part, "bob@b.example" -> "bob\40b.example". Empty when there is none:
/// nothing, or text that starts or ends with a blank. A backslash is escaped only where it would start one of
/// the ten sequences.
[[nodiscard]] std::string escape_local(std::string_view text);
/// The way back. A "\20" at either end stands for itself, since no escaping made it.
[[nodiscard]] std::string unescape_local(std::string_view local);

/// Number of parts of addresses, not ASCII, whose preparation a thread remembers; when it is full the half
/// that was used longest ago is forgotten.
inline constexpr std::size_t prepared_cache_limit = 4096;

}  // namespace xmpp
