#include "jingle/candidate_translation.hpp"

#include "base/scan.hpp"
#include "jingle/number_text.hpp"
#include "jingle/static_payload_types.hpp"
#include "sdp/grammar.hpp"

namespace jingle {

namespace {

/// FNV-1a, 64 bits: equal input must give equal ids in every process, and nothing more is asked of it.
class Hash {
public:
    Hash& add(std::string_view text)
    {
        for (const auto c : text)
            value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001B3;
        return add_byte(0);
    }
    Hash& add(std::uint32_t number)
    {
        for (auto shift = 0; shift < 32; shift += 8)
            add_byte(static_cast<unsigned char>(number >> shift));
        return *this;
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }

private:
    Hash& add_byte(unsigned char byte)
    {
        value_ = (value_ ^ byte) * 0x100000001B3;
        return *this;
    }

    std::uint64_t value_ = 0xCBF29CE484222325;
};

/// "c" and 12 hexadecimal digits: an NCName, which may not start with a digit.
std::string_view make_id(const sdp::Candidate& candidate, std::string_view mid, base::Arena& arena)
{
    const auto hash = Hash{}
                          .add(mid)
                          .add(candidate.foundation)
                          .add(candidate.transport)
                          .add(candidate.address)
                          .add(candidate.component)
                          .add(candidate.port)
                          .add(candidate.priority)
                          .add(static_cast<std::uint32_t>(candidate.type))
                          .add(candidate.tcp_type ? static_cast<std::uint32_t>(*candidate.tcp_type) : ~0U)
                          .value();
    constexpr std::size_t digits = 12;
    char text[1 + digits] = { 'c' };
    for (std::size_t i = 0; i < digits; ++i)
        text[1 + i] = "0123456789abcdef"[(hash >> (4 * i)) & 0xF];
    return arena.copy({ text, sizeof text });
}

bool is_address(std::string_view text)
{
    return sdp::is_ip_address(text) || sdp::is_mdns_name(text);
}

/// A port of 0 stands only where nobody will send to: active TCP.
bool is_usable(std::uint16_t component, std::uint16_t port, bool tcp, std::optional<sdp::TcpType> tcp_type)
{
    return (component == 1 || component == 2) && (port != 0 || tcp_type == sdp::TcpType::active)
        && tcp == tcp_type.has_value();
}

/// @generation and @network are bytes; a value beyond them is a hint that is lost.
std::optional<std::uint32_t> small_number(std::string_view text)
{
    const auto number = base::parse_number<std::uint8_t>(text, "extension");
    return number ? std::optional<std::uint32_t>{ *number } : std::nullopt;
}

void read_extension(const sdp::CandidateExtension& extension, const CandidateFrom& how,
                    TranslatedCandidate& out, base::Arena& arena)
{
    if (extension.name == "generation")
        out.candidate.generation = small_number(extension.value).value_or(0);
    else if (extension.name == "network" && small_number(extension.value))
        out.candidate.network = small_number(extension.value);
    else if (extension.name != "ufrag" || extension.value != how.ufrag)
        out.carried.push_back(arena, extension);
}

/// RFC 8445, 5.1.2.1, with the highest local preference: what an endpoint with one address would have said.
std::uint32_t make_priority(sdp::CandidateType type, std::uint16_t component)
{
    std::uint32_t preference = 0;
    switch (type) {
    case sdp::CandidateType::host: preference = 126; break;
    case sdp::CandidateType::prflx: preference = 110; break;
    case sdp::CandidateType::srflx: preference = 100; break;
    case sdp::CandidateType::relay: preference = 0; break;
    }
    return (preference << 24) + (65535U << 8) + (256U - component);
}

/// The same for candidates of one type, base and protocol (RFC 8445, 5.1.1.3).
std::string_view make_foundation(const sdp::Candidate& candidate, base::Arena& arena)
{
    const auto base = candidate.related_address.value_or(candidate.address);
    const auto hash
        = Hash{}.add(candidate.transport).add(base).add(static_cast<std::uint32_t>(candidate.type)).value();
    return number_text(hash >> 32, arena);
}

bool is_network_hint(const xmpp::Attribute& attribute)
{
    return attribute.ns.empty() && (attribute.name == "network-id" || attribute.name == "network-cost")
        && base::parse_number<std::uint16_t>(attribute.value, "hint").has_value();
}

base::Result<void> check_fields(const Candidate& candidate)
{
    const auto fine = [](std::optional<std::string_view> text) {
        return !text || text->empty() || sdp::is_visible(*text);
    };
    if (!fine(candidate.ip) || !fine(candidate.foundation) || !fine(candidate.protocol)
        || !fine(candidate.type) || !fine(candidate.rel_addr) || !fine(candidate.tcptype))
        return base::fail(base::Errc::forbidden, "candidate with a blank or a control character");
    return {};
}

/// Raw UDP says neither protocol nor type.
base::Result<void> read_kind(const Candidate& candidate, sdp::Candidate& out)
{
    const auto protocol = candidate.protocol.value_or("udp");
    const auto tcp = equals_ignoring_case(protocol, "tcp");
    if (!tcp && !equals_ignoring_case(protocol, "udp"))
        return base::fail(base::Errc::unsupported, "protocol of a candidate");
    out.transport = tcp ? "tcp" : "udp";
    const auto type = base::find_value(sdp::candidate_type_rows, candidate.type.value_or(""));
    if (!type)
        return base::fail(base::Errc::unsupported, "type of a candidate");
    out.type = *type;
    if (tcp)
        out.tcp_type = base::find_value(sdp::tcp_type_rows, candidate.tcptype.value_or(""));
    if (!is_usable(candidate.component, candidate.port, tcp, out.tcp_type))
        return base::fail(base::Errc::unsupported, "component, port or tcptype of a candidate");
    return {};
}

/// RFC 8839 wants raddr and rport on all but host candidates. A rel-port of 0 is a value.
void read_related(const Candidate& candidate, sdp::Candidate& out)
{
    if (candidate.rel_addr && is_address(*candidate.rel_addr)) {
        out.related_address = candidate.rel_addr;
        out.related_port = candidate.rel_port.value_or(0);
    } else if (out.type != sdp::CandidateType::host) {
        out.related_address = out.address.find(':') == std::string_view::npos ? "0.0.0.0" : "::";
        out.related_port = 0;
    }
}

void write_extensions(const Candidate& candidate, const CandidateTo& how, sdp::Candidate& out,
                      base::Arena& arena)
{
    out.extensions.push_back(arena, { "generation", number_text(candidate.generation.value_or(0), arena) });
    if (candidate.network)
        out.extensions.push_back(arena, { "network", number_text(*candidate.network, arena) });
    for (const auto& extension : how.carried)
        if (extension.name != "network" || !candidate.network)
            out.extensions.push_back(arena, extension);
    // COMPAT(Movim): attributes of the candidate, where others carry them.
    for (const auto& attribute : candidate.extra.attributes)
        if (how.carried.empty() && is_network_hint(attribute))
            out.extensions.push_back(arena, { attribute.name, attribute.value });
    if (how.ufrag)
        out.extensions.push_back(arena, { "ufrag", *how.ufrag });
}

}  // namespace

base::Result<TranslatedCandidate> from_sdp(const sdp::Candidate& candidate, const CandidateFrom& how,
                                           base::Arena& arena)
{
    const auto tcp = equals_ignoring_case(candidate.transport, "tcp");
    if (!tcp && !equals_ignoring_case(candidate.transport, "udp"))
        return base::fail(base::Errc::unsupported, "transport of a candidate");
    if (!is_usable(candidate.component, candidate.port, tcp, candidate.tcp_type))
        return base::fail(base::Errc::unsupported, "component, port or tcptype of a candidate");
    if (!is_address(candidate.address))
        return base::fail(base::Errc::unsupported, "address of a candidate");

    TranslatedCandidate out;
    auto& to = out.candidate;
    to.component = candidate.component;
    to.foundation = candidate.foundation;
    to.generation = 0;
    to.id = make_id(candidate, how.mid, arena);
    to.ip = candidate.address;
    to.port = candidate.port;
    to.priority = candidate.priority;
    to.protocol = tcp ? "tcp" : "udp";
    to.type = base::find_token(sdp::candidate_type_rows, candidate.type);
    to.rel_addr = candidate.related_address;
    to.rel_port = candidate.related_port;
    if (candidate.tcp_type)
        to.tcptype = base::find_token(sdp::tcp_type_rows, *candidate.tcp_type);
    if (how.kind == TransportKind::ice)
        to.network = 0;
    for (const auto& extension : candidate.extensions)
        read_extension(extension, how, out, arena);
    return out;
}

base::Result<sdp::Candidate> to_sdp(const Candidate& candidate, const CandidateTo& how, base::Arena& arena)
{
    TRY_VOID(check_fields(candidate));
    sdp::Candidate out;
    TRY_VOID(read_kind(candidate, out));
    if (!is_address(candidate.ip))
        return base::fail(base::Errc::unsupported, "address of a candidate");
    out.component = candidate.component;
    out.address = candidate.ip;
    out.port = candidate.port;
    read_related(candidate, out);
    out.priority = candidate.priority.value_or(make_priority(out.type, out.component));
    if (out.priority == 0)
        return base::fail(base::Errc::unsupported, "priority of a candidate");
    const auto usable = candidate.foundation && sdp::is_foundation(*candidate.foundation);
    out.foundation = usable ? *candidate.foundation : make_foundation(out, arena);
    write_extensions(candidate, how, out, arena);
    return out;
}

}  // namespace jingle
