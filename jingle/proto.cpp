#include "jingle/proto.hpp"

#include <algorithm>
#include <array>

namespace jingle {

namespace {

struct ProtoRow {
    std::string_view proto;
    MediaKind kind;
    bool dtls;
};

constexpr std::array<ProtoRow, 10> protos{ {
    { "UDP/TLS/RTP/SAVPF", MediaKind::rtp, true },
    { "UDP/TLS/RTP/SAVP", MediaKind::rtp, true },
    { "TCP/TLS/RTP/SAVPF", MediaKind::rtp, true },
    { "RTP/SAVPF", MediaKind::rtp, false },  // DTLS or SDES: WebRTC's early form
    { "RTP/SAVP", MediaKind::rtp, false },
    { "RTP/AVPF", MediaKind::rtp, false },
    { "RTP/AVP", MediaKind::rtp, false },
    { "UDP/DTLS/SCTP", MediaKind::data_channel, true },
    { "TCP/DTLS/SCTP", MediaKind::data_channel, true },
    { "DTLS/SCTP", MediaKind::data_channel, true },
} };

constexpr std::array<std::string_view, 4> kinds{ "audio", "video", "text", "application" };

const ProtoRow* find_row(std::string_view proto) noexcept
{
    const auto found
        = std::find_if(protos.begin(), protos.end(), [&](const auto& row) { return row.proto == proto; });
    return found == protos.end() ? nullptr : &*found;
}

}  // namespace

std::optional<MediaKind> find_media_kind(std::string_view proto) noexcept
{
    const auto* row = find_row(proto);
    return row == nullptr ? std::nullopt : std::optional{ row->kind };
}

bool wants_dtls(std::string_view proto) noexcept
{
    const auto* row = find_row(proto);
    return row != nullptr && row->dtls;
}

bool is_old_data_channel(std::string_view proto) noexcept
{
    return proto == "DTLS/SCTP";
}

bool is_understood(const sdp::Media& media) noexcept
{
    return find_media_kind(media.proto).has_value()
        && std::find(kinds.begin(), kinds.end(), media.media) != kinds.end();
}

bool is_raw_udp(const sdp::Media& media) noexcept
{
    return !media.transport.ice_ufrag && media.candidates.empty()
        && find_media_kind(media.proto) == MediaKind::rtp;
}

std::string_view derived_proto(ProtoTraits traits) noexcept
{
    if (traits.data_channel)
        return "UDP/DTLS/SCTP";
    if (traits.fingerprint)
        return "UDP/TLS/RTP/SAVPF";  // the F form without feedback too: RFC 9429, 5.2.1
    if (traits.crypto)
        return traits.feedback ? "RTP/SAVPF" : "RTP/SAVP";
    return traits.feedback ? "RTP/AVPF" : "RTP/AVP";
}

}  // namespace jingle
