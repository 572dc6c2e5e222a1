#pragma once

#include "base/arena.hpp"
#include "jingle/session.hpp"
#include "jingle/slots.hpp"
#include "jingle/to_sdp.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// What the m-section of a content depends on beside the content.
struct MediaTo {
    const ToSdp& session;
    Exchange exchange = Exchange::offer;
    const Slot& slot;
    const sdp::Media* offered = nullptr;  ///< inheritance resolved
    bool bundled = false;
    const Transport* bundle = nullptr;  ///< of the first content of its group that has credentials
};

/// The m-section of a content; a rejected one (port 0) when it cannot be used or says so.
[[nodiscard]] sdp::Media media_to_sdp(const Content& content, const MediaTo& how, Report& report,
                                      base::Arena& arena);

/// The m-section of a slot without a content: m=<media> 0 <proto> <fmt> ..., c=, a=mid, a=inactive.
[[nodiscard]] sdp::Media rejected_media(const Slot& slot, const sdp::Media* offered, base::Arena& arena);

}  // namespace jingle
