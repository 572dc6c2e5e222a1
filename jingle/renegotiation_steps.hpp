#pragma once

#include <cstddef>
#include <string_view>

#include "base/arena.hpp"
#include "jingle/session.hpp"
#include "jingle/slots.hpp"

namespace jingle {

enum class Hold { no, yes };

/// What has to come after the result of the IQ.
enum class Expects {
    result,  ///< nothing more
    content_answer,  ///< content-accept or content-reject
    restart_answer,  ///< transport-info with new credentials
};

/// One request of a renegotiation.
struct Step {
    Jingle request;
    Expects expects = Expects::result;
    std::size_t index = 0;  ///< of its m-line
};

/// A content-modify, and the contrary of a content-add.
[[nodiscard]] Step modify_step(const Slot& slot, std::size_t index, Senders senders, std::string_view sid,
                               base::Arena& arena);
[[nodiscard]] Step remove_step(const Slot& slot, std::size_t index, TransportKind transport,
                               std::string_view sid, base::Arena& arena);
/// A session-info with <hold/> or <unhold/>.
[[nodiscard]] Step hold_step(Hold hold, std::string_view sid);

}  // namespace jingle
