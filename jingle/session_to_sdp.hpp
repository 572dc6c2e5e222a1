#pragma once

#include "base/arena.hpp"
#include "base/result.hpp"
#include "jingle/session.hpp"
#include "jingle/slots.hpp"
#include "jingle/to_sdp.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// Whether the request says the groups, or only changes contents.
enum class Groups { said, kept };

/// Fills in what stands before the first m-line, and what a BUNDLE asks of its m-lines; those of `out` must
/// be complete. Groups that are kept come from how.current.
[[nodiscard]] base::Result<void> session_to_sdp(const Jingle& jingle, const ToSdp& how, Groups groups,
                                                const Slots& slots, sdp::Description& out,
                                                base::Arena& arena);

}  // namespace jingle
