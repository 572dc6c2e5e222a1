#pragma once

#include <bitset>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "sdp/description.hpp"
#include "sdp/fields.hpp"
#include "sdp/writer.hpp"

namespace sdp {

/// Where an attribute has a meaning. At another level its line is dropped; in an m-section that is not RTP an
/// attribute of payload types is kept as an unknown one, since its formats are no payload types.
enum class Level { session, media, rtp_media, both };

/// What happens to a line that breaks its grammar.
enum class Malformed { refuse, drop };

/// Where a read line goes.
struct Target {
    Description& description;
    Media* media;  ///< null at session level
    TransportAttributes& transport;
    base::Arena& arena;
    std::bitset<128>& mapped;  ///< payload types that have an a=rtpmap already
};

/// Where a written line comes from.
struct Source {
    const Description& description;
    const Media* media;  ///< null at session level
    const TransportAttributes& transport;
};

/// One attribute. To know a new one, add a member to the value and a row to the table.
struct Rule {
    std::string_view name;
    Level level;
    base::Result<void> (*read)(const Target& to, std::string_view name, Fields& in);
    void (*write)(Writer& out, std::string_view name, const Source& from);  ///< null: another row writes it
    Malformed malformed = Malformed::refuse;
};

/// All rules, in the order in which the lines are written (RFC 9429, 5.2.1, and what Chromium writes).
[[nodiscard]] std::span<const Rule> rules() noexcept;
/// The rule of a=`name`; null for an attribute that has no member.
[[nodiscard]] const Rule* find_rule(std::string_view name) noexcept;

}  // namespace sdp
