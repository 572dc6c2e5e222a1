#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/enum_table.hpp"
#include "base/list.hpp"

namespace sdp {

/// Any a=name[:value]; value absent for a property attribute.
struct Attribute {
    std::string_view name;
    std::optional<std::string_view> value;

    friend bool operator==(const Attribute&, const Attribute&) = default;
};

enum class Direction { sendrecv, sendonly, recvonly, inactive };
inline constexpr std::array<base::EnumRow<Direction>, 4> direction_rows{ {
    { Direction::sendrecv, "sendrecv" },
    { Direction::sendonly, "sendonly" },
    { Direction::recvonly, "recvonly" },
    { Direction::inactive, "inactive" },
} };

enum class Setup { actpass, active, passive, holdconn };
inline constexpr std::array<base::EnumRow<Setup>, 4> setup_rows{ {
    { Setup::actpass, "actpass" },
    { Setup::active, "active" },
    { Setup::passive, "passive" },
    { Setup::holdconn, "holdconn" },
} };

/// a=group:<semantics> <mid>... (RFC 5888)
struct Group {
    std::string_view semantics;
    base::List<std::string_view> mids;
    friend bool operator==(const Group&, const Group&) = default;
};

/// a=fingerprint:<hash> <hex> (RFC 8122)
struct Fingerprint {
    std::string_view hash;
    std::string_view value;
    friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// a=extmap:<id>[/<direction>] <uri> [attributes] (RFC 8285)
struct ExtMap {
    std::uint32_t id = 0;
    std::optional<Direction> direction;
    std::string_view uri;
    std::string_view attributes;
    friend bool operator==(const ExtMap&, const ExtMap&) = default;
};

/// a=rtcp:<port> [IN IP4 <address>] (RFC 3605)
struct Rtcp {
    std::uint16_t port = 9;
    std::string_view address;  ///< "IN IP4 0.0.0.0", or empty
    friend bool operator==(const Rtcp&, const Rtcp&) = default;
};

/// a=rtpmap:<payload type> <name>/<clock rate>[/<channels>]
struct RtpMap {
    std::uint8_t payload_type = 0;
    std::string_view name;
    std::uint32_t clock_rate = 0;
    std::optional<std::uint8_t> channels;  ///< as written: /1 is kept apart from none
    friend bool operator==(const RtpMap&, const RtpMap&) = default;
};

/// a=fmtp:<payload type> <parameters>
struct Fmtp {
    std::uint8_t payload_type = 0;
    std::string_view parameters;
    friend bool operator==(const Fmtp&, const Fmtp&) = default;
};

/// a=rtcp-fb:<payload type or *> <type> [...] (RFC 4585); `value` is all behind the payload type.
struct RtcpFb {
    std::optional<std::uint8_t> payload_type;  ///< absent for "*"
    std::string_view value;
    friend bool operator==(const RtcpFb&, const RtcpFb&) = default;
};

/// a=msid:<stream> [<track>] (RFC 8830)
struct Msid {
    std::string_view stream;
    std::optional<std::string_view> track;
    friend bool operator==(const Msid&, const Msid&) = default;
};

/// a=ssrc:<ssrc> <attribute>[:<value>] (RFC 5576)
struct SsrcAttribute {
    std::uint32_t ssrc = 0;
    std::string_view attribute;
    std::optional<std::string_view> value;
    friend bool operator==(const SsrcAttribute&, const SsrcAttribute&) = default;
};

/// a=ssrc-group:<semantics> <ssrc>... (RFC 5576)
struct SsrcGroup {
    std::string_view semantics;
    base::List<std::uint32_t> ssrcs;
    friend bool operator==(const SsrcGroup&, const SsrcGroup&) = default;
};

/// a=remote-candidates:<component> <address> <port>... (RFC 8839)
struct RemoteCandidate {
    std::uint16_t component = 1;
    std::string_view address;
    std::uint16_t port = 0;
    friend bool operator==(const RemoteCandidate&, const RemoteCandidate&) = default;
};

/// a=crypto:<tag> <suite> <key params> [<session params>] (RFC 4568)
struct Crypto {
    std::string_view tag;
    std::string_view suite;
    std::string_view key_params;
    std::string_view session_params;
    friend bool operator==(const Crypto&, const Crypto&) = default;
};

/// a=zrtp-hash:<version> <hash> (RFC 6189)
struct ZrtpHash {
    std::string_view version;
    std::string_view value;
    friend bool operator==(const ZrtpHash&, const ZrtpHash&) = default;
};

/// a=sctpmap:<number> <app> [<streams>] (the old form of data channels)
struct SctpMap {
    std::uint16_t number = 0;
    std::string_view app;
    std::optional<std::uint32_t> streams;
    friend bool operator==(const SctpMap&, const SctpMap&) = default;
};

}  // namespace sdp
