#pragma once

#include <string_view>

#include "base/arena.hpp"
#include "base/list.hpp"
#include "jingle/report.hpp"
#include "jingle/rtp.hpp"

namespace jingle {

/// Splits what stands behind the payload type of a=fmtp at ';', each piece at its first '=' only, and appends
/// the pieces. A piece without '=' gets the name "". Blanks around names and values go. Order and repetitions
/// stay.
void split_fmtp(std::string_view text, base::List<Parameter>& out, Report& report, base::Arena& arena);

/// The reverse: one text for a=fmtp; empty when there is nothing to say. Refuses what would read otherwise.
/// `codec` is the name of the payload type: some clients have names of their own for a value without one.
[[nodiscard]] std::string_view join_fmtp(const base::List<Parameter>& parameters, std::string_view codec,
                                         Report& report, base::Arena& arena);

}  // namespace jingle
