#pragma once

#include <string_view>

#include "base/arena.hpp"
#include "jingle/bundling.hpp"
#include "jingle/carry.hpp"
#include "jingle/report.hpp"
#include "jingle/transport.hpp"
#include "sdp/description.hpp"

namespace jingle {

enum class Exchange { offer, answer };

/// Who will read the SDP: anybody, or a WebRTC endpoint, which has no SDES, no RTP without DTLS, no
/// remote-candidates.
enum class Audience { any, webrtc };

/// Which parts of a transport an action says.
enum class TransportParts { all, credentials, fragment };

struct TransportFrom {
    std::string_view mid;
    TransportKind kind = TransportKind::ice_udp;  ///< of an ICE transport; raw UDP is seen from the SDP
    TransportParts parts = TransportParts::all;
};

/// The transport of an m-section. Refuses DTLS without a usable fingerprint.
[[nodiscard]] Transport transport_from_sdp(const Section& section, const TransportFrom& how, Report& report,
                                           base::Arena& arena);

struct TransportTo {
    TransportParts parts = TransportParts::all;
    Exchange exchange = Exchange::offer;
    Audience audience = Audience::any;
    const sdp::Media* offered = nullptr;  ///< the m-section that is answered
    const Transport* bundle = nullptr;  ///< stands in where the content's own has no credentials
    bool component_2 = true;  ///< false: RTCP is multiplexed by both sides
};

/// Writes the transport into `out`, and of its carry what belongs there.
void transport_to_sdp(const Transport& transport, const Carry& carry, const TransportTo& how, sdp::Media& out,
                      Report& report, base::Arena& arena);

}  // namespace jingle
