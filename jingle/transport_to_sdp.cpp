#include <algorithm>
#include <array>

#include "base/scan.hpp"
#include "jingle/candidate_translation.hpp"
#include "jingle/number_text.hpp"
#include "jingle/proto.hpp"
#include "jingle/static_payload_types.hpp"
#include "jingle/transport_translation.hpp"

namespace jingle {

namespace {

constexpr std::array forbidden_hashes{ std::string_view{ "md2" }, std::string_view{ "md5" } };
constexpr std::string_view omemo_fingerprint = "http://gultsch.de/xmpp/drafts/omemo/dlts-srtp-verification";

void write_credentials(const Transport& own, const TransportTo& how, sdp::Media& out, Report& report)
{
    const auto& transport = !own.ufrag && how.bundle != nullptr ? *how.bundle : own;
    if (transport.ufrag)
        out.transport.ice_ufrag = report.checked(sdp::is_ufrag, *transport.ufrag, "ufrag");
    if (transport.pwd)
        out.transport.ice_pwd = report.checked(sdp::is_pwd, *transport.pwd, "pwd");
    // Candidates alone may say which ufrag they belong to (RFC 8840, 4.1); a description needs both.
    if (how.parts == TransportParts::all && transport.ufrag.has_value() != transport.pwd.has_value())
        report.refuse(base::Errc::missing, transport.ufrag ? "ufrag without pwd" : "pwd without ufrag");
}

/// Every ICE client of XMPP trickles, so none that says nothing is told to be without.
void write_options(const Transport& transport, const Carry& carry, const TransportTo& how, sdp::Media& out,
                   Report& report, base::Arena& arena)
{
    auto& options = out.transport.ice_options;
    for (const auto option : transport.options)
        options.push_back(arena, report.visible(option, "ICE option"));
    if (transport.ice2.value_or(false))
        options.push_back(arena, "ice2");
    for (const auto& attribute : carry.attributes) {
        if (attribute.name != "ice-options")
            continue;
        auto words = attribute.value.value_or("");
        for (auto word = base::next_token(words); !word.empty(); word = base::next_token(words))
            options.push_back(arena, report.visible(word, "ICE option"));
    }
    if (options.empty() && out.transport.ice_ufrag && how.parts == TransportParts::all)
        options.push_back(arena, "trickle");
}

sdp::Setup to_setup(Setup setup)
{
    switch (setup) {
    case Setup::actpass: return sdp::Setup::actpass;
    case Setup::active: return sdp::Setup::active;
    case Setup::passive: return sdp::Setup::passive;
    case Setup::holdconn: return sdp::Setup::holdconn;
    }
    return sdp::Setup::holdconn;
}

/// The role in an answer. COMPAT(XEP-0343's example, Movim): an answer that repeats actpass, or says nothing,
/// means the default: active.
std::optional<Setup> answered_setup(std::optional<Setup> said, const sdp::Media* offered, Report& report)
{
    const auto offer = offered != nullptr ? offered->transport.setup : std::nullopt;
    if (!said || said == Setup::actpass)
        return offer == sdp::Setup::active ? Setup::passive : Setup::active;
    const auto same = (said == Setup::active && offer == sdp::Setup::active)
        || (said == Setup::passive && offer == sdp::Setup::passive);
    if (same)
        report.refuse(base::Errc::forbidden, "both sides in the same DTLS role");
    return said;
}

void write_setup(const base::List<Fingerprint>& fingerprints, const TransportTo& how, sdp::Media& out,
                 Report& report)
{
    auto setup = fingerprints.front().setup;
    for (const auto& fingerprint : fingerprints)
        if (fingerprint.setup != setup)
            report.refuse(base::Errc::malformed, "fingerprints with different setup");
    if (setup == Setup::holdconn)
        report.refuse(base::Errc::unsupported, "setup='holdconn'");
    if (how.exchange == Exchange::answer)
        setup = answered_setup(setup, how.offered, report);
    out.transport.setup = to_setup(setup.value_or(Setup::actpass));
}

void write_fingerprints(const Transport& own, const TransportTo& how, sdp::Media& out, Report& report,
                        base::Arena& arena)
{
    const auto borrowed = own.fingerprints.empty() && how.bundle != nullptr && !own.ufrag;
    const auto& fingerprints = borrowed ? how.bundle->fingerprints : own.fingerprints;
    for (const auto& fingerprint : fingerprints) {
        if (fingerprint.required)
            report.left_out(Loss::fingerprint_attribute, "required");
        const auto hash = report.token(fingerprint.hash, "hash of a fingerprint");
        if (std::find(forbidden_hashes.begin(), forbidden_hashes.end(), hash) != forbidden_hashes.end())
            report.left_out(Loss::fingerprint_unusable, hash);
        else if (!sdp::is_fingerprint(hash, fingerprint.value))
            report.refuse(base::Errc::malformed, "fingerprint");
        else
            out.transport.fingerprints.push_back(arena, { hash, fingerprint.value });
    }
    const auto is_usable = [](const sdp::Fingerprint& fingerprint) {
        return sdp::fingerprint_size(fingerprint.hash).has_value();
    };
    const auto& kept = out.transport.fingerprints;
    if (!fingerprints.empty() && std::none_of(kept.begin(), kept.end(), is_usable))
        report.refuse(base::Errc::forbidden, "no fingerprint that may be used");
    if (!out.transport.fingerprints.empty())
        write_setup(fingerprints, how, out, report);
}

/// COMPAT(Jitsi): said of a fingerprint, a=cryptex in SDP (RFC 9335).
void write_cryptex(const Transport& transport, const Carry& carry, sdp::Media& out, base::Arena& arena)
{
    const auto says_it = [](const Fingerprint& fingerprint) { return fingerprint.cryptex.value_or(false); };
    if (!carry.has("cryptex")
        && std::any_of(transport.fingerprints.begin(), transport.fingerprints.end(), says_it))
        out.other.push_back(arena, { "cryptex", std::nullopt });
}

/// A client that verifies fingerprints by OMEMO sends them encrypted only; there is nothing to fall back to.
void refuse_encrypted_fingerprint(const Transport& transport, Report& report)
{
    for (const auto* child : transport.extra.children)
        if (transport.fingerprints.empty() && child->is("fingerprint", omemo_fingerprint))
            report.refuse(base::Errc::forbidden, "fingerprint that is encrypted by OMEMO");
}

/// The extensions carried for the candidates, which are in their order: one walk finds them all.
class CarriedExtensions {
public:
    explicit CarriedExtensions(const Carry& carry)
        : carried_{ carry.candidates }
    {
    }

