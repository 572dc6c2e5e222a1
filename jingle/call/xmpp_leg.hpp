#pragma once

#include <string>

#include "jingle/call/call.hpp"
#include "jingle/candidate_policy.hpp"

namespace jingle::call {

/// What an output of `call` is on the wire: appends the stanza to `out`, where ns::component is in force.
/// Addresses, sid and id are those of the leg it goes to; candidates are those that `policy` lets pass;
/// everything else stands as it came. Appends nothing for Bound and Noted, and for a transport-info that has
/// nothing left to say.
void append_stanza(std::string& out, const Call& call, const Output& output, const CandidatePolicy& policy,
                   base::Arena& arena);

/// The id our propose goes out with: its bounce brings it back.
inline constexpr std::string_view propose_id_prefix = "p.";

}  // namespace jingle::call
