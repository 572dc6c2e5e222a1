#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include "base/list.hpp"
#include "base/result.hpp"
#include "jingle/datachannel.hpp"
#include "jingle/extra.hpp"
#include "jingle/fields.hpp"
#include "jingle/fingerprint.hpp"
#include "xmpp/element.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/writer.hpp"

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

// COMPAT(Monal): @rel_port. COMPAT(stanza, chan_motif): no @id, no @generation.
inline constexpr std::tuple candidate_rows{
    Field{ "component", &Candidate::component, { .least = 1, .most = 256, .may_miss = true } },
    Field{ "foundation", &Candidate::foundation, token },
    Field{ "generation", &Candidate::generation, { .most = 255, .zero_when_above = true } },
    Field{ "id", &Candidate::id, token },
    Field{ "ip", &Candidate::ip, token },
    Field{ "network", &Candidate::network, { .most = 255, .zero_when_above = true } },
    Field{ "port", &Candidate::port },
    Field{ "priority", &Candidate::priority, { .least = 1 } },
    Field{ "protocol", &Candidate::protocol, { .refused = chars::blank, .shortest = 1, .lower_case = true } },
    Field{ "type", &Candidate::type, token },
    Field{ "rel-addr", &Candidate::rel_addr, token },
    Field{ "rel-port", &Candidate::rel_port, { .alias = "rel_port" } },
    Field{ "tcptype", &Candidate::tcptype, token },
};
constexpr const auto& attribute_rows(const Candidate*)
{
    return candidate_rows;
}

/// <remote-candidate/> of XEP-0176.
struct RemoteCandidate {
    std::uint16_t component = 1;
    std::string_view ip;
    std::uint16_t port = 0;
    Extra extra{};

    friend bool operator==(const RemoteCandidate&, const RemoteCandidate&) = default;
};

inline constexpr std::tuple remote_candidate_rows{
    Field{ "component", &RemoteCandidate::component, { .least = 1, .most = 256 } },
    Field{ "ip", &RemoteCandidate::ip, token },
    Field{ "port", &RemoteCandidate::port },
};
constexpr const auto& attribute_rows(const RemoteCandidate*)
{
    return remote_candidate_rows;
}

/// The transports that are understood; they share one value.
enum class TransportKind { ice_udp, ice, raw_udp };

/// The namespace of each.
inline constexpr std::array<base::EnumRow<TransportKind>, 3> transport_rows{ {
    { TransportKind::ice_udp, xmpp::ns::ice_udp },
    { TransportKind::ice, xmpp::ns::ice },
    { TransportKind::raw_udp, xmpp::ns::raw_udp },
} };
constexpr const auto& enum_rows(TransportKind)
{
    return transport_rows;
}

/// <transport/> of XEP-0176, XEP-0371 or XEP-0177 with what hangs in it by 0320 and 0343.
struct Transport {
    TransportKind kind = TransportKind::ice_udp;
    std::optional<std::string_view> ufrag;
    std::optional<std::string_view> pwd;
    std::optional<bool> ice2;  ///< XEP-0371
    base::List<Fingerprint> fingerprints;
    std::optional<SctpMap> sctpmap;
    base::List<DataChannel> channels;
    base::List<std::string_view>
        options;  ///< names of the elements in ns::ice_option: "trickle", "renomination"
    base::List<Candidate> candidates;
    std::size_t unreadable_candidates = 0;  ///< that were read and left out
    base::List<RemoteCandidate> remote_candidates;
    bool gathering_complete = false;  ///< <gathering-complete/> of XEP-0371
    /// COMPAT(stanza): it stood, and is to stand, in the transport's own namespace; only with the above.
    bool gathering_complete_in_own_ns = false;
    Extra extra;

    friend bool operator==(const Transport&, const Transport&) = default;
};

inline constexpr Rule ufrag_rule{ .refused = chars::blank | chars::colon | chars::beyond_ascii,
                                  .shortest = limits::ufrag_min,
                                  .longest = limits::ufrag_max };
inline constexpr Rule pwd_rule{ .refused = chars::blank | chars::beyond_ascii,
                                .shortest = limits::pwd_min,
                                .longest = limits::pwd_max };

inline constexpr std::tuple transport_attributes{
    Field{ "ufrag", &Transport::ufrag, ufrag_rule },
    Field{ "pwd", &Transport::pwd, pwd_rule },
    Field{ "ice2", &Transport::ice2 },
};
constexpr const auto& attribute_rows(const Transport*)
{
    return transport_attributes;
}

inline constexpr std::tuple transport_children{
    Child{ "fingerprint",
           xmpp::ns::dtls,
           &Transport::fingerprints,
           { .most = limits::fingerprints, .key = "hash" } },
    Child{ "sctpmap", xmpp::ns::dtls_sctp, &Transport::sctpmap },
    Child{
        "channel", xmpp::ns::datachannel, &Transport::channels, { .most = limits::channels, .key = "id" } },
    Names{ xmpp::ns::ice_option, &Transport::options, limits::ice_options },
    Child{ "candidate",
           {},
           &Transport::candidates,
           { .most = limits::candidates, .key = "id", .skip_unreadable = true } },
    Child{ "remote-candidate",
           {},
           &Transport::remote_candidates,
           { .most = limits::remote_candidates, .skip_unreadable = true } },
    Child{ "gathering-complete", xmpp::ns::ice, &Transport::gathering_complete },
    // COMPAT(stanza): knows the element in the transport's own namespace only, so it must get it back there.
    Child{ "gathering-complete", {}, &Transport::gathering_complete_in_own_ns },
};
constexpr const auto& child_rows(const Transport*)
{
    return transport_children;
}

struct Reading;
/// A candidate without address or port, or with a number that is none, is left out: ICE lives without it.
base::Result<void> read(const xmpp::Element& from, Transport& into, Reading& reading);
void write(const Transport& value, xmpp::Writer& writer);

}  // namespace jingle
