#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include "base/list.hpp"
#include "base/result.hpp"
#include "jingle/extra.hpp"
#include "jingle/fields.hpp"
#include "jingle/header_extension.hpp"
#include "jingle/rtcp_feedback.hpp"
#include "jingle/source.hpp"
#include "xmpp/element.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/writer.hpp"

namespace jingle {

struct Reading;

/// <parameter/>: `name` is "" for a key-less value, `value` absent for a flag without value.
struct Parameter {
    std::string_view name;
    std::optional<std::string_view> value;

    friend bool operator==(const Parameter&, const Parameter&) = default;
};

inline constexpr std::tuple parameter_rows{
    Field{ "name",
           &Parameter::name,
           { .refused = chars::blank | chars::semicolon | chars::equals,
             .longest = limits::parameter_name,
             .may_miss = true } },
    Field{ "value", &Parameter::value, { .refused = chars::semicolon, .longest = limits::parameter_value } },
};
constexpr const auto& attribute_rows(const Parameter*)
{
    return parameter_rows;
}

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

inline constexpr std::uint64_t max_ptime = 2147483648;

inline constexpr std::tuple payload_type_rows{
    Field{ "id", &PayloadType::id, { .most = 127, .no_leading_zero = true } },
    Field{ "name", &PayloadType::name, { .refused = chars::blank | chars::slash } },
    Field{ "clockrate", &PayloadType::clockrate, { .least = 1 } },
    Field{ "channels", &PayloadType::channels, { .least = 1 } },
    Field{ "ptime", &PayloadType::ptime, { .least = 1, .most = max_ptime } },
    Field{ "maxptime", &PayloadType::maxptime, { .least = 1, .most = max_ptime } },
};
constexpr const auto& attribute_rows(const PayloadType*)
{
    return payload_type_rows;
}

inline constexpr std::tuple payload_type_children{
    Child{ "parameter", {}, &PayloadType::parameters, { .most = limits::parameters } },
    Inline{ &PayloadType::feedback },
};
constexpr const auto& child_rows(const PayloadType*)
{
    return payload_type_children;
}

base::Result<void> read(const xmpp::Element& from, PayloadType& into, Reading& reading);

/// <bandwidth/> of XEP-0167.
struct Bandwidth {
    std::string_view type;
    std::string_view value;
    Extra extra{};

    friend bool operator==(const Bandwidth&, const Bandwidth&) = default;
};

inline constexpr std::tuple bandwidth_rows{
    Field{ "type", &Bandwidth::type, { .refused = chars::blank | chars::colon, .shortest = 1 } },
    Body{ &Bandwidth::value, { .refused = chars::blank } },
};
constexpr const auto& attribute_rows(const Bandwidth*)
{
    return bandwidth_rows;
}

/// COMPAT(Movim): @value instead of the text.
base::Result<void> read(const xmpp::Element& from, Bandwidth& into, Reading& reading);

/// <crypto/> of XEP-0167 (SDES, RFC 4568).
struct Crypto {
    std::string_view tag;
    std::string_view crypto_suite;
    std::string_view key_params;
    std::optional<std::string_view> session_params;
    Extra extra{};

    friend bool operator==(const Crypto&, const Crypto&) = default;
};

inline constexpr std::tuple crypto_rows{
    Field{ "crypto-suite", &Crypto::crypto_suite, token },
    Field{ "key-params", &Crypto::key_params, token },
    Field{ "session-params", &Crypto::session_params },
    Field{ "tag", &Crypto::tag, token },
};
constexpr const auto& attribute_rows(const Crypto*)
{
    return crypto_rows;
}

/// <zrtp-hash/> of XEP-0262.
struct ZrtpHash {
    std::string_view version;
    std::string_view value;
    Extra extra{};

    friend bool operator==(const ZrtpHash&, const ZrtpHash&) = default;
};

inline constexpr std::tuple zrtp_hash_rows{
    Field{ "version", &ZrtpHash::version, token },
    Body{ &ZrtpHash::value, token },
};
constexpr const auto& attribute_rows(const ZrtpHash*)
{
    return zrtp_hash_rows;
}

/// <encryption/> of XEP-0167.
struct Encryption {
    bool required = false;
    base::List<Crypto> cryptos;
    base::List<ZrtpHash> zrtp_hashes;
    Extra extra;

