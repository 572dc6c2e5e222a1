#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/list.hpp"
#include "jingle/extra.hpp"
#include "jingle/header_extension.hpp"
#include "jingle/rtcp_feedback.hpp"
#include "jingle/source.hpp"

namespace jingle {

/// <parameter/>: `name` is "" for a key-less value, `value` absent for a flag without value (mapping 2.7).
struct Parameter {
    std::string_view name;
    std::optional<std::string_view> value;

    friend bool operator==(const Parameter&, const Parameter&) = default;
};

/// <payload-type/> of XEP-0167.
struct PayloadType {
    std::uint8_t id = 0;
    std::optional<std::string_view> name;
    std::optional<std::uint32_t> clockrate;
    std::optional<std::uint8_t> channels;
    std::optional<std::uint32_t> ptime;
    std::optional<std::uint32_t> maxptime;
    base::List<Parameter> parameters;
    RtcpFeedback feedback;
    Extra extra;

    friend bool operator==(const PayloadType&, const PayloadType&) = default;
};

/// <bandwidth/> of XEP-0167.
struct Bandwidth {
    std::string_view type;
    std::string_view value;

    friend bool operator==(const Bandwidth&, const Bandwidth&) = default;
};

/// <crypto/> of XEP-0167 (SDES, RFC 4568).
struct Crypto {
    std::string_view tag;
    std::string_view crypto_suite;
    std::string_view key_params;
    std::optional<std::string_view> session_params;

    friend bool operator==(const Crypto&, const Crypto&) = default;
};

/// <zrtp-hash/> of XEP-0262.
struct ZrtpHash {
    std::string_view version;
    std::string_view value;

    friend bool operator==(const ZrtpHash&, const ZrtpHash&) = default;
};

/// <encryption/> of XEP-0167.
struct Encryption {
    bool required = false;
    base::List<Crypto> cryptos;
    base::List<ZrtpHash> zrtp_hashes;
    Extra extra;

    friend bool operator==(const Encryption&, const Encryption&) = default;
};

/// <stream xmlns='urn:xmpp:jingle:apps:rtp:msid:0'/>: a=msid, as stanza.js writes it; never became a XEP.
struct MediaStream {
    std::string_view id;
    std::optional<std::string_view> track;

    friend bool operator==(const MediaStream&, const MediaStream&) = default;
};

/// <description xmlns='urn:xmpp:jingle:apps:rtp:1'/> of XEP-0167 with what hangs in it by 0293, 0294, 0339, 0507.
struct RtpDescription {
    std::optional<std::string_view> media;
    std::optional<std::string_view> ssrc;  ///< the legacy single source
    base::List<PayloadType> payload_types;
    base::List<Bandwidth> bandwidths;
    std::optional<Encryption> encryption;
    bool rtcp_mux = false;
    bool rtcp_reduced_size = false;  ///< stanza.js: <rtcp-reduced-size/>
    RtcpFeedback feedback;           ///< for every payload type, "*" in SDP
    base::List<HeaderExtension> header_extensions;
    bool extmap_allow_mixed = false;
    base::List<MediaStream> streams;
    base::List<SourceGroup> source_groups;
    base::List<Source> sources;
    base::List<std::string_view> categories;  ///< XEP-0507
    Extra extra;

    friend bool operator==(const RtpDescription&, const RtpDescription&) = default;
};

}  // namespace jingle
