#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/enum_table.hpp"

namespace jingle {

/// fingerprint/@setup (XEP-0320, RFC 8122).
enum class Setup { actpass, active, passive, holdconn };

inline constexpr std::array<base::EnumRow<Setup>, 4> setup_rows{{
    {Setup::actpass, "actpass"},
    {Setup::active, "active"},
    {Setup::passive, "passive"},
    {Setup::holdconn, "holdconn"},
}};
constexpr const auto& enum_rows(Setup) { return setup_rows; }

/// <fingerprint/> of XEP-0320. `value` is upper-case hex with colons and without white space once it is read.
struct Fingerprint {
    std::string_view hash;
    std::optional<Setup> setup;
    std::string_view value;
    std::optional<bool> cryptex;   ///< Jitsi
    std::optional<bool> required;  ///< old drafts

    friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

}  // namespace jingle
