#include "sdp/attribute_codecs.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace sdp {

using base::Errc;
using base::Result;

namespace {

constexpr std::uint8_t max_payload_type = 127;

/// `text` in another case; a view of `text` itself when nothing changes.
template <class Change>
std::string_view with(Change change, std::string_view text, base::Arena& arena)
{
    if (std::all_of(text.begin(), text.end(), [change](char c) { return change(c) == c; }))
        return text;
    auto* copy = arena.make_array<char>(text.size());
    std::transform(text.begin(), text.end(), copy, change);
    return { copy, text.size() };
}

char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

char to_upper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool is_ssrc_attribute(std::string_view text)
{
    return is_field(text) && text.find(':') == std::string_view::npos;
}

}  // namespace

Result<std::uint8_t> read_payload_type(Fields& in, std::string_view part)
{
    if (part.size() > 1 && part.front() == '0')
        return in.fail_at(part, Errc::malformed, "leading zero in a payload type");
    return in.number_in<std::uint8_t>(part, "payload type", 0, max_payload_type);
}

Result<Group> Codec<Group>::read(Fields& in, base::Arena& arena)
{
    Group group;
    TRY(group.semantics, in.next(is_token, "semantics"));
    while (!in.at_end()) {
        TRY(const auto mid, in.next(is_mid, "mid"));
        if (group.mids.size() == max_mids)
            return in.fail(Errc::too_long, "too many mids");
        if (base::contains(group.mids, mid))
            return in.fail(Errc::duplicate, "mid");
        group.mids.push_back(arena, mid);
    }
    return group;
}

void Codec<Group>::write(Writer& out, const Group& group)
{
    out.checked(is_token, group.semantics);
    for (const auto mid : group.mids)
        out.text(" ").checked(is_mid, mid);
}

// RFC 8122, 5: the name of the hash in lower case, the digits in upper case.
Result<Fingerprint> Codec<Fingerprint>::read(Fields& in, base::Arena& arena)
{
    TRY(const auto hash, in.next(is_token, "hash function"));
    const auto lower = with(to_lower, hash, arena);
    if (lower == "md2" || lower == "md5")
        return in.fail(Errc::unsupported, "hash function that must not be used");
    const auto value = in.next();
    if (value.empty())
        return in.fail(Errc::missing, "fingerprint");
    if (!is_fingerprint(lower, value))
        return in.fail(Errc::malformed, "fingerprint");
    TRY_VOID(in.end());
    return Fingerprint{ lower, with(to_upper, value, arena) };
}

void Codec<Fingerprint>::write(Writer& out, const Fingerprint& fingerprint)
{
    out.require(is_fingerprint(fingerprint.hash, fingerprint.value), "fingerprint");
    out.checked(is_token, fingerprint.hash).text(" ").text(fingerprint.value);
}

Result<ExtMap> Codec<ExtMap>::read(Fields& in, base::Arena&)
{
    constexpr std::uint32_t first_in_offers_only = 4096;
    constexpr std::uint32_t last_in_offers_only = 4351;
    ExtMap map;
    const auto [id, direction] = split(in.next(), '/');
    TRY(map.id, in.number_in<std::uint32_t>(id, "extension id"));
    if (map.id == 0 || (map.id > 255 && map.id < first_in_offers_only) || map.id > last_in_offers_only)
        return in.fail(Errc::unsupported, "extension id");
    if (direction) {
        map.direction = base::find_value(direction_rows, *direction);
        if (!map.direction)
            return in.fail_at(*direction, Errc::unknown_token, "direction");
    }
    TRY(map.uri, in.next(is_field, "URI"));
    map.attributes = in.rest();
    return map;
}

void Codec<ExtMap>::write(Writer& out, const ExtMap& map)
{
    out.number(map.id);
    if (map.direction)
        out.text("/").text(base::find_token(direction_rows, *map.direction));
    out.text(" ").field(map.uri);
    if (!map.attributes.empty())
        out.text(" ").text(map.attributes);
}

