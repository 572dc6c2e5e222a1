#pragma once

#include <string>

#include "jingle/call/call.hpp"

namespace jingle::call {

/// What an output of `call` is on the wire: appends the stanza to `out`, where ns::component is in force.
/// Addresses, sid and id are those of the leg it goes to; everything else stands as the call has it. Appends
/// nothing for Bound and Noted.
void append_stanza(std::string& out, const Call& call, const Output& output, base::Arena& arena);

/// The id our propose goes out with: its bounce brings it back.
inline constexpr std::string_view propose_id_prefix = "p.";

}  // namespace jingle::call
