#include <algorithm>

#include "base/scan.hpp"
#include "jingle/description_translation.hpp"
#include "jingle/direction.hpp"
#include "jingle/feedback.hpp"
#include "jingle/number_text.hpp"
#include "jingle/payload_types.hpp"
#include "jingle/static_payload_types.hpp"

namespace jingle {

namespace {

/// RFC 8285, 4.2 and 6: 4096 to 4351 are offered without a number yet.
bool is_valid_id(std::uint16_t id)
{
    return (id >= 1 && id <= 255) || (id >= 4096 && id <= 4351);
}

/// An answer repeats an id of the offer with its URI; from 4096 on the answerer chooses one (RFC 8285, 6).
bool was_offered(const HeaderExtension& extension, const sdp::Media& offered)
{
    constexpr std::uint32_t first_without_number = 4096;
    return std::any_of(offered.transport.extmaps.begin(), offered.transport.extmaps.end(),
                       [&](const auto& extmap) {
                           return extmap.uri == extension.uri
                               && (extmap.id == extension.id || extmap.id >= first_without_number);
                       });
}

sdp::ExtMap to_extmap(const HeaderExtension& extension, Role writer, Report& report, base::Arena& arena)
{
    sdp::ExtMap extmap;
    extmap.id = extension.id;
    extmap.uri = report.visible(extension.uri, "uri of a header extension");
    if (extension.senders.value_or(Senders::both) != Senders::both)
        extmap.direction = to_direction(*extension.senders, writer);
    for (const auto& parameter : extension.parameters) {
        auto word = report.field(parameter.name, "parameter of a header extension");
        if (!parameter.value.value_or("").empty())
            word = arena.concat(word, "=", report.field(*parameter.value, "parameter of a header extension"));
        extmap.attributes = extmap.attributes.empty() ? word : arena.concat(extmap.attributes, " ", word);
    }
    return extmap;
}

void write_header_extensions(const RtpDescription& description, const DescriptionTo& how, sdp::Media& out,
                             Report& report, base::Arena& arena)
{
    out.transport.extmaps.reserve(arena, description.header_extensions.size());
    for (const auto& extension : description.header_extensions) {
        const auto same_id = [&](const sdp::ExtMap& earlier) { return earlier.id == extension.id; };
        auto& extmaps = out.transport.extmaps;
        if (!is_valid_id(extension.id) || std::any_of(extmaps.begin(), extmaps.end(), same_id))
            report.left_out(Loss::header_extension_conflict, extension.uri);
        else if (how.offered != nullptr && !was_offered(extension, *how.offered))
            report.left_out(Loss::header_extension_not_offered, extension.uri);
        else
            extmaps.push_back(arena, to_extmap(extension, how.writer, report, arena));
    }
    out.transport.extmap_allow_mixed = description.extmap_allow_mixed;
}

/// COMPAT(QXmpp, Telepathy): one source, said as description/@ssrc. SDP wants an attribute with it.
void write_legacy_source(std::string_view ssrc, std::string_view seed, sdp::Media& out, Report& report,
                         base::Arena& arena)
{
    const auto number = base::parse_number<std::uint32_t>(ssrc, "ssrc");
    if (!number)
        report.left_out(Loss::malformed_number, ssrc);
    else
        out.ssrcs.push_back(arena,
                            { *number, "cname", arena.concat(sdp::is_token(seed) ? seed : "media", ssrc) });
}

void write_sources(const RtpDescription& description, const DescriptionTo& how, sdp::Media& out,
                   Report& report, base::Arena& arena)
{
    for (const auto& source : description.sources) {
        if (source.parameters.empty())
            report.left_out(Loss::source_without_attribute, number_text(source.ssrc, arena));
        for (const auto& parameter : source.parameters) {
            sdp::SsrcAttribute attribute{ source.ssrc,
                                          report.token(parameter.name, "name of a source parameter"),
                                          parameter.value };
            report.text(parameter.value.value_or(""), "value of a source parameter");
            // COMPAT(Movim): a blank behind the msid, which libwebrtc takes for a track without a name.
            while (attribute.value.value_or("").ends_with(' '))
                attribute.value->remove_suffix(1);
            out.ssrcs.push_back(arena, attribute);
        }
    }
    if (description.sources.empty() && description.ssrc)
        write_legacy_source(*description.ssrc, how.source_seed, out, report, arena);
    for (const auto& group : description.source_groups)
        out.ssrc_groups.push_back(
            arena, { report.token(group.semantics, "semantics of a source group"), group.ssrcs });
    for (const auto& stream : description.streams) {
        sdp::Msid msid{ report.field(stream.id, "id of a stream"), stream.track };
        if (stream.track)
            report.field(*stream.track, "track of a stream");
        out.msids.push_back(arena, msid);
    }
}

/// A token of RFC 8851, 10.
bool is_rid(std::string_view text) noexcept
{
    const auto fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'
            || c == '_';
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

/// COMPAT(Jitsi): <source rid=''/> for each encoding it sends, and <rid-group semantics='SIM'/> for their
/// order.
void write_rids(const RtpDescription& description, const Carry& carry, sdp::Media& out, Report& report,
                base::Arena& arena)
{
    if (carry.has("rid"))
        return;
    const auto rid_of = [&report](const xmpp::Element& source) {
        return report.checked(is_rid, source.attribute_or_empty("rid"), "rid of a source");
    };
    for (const auto* child : description.extra.children)
        if (child->is("source", xmpp::ns::ssma))
            out.other.push_back(arena, { "rid", arena.concat(rid_of(*child), " send") });
    for (const auto* child : description.extra.children) {
        if (!child->is("rid-group", xmpp::ns::ssma))
            continue;
        std::string_view layers;
        for (const auto& source : child->children())
            layers = arena.concat(layers, layers.empty() ? "" : ";", rid_of(source));
        if (!layers.empty())
            out.other.push_back(arena, { "simulcast", arena.concat("send ", layers) });
    }
}

void write_encryption(const Encryption& encryption, sdp::Media& out, Report& report, base::Arena& arena)
{
    for (const auto& crypto : encryption.cryptos) {
        sdp::Crypto to{ report.checked(sdp::is_digits, crypto.tag, "tag of a crypto"),
                        report.token(crypto.crypto_suite, "crypto-suite"),
                        report.visible(crypto.key_params, "key-params"),
                        report.text(crypto.session_params.value_or(""), "session-params") };
        out.cryptos.push_back(arena, to);
    }
    for (const auto& hash : encryption.zrtp_hashes)
        out.zrtp_hashes.push_back(arena,
                                  { report.visible(hash.version, "version of a zrtp-hash"),
                                    report.visible(hash.value, "zrtp-hash") });
}

void write_bandwidths(const RtpDescription& description, sdp::Media& out, Report& report, base::Arena& arena)
{
    for (const auto& bandwidth : description.bandwidths) {
        const auto type = report.token(bandwidth.type, "type of a bandwidth");
        if (sdp::is_digits(report.text(bandwidth.value, "value of a bandwidth")))
            out.bandwidths.push_back(arena, { type, bandwidth.value });
        else
            report.left_out(Loss::malformed_number, bandwidth.value);
    }
}

/// "9 G722/8000/1", only where it says the same as the payload type.
void apply_cosmetic_rtpmap(std::string_view value, sdp::Media& out, Report& report, base::Arena& arena)
{
    for (auto& rtpmap : out.rtpmaps) {
        const auto same = arena.concat(number_text(rtpmap.payload_type, arena), " ", rtpmap.name, "/",
                                       number_text(rtpmap.clock_rate, arena), "/1");
        if (same != value || rtpmap.channels)
            continue;
        rtpmap.channels = 1;
        return;
    }
    report.left_out(Loss::carried_denied, "rtpmap");
}

void write_carried_attribute(const sdp::Attribute& attribute, sdp::Media& out, Report& report,
                             base::Arena& arena)
{
    const auto value = attribute.value.value_or("");
    if (attribute.name == "rtpmap")
        apply_cosmetic_rtpmap(value, out, report, arena);
    else if (attribute.name == "rtcp-rsize")
        out.rtcp_rsize = true;
    else if (attribute.name == "bundle-only")
        out.bundle_only = true;
    else if (attribute.name == "ptime")
        out.ptime = out.ptime ? out.ptime : report.checked(sdp::is_duration, value, "ptime");
    else if (attribute.name == "maxptime")
        out.maxptime = out.maxptime ? out.maxptime : report.checked(sdp::is_duration, value, "maxptime");
    else
        out.other.push_back(arena, attribute);
}

void write_carried_line(const CarriedLine& line, sdp::Media& out, Report& report, base::Arena& arena)
{
    auto rest = line.value;
    if (line.type == 'c') {
        out.connection = sdp::Connection{ report.token(base::next_token(rest), "carried c="),
                                          report.token(base::next_token(rest), "carried c="),
                                          report.visible(rest, "carried c=") };
    } else if (line.type == 'b') {
        const auto colon = rest.find(':');
        if (colon == std::string_view::npos)
            return report.refuse(base::Errc::malformed, "carried b=");
        out.bandwidths.push_back(arena,
                                 { report.token(rest.substr(0, colon), "carried b="),
                                   report.checked(sdp::is_digits, rest.substr(colon + 1), "carried b=") });
    } else {
        out.other_lines.push_back(arena, { line.type, line.value });
    }
}

}  // namespace

void description_to_sdp(const RtpDescription& description, const Carry& carry, const DescriptionTo& how,
                        sdp::Media& out, Report& report, base::Arena& arena)
{
    payload_types_to_sdp(description.payload_types, how.offered, out, report, arena);
    feedback_to_sdp(description.feedback, std::nullopt, out.rtcp_fbs, report, arena);
    write_header_extensions(description, how, out, report, arena);
    write_bandwidths(description, out, report, arena);
    if (description.encryption)
        write_encryption(*description.encryption, out, report, arena);
    write_sources(description, how, out, report, arena);
    write_rids(description, carry, out, report, arena);
    for (const auto category : description.categories)
        out.content.push_back(arena, report.token(category, "category"));
    out.rtcp_mux = description.rtcp_mux;
    out.rtcp_rsize = description.rtcp_reduced_size;
    for (const auto& attribute : carry.attributes)
        write_carried_attribute(attribute, out, report, arena);
    for (const auto& line : carry.lines)
        write_carried_line(line, out, report, arena);
}

}  // namespace jingle
