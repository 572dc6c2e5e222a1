#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "component/config.hpp"

namespace component {

/// What of a policy works and is probably not meant.
struct PolicyWarning {
    std::optional<std::size_t> rule;  ///< its place in the file; empty: the default
    std::string message;

    friend bool operator==(const PolicyWarning&, const PolicyWarning&) = default;
};

[[nodiscard]] std::vector<PolicyWarning> policy_warnings(const Config& config);

/// A contact address of ours in a rule stands for its user, as it does wherever somebody is blocked.
void resolve_contacts(Config& config);

}  // namespace component