Result<Rtcp> Codec<Rtcp>::read(Fields& in, base::Arena&)
{
    Rtcp rtcp;
    TRY(rtcp.port, in.number<std::uint16_t>("port"));
    auto address = in;
    rtcp.address = in.rest();
    if (!rtcp.address.empty()) {
        TRY_VOID(address.next(is_token, "network type"));
        TRY_VOID(address.next(is_token, "address type"));
        TRY_VOID(address.next(is_visible, "address"));
        TRY_VOID(address.end());
    }
    return rtcp;
}

void Codec<Rtcp>::write(Writer& out, const Rtcp& rtcp)
{
    out.number(rtcp.port);
    if (!rtcp.address.empty())
        out.text(" ").text(rtcp.address);
}

Result<RtpMap> Codec<RtpMap>::read(Fields& in, base::Arena&)
{
    RtpMap map;
    TRY(map.payload_type, read_payload_type(in, in.next()));
    const auto [name, rest] = split(in.next(), '/');
    if (!is_token(name))
        return in.fail(name.empty() ? Errc::missing : Errc::malformed, "encoding name");
    if (!rest)
        return in.fail(Errc::missing, "clock rate");
    map.name = name;
    const auto [clock_rate, channels] = split(*rest, '/');
    TRY(map.clock_rate, in.number_in<std::uint32_t>(clock_rate, "clock rate", 1));
    if (channels) {
        TRY(map.channels, in.number_in<std::uint8_t>(*channels, "channels", 1));
    }
    TRY_VOID(in.end());
    return map;
}

void Codec<RtpMap>::write(Writer& out, const RtpMap& map)
{
    out.number(map.payload_type).text(" ").checked(is_token, map.name).text("/").number(map.clock_rate);
    if (map.channels)
        out.text("/").number(*map.channels);
}

Result<Fmtp> Codec<Fmtp>::read(Fields& in, base::Arena&)
{
    Fmtp fmtp;
    TRY(fmtp.payload_type, read_payload_type(in, in.next()));
    fmtp.parameters = in.rest();
    if (fmtp.parameters.empty())
        return in.fail(Errc::unsupported, "no parameters");
    return fmtp;
}

void Codec<Fmtp>::write(Writer& out, const Fmtp& fmtp)
{
    out.number(fmtp.payload_type).text(" ").some_text(fmtp.parameters);
}

Result<RtcpFb> Codec<RtcpFb>::read(Fields& in, base::Arena&)
{
    RtcpFb feedback;
    if (const auto payload_type = in.next(); payload_type != "*") {
        TRY(feedback.payload_type, read_payload_type(in, payload_type));
    }
    feedback.value = in.rest();
    if (feedback.value.empty())
        return in.fail(Errc::missing, "feedback type");
    return feedback;
}

void Codec<RtcpFb>::write(Writer& out, const RtcpFb& feedback)
{
    if (feedback.payload_type)
        out.number(*feedback.payload_type);
    else
        out.text("*");
    out.text(" ").some_text(feedback.value);
}

Result<Msid> Codec<Msid>::read(Fields& in, base::Arena&)
{
    Msid msid;
    TRY(msid.stream, in.next(is_field, "stream"));
    if (!in.at_end())
        msid.track = in.next();
    TRY_VOID(in.end());
    return msid;
}

void Codec<Msid>::write(Writer& out, const Msid& msid)
{
    out.field(msid.stream);
    if (msid.track)
        out.text(" ").field(*msid.track);
}

Result<SsrcAttribute> Codec<SsrcAttribute>::read(Fields& in, base::Arena&)
{
    SsrcAttribute ssrc;
    TRY(ssrc.ssrc, in.number<std::uint32_t>("SSRC"));
    if (in.at_end())
        return in.fail(Errc::unsupported, "says nothing of the source");
    const auto [attribute, value] = split(in.rest(), ':');
    if (!is_ssrc_attribute(attribute))
        return in.fail(Errc::malformed, "attribute");
    ssrc.attribute = attribute;
    ssrc.value = value;
    return ssrc;
}

