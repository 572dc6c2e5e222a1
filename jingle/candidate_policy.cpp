#include "jingle/candidate_policy.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>

#include "jingle/address.hpp"
#include "jingle/ascii.hpp"
#include "jingle/carried_addresses.hpp"
#include "jingle/limits.hpp"

namespace jingle {
namespace {

enum class Protocol : std::uint8_t { udp, tcp, other };
enum class Type : std::uint8_t { host, srflx, prflx, relay, unknown };

constexpr std::array<base::EnumRow<Type>, 4> type_rows{ {
    { Type::host, "host" },
    { Type::srflx, "srflx" },
    { Type::prflx, "prflx" },
    { Type::relay, "relay" },
} };

constexpr std::array<std::string_view, candidate_drops> drop_words{
    "filtered",  "tcp",      "mdns", "host-name",      "loopback", "unusable-address", "port",
    "component", "protocol", "type", "peer-reflexive", "priority", "repeated",         "too-many",
};

Protocol protocol_of(const Candidate& candidate)
{
    const auto text = candidate.protocol.value_or("udp");
    if (is_same_word(text, "udp"))
        return Protocol::udp;
    return is_same_word(text, "tcp") ? Protocol::tcp : Protocol::other;
}

/// XEP-0177 has no types: its candidates are addresses of the endpoint itself.
Type type_of(const Candidate& candidate, TransportKind transport)
{
    if (!candidate.type)
        return transport == TransportKind::raw_udp ? Type::host : Type::unknown;
    return base::find_value(type_rows, *candidate.type).value_or(Type::unknown);
}

std::optional<CandidateDrop> check_address(const Candidate& candidate, const CandidatePolicy& policy)
{
    switch (classify(candidate.ip).kind) {
    case AddressKind::host_name: return CandidateDrop::host_name;
    case AddressKind::unspecified:
    case AddressKind::multicast:
    case AddressKind::reserved: return CandidateDrop::unusable_address;
    case AddressKind::mdns: return policy.mdns ? std::nullopt : std::optional{ CandidateDrop::mdns };
    case AddressKind::loopback:
        return policy.loopback ? std::nullopt : std::optional{ CandidateDrop::loopback };
    case AddressKind::global:
    case AddressKind::private_use:
    case AddressKind::shared:
    case AddressKind::link_local: return std::nullopt;
    }
    return CandidateDrop::unusable_address;
}

std::optional<CandidateDrop> check_protocol(const Candidate& candidate, const CandidatePolicy& policy)
{
    const auto protocol = protocol_of(candidate);
    if (protocol == Protocol::other)
        return CandidateDrop::protocol;
    if (protocol == Protocol::tcp && !(policy.tcp && policy.filter != CandidateFilter::relay))
        return CandidateDrop::tcp;
    if (protocol == Protocol::tcp && candidate.tcptype != "active" && candidate.tcptype != "passive"
        && candidate.tcptype != "so")
        return CandidateDrop::protocol;
    return std::nullopt;
}

std::optional<CandidateDrop> check_port(const Candidate& candidate, const CandidatePolicy& policy)
{
    const auto ports = policy.denied_ports;
    if (std::find(ports.begin(), ports.end(), candidate.port) != ports.end())
        return CandidateDrop::port;
    const auto connects = protocol_of(candidate) == Protocol::tcp && candidate.tcptype == "active";
    return candidate.port == 0 && !connects ? std::optional{ CandidateDrop::port } : std::nullopt;
}

std::optional<CandidateDrop> check_filter(const Candidate& candidate, Type type, CandidateFilter filter)
{
    const auto passes = [&] {
        switch (filter) {
        case CandidateFilter::all: return true;
        case CandidateFilter::no_host_private:
            return type != Type::host || !is_internal(classify(candidate.ip).kind);
        case CandidateFilter::no_host: return type != Type::host;
        case CandidateFilter::relay: return type == Type::relay;
        }
        return false;
    };
    return passes() ? std::nullopt : std::optional{ CandidateDrop::filtered };
}

/// Why this candidate may not pass, looked at by itself.
std::optional<CandidateDrop> check(const Candidate& candidate, TransportKind transport,
                                   const CandidatePolicy& policy)
{
    const auto type = type_of(candidate, transport);
    if (candidate.component != 1 && candidate.component != 2)
        return CandidateDrop::component;
    if (type == Type::unknown)
        return CandidateDrop::type;
    if (type == Type::prflx)
        return CandidateDrop::peer_reflexive;
    if (candidate.priority == 0U)
        return CandidateDrop::priority;
    if (const auto drop = check_filter(candidate, type, policy.filter))
        return drop;
    if (const auto drop = check_protocol(candidate, policy))
        return drop;
    if (const auto drop = check_address(candidate, policy))
        return drop;
    return check_port(candidate, policy);
}

/// Foundation, id and priority do not count (docs/mapping.md).
bool is_same(const Candidate& a, const Candidate& b)
{
    return a.port == b.port && a.component == b.component && a.type == b.type && a.tcptype == b.tcptype
        && a.generation.value_or(0) == b.generation.value_or(0) && protocol_of(a) == protocol_of(b)
        && is_same_word(a.ip, b.ip);
}

/// Related addresses tell where the endpoint is: hidden by every filter, and what is no address always.
bool must_hide(const Candidate& candidate, const CandidatePolicy& policy)
{
    if (!candidate.rel_addr)
        return false;
    const auto kind = classify(*candidate.rel_addr).kind;
    if (policy.filter != CandidateFilter::all)
        return kind != AddressKind::unspecified || candidate.rel_port.value_or(0) != 0;
    return kind == AddressKind::host_name || (kind == AddressKind::mdns && !policy.mdns);
}

void hide_related(Candidate& candidate)
{
    const auto family = classify(candidate.ip).family;
    candidate.rel_addr = family == AddressFamily::v6 ? "::" : "0.0.0.0";
    candidate.rel_port = 0;
}

class Application {
public:
    Application(const CandidatePolicy& policy, base::Arena& arena)
        : policy_{ policy }
        , arena_{ arena }
    {
    }

