#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/list.hpp"
#include "jingle/datachannel.hpp"
#include "jingle/extra.hpp"
#include "jingle/fingerprint.hpp"

namespace jingle {

/// <candidate/> of XEP-0176 and XEP-0371. The address may be an mDNS name, so it stays text.
/// Also <candidate/> of XEP-0177 (raw-udp), which has component, id, ip, port and generation only.
struct Candidate {
    std::uint16_t component = 1;
    std::optional<std::string_view> foundation;
    std::optional<std::uint32_t> generation;
    std::optional<std::string_view> id;
    std::string_view ip;
    std::optional<std::uint32_t> network;
    std::uint16_t port = 0;
    std::optional<std::uint32_t> priority;
    std::optional<std::string_view> protocol;
    std::optional<std::string_view> type;
    std::optional<std::string_view> rel_addr;
    std::optional<std::uint16_t> rel_port;
    std::optional<std::string_view> tcptype;
    Extra extra;

    friend bool operator==(const Candidate&, const Candidate&) = default;
};

/// <remote-candidate/> of XEP-0176.
struct RemoteCandidate {
    std::uint16_t component = 1;
    std::string_view ip;
    std::uint16_t port = 0;

    friend bool operator==(const RemoteCandidate&, const RemoteCandidate&) = default;
};

/// The transports that are understood; they share one value.
enum class TransportKind { ice_udp, ice, raw_udp };

/// <transport/> of XEP-0176, XEP-0371 or XEP-0177 with what hangs in it by 0320 and 0343.
struct Transport {
    TransportKind kind = TransportKind::ice_udp;
    std::optional<std::string_view> ufrag;
    std::optional<std::string_view> pwd;
    std::optional<bool> ice2;  ///< XEP-0371
    base::List<Fingerprint> fingerprints;
    std::optional<SctpMap> sctpmap;
    base::List<DataChannel> channels;
    base::List<std::string_view> options;  ///< names of the elements in ns::ice_option: "trickle", "renomination"
    base::List<Candidate> candidates;
    base::List<RemoteCandidate> remote_candidates;
    bool gathering_complete = false;
    Extra extra;

    friend bool operator==(const Transport&, const Transport&) = default;
};

}  // namespace jingle
