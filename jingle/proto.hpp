#pragma once

#include <optional>
#include <string_view>

#include "sdp/description.hpp"

namespace jingle {

/// What a proto of an m-line stands for. The RTP profile itself decides nothing (RFC 9429, 5.1.2).
enum class MediaKind { rtp, data_channel };

/// The protos that are understood; absent for every other.
[[nodiscard]] std::optional<MediaKind> find_media_kind(std::string_view proto) noexcept;
/// True for protos that cannot do without a DTLS fingerprint.
[[nodiscard]] bool wants_dtls(std::string_view proto) noexcept;
/// The form of data channels that has the port number in the m-line (before RFC 8841).
[[nodiscard]] bool is_old_data_channel(std::string_view proto) noexcept;

/// An m-line that can become a content: its media and its proto are understood.
[[nodiscard]] bool is_understood(const sdp::Media& media) noexcept;
/// Neither credentials nor candidates: ports and addresses only. Of an m-section with inheritance resolved.
[[nodiscard]] bool is_raw_udp(const sdp::Media& media) noexcept;

/// What an m-section says that has been translated: which proto does it take when nobody says another?
struct ProtoTraits {
    bool data_channel = false;
    bool fingerprint = false;
    bool crypto = false;
    bool feedback = false;
};
[[nodiscard]] std::string_view derived_proto(ProtoTraits traits) noexcept;

}  // namespace jingle
