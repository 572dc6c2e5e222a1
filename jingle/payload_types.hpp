#pragma once

#include <bitset>

#include "base/arena.hpp"
#include "base/list.hpp"
#include "jingle/report.hpp"
#include "jingle/rtp.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// Payload types are 7 bits.
inline constexpr std::size_t payload_type_count = 128;

/// m=, a=rtpmap, a=fmtp, a=rtcp-fb, a=ptime and a=maxptime of an m-section, in the order of the m-line. Fills
/// in what RFC 3551 assigns; leaves out those that have no name or whose primary payload type is missing.
[[nodiscard]] base::List<PayloadType> payload_types_from_sdp(const sdp::Media& media, Report& report,
                                                             base::Arena& arena);

/// The reverse. With `offered`, the m-section that is answered, only what was offered.
void payload_types_to_sdp(const base::List<PayloadType>& payload_types, const sdp::Media* offered,
                          sdp::Media& out, Report& report, base::Arena& arena);

/// The ids that can be used: not those of rtx without the payload type of its apt, or red whose list names
/// one that is missing or red itself.
[[nodiscard]] std::bitset<payload_type_count>
usable_payload_types(const base::List<PayloadType>& payload_types);

}  // namespace jingle
