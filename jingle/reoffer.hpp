#pragma once

#include <optional>
#include <span>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "jingle/session.hpp"
#include "jingle/to_sdp.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// What `how.writer` says after a request of it changed what it said last (`how.current`): content-add,
/// -modify, -remove, and -accept and -reject of what `how.offer` added; description-info (formats where it
/// has any, sources); transport-info with new credentials, for all that is bundled with the content; ignored
/// are those with the current ones. Errc::missing for a content that is not known, Errc::forbidden for
/// another fingerprint with the old credentials.
[[nodiscard]] base::Result<sdp::Description> apply(const Jingle& request, const ToSdp& how,
                                                   base::Arena& arena);

/// True when a transport-info has credentials that are not those of its content in `current`.
[[nodiscard]] bool is_restart(const Jingle& request, const Slots& slots, const sdp::Description& current);

/// `said` as an offer: DTLS roles open, only what `limits` (per m-line, absent: as it says) lets flow.
[[nodiscard]] sdp::Description as_offer(const sdp::Description& said, Role writer,
                                        std::span<const Senders> limits, sdp::Origin origin,
                                        base::Arena& arena);

/// `said` as the answer to `offer`: m-lines, formats, header extensions, groups and directions are at most
/// those of the offer; `role` is the one of the running DTLS association.
[[nodiscard]] sdp::Description as_answer(const sdp::Description& said, const sdp::Description& offer,
                                         std::optional<sdp::Setup> role, sdp::Origin origin,
                                         base::Arena& arena);

/// The other role.
[[nodiscard]] std::optional<sdp::Setup> opposite(std::optional<sdp::Setup> setup) noexcept;

}  // namespace jingle
