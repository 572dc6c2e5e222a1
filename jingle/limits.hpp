#pragma once

#include <cstddef>
#include <cstdint>

/// How much of anything one description or one stanza may hold (docs/limits.md). Beyond: refused, with the
/// place.
namespace jingle::limits {

inline constexpr std::size_t contents = 32;
inline constexpr std::size_t payload_types = 64;  ///< of one content
inline constexpr std::size_t parameters = 32;  ///< of one payload type
inline constexpr std::size_t parameter_name = 64;  ///< bytes
inline constexpr std::size_t parameter_value = 4096;  ///< bytes; H.264 sprop-parameter-sets are long
inline constexpr std::size_t feedback = 16;  ///< <rtcp-fb/> of one payload type
inline constexpr std::size_t header_extensions = 32;
inline constexpr std::size_t sources = 128;
inline constexpr std::size_t source_parameters = 8;
inline constexpr std::size_t source_groups = 64;
inline constexpr std::size_t fingerprints = 4;
inline constexpr std::size_t cryptos = 8;
inline constexpr std::size_t candidates = 100;  ///< of one content in one stanza
inline constexpr std::size_t groups = 8;
inline constexpr std::size_t group_names = 64;
inline constexpr std::size_t name = 128;  ///< bytes of a content name
inline constexpr std::size_t sid = 128;  ///< bytes, printable ASCII
inline constexpr std::size_t ufrag_min = 4;  ///< bytes; RFC 8839, 5.4
inline constexpr std::size_t ufrag_max = 256;
inline constexpr std::size_t pwd_min = 22;
inline constexpr std::size_t pwd_max = 256;
inline constexpr std::size_t fingerprint_bytes = 128;  ///< of one digest, before it is written as hex
inline constexpr std::size_t remote_candidates = 100;
inline constexpr std::size_t channels = 64;  ///< <channel/> of one transport
inline constexpr std::size_t ice_options = 16;
inline constexpr std::size_t bandwidths = 16;
inline constexpr std::size_t streams = 16;  ///< msid <stream/> of one content
inline constexpr std::size_t categories = 16;
inline constexpr std::size_t trr_ints = 16;
inline constexpr std::size_t feedback_parameters = 16;  ///< of one <rtcp-fb/>
inline constexpr std::size_t extension_parameters = 16;  ///< of one <rtp-hdrext/>
inline constexpr std::size_t alternatives = 4;  ///< <description/> or <transport/> in one content
inline constexpr std::size_t invite_id = 128;  ///< bytes; id of a call invite
inline constexpr std::size_t proposed = 32;  ///< <description/> of one propose
inline constexpr std::size_t attributes = 32;  ///< of one element
inline constexpr std::size_t extra_attributes = 16;  ///< of one element, that no table knows
inline constexpr std::size_t value = 4096;  ///< bytes of any other attribute
inline constexpr std::size_t extra_bytes = 8192;  ///< of all unknown elements of one stanza but the carry
/// Of all carry elements of one stanza: the largest SDP, and as much again for the markup.
inline constexpr std::size_t carry_bytes = 128 * 1024;
inline constexpr std::size_t carry_items = 64;  ///< of one carry element
inline constexpr std::size_t carry_value = 1024;  ///< bytes

}  // namespace jingle::limits
