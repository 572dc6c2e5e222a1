#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "roster/rows.hpp"
#include "roster/text_map.hpp"

namespace roster {

/// Whom users, and the operator for everybody, do not want to hear. Patterns are kept as Pattern::to_string
/// prints them.
class Blocks {
public:
    static constexpr std::size_t max_of_user = 500;
    static constexpr std::size_t max_of_operator = 100'000;
    static constexpr std::size_t max_users = 1'000'000;

    /// False when the pattern is none, or there are too many.
    bool add(const Block& block);
    bool remove(const Block& block);
    /// The patterns of `owner` (the bare JID; empty: the operator's), in order.
    [[nodiscard]] std::vector<std::string> of(std::string_view owner) const;
    [[nodiscard]] bool blocks(std::string_view owner, const xmpp::Jid& caller) const;

private:
    using Patterns = std::set<std::string, std::less<>>;

    TextMap<Patterns> by_owner_;
};

/// The name of a block's owner here; empty for the operator.
[[nodiscard]] std::string_view owner_name(const Block& block) noexcept;

}  // namespace roster