void Codec<SsrcAttribute>::write(Writer& out, const SsrcAttribute& ssrc)
{
    out.number(ssrc.ssrc).text(" ").checked(is_ssrc_attribute, ssrc.attribute);
    if (ssrc.value)
        out.text(":").text(*ssrc.value);
}

Result<SsrcGroup> Codec<SsrcGroup>::read(Fields& in, base::Arena& arena)
{
    SsrcGroup group;
    TRY(group.semantics, in.next(is_token, "semantics"));
    do {
        TRY(const auto ssrc, in.number<std::uint32_t>("SSRC"));
        if (group.ssrcs.size() == max_ssrcs)
            return in.fail(Errc::too_long, "too many SSRCs");
        group.ssrcs.push_back(arena, ssrc);
    } while (!in.at_end());
    return group;
}

void Codec<SsrcGroup>::write(Writer& out, const SsrcGroup& group)
{
    out.checked(is_token, group.semantics).require(!group.ssrcs.empty(), "no SSRC");
    for (const auto ssrc : group.ssrcs)
        out.text(" ").number(ssrc);
}

Result<RemoteCandidate> Codec<RemoteCandidate>::read(Fields& in, base::Arena&)
{
    RemoteCandidate candidate;
    TRY(candidate.component, in.number<std::uint16_t>("component", 1, 256));
    candidate.address = in.next();
    if (!is_ip_address(candidate.address) && !is_mdns_name(candidate.address))
        return in.fail(candidate.address.empty() ? Errc::missing : Errc::forbidden, "address");
    TRY(candidate.port, in.number<std::uint16_t>("port"));
    return candidate;
}

void Codec<RemoteCandidate>::write(Writer& out, const RemoteCandidate& candidate)
{
    out.number(candidate.component)
        .text(" ")
        .checked(is_visible, candidate.address)
        .text(" ")
        .number(candidate.port);
}

Result<Crypto> Codec<Crypto>::read(Fields& in, base::Arena&)
{
    Crypto crypto;
    TRY(crypto.tag, in.next(is_digits, "tag"));
    TRY(crypto.suite, in.next(is_token, "suite"));
    TRY(crypto.key_params, in.next(is_visible, "key parameters"));
    crypto.session_params = in.rest();
    return crypto;
}

void Codec<Crypto>::write(Writer& out, const Crypto& crypto)
{
    out.checked(is_digits, crypto.tag).text(" ").checked(is_token, crypto.suite).text(" ");
    out.checked(is_visible, crypto.key_params);
    if (!crypto.session_params.empty())
        out.text(" ").text(crypto.session_params);
}

Result<ZrtpHash> Codec<ZrtpHash>::read(Fields& in, base::Arena&)
{
    ZrtpHash hash;
    TRY(hash.version, in.next(is_visible, "version"));
    TRY(hash.value, in.next(is_visible, "hash"));
    TRY_VOID(in.end());
    return hash;
}

void Codec<ZrtpHash>::write(Writer& out, const ZrtpHash& hash)
{
    out.checked(is_visible, hash.version).text(" ").checked(is_visible, hash.value);
}

Result<SctpMap> Codec<SctpMap>::read(Fields& in, base::Arena&)
{
    SctpMap map;
    TRY(map.number, in.number<std::uint16_t>("port"));
    TRY(map.app, in.next(is_token, "application"));
    if (!in.at_end()) {
        TRY(map.streams, in.number<std::uint32_t>("streams"));
    }
    TRY_VOID(in.end());
    return map;
}

void Codec<SctpMap>::write(Writer& out, const SctpMap& map)
{
    out.number(map.number).text(" ").checked(is_token, map.app);
    if (map.streams)
        out.text(" ").number(*map.streams);
}

}  // namespace sdp
