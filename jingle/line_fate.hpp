#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "jingle/explain.hpp"
#include "jingle/proto.hpp"
#include "jingle/session.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// A line of the description with all that decides what becomes of it.
struct LineInContext {
    std::string_view name;  ///< "a=fingerprint", "c="
    std::string_view value;
    const sdp::Description& description;
    const sdp::Description& with_inheritance;
    const sdp::Media* written;  ///< null in the session section
    const sdp::Media* resolved;
    const Content* content;  ///< what the m-section became
    std::size_t count;  ///< of earlier lines of that type in the section

    [[nodiscard]] bool is_session() const noexcept { return written == nullptr; }
    [[nodiscard]] bool is_rtp() const noexcept
    {
        return is_session() || find_media_kind(resolved->proto) == MediaKind::rtp;
    }
};

/// What becomes of a line whose kind alone does not tell; absent when it does. Not for lines of an m-section
/// that became no content.
[[nodiscard]] std::optional<Fate> decide_fate(const LineInContext& line);

}  // namespace jingle
