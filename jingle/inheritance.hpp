#pragma once

#include <cstddef>

#include "base/arena.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// What holds for one m-section: its own attributes, and of the session's those that it does not have.
/// Fingerprints, and ufrag with pwd, are replaced as a set; header extensions are merged, where the
/// m-section's own wins on an equal id. An m-section of a BUNDLE without credentials of its own or of the
/// session's takes the transport of the tagged one.
[[nodiscard]] sdp::TransportAttributes resolve(const sdp::Description& description, const sdp::Media& media,
                                               base::Arena& arena);

/// The transport of the tagged m-section of the BUNDLE with `media`: that of the first live one in the group
/// (RFC 9143, 7.2). Null when it is in none.
[[nodiscard]] const sdp::Media* find_tagged(const sdp::Description& description,
                                            const sdp::Media& media) noexcept;

/// True when `mid` is in a BUNDLE group of `description`.
[[nodiscard]] bool is_bundled(const sdp::Description& description, const sdp::Media& media) noexcept;

inline constexpr std::string_view bundle = "BUNDLE";

}  // namespace jingle
