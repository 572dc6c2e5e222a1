#pragma once

#include "base/arena.hpp"
#include "base/result.hpp"
#include "sdp/attributes.hpp"
#include "sdp/candidate.hpp"
#include "sdp/fields.hpp"
#include "sdp/writer.hpp"

/// How the value of one attribute line is read and written. Errc::unsupported means that the line is to be
/// left out.
namespace sdp {

inline constexpr std::size_t max_mids = 64;  ///< names in one group
inline constexpr std::size_t max_ssrcs = 128;  ///< sources in one ssrc-group

template <class T>
struct Codec;

#define SDP_CODEC(Type)                                                                                      \
    template <>                                                                                              \
    struct Codec<Type> {                                                                                     \
        static base::Result<Type> read(Fields& in, base::Arena& arena);                                      \
        static void write(Writer& out, const Type& value);                                                   \
    }
SDP_CODEC(Group);
SDP_CODEC(Fingerprint);
SDP_CODEC(ExtMap);
SDP_CODEC(Rtcp);
SDP_CODEC(RtpMap);
SDP_CODEC(Fmtp);
SDP_CODEC(RtcpFb);
SDP_CODEC(Msid);
SDP_CODEC(SsrcAttribute);
SDP_CODEC(SsrcGroup);
SDP_CODEC(RemoteCandidate);
SDP_CODEC(Crypto);
SDP_CODEC(ZrtpHash);
SDP_CODEC(SctpMap);
SDP_CODEC(Candidate);
#undef SDP_CODEC

/// A payload type as a part of the field read last: 0..127 without leading zeros.
base::Result<std::uint8_t> read_payload_type(Fields& in, std::string_view part);

}  // namespace sdp
