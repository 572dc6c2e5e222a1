#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "roster/rows.hpp"
#include "roster/text_map.hpp"

namespace roster {

using SecretHash = std::array<std::uint8_t, 32>;

/// Whether guests may come through `link` now.
[[nodiscard]] bool is_usable(const CallLink& link, WallTime now) noexcept;

/// The call links by name, by secret and by owner. Pointers hold until the next change.
class Links {
public:
    static constexpr std::size_t max_of_user = 50;  ///< that are not revoked
    static constexpr std::size_t max_kept_of_user = 200;  ///< revoked ones included
    static constexpr std::size_t max_links = 1'000'000;

    /// Adds or replaces by name; false when there are too many, or the name or the secret is another's.
    bool put(CallLink link);
    void erase(std::string_view name);

    [[nodiscard]] const CallLink* find(std::string_view name) const;
    [[nodiscard]] const CallLink* with_secret(const SecretHash& hash) const;
    /// The link of `owner` to forget before another is added: the oldest that is revoked, once he has
    /// max_kept_of_user; else null.
    [[nodiscard]] const CallLink* surplus_of(std::string_view owner) const;
    /// Those that are not revoked, the newest first.
    [[nodiscard]] std::vector<const CallLink*> of(std::string_view owner) const;

private:
    TextMap<CallLink> by_name_;
    std::map<SecretHash, std::string> by_secret_;
    TextMap<std::vector<std::string>> by_owner_;
};

}  // namespace roster
