#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include "jingle/extra.hpp"
#include "jingle/fields.hpp"

namespace jingle {

/// <sctpmap/> of XEP-0343; its number is also read from @port (defect in the XEP's table).
struct SctpMap {
    std::uint16_t number = 0;
    std::optional<std::string_view> protocol;
    std::optional<std::uint32_t> streams;
    Extra extra{};

    friend bool operator==(const SctpMap&, const SctpMap&) = default;
};

// The schema's unsignedByte cannot hold 5000, and its table says @port where schema and examples say @number.
// COMPAT(Jitsi): streams="0".
inline constexpr std::tuple sctp_map_rows{
    Field{ "number", &SctpMap::number, { .may_miss = true, .alias = "port" } },
    Field{ "protocol", &SctpMap::protocol, token },
    Field{ "streams", &SctpMap::streams, { .most = 65535 } },
};
constexpr const auto& attribute_rows(const SctpMap*)
{
    return sctp_map_rows;
}

/// <channel/> of XEP-0343.
struct DataChannel {
    std::uint16_t id = 0;
    std::optional<std::string_view> label;
    std::optional<bool> negotiated;
    std::optional<bool> ordered;
    std::optional<std::uint32_t> max_packet_lifetime;
    std::optional<std::uint32_t> max_retransmits;
    std::optional<std::string_view> protocol;
    Extra extra{};

    friend bool operator==(const DataChannel&, const DataChannel&) = default;
};

inline constexpr std::tuple data_channel_rows{
    Field{ "id", &DataChannel::id },
    Field{ "label", &DataChannel::label },
    Field{ "negotiated", &DataChannel::negotiated },
    Field{ "ordered", &DataChannel::ordered },
    Field{ "maxPacketLifeTime", &DataChannel::max_packet_lifetime },
    Field{ "maxRetransmits", &DataChannel::max_retransmits },
    Field{ "protocol", &DataChannel::protocol },
};
constexpr const auto& attribute_rows(const DataChannel*)
{
    return data_channel_rows;
}

}  // namespace jingle
