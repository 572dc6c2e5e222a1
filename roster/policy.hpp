#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "roster/rules.hpp"
#include "xmpp/jid.hpp"

namespace roster {

/// Who may call whom when no rule says otherwise (decided per call, on bare addresses). In all but `open` one
/// side must be ours, whatever the rules say: no rule makes an open relay.
enum class Default {
    open,  ///< anybody anybody
    local,  ///< the caller or the callee belongs to a served domain, or is a line, link or web user
    roster,  ///< as local, and the callee knows the caller
    allowlist,  ///< as local, and a rule allows it
};

/// What policy has to know of an attempt beyond the addresses.
struct Standing {
    bool caller_is_ours = false;  ///< a guest of a link, a web user
    bool callee_is_ours = false;  ///< a line, a link, a web user
    bool welcome = false;  ///< the callee knows the caller, or has published the address
};

struct Verdict {
    enum class Outcome : std::uint8_t { refused, rings, rings_silently };

    Outcome outcome = Outcome::refused;
    std::string rule;  ///< for the record: "default local", "rule 3", "rule 3, relayed by rule 1"
    bool relay_only = false;

    friend bool operator==(const Verdict&, const Verdict&) = default;
};

struct Policy {
    Default by_default = Default::local;
    std::vector<std::string> served_domains;
    RuleSet rules{};

    [[nodiscard]] bool serves(std::string_view domain) const;
    [[nodiscard]] Verdict judge(const Attempt& attempt, const Standing& standing) const;
    /// Whether users may call each other, for who knows nothing but their addresses.
    [[nodiscard]] bool allows(const xmpp::Jid& caller, const xmpp::Jid& callee) const;
};

}  // namespace roster
