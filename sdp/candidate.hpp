#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "base/enum_table.hpp"
#include "base/list.hpp"
#include "base/result.hpp"

namespace sdp {

enum class CandidateType { host, srflx, prflx, relay };
enum class TcpType { active, passive, so };

inline constexpr std::array<base::EnumRow<CandidateType>, 4> candidate_type_rows{ {
    { CandidateType::host, "host" },
    { CandidateType::srflx, "srflx" },
    { CandidateType::prflx, "prflx" },
    { CandidateType::relay, "relay" },
} };
inline constexpr std::array<base::EnumRow<TcpType>, 3> tcp_type_rows{ {
    { TcpType::active, "active" },
    { TcpType::passive, "passive" },
    { TcpType::so, "so" },
} };

/// A name and value behind the fixed fields of a candidate: "generation 0", "network-id 1".
struct CandidateExtension {
    std::string_view name;
    std::string_view value;

    friend bool operator==(const CandidateExtension&, const CandidateExtension&) = default;
};

/// One ICE candidate (RFC 8839, 5.1; RFC 6544 for tcptype). The address may be an mDNS name, so it stays
/// text. Its texts are views into what was parsed.
struct Candidate {
    std::string_view foundation;
    std::uint16_t component = 1;
    std::string_view transport = "udp";  ///< "udp" or "tcp"
    std::uint32_t priority = 0;
    std::string_view address;
    std::uint16_t port = 0;
    CandidateType type = CandidateType::host;
    std::optional<std::string_view> related_address;
    std::optional<std::uint16_t> related_port;
    std::optional<TcpType> tcp_type;
    base::List<CandidateExtension> extensions;  ///< in order, generation and ufrag included

    /// Accepts the value with or without "a=" and "candidate:". Refuses what no endpoint can use: other
    /// transports than UDP and TCP, components but 1 and 2, host names but mDNS ones. An odd token at the end
    /// is dropped.
    static base::Result<Candidate> parse(std::string_view line, base::Arena& arena);
    /// "candidate:1 1 udp 2130706431 192.0.2.1 3478 typ host", without "a=" and CRLF. Refuses a text that is
    /// empty or holds a blank or a control character.
    [[nodiscard]] base::Result<std::string> to_string() const;
    [[nodiscard]] base::Result<void> append_to(std::string& out) const;

    friend bool operator==(const Candidate&, const Candidate&) = default;
};

}  // namespace sdp
