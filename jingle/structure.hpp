#pragma once

#include "base/result.hpp"
#include "jingle/session.hpp"

namespace jingle {

/// Checks that a request has the parts its action cannot do without, and that groups do not
/// contradict themselves. Knows nothing of the session.
[[nodiscard]] base::Result<void> check_structure(const Jingle& jingle);

}  // namespace jingle
