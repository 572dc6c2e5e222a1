#include <algorithm>
#include <array>

#include "base/scan.hpp"
#include "jingle/description_translation.hpp"
#include "jingle/direction.hpp"
#include "jingle/feedback.hpp"
#include "jingle/limits.hpp"
#include "jingle/number_text.hpp"
#include "jingle/payload_types.hpp"
#include "jingle/proto.hpp"

namespace jingle {

namespace {

const sdp::Connection no_connection;

void read_header_extension(const sdp::ExtMap& extmap, Role writer, RtpDescription& out, Report& report,
                           base::Arena& arena)
{
    HeaderExtension extension;
    extension.id = static_cast<std::uint16_t>(extmap.id);
    extension.uri = extmap.uri;
    if (extmap.direction && *extmap.direction != sdp::Direction::sendrecv)
        extension.senders = to_senders(*extmap.direction, writer);
    auto rest = extmap.attributes;
    for (auto word = base::next_token(rest); !word.empty(); word = base::next_token(rest)) {
        if (extension.parameters.size() == limits::extension_parameters)
            return report.refuse(base::Errc::too_long, "attributes of a header extension");
        const auto equals = word.find('=');
        if (equals == std::string_view::npos || equals == 0)
            extension.parameters.push_back(arena, { word, std::nullopt });
        else
            extension.parameters.push_back(arena, { word.substr(0, equals), word.substr(equals + 1) });
    }
    out.header_extensions.push_back(arena, extension);
}

void read_header_extensions(const sdp::TransportAttributes& attributes, Role writer, RtpDescription& out,
                            Report& report, base::Arena& arena)
{
    constexpr std::uint32_t max_id = 4351;  // 4096 to 4351: offered without a number yet (RFC 8285, 6)
    if (attributes.extmaps.size() > limits::header_extensions)
        return report.refuse(base::Errc::too_long, "header extensions");
    out.header_extensions.reserve(arena, attributes.extmaps.size());
    for (const auto& extmap : attributes.extmaps) {
        const auto valid = (extmap.id >= 1 && extmap.id <= 255) || (extmap.id >= 4096 && extmap.id <= max_id);
        const auto same_id = [&](const HeaderExtension& earlier) { return earlier.id == extmap.id; };
        if (!valid || std::any_of(out.header_extensions.begin(), out.header_extensions.end(), same_id))
            report.left_out(Loss::header_extension_conflict, extmap.uri);
        else
            read_header_extension(extmap, writer, out, report, arena);
    }
}

/// The source of an SSRC; the one asked for last is asked for most.
Source* find_source(base::List<Source>& sources, std::uint32_t ssrc)
{
    for (auto i = sources.size(); i > 0; --i)
        if (sources[i - 1].ssrc == ssrc)
            return &sources[i - 1];
    return nullptr;
}

void read_sources(const sdp::Media& media, RtpDescription& out, Report& report, base::Arena& arena)
{
    for (const auto& line : media.ssrcs) {
        auto* source = find_source(out.sources, line.ssrc);
        if (source == nullptr) {
            if (out.sources.size() == limits::sources)
                return report.refuse(base::Errc::too_long, "sources");
            Source added;
            added.ssrc = line.ssrc;
            source = &out.sources.push_back(arena, added);
        }
        if (source->parameters.size() == limits::source_parameters)
            return report.refuse(base::Errc::too_long, "attributes of a source");
        source->parameters.push_back(arena, { line.attribute, line.value });
    }
    if (media.ssrc_groups.size() > limits::source_groups)
        return report.refuse(base::Errc::too_long, "groups of sources");
    for (const auto& group : media.ssrc_groups)
        out.source_groups.push_back(arena, { group.semantics, group.ssrcs });
    if (media.msids.size() > limits::streams)
        return report.refuse(base::Errc::too_long, "streams");
    for (const auto& msid : media.msids)
        out.streams.push_back(arena, { msid.stream, msid.track });
}

void read_encryption(const sdp::Media& media, RtpDescription& out, base::Arena& arena)
{
    if (media.cryptos.empty() && media.zrtp_hashes.empty())
        return;
    Encryption encryption;
    // RTP/SAVP says that nothing goes unencrypted; the DTLS profiles do not speak of SDES.
    encryption.required = !media.cryptos.empty() && (media.proto == "RTP/SAVP" || media.proto == "RTP/SAVPF");
    for (const auto& crypto : media.cryptos) {
        Crypto to{ crypto.tag, crypto.suite, crypto.key_params, std::nullopt };
        if (!crypto.session_params.empty())
            to.session_params = crypto.session_params;
        encryption.cryptos.push_back(arena, to);
    }
    for (const auto& hash : media.zrtp_hashes)
        encryption.zrtp_hashes.push_back(arena, { hash.version, hash.value });
    out.encryption = encryption;
}

/// "9 G722/8000/1": Jingle has one way to say a channel, SDP has two.
void carry_cosmetic_rtpmaps(const sdp::Media& media, const RtpDescription& out, Carry& carry,
                            base::Arena& arena)
{
    for (const auto& rtpmap : media.rtpmaps) {
        const auto same_id = [&](const PayloadType& kept) { return kept.id == rtpmap.payload_type; };
        if (rtpmap.channels != 1 || std::none_of(out.payload_types.begin(), out.payload_types.end(), same_id))
            continue;
        carry.attributes.push_back(arena,
                                   { "rtpmap",
                                     arena.concat(number_text(rtpmap.payload_type, arena), " ", rtpmap.name,
                                                  "/", number_text(rtpmap.clock_rate, arena), "/1") });
    }
}

bool is_whole_number(std::string_view text)
{
    const auto number = base::parse_number<std::uint32_t>(text, "ptime");
    return number && *number != 0;
}

/// Attributes without a member that go with the transport.
bool belongs_to_transport(std::string_view name)
{
    return name == "rtcp-mux-only" || name == "ice-mismatch" || name == "ice-pacing";
}

void carry_attributes(const Section& section, const RtpDescription& out, Carry& carry, Report& report,
                      base::Arena& arena)
{
    const auto& media = section.resolved;
    carry_cosmetic_rtpmaps(media, out, carry, arena);
    if (media.bundle_only && !section.written.transport.ice_ufrag)
        carry.attributes.push_back(arena, { "bundle-only", std::nullopt });
    if (media.rtcp_rsize)
        carry.attributes.push_back(arena, { "rtcp-rsize", std::nullopt });
    if (media.ptime && (out.payload_types.empty() || !is_whole_number(*media.ptime)))
        carry.attributes.push_back(arena, { "ptime", media.ptime });
    if (media.maxptime && (out.payload_types.empty() || !is_whole_number(*media.maxptime)))
        carry.attributes.push_back(arena, { "maxptime", media.maxptime });
    for (const auto& attribute : media.other) {
        if (has_jingle_place(attribute.name))
            report.left_out(Loss::carried_denied, attribute.name);
        else if (!belongs_to_transport(attribute.name))
            carry.attributes.push_back(arena, attribute);
    }
}

void carry_lines(const sdp::Media& media, Carry& carry, base::Arena& arena)
{
    const auto& connection = media.connection;
    if (connection && *connection != no_connection && !is_raw_udp(media))
        carry.lines.push_back(
            arena,
            { 'c',
              arena.concat(connection->net_type, " ", connection->address_type, " ", connection->address) });
    for (std::size_t i = 1; i < media.bandwidths.size(); ++i)
        carry.lines.push_back(
            arena, { 'b', arena.concat(media.bandwidths[i].type, ":", media.bandwidths[i].value) });
    for (const auto& line : media.other_lines)
        carry.lines.push_back(arena, { line.type, line.value });
}

void carry_m_line(const sdp::Media& media, const RtpDescription& out, Carry& carry, base::Arena& arena)
{
    constexpr std::uint16_t usual_port = 9;
    ProtoTraits traits;
    traits.data_channel = find_media_kind(media.proto) == MediaKind::data_channel;
    traits.fingerprint = !media.transport.fingerprints.empty();
    traits.crypto = !media.cryptos.empty();
    traits.feedback = says_anything(out.feedback)
        || std::any_of(out.payload_types.begin(), out.payload_types.end(),
                       [](const PayloadType& type) { return says_anything(type.feedback); });
    if (media.proto != derived_proto(traits))
        carry.proto = media.proto;
    if (media.port != (media.bundle_only ? 0 : usual_port) && !is_raw_udp(media))
        carry.port = number_text(media.port, arena);
    if (is_old_data_channel(media.proto) && !media.formats.empty())
        carry.format = media.formats.front();
}

}  // namespace

RtpDescription description_from_sdp(const Section& section, Role writer, Report& report, base::Arena& arena)
{
    const auto& media = section.resolved;
    RtpDescription out;
    out.media = media.media;
    if (find_media_kind(media.proto) == MediaKind::rtp) {
        out.payload_types = payload_types_from_sdp(media, report, arena);
        for (const auto& rtcp_fb : media.rtcp_fbs)
            if (!rtcp_fb.payload_type)
                add_feedback(rtcp_fb.value, out.feedback, report, arena);
        read_header_extensions(media.transport, writer, out, report, arena);
    }
    out.extmap_allow_mixed = media.transport.extmap_allow_mixed;
    if (!media.bandwidths.empty())
        out.bandwidths.push_back(arena, { media.bandwidths[0].type, media.bandwidths[0].value });
    read_encryption(media, out, arena);
    out.rtcp_mux = media.rtcp_mux;
    read_sources(media, out, report, arena);
    out.categories = media.content;

    Carry carry;
    carry_attributes(section, out, carry, report, arena);
    carry_lines(media, carry, arena);
    carry_m_line(media, out, carry, arena);
    carry.write(out.extra, report, arena);
    return out;
}

}  // namespace jingle
