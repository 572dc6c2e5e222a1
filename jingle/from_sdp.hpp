#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "jingle/report.hpp"
#include "jingle/session.hpp"
#include "jingle/slots.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// What a description becomes, and in which session.
struct FromSdp {
    Action action = Action::session_initiate;
    Role writer = Role::initiator;  ///< of the party that wrote the SDP
    std::string_view sid;
    std::optional<std::string_view> initiator{};
    std::optional<std::string_view> responder{};
    Slots& slots;  ///< of this leg; changed only when the translation succeeds
    const sdp::Description* offer = nullptr;  ///< what is answered
    TransportKind transport = TransportKind::ice_udp;  ///< ice_udp, or ice for a peer that announces XEP-0371
    std::span<const std::size_t> only{};  ///< m-lines to speak of; empty: all that the action is about
    Notes* notes = nullptr;  ///< gets what is left out
};

/// The request that says what `description` says (docs/mapping.md). Everything that SDP says is in it, in the
/// elements of the XEPs or in the carry element, or stands in `notes`. Its texts are views into the
/// description and `arena`.
///
/// Session-initiate, -accept, content-add (the m-lines that are new), -accept, -modify, -remove, -reject,
/// description-info, transport-info (credentials and candidates; from a fragment as from a whole
/// description), transport-replace, -accept, -reject; Errc::unsupported for the rest, and when nothing that
/// Jingle knows is left.
[[nodiscard]] base::Result<Jingle> from_sdp(const sdp::Description& description, const FromSdp& how,
                                            base::Arena& arena);

}  // namespace jingle
