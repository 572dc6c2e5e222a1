#pragma once

#include "base/arena.hpp"
#include "jingle/candidate_policy.hpp"
#include "jingle/extra.hpp"

namespace jingle {

/// Takes from `extra` what tells an address in other words than a candidate: of carry elements the items that
/// hold one, those of candidates that are not in `candidates` any more, port hints, and a second way to write
/// candidates; other elements as a whole and attributes where they hold one. With CandidateFilter::all only
/// the carry is looked at. Returns how many items went.
[[nodiscard]] std::size_t drop_carried_addresses(Extra& extra, CandidateFilter filter,
                                                 const base::List<Candidate>& candidates, base::Arena& arena);

}  // namespace jingle
