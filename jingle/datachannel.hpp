#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace jingle {

/// <sctpmap/> of XEP-0343; its number is also read from @port (defect in the XEP's table).
struct SctpMap {
    std::uint16_t number = 0;
    std::optional<std::string_view> protocol;
    std::optional<std::uint32_t> streams;

    friend bool operator==(const SctpMap&, const SctpMap&) = default;
};

/// <channel/> of XEP-0343.
struct DataChannel {
    std::uint16_t id = 0;
    std::optional<std::string_view> label;
    std::optional<bool> negotiated;
    std::optional<bool> ordered;
    std::optional<std::uint32_t> max_packet_lifetime;
    std::optional<std::uint32_t> max_retransmits;
    std::optional<std::string_view> protocol;

    friend bool operator==(const DataChannel&, const DataChannel&) = default;
};

}  // namespace jingle
