#pragma once

#include "base/arena.hpp"
#include "sdp/description.hpp"

namespace sdp {

/// Gives every m-section what it takes from elsewhere, so that each can be read by itself:
///  - from the session level: the c= line, direction, ICE credentials and options, fingerprints, setup and
///  tls-id
///    where it has none (a list as a whole, never single items); header extensions whose id it does not use;
///    the permission to mix header forms; the end of candidates;
///  - then, in a BUNDLE group and without a username fragment, the transport attributes of the tagged
///  section: the
///    first of the group that is not refused (RFC 9143, 7.1.3).
/// The session level is left without them. A second call changes nothing.
void inherit(Description& description, base::Arena& arena);

/// True for an m-section that was refused or taken away: port 0, and not because it is only in a bundle.
[[nodiscard]] inline bool is_rejected(const Media& media)
{
    return media.port == 0 && !media.bundle_only;
}

}  // namespace sdp
