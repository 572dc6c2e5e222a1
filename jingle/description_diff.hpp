#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// What a new description of one party does to one m-line. Nothing set: it stays as it is.
struct MediaChange {
    std::size_t index = 0;
    bool stopped = false;  ///< live before; its port is 0 now
    bool added = false;  ///< a new m-line, a recycled one, or a rejected one that came back
    bool remade = false;  ///< another format under the same number, or none of the old ones
    bool extended = false;  ///< formats or header extensions that nobody has named so far
    bool informed = false;  ///< sources, streams or another detail of the description
    bool restarted = false;  ///< new ICE credentials
    bool new_association = false;  ///< another certificate or tls-id
    std::optional<sdp::Direction> direction;  ///< where it is another one

    [[nodiscard]] bool is_empty() const noexcept
    {
        return !stopped && !added && !remade && !extended && !informed && !restarted && !new_association
            && !direction;
    }

    friend bool operator==(const MediaChange&, const MediaChange&) = default;
};

/// The m-lines that change, in order.
using Changes = std::vector<MediaChange>;

/// What was agreed before.
struct Agreed {
    const sdp::Description& own;  ///< what the writer of the new description said last
    const sdp::Description* peer = nullptr;  ///< what the other side said last, with the same m-lines
    std::span<const std::string> old_ufrags{};  ///< that the writer gave up: no restart takes one again
};

/// The difference of `next` to what was agreed. No difference: the version in the o= line, candidates, ports
/// and addresses, the DTLS role, the order of anything, and what is left out (formats, feedback, header
/// extensions: the superset stays). A format counts as known when either side has named it: a browser that
/// answered lists all it can do again when it offers.
///
/// Refused, with the m-line: fewer m-lines, another mid or medium in a live one; only one of ufrag and pwd
/// new (RFC 8839, 4.4.1.1.1); credentials of the other side, or those of before a restart; another
/// certificate or tls-id without new ICE credentials (RFC 8842, 5.5).
[[nodiscard]] base::Result<Changes> diff(const Agreed& agreed, const sdp::Description& next,
                                         base::Arena& arena);

/// True when every RTP m-line that is live says that its writer does not want to receive.
[[nodiscard]] bool is_on_hold(const sdp::Description& description);

/// Live, as an RTP stream.
[[nodiscard]] bool is_live_rtp(const sdp::Media& media);

}  // namespace jingle
