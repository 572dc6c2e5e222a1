#pragma once

#include <vector>

#include "component/answers.hpp"
#include "component/call_record.hpp"
#include "jingle/call/call.hpp"

namespace component {

/// Whom to tell of a call that has just ended: users whose devices rang by session-initiate alone and were
/// not answered, since such clients keep no list of missed calls. Not who said no himself, nor who has a
/// client that rang by Message Initiation, which shows it. `caller` of what comes back is a view into the
/// call.
[[nodiscard]] std::vector<MissedCall> missed_calls(const jingle::call::Call& call, const CallRecord& record);

}  // namespace component