    base::List<sdp::CandidateExtension> of(const Candidate& candidate)
    {
        for (std::size_t i = 0; candidate.id && i < carried_.size(); ++i) {
            const auto& row = carried_[(at_ + i) % carried_.size()];
            if (row.id != *candidate.id)
                continue;
            at_ += i + 1;
            return row.extensions;
        }
        return {};
    }

private:
    const base::List<CarriedCandidate>& carried_;
    std::size_t at_ = 0;
};

void write_candidates(const Transport& transport, const Carry& carry, const TransportTo& how, sdp::Media& out,
                      Report& report, base::Arena& arena)
{
    for (std::size_t i = 0; i < transport.unreadable_candidates; ++i)
        report.left_out(Loss::candidate_unusable, "");
    CarriedExtensions carried{ carry };
    for (const auto& candidate : transport.candidates) {
        const auto translated = to_sdp(candidate, { carried.of(candidate), std::nullopt }, arena);
        if (!translated && translated.error().code == base::Errc::forbidden)
            report.refuse(base::Errc::forbidden, "field of a candidate");
        else if (!translated)
            report.left_out(Loss::candidate_unusable, candidate.ip);
        else if (candidate.component == 2 && !how.component_2)
            report.left_out(Loss::component_muxed, candidate.ip);
        else
            out.candidates.push_back(arena, *translated);
    }
    for (const auto& remote : transport.remote_candidates) {
        const auto address = report.visible(remote.ip, "address of a remote candidate");
        if (how.audience == Audience::webrtc || !sdp::is_ip_address(address))
            report.left_out(Loss::remote_candidates, address);
        else
            out.remote_candidates.push_back(arena, { remote.component, address, remote.port });
    }
    out.end_of_candidates = transport.gathering_complete;
}

std::string_view address_type(std::string_view ip)
{
    return ip.find(':') == std::string_view::npos ? "IP4" : "IP6";
}

/// a=rtcp, where it is not what the m-line implies.
void write_raw_rtcp(const Candidate& rtp, const Candidate& rtcp, sdp::Media& out, Report& report,
                    base::Arena& arena)
{
    if (out.rtcp_mux)
        return report.left_out(Loss::component_muxed, rtcp.ip);
    if (!sdp::is_ip_address(rtcp.ip))
        return report.left_out(Loss::candidate_unusable, rtcp.ip);
    if (rtcp.ip != rtp.ip)
        out.rtcp = sdp::Rtcp{ rtcp.port, arena.concat("IN ", address_type(rtcp.ip), " ", rtcp.ip) };
    else if (rtcp.port != rtp.port + 1)
        out.rtcp = sdp::Rtcp{ rtcp.port, {} };
}

/// Ports instead of candidates: component 1 is the m-line's, component 2 is a=rtcp.
void write_raw_udp(const Transport& transport, sdp::Media& out, Report& report, base::Arena& arena)
{
    const Candidate* rtp = nullptr;
    const Candidate* rtcp = nullptr;
    for (const auto& candidate : transport.candidates) {
        auto*& place = candidate.component == 1 ? rtp : rtcp;
        if (candidate.component > 2) {
            report.left_out(Loss::candidate_unusable, candidate.ip);
            continue;
        }
        if (place != nullptr)
            report.left_out(Loss::candidate_unusable, place->ip);
        place = &candidate;
    }
    if (rtp == nullptr || !sdp::is_ip_address(rtp->ip))
        return report.refuse(base::Errc::missing, "raw UDP without an address");
    if (rtp->port == 0)
        return report.refuse(base::Errc::out_of_range, "raw UDP with port 0");
    out.port = rtp->port;
    out.connection = sdp::Connection{ "IN", address_type(rtp->ip), rtp->ip };
    out.end_of_candidates = transport.gathering_complete;
    if (rtcp != nullptr)
        write_raw_rtcp(*rtp, *rtcp, out, report, arena);
}

/// Two forms: RFC 8841's, and for who used it the one before, with the number in the m-line.
void write_sctp(const SctpMap& sctpmap, sdp::Media& out, Report& report, base::Arena& arena)
{
    constexpr std::uint32_t usual_port = 5000;
    const auto app
        = report.visible(sctpmap.protocol.value_or("webrtc-datachannel"), "protocol of an sctpmap");
    const std::uint32_t number = sctpmap.number == 0 ? usual_port : sctpmap.number;
    if (is_old_data_channel(out.proto)) {
        out.formats.push_back(arena, number_text(number, arena));
        out.sctpmap = sdp::SctpMap{ static_cast<std::uint16_t>(number), app, sctpmap.streams };
    } else {
        out.formats.push_back(arena, app);
        out.sctp_port = number;
    }
}

void write_carried(const Carry& carry, sdp::Media& out, Report& report, base::Arena& arena)
{
    for (const auto& attribute : carry.attributes) {
        const auto value = attribute.value.value_or("");
        if (attribute.name == "tls-id" && attribute.value)
            out.transport.tls_id = report.token(value, "tls-id");
        else if (attribute.name == "max-message-size" && attribute.value)
            out.max_message_size = report.checked(sdp::is_uint64, value, "max-message-size");
        else if (attribute.name == "rtcp") {
            auto rest = value;
            const auto port = base::parse_number<std::uint16_t>(base::next_token(rest), "port of a=rtcp");
            if (!port)
                report.refuse(port.error().code, "port of a carried a=rtcp");
            out.rtcp = sdp::Rtcp{ port.value_or(std::uint16_t{ 0 }), rest };
        } else if (attribute.name == "bundle-only")
            out.bundle_only = true;
        else if (attribute.name != "ice-options")
            out.other.push_back(arena, attribute);
    }
}

}  // namespace

void transport_to_sdp(const Transport& transport, const Carry& carry, const TransportTo& how, sdp::Media& out,
                      Report& report, base::Arena& arena)
{
    refuse_encrypted_fingerprint(transport, report);
    write_fingerprints(transport, how, out, report, arena);
    write_cryptex(transport, carry, out, arena);
    if (transport.sctpmap)
        write_sctp(*transport.sctpmap, out, report, arena);
    if (transport.kind == TransportKind::raw_udp) {
        write_raw_udp(transport, out, report, arena);
    } else {
        write_credentials(transport, how, out, report);
        write_candidates(transport, carry, how, out, report, arena);
    }
    for (const auto& channel : transport.channels)
        report.left_out(Loss::channel, number_text(channel.id, arena));
    write_options(transport, carry, how, out, report, arena);
    write_carried(carry, out, report, arena);
}

}  // namespace jingle
