#pragma once

#include "base/arena.hpp"
#include "base/result.hpp"
#include "jingle/carry.hpp"
#include "jingle/report.hpp"
#include "jingle/session.hpp"
#include "jingle/slots.hpp"
#include "jingle/transport_translation.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// What SDP a request becomes, and in which session.
struct ToSdp {
    Role writer = Role::initiator;  ///< the SDP is written as if by that party
    Slots& slots;  ///< of this leg; changed only when the translation succeeds
    const sdp::Description* offer
        = nullptr;  ///< what is answered: its order, protocols and rejected m-lines count
    const sdp::Description* current
        = nullptr;  ///< what `writer` said last: m-lines that the request leaves alone
    Trust trust = Trust::untrusted;
    Audience audience = Audience::any;
    sdp::Origin origin{};
    Notes* notes = nullptr;  ///< gets what is left out
};

/// The offer or answer that `jingle` says (docs/mapping.md): session-initiate, -accept, content-add, -accept;
/// and with `current`, content-modify, -remove and -reject as the next offer. Whatever stands in `jingle`, it
/// cannot start a line of its own: a value that could is refused with its place (Errc::forbidden), and
/// nothing is translated. The texts are views into `jingle`, the descriptions given, and `arena`.
[[nodiscard]] base::Result<sdp::Description> to_sdp(const Jingle& jingle, const ToSdp& how,
                                                    base::Arena& arena);

/// transport-info as a fragment (RFC 8840, 9): credentials and candidates of the contents, with a dummy
/// m-line each.
[[nodiscard]] base::Result<sdp::Description> to_sdp_fragment(const Jingle& jingle, const ToSdp& how,
                                                             base::Arena& arena);

}  // namespace jingle
