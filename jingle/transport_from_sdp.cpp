#include <algorithm>
#include <array>

#include "base/scan.hpp"
#include "jingle/candidate_translation.hpp"
#include "jingle/limits.hpp"
#include "jingle/number_text.hpp"
#include "jingle/proto.hpp"
#include "jingle/transport_translation.hpp"

namespace jingle {

namespace {

constexpr std::array option_elements{ std::string_view{ "trickle" }, std::string_view{ "renomination" } };
constexpr std::string_view ice2 = "ice2";
constexpr std::string_view no_address = "IN IP4 0.0.0.0";

/// Attributes without a member that belong to the transport.
constexpr std::array transport_attributes{ std::string_view{ "rtcp-mux-only" },
                                           std::string_view{ "ice-mismatch" },
                                           std::string_view{ "ice-pacing" } };

std::string_view join(const base::List<std::string_view>& words, base::Arena& arena)
{
    std::string_view joined;
    for (const auto word : words)
        joined = joined.empty() ? word : arena.concat(joined, " ", word);
    return joined;
}

void read_options(const sdp::TransportAttributes& attributes, Transport& out, Carry& carry,
                  base::Arena& arena)
{
    base::List<std::string_view> carried;
    const auto is_ice = out.kind != TransportKind::raw_udp;
    for (const auto option : attributes.ice_options) {
        if (is_ice
            && std::find(option_elements.begin(), option_elements.end(), option) != option_elements.end())
            out.options.push_back(arena, option);
        else if (option == ice2 && out.kind == TransportKind::ice)
            out.ice2 = true;
        else
            carried.push_back(arena, option);
    }
    if (!carried.empty())
        carry.attributes.push_back(arena, { "ice-options", join(carried, arena) });
}

std::string_view upper_case(std::string_view hex, base::Arena& arena)
{
    if (std::none_of(hex.begin(), hex.end(), [](char c) { return c >= 'a' && c <= 'f'; }))
        return hex;
    auto* bytes = arena.make_array<char>(hex.size());
    std::transform(hex.begin(), hex.end(), bytes,
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
    return { bytes, hex.size() };
}

std::optional<Setup> to_setup(std::optional<sdp::Setup> setup)
{
    if (!setup)
        return std::nullopt;
    switch (*setup) {
    case sdp::Setup::actpass: return Setup::actpass;
    case sdp::Setup::active: return Setup::active;
    case sdp::Setup::passive: return Setup::passive;
    case sdp::Setup::holdconn: return Setup::holdconn;
    }
    return std::nullopt;
}

void read_fingerprints(const sdp::Media& media, Transport& out, Report& report, base::Arena& arena)
{
    const auto& attributes = media.transport;
    if (attributes.fingerprints.size() > limits::fingerprints)
        return report.refuse(base::Errc::too_long, "fingerprints");
    const auto setup = to_setup(attributes.setup);
    for (const auto& fingerprint : attributes.fingerprints) {
        const auto value = upper_case(fingerprint.value, arena);
        if (!sdp::is_fingerprint(fingerprint.hash, value))
            report.refuse(base::Errc::malformed, "a=fingerprint");
        else if (setup == Setup::holdconn)
            report.refuse(base::Errc::unsupported, "a=setup:holdconn");
        else
            out.fingerprints.push_back(arena, { fingerprint.hash, setup, value, {}, {} });
    }
    // One of a hash that nobody knows goes along, but cannot be all there is.
    const auto is_usable
        = [](const Fingerprint& fingerprint) { return sdp::fingerprint_size(fingerprint.hash).has_value(); };
    if (std::any_of(out.fingerprints.begin(), out.fingerprints.end(), is_usable) || report.is_refused())
        return;
    if (wants_dtls(media.proto))
        report.refuse(base::Errc::forbidden, "DTLS without a usable fingerprint");
    else if (setup && out.fingerprints.empty())
        report.left_out(Loss::setup_without_fingerprint, "setup");
}

bool is_repeated(const base::List<Candidate>& candidates, const Candidate& candidate)
{
    return std::any_of(candidates.begin(), candidates.end(),
                       [&](const Candidate& earlier) { return earlier.id == candidate.id; });
}

void read_candidates(const sdp::Media& media, const CandidateFrom& how, Transport& out, Carry& carry,
                     Report& report, base::Arena& arena)
{
    if (media.candidates.size() > limits::candidates)
        return report.refuse(base::Errc::too_long, "candidates");
    for (const auto& candidate : media.candidates) {
        const auto translated = from_sdp(candidate, how, arena);
        if (!translated) {
            report.left_out(Loss::candidate_unusable, candidate.address);
            continue;
        }
        if (is_repeated(out.candidates, translated->candidate)) {
            report.left_out(Loss::candidate_repeated, candidate.address);
            continue;
        }
        out.candidates.push_back(arena, translated->candidate);
        if (!translated->carried.empty())
            carry.candidates.push_back(arena, { *translated->candidate.id, translated->carried });
    }
    for (const auto& remote : media.remote_candidates)
        out.remote_candidates.push_back(arena, { remote.component, remote.address, remote.port });
}

/// New form: a=sctp-port; old form: a=sctpmap, or the number in the m-line alone.
SctpMap read_sctp(const sdp::Media& media, Report& report)
{
    constexpr std::uint32_t usual_port = 5000;
    constexpr std::uint32_t all_streams
        = 65535;  // some parsers want the attribute, and SDP has no number any more
    if (media.sctpmap)
        return { media.sctpmap->number, media.sctpmap->app, media.sctpmap->streams };
    const auto format = media.formats.empty() ? std::string_view{} : media.formats.front();
    if (is_old_data_channel(media.proto)) {
        const auto number = base::parse_number<std::uint16_t>(format, "SCTP port");
        if (!number)
            report.refuse(number.error().code, "SCTP port in the m-line");
        return { number.value_or(std::uint16_t{ 0 }), "webrtc-datachannel", all_streams };
    }
    const auto port = media.sctp_port.value_or(usual_port);
    if (port == 0 || port > 65535)
        report.refuse(base::Errc::out_of_range, "a=sctp-port");
    return { static_cast<std::uint16_t>(port), format, all_streams };
}

void carry_rest(const Section& section, Carry& carry, base::Arena& arena)
{
    const auto& media = section.resolved;
    if (media.transport.tls_id)
        carry.attributes.push_back(arena, { "tls-id", media.transport.tls_id });
    if (media.max_message_size)
        carry.attributes.push_back(arena, { "max-message-size", media.max_message_size });
    const auto& rtcp = media.rtcp;
    const auto has_place = is_raw_udp(media) && !media.rtcp_mux;
    if (rtcp && !has_place && (rtcp->port != 9 || (!rtcp->address.empty() && rtcp->address != no_address)))
        carry.attributes.push_back(arena,
                                   { "rtcp",
                                     arena.concat(number_text(rtcp->port, arena),
                                                  rtcp->address.empty() ? "" : " ", rtcp->address) });
    for (const auto& attribute : media.other)
        if (std::find(transport_attributes.begin(), transport_attributes.end(), attribute.name)
            != transport_attributes.end())
            carry.attributes.push_back(arena, attribute);
    // Its place tells the way back that the m-section has credentials of its own (the description's tells: a
    // copy).
    if (media.bundle_only && section.written.transport.ice_ufrag)
        carry.attributes.push_back(arena, { "bundle-only", std::nullopt });
}

Candidate raw_candidate(std::uint16_t component, std::string_view address, std::uint16_t port,
                        std::string_view mid, base::Arena& arena)
{
    Candidate candidate;
    candidate.component = component;
    candidate.generation = 0;
    candidate.id = arena.concat("r", number_text(component, arena), "-", sdp::is_visible(mid) ? mid : "");
    candidate.ip = address;
    candidate.port = port;
    candidate.type = "host";
    return candidate;
}

/// The address of a=rtcp, which is that of c= where it says none.
std::string_view rtcp_address(const sdp::Media& media)
{
    const auto said = media.rtcp ? media.rtcp->address : std::string_view{};
    const auto address = said.substr(said.rfind(' ') + 1);
    return sdp::is_ip_address(address) ? address : media.connection->address;
}

/// Ports and addresses (XEP-0177): c= and m= are component 1, a=rtcp or the next port is component 2.
void read_raw_udp(const sdp::Media& media, const TransportFrom& how, Transport& out, Carry& carry,
                  Report& report, base::Arena& arena)
{
    out.kind = TransportKind::raw_udp;
    if (!media.connection || media.port == 0)
        return report.refuse(base::Errc::missing, "neither ICE credentials nor an address");
    const auto next_port = media.port == 65535 ? media.port : static_cast<std::uint16_t>(media.port + 1);
    const auto rtcp_port = media.rtcp ? media.rtcp->port : next_port;
    out.candidates.push_back(arena, raw_candidate(1, media.connection->address, media.port, how.mid, arena));
    if (!media.rtcp_mux)
        out.candidates.push_back(arena, raw_candidate(2, rtcp_address(media), rtcp_port, how.mid, arena));
    for (const auto& remote : media.remote_candidates)
        report.left_out(Loss::remote_candidates, remote.address);
    read_options(media.transport, out, carry, arena);
    out.gathering_complete = media.end_of_candidates;
}

void read_ice(const sdp::Media& media, const TransportFrom& how, Transport& out, Carry& carry, Report& report,
              base::Arena& arena)
{
    out.ufrag = media.transport.ice_ufrag;
    out.pwd = media.transport.ice_pwd;
    read_options(media.transport, out, carry, arena);
    if (how.parts == TransportParts::credentials)
        return;
    read_candidates(media, { how.mid, how.kind, media.transport.ice_ufrag }, out, carry, report, arena);
    out.gathering_complete = media.end_of_candidates;
}

}  // namespace

Transport transport_from_sdp(const Section& section, const TransportFrom& how, Report& report,
                             base::Arena& arena)
{
    const auto& media = section.resolved;
    Transport out;
    Carry carry;
    out.kind = how.kind;
    // The m-line of a fragment is a dummy: its protocol asks for nothing.
    if (how.parts != TransportParts::fragment || !media.transport.fingerprints.empty())
        read_fingerprints(media, out, report, arena);
    if (how.parts != TransportParts::fragment && is_raw_udp(media))
        read_raw_udp(media, how, out, carry, report, arena);
    else
        read_ice(media, how, out, carry, report, arena);
    if (how.parts != TransportParts::fragment && find_media_kind(media.proto) == MediaKind::data_channel)
        out.sctpmap = read_sctp(media, report);
    if (how.parts == TransportParts::all)
        carry_rest(section, carry, arena);
    carry.write(out.extra, report, arena);
    return out;
}

}  // namespace jingle