    void visit(Content& content)
    {
        if (std::holds_alternative<Opaque>(content.transport))
            ++outcome_.opaque;
        static const base::List<Candidate> none;
        auto* transport = content.ice();
        if (transport != nullptr)
            visit(*transport);
        const auto& candidates = transport != nullptr ? transport->candidates : none;
        visit(content.extra, candidates);
        if (transport != nullptr)
            visit(transport->extra, candidates);
        if (auto* rtp = content.rtp())
            visit(rtp->extra, candidates);
    }

    void visit(Extra& extra, const base::List<Candidate>& candidates)
    {
        outcome_.carried
            += static_cast<std::uint16_t>(drop_carried_addresses(extra, policy_.filter, candidates, arena_));
    }

    PolicyOutcome outcome_;

private:
    void visit(Transport& transport)
    {
        outcome_.remote_candidates += static_cast<std::uint16_t>(transport.remote_candidates.size());
        transport.remote_candidates.clear();

        // In place and in order; what has been kept so far stands in front, for the comparison.
        std::size_t kept = 0;
        for (auto& candidate : transport.candidates) {
            const auto before = std::span{ transport.candidates.begin(), kept };
            if (const auto drop = drop_of(candidate, transport.kind, before))
                ++outcome_.dropped[static_cast<std::size_t>(*drop)];
            else {
                make_passable(candidate);
                auto& place = transport.candidates[kept++];
                if (&place != &candidate)
                    place = candidate;
            }
        }
        outcome_.kept += static_cast<std::uint16_t>(kept);
        const auto* end = transport.candidates.begin() + kept;
        transport.candidates.erase_if([end](const Candidate& candidate) { return &candidate >= end; });
    }

    std::optional<CandidateDrop> drop_of(const Candidate& candidate, TransportKind kind,
                                         std::span<const Candidate> before) const
    {
        if (const auto drop = check(candidate, kind, policy_))
            return drop;
        if (std::any_of(before.begin(), before.end(),
                        [&](const Candidate& c) { return is_same(c, candidate); }))
            return CandidateDrop::repeated;
        return before.size() >= limits::candidates ? std::optional{ CandidateDrop::too_many } : std::nullopt;
    }

    void make_passable(Candidate& candidate)
    {
        if (must_hide(candidate, policy_)) {
            hide_related(candidate);
            ++outcome_.hidden;
        }
        if (candidate.port != 0 && candidate.port != 9 && candidate.port < 1024)
            ++outcome_.low_ports;
        static const base::List<Candidate> none;
        visit(candidate.extra, none);
    }

    const CandidatePolicy& policy_;
    base::Arena& arena_;
};

bool is_only_candidates(const Jingle& jingle)
{
    const auto ends
        = [](const Content& content) { return content.ice() && content.ice()->gathering_complete; };
    return jingle.action == Action::transport_info
        && std::none_of(jingle.contents.begin(), jingle.contents.end(), ends);
}

}  // namespace

std::string_view to_string(CandidateDrop drop) noexcept
{
    return drop_words[static_cast<std::size_t>(drop)];
}

std::size_t PolicyOutcome::total_dropped() const noexcept
{
    return std::accumulate(dropped.begin(), dropped.end(), std::size_t{ 0 });
}

PolicyOutcome apply(const CandidatePolicy& policy, Jingle& jingle, base::Arena& arena)
{
    Application application{ policy, arena };
    for (auto& content : jingle.contents)
        application.visit(content);
    application.visit(jingle.extra, {});
    application.outcome_.only_candidates = is_only_candidates(jingle);
    return application.outcome_;
}

}  // namespace jingle