    friend bool operator==(const Encryption&, const Encryption&) = default;
};

inline constexpr std::tuple encryption_rows{
    Field{ "required", &Encryption::required, { .as_digit = true } },
};
constexpr const auto& attribute_rows(const Encryption*)
{
    return encryption_rows;
}

inline constexpr std::tuple encryption_children{
    Child{ "crypto", {}, &Encryption::cryptos, { .most = limits::cryptos, .key = "tag" } },
    Child{ "zrtp-hash", xmpp::ns::zrtp, &Encryption::zrtp_hashes, { .most = limits::cryptos } },
};
constexpr const auto& child_rows(const Encryption*)
{
    return encryption_children;
}

/// <stream xmlns='urn:xmpp:jingle:apps:rtp:msid:0'/>: a=msid, as stanza.js writes it; never became a XEP.
struct MediaStream {
    std::string_view id;
    std::optional<std::string_view> track;
    Extra extra{};

    friend bool operator==(const MediaStream&, const MediaStream&) = default;
};

inline constexpr std::tuple media_stream_rows{
    Field{ "id", &MediaStream::id, token },
    Field{ "track", &MediaStream::track, token },
};
constexpr const auto& attribute_rows(const MediaStream*)
{
    return media_stream_rows;
}

/// XEP-0507: tokens of RFC 4796, which a comma separates in SDP.
inline constexpr Rule category_name{ .refused = chars::blank | chars::comma, .shortest = 1, .longest = 64 };

/// <description xmlns='urn:xmpp:jingle:apps:rtp:1'/> of XEP-0167 with what hangs in it by 0293, 0294, 0339,
/// 0507.
struct RtpDescription {
    std::optional<std::string_view> media;
    std::optional<std::string_view> ssrc;  ///< the legacy single source
    base::List<PayloadType> payload_types;
    base::List<Bandwidth> bandwidths;
    std::optional<Encryption> encryption;
    bool rtcp_mux = false;
    bool rtcp_reduced_size = false;  ///< stanza.js: <rtcp-reduced-size/>
    RtcpFeedback feedback;  ///< for every payload type, "*" in SDP
    base::List<HeaderExtension> header_extensions;
    bool extmap_allow_mixed = false;
    base::List<MediaStream> streams;
    base::List<SourceGroup> source_groups;
    base::List<Source> sources;
    base::List<std::string_view> categories;  ///< XEP-0507
    Extra extra;

    friend bool operator==(const RtpDescription&, const RtpDescription&) = default;
};

inline constexpr std::tuple rtp_description_rows{
    Field{ "media", &RtpDescription::media, token },
    Field{ "ssrc", &RtpDescription::ssrc, token },
};
constexpr const auto& attribute_rows(const RtpDescription*)
{
    return rtp_description_rows;
}

// COMPAT(Jitsi): <source rid=''/> without ssrc is none of XEP-0339 and stays unknown.
inline constexpr std::tuple rtp_description_children{
    Child{
        "payload-type", {}, &RtpDescription::payload_types, { .most = limits::payload_types, .key = "id" } },
    Child{ "encryption", {}, &RtpDescription::encryption },
    Child{ "rtcp-mux", {}, &RtpDescription::rtcp_mux },
    Child{ "rtcp-reduced-size", {}, &RtpDescription::rtcp_reduced_size },
    Child{ "bandwidth", {}, &RtpDescription::bandwidths, { .most = limits::bandwidths, .key = "type" } },
    Inline{ &RtpDescription::feedback },
    Child{ "rtp-hdrext",
           xmpp::ns::rtp_hdrext,
           &RtpDescription::header_extensions,
           { .most = limits::header_extensions, .key = "id" } },
    Child{ "extmap-allow-mixed", xmpp::ns::rtp_hdrext, &RtpDescription::extmap_allow_mixed },
    Child{ "stream", xmpp::ns::msid, &RtpDescription::streams, { .most = limits::streams, .key = "id" } },
    Child{ "category",
           xmpp::ns::category,
           &RtpDescription::categories,
           { .most = limits::categories, .value = "name", .rule = category_name } },
    Child{ "ssrc-group",
           xmpp::ns::ssma,
           &RtpDescription::source_groups,
           { .most = limits::source_groups, .key = "semantics" } },
    Child{ "source",
           xmpp::ns::ssma,
           &RtpDescription::sources,
           { .most = limits::sources, .key = "ssrc", .only_with = "ssrc" } },
};
constexpr const auto& child_rows(const RtpDescription*)
{
    return rtp_description_children;
}

base::Result<void> read(const xmpp::Element& from, RtpDescription& into, Reading& reading);
void write(const RtpDescription& value, xmpp::Writer& writer);

}  // namespace jingle
