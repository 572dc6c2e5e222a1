#pragma once

#include <cstddef>
#include <cstdint>

/// How much of anything one description or one stanza may hold (docs/limits.md). Beyond: refused, with the place.
namespace jingle::limits {

inline constexpr std::size_t contents = 32;
inline constexpr std::size_t payload_types = 64;      ///< of one content
inline constexpr std::size_t parameters = 32;         ///< of one payload type
inline constexpr std::size_t parameter_name = 64;     ///< bytes
inline constexpr std::size_t parameter_value = 4096;  ///< bytes; H.264 sprop-parameter-sets are long
inline constexpr std::size_t feedback = 16;           ///< <rtcp-fb/> of one payload type
inline constexpr std::size_t header_extensions = 32;
inline constexpr std::size_t sources = 128;
inline constexpr std::size_t source_parameters = 8;
inline constexpr std::size_t source_groups = 64;
inline constexpr std::size_t fingerprints = 4;
inline constexpr std::size_t cryptos = 8;
inline constexpr std::size_t candidates = 100;  ///< of one content in one stanza
inline constexpr std::size_t groups = 8;
inline constexpr std::size_t group_names = 64;
inline constexpr std::size_t name = 128;           ///< bytes of a content name
inline constexpr std::size_t sid = 128;            ///< bytes, printable ASCII
inline constexpr std::size_t value = 4096;         ///< bytes of any other attribute
inline constexpr std::size_t extra_bytes = 8192;   ///< of all unknown elements of one stanza
inline constexpr std::size_t carry_items = 64;     ///< of one carry element
inline constexpr std::size_t carry_value = 1024;   ///< bytes

}  // namespace jingle::limits
