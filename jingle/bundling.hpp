#pragma once

#include <string_view>

#include "base/arena.hpp"
#include "sdp/description.hpp"

namespace jingle {

inline constexpr std::string_view bundle = "BUNDLE";

/// An m-section as it stands in its description, and with what it takes from elsewhere (sdp::inherit).
struct Section {
    const sdp::Media& written;
    const sdp::Media& resolved;
};

/// A copy of `description` in which each m-section can be read by itself.
[[nodiscard]] sdp::Description resolve(const sdp::Description& description, base::Arena& arena);

/// The m-section whose transport is that of the BUNDLE with `media`: the first in the group that is not
/// rejected (RFC 9143, 7.1.3). Null when it is in none.
[[nodiscard]] const sdp::Media* find_tagged(const sdp::Description& description,
                                            const sdp::Media& media) noexcept;

/// `groups` (RFC 5888) without the mids that are no m-section of `description`, or a rejected one. A group
/// that is left empty goes.
[[nodiscard]] base::List<sdp::Group> live_groups(const base::List<sdp::Group>& groups,
                                                 const sdp::Description& description, base::Arena& arena);

/// True when `media` is in a BUNDLE group of `description`.
[[nodiscard]] bool is_bundled(const sdp::Description& description, const sdp::Media& media) noexcept;

}  // namespace jingle
