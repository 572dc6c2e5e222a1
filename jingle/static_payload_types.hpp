#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace jingle {

/// A payload type that RFC 3551 (6, tables 4 and 5) assigns, or a codec by its usual clock rate.
struct AssignedPayloadType {
    std::uint8_t id = 0;
    std::string_view name;
    std::uint32_t clockrate = 0;
    std::uint8_t channels = 1;
};

/// Absent when RFC 3551 assigns no codec to `id`: the range 0 to 95 alone says nothing, WebRTC uses 35 to 63
/// freely.
[[nodiscard]] const AssignedPayloadType* find_static_payload_type(std::uint8_t id) noexcept;

/// The clock rate that a codec of this name has by its own specification, for peers that leave it out.
[[nodiscard]] std::optional<std::uint32_t> usual_clockrate(std::string_view name) noexcept;

/// ASCII letters compared without case, as names of codecs are (RFC 8866, 6.6).
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

}  // namespace jingle
