#pragma once

#include <string>
#include <vector>

#include "xmpp/jid.hpp"

namespace roster {

/// Who may call whom when no rule says otherwise (decided per call, on bare addresses).
enum class Default {
    open,  ///< anybody anybody
    local,  ///< the caller or the callee belongs to a served domain; foreign to foreign is refused
};

struct Policy {
    Default by_default = Default::local;
    std::vector<std::string> served_domains;

    [[nodiscard]] bool serves(std::string_view domain) const;
    [[nodiscard]] bool allows(const xmpp::Jid& caller, const xmpp::Jid& callee) const;
};

}  // namespace roster
