#pragma once

#include "base/arena.hpp"
#include "jingle/bundling.hpp"
#include "jingle/carry.hpp"
#include "jingle/report.hpp"
#include "jingle/rtp.hpp"
#include "jingle/senders.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// What an m-section says beside its transport. `writer` is whose SDP it is, for the directions of header
/// extensions.
[[nodiscard]] RtpDescription description_from_sdp(const Section& section, Role writer, Report& report,
                                                  base::Arena& arena);

struct DescriptionTo {
    Role writer = Role::initiator;
    const sdp::Media* offered = nullptr;  ///< the m-section that is answered
    std::string_view source_seed;  ///< makes the cname of a source that has none
};

/// Writes payload types, header extensions, sources and so on into `out`, and of the carry what belongs
/// there.
void description_to_sdp(const RtpDescription& description, const Carry& carry, const DescriptionTo& how,
                        sdp::Media& out, Report& report, base::Arena& arena);

}  // namespace jingle
