#pragma once

#include <optional>
#include <string_view>

#include "base/arena.hpp"
#include "base/list.hpp"
#include "base/result.hpp"
#include "jingle/transport.hpp"
#include "sdp/candidate.hpp"

namespace jingle {

/// What a candidate of SDP depends on beside its line.
struct CandidateFrom {
    std::string_view mid;  ///< makes its id unique in the session
    TransportKind kind = TransportKind::ice_udp;  ///< XEP-0371 requires @network
    std::optional<std::string_view> ufrag{};  ///< of its transport
};

/// A candidate and the extensions that have no attribute.
struct TranslatedCandidate {
    Candidate candidate;
    base::List<sdp::CandidateExtension> carried;
};

/// One a=candidate (RFC 8839, 5.1) as <candidate/>. Its id is made from `mid` and the candidate: the same
/// again gives the same id. Refuses what no endpoint can use (Errc::unsupported).
[[nodiscard]] base::Result<TranslatedCandidate> from_sdp(const sdp::Candidate& candidate,
                                                         const CandidateFrom& how, base::Arena& arena);

struct CandidateTo {
    base::List<sdp::CandidateExtension> carried{};
    std::optional<std::string_view> ufrag{};  ///< written as an extension: for a candidate that travels alone
};

/// One <candidate/> as a=candidate. Fills in what clients leave out: foundation, priority, protocol, raddr
/// and rport. Errc::forbidden: it holds what may not stand in SDP, and so the stanza is refused.
/// Errc::unsupported: no endpoint can use it, and it alone is left out.
[[nodiscard]] base::Result<sdp::Candidate> to_sdp(const Candidate& candidate, const CandidateTo& how,
                                                  base::Arena& arena);

}  // namespace jingle
