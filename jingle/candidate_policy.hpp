#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.hpp"
#include "base/enum_table.hpp"
#include "jingle/session.hpp"

namespace jingle {

/// Which candidates one side may know of the other.
enum class CandidateFilter : std::uint8_t { all, no_host_private, no_host, relay };

inline constexpr std::array<base::EnumRow<CandidateFilter>, 4> candidate_filter_rows{ {
    { CandidateFilter::all, "all" },
    { CandidateFilter::no_host_private, "no-host-private" },
    { CandidateFilter::no_host, "no-host" },
    { CandidateFilter::relay, "relay" },
} };
constexpr const auto& enum_rows(CandidateFilter)
{
    return candidate_filter_rows;
}

/// What may pass to one leg. See narrowed() in profile.hpp for what its client can use.
struct CandidatePolicy {
    CandidateFilter filter = CandidateFilter::all;
    bool tcp = false;
    bool mdns = true;
    bool loopback = false;
    std::span<const std::uint16_t> denied_ports{};  ///< against use of relays for attacks: 25, 53
};

/// Why a candidate does not pass.
enum class CandidateDrop : std::uint8_t {
    filtered,  ///< by CandidateFilter
    tcp,  ///< the policy has no TCP
    mdns,  ///< the policy has no mDNS names
    host_name,  ///< any other name: nobody is to resolve it
    loopback,
    unusable_address,  ///< unspecified, multicast, broadcast, reserved
    port,  ///< 0 where it has no meaning, or denied
    component,  ///< other than 1 and 2
    protocol,  ///< neither udp nor tcp; tcp without its type
    type,  ///< unknown or missing
    peer_reflexive,  ///< never signalled
    priority,  ///< 0
    repeated,
    too_many,  ///< more than limits::candidates in one content
};
inline constexpr std::size_t candidate_drops = 14;

/// The word for the log and for people.
[[nodiscard]] std::string_view to_string(CandidateDrop drop) noexcept;

/// Whether the caller knows the credentials of the request to be new (an ICE restart).
enum class NewCredentials : std::uint8_t { no, yes };

/// What applying a policy did. Counts only: addresses stay out of the log.
struct PolicyOutcome {
    std::array<std::uint16_t, candidate_drops> dropped{};
    std::uint16_t kept = 0;
    std::uint16_t hidden = 0;  ///< related addresses replaced
    std::uint16_t remote_candidates = 0;  ///< left out: informational, never passed on
    std::uint16_t carried = 0;  ///< carried or unknown items left out since they hold an address
    std::uint16_t low_ports = 0;  ///< passed, below 1024
    std::uint16_t opaque = 0;  ///< transports that are not understood, so not filtered
    bool only_candidates = false;  ///< a transport-info without gathering-complete

    [[nodiscard]] std::size_t count(CandidateDrop drop) const noexcept
    {
        return dropped[static_cast<std::size_t>(drop)];
    }
    [[nodiscard]] std::size_t total_dropped() const noexcept;
    /// It had candidates and has none any more.
    [[nodiscard]] bool is_emptied() const noexcept
    {
        return kept == 0 && total_dropped() + remote_candidates > 0;
    }
    /// False for a transport-info which has nothing left to say, so that it need not be sent.
    [[nodiscard]] bool anything_to_send(NewCredentials credentials) const noexcept
    {
        return !only_candidates || !is_emptied() || credentials == NewCredentials::yes;
    }
};

/// Takes out of `jingle` every candidate that `policy` does not let pass, what no endpoint should be given
/// (names that would have to be resolved, multicast, peer-reflexive, repetitions), and what tells the same in
/// other words: related addresses, remote candidates, carried lines and unknown items that hold an address.
/// Linear but for the repetitions within one content. Changes nothing else; applying it twice is applying it
/// once.
PolicyOutcome apply(const CandidatePolicy& policy, Jingle& jingle, base::Arena& arena);

}  // namespace jingle
