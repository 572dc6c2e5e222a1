#include "sdp/rules.hpp"

#include <algorithm>
#include <array>

#include "base/names.hpp"
#include "sdp/payload_order.hpp"
#include "sdp/rule_forms.hpp"

namespace sdp {
namespace {

// COMPAT(libdatachannel): commas between the options, "ice2,trickle".
Result<void> read_ice_options(const Target& to, std::string_view, Fields& in)
{
    constexpr std::string_view separators = " ,";
    auto& list = to.transport.ice_options;
    auto rest = in.rest();
    if (rest.find_first_not_of(separators) == std::string_view::npos)
        return in.fail(Errc::missing, "option");
    while (!rest.empty()) {
        const auto word = rest.substr(0, rest.find_first_of(separators));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        if (word.empty())
            continue;
        if (!is_visible(word))
            return in.fail_at(word, Errc::malformed, "option");
        if (list.size() == max_words)
            return in.fail_at(word, Errc::too_long, "too many options");
        list.push_back(to.arena, word);
    }
    return {};
}

Result<void> read_group(const Target& to, std::string_view name, Fields& in)
{
    auto& groups = to.description.groups;
    TRY_VOID((read_each<&Description::groups, Group, 8>(to, name, in)));
    const auto& added = groups.back();
    if (added.semantics != "BUNDLE")
        return {};
    for (const auto& earlier : groups)
        for (const auto mid : earlier.mids)
            if (&earlier != &added && earlier.semantics == "BUNDLE" && base::contains(added.mids, mid))
                return in.fail(Errc::duplicate, "mid in two BUNDLE groups");
    return {};
}

Result<void> read_setup(const Target& to, std::string_view, Fields& in)
{
    const auto setup = base::find_value(setup_rows, in.next());
    if (!setup)
        return in.fail(Errc::unknown_token, "role");
    TRY_VOID(set_once(to.transport.setup, *setup, in));
    return in.end();
}

void write_setup(Writer& out, std::string_view name, const Source& from)
{
    if (const auto& setup = from.transport.setup)
        out.begin_attribute(name).text(":").text(base::find_token(setup_rows, *setup)).end_line();
}

Result<void> read_direction(const Target& to, std::string_view name, Fields& in)
{
    if (in.has_value())
        return in.fail(Errc::malformed, "takes no value");
    return set_once(to.transport.direction, *base::find_value(direction_rows, name), in);
}

void write_direction(Writer& out, std::string_view, const Source& from)
{
    if (const auto& direction = from.transport.direction)
        out.begin_attribute(base::find_token(direction_rows, *direction)).end_line();
}

Result<void> read_mid(const Target& to, std::string_view name, Fields& in)
{
    TRY_VOID((read_text<&Media::mid, is_mid>(to, name, in)));
    for (const auto& media : to.description.media)
        if (&media != to.media && media.mid && base::is_same_name(*media.mid, *to.media->mid))
            return in.fail(Errc::duplicate, "another m-section has it");
    return {};
}

Result<void> read_extmap(const Target& to, std::string_view, Fields& in)
{
    constexpr std::size_t max_extmaps = 32;
    auto& list = to.transport.extmaps;
    if (list.size() == max_extmaps)
        return in.fail(Errc::too_long, "too many");
    TRY(const auto map, Codec<ExtMap>::read(in, to.arena));
    for (const auto& earlier : list)
        if (earlier.id == map.id)
            return in.fail_at(in.text(), Errc::unsupported, "id in use already");
    list.push_back(to.arena, map);
    return {};
}

Result<void> read_end_of_candidates(const Target& to, std::string_view name, Fields& in)
{
    return to.media != nullptr ? read_flag<&Media::end_of_candidates>(to, name, in)
                               : read_flag<&Description::end_of_candidates>(to, name, in);
}

void write_end_of_candidates(Writer& out, std::string_view name, const Source& from)
{
    if (from.media != nullptr ? from.media->end_of_candidates : from.description.end_of_candidates)
        out.begin_attribute(name).end_line();
}

constexpr std::size_t max_remote_candidates = 16;

Result<void> read_remote_candidates(const Target& to, std::string_view, Fields& in)
{
    do {
        TRY(const auto candidate, Codec<RemoteCandidate>::read(in, to.arena));
        if (to.media->remote_candidates.size() == max_remote_candidates)
            return in.fail(Errc::too_long, "too many");
        to.media->remote_candidates.push_back(to.arena, candidate);
    } while (!in.at_end());
    return {};
}

void write_remote_candidates(Writer& out, std::string_view name, const Source& from)
{
    if (from.media->remote_candidates.empty())
        return;
    out.begin_attribute(name).text(":");
    for (const auto& candidate : from.media->remote_candidates) {
        if (&candidate != from.media->remote_candidates.begin())
            out.text(" ");
        Codec<RemoteCandidate>::write(out, candidate);
    }
    out.end_line();
}

Result<void> read_rtpmap(const Target& to, std::string_view, Fields& in)
{
    TRY(const auto map, Codec<RtpMap>::read(in, to.arena));
    if (to.mapped.test(map.payload_type))
        return in.fail_at(in.text(), Errc::duplicate, "payload type has one already");
    to.mapped.set(map.payload_type);
    to.media->rtpmaps.push_back(to.arena, map);
    return {};
}

Result<void> read_sctp_port(const Target& to, std::string_view, Fields& in)
{
    constexpr std::uint32_t max_port = 65535;
    TRY(const auto port, in.number<std::uint32_t>("port", 0, max_port));
    // RFC 8841, 5: zero closes the association, which only a refused m-section may do.
    if (port == 0 && to.media->port != 0)
        return in.fail(Errc::out_of_range, "port");
    TRY_VOID(set_once(to.media->sctp_port, port, in));
    return in.end();
}

void write_sctp_port(Writer& out, std::string_view name, const Source& from)
{
    if (from.media->sctp_port)
        out.begin_attribute(name).text(":").number(*from.media->sctp_port).end_line();
}

void write_payload_attributes(Writer& out, std::string_view, const Source& from)
{
    for_each_payload_attribute(
        *from.media,
        [&out](const RtpMap& map) {
            Codec<RtpMap>::write(out.text("a=rtpmap:"), map);
            out.end_line();
        },
        [&out](const Fmtp& fmtp) {
            Codec<Fmtp>::write(out.text("a=fmtp:"), fmtp);
            out.end_line();
        },
        [&out](const RtcpFb& feedback) {
            Codec<RtcpFb>::write(out.text("a=rtcp-fb:"), feedback);
            out.end_line();
        });
}

using T = TransportAttributes;

constexpr auto table = std::to_array<Rule>({
    { "group", Level::session, read_group, write_each<&Description::groups, Group> },
    { "ice-lite", Level::session, read_flag<&Description::ice_lite>, write_flag<&Description::ice_lite> },
    { "rtcp", Level::media, read_one<&Media::rtcp, Rtcp>, write_one<&Media::rtcp, Rtcp> },
    { "candidate", Level::media, read_each<&Media::candidates, Candidate, 100>,
      write_each<&Media::candidates, Candidate>, Malformed::drop },
    { "remote-candidates", Level::media, read_remote_candidates, write_remote_candidates },
    { "end-of-candidates", Level::both, read_end_of_candidates, write_end_of_candidates },
    { "ice-ufrag", Level::both, read_text<&T::ice_ufrag, is_ufrag>, write_text<&T::ice_ufrag, is_ufrag> },
    { "ice-pwd", Level::both, read_text<&T::ice_pwd, is_pwd>, write_text<&T::ice_pwd, is_pwd> },
    { "ice-options", Level::both, read_ice_options, write_words<&T::ice_options, ' ', is_visible> },
    { "fingerprint", Level::both, read_each<&T::fingerprints, Fingerprint, 4>,
      write_each<&T::fingerprints, Fingerprint> },
    { "setup", Level::both, read_setup, write_setup },
    { "tls-id", Level::both, read_text<&T::tls_id, is_visible>, write_text<&T::tls_id, is_visible> },
    { "bundle-only", Level::media, read_flag<&Media::bundle_only>, write_flag<&Media::bundle_only> },
    { "mid", Level::media, read_mid, write_text<&Media::mid, is_mid> },
    { "extmap", Level::both, read_extmap, write_each<&T::extmaps, ExtMap> },
    { "extmap-allow-mixed", Level::both, read_flag<&T::extmap_allow_mixed>,
      write_flag<&T::extmap_allow_mixed> },
    { "sendrecv", Level::both, read_direction, write_direction },
    { "sendonly", Level::both, read_direction, nullptr },
    { "recvonly", Level::both, read_direction, nullptr },
    { "inactive", Level::both, read_direction, nullptr },
    { "msid", Level::media, read_each<&Media::msids, Msid, 64>, write_each<&Media::msids, Msid> },
    { "content", Level::media, read_words<&Media::content, ',', is_token>,
      write_words<&Media::content, ',', is_token> },
    { "rtcp-mux", Level::media, read_flag<&Media::rtcp_mux>, write_flag<&Media::rtcp_mux> },
    { "rtcp-rsize", Level::media, read_flag<&Media::rtcp_rsize>, write_flag<&Media::rtcp_rsize> },
    { "crypto", Level::media, read_each<&Media::cryptos, Crypto, 8>, write_each<&Media::cryptos, Crypto> },
    { "zrtp-hash", Level::media, read_each<&Media::zrtp_hashes, ZrtpHash, 8>,
      write_each<&Media::zrtp_hashes, ZrtpHash> },
    { "rtpmap", Level::rtp_media, read_rtpmap, write_payload_attributes },
    { "fmtp", Level::rtp_media, read_each<&Media::fmtps, Fmtp, 256>, nullptr },
    { "rtcp-fb", Level::rtp_media, read_each<&Media::rtcp_fbs, RtcpFb, 1040>, nullptr },
    { "ptime", Level::media, read_text<&Media::ptime, is_duration>, write_text<&Media::ptime, is_duration> },
    { "maxptime", Level::media, read_text<&Media::maxptime, is_duration>,
      write_text<&Media::maxptime, is_duration> },
    { "ssrc-group", Level::media, read_each<&Media::ssrc_groups, SsrcGroup, 64>,
      write_each<&Media::ssrc_groups, SsrcGroup> },
    { "ssrc", Level::media, read_each<&Media::ssrcs, SsrcAttribute, 1024>,
      write_each<&Media::ssrcs, SsrcAttribute> },
    { "sctp-port", Level::media, read_sctp_port, write_sctp_port },
    { "max-message-size", Level::media, read_text<&Media::max_message_size, is_uint64>,
      write_text<&Media::max_message_size, is_uint64> },
    { "sctpmap", Level::media, read_one<&Media::sctpmap, SctpMap>, write_one<&Media::sctpmap, SctpMap> },
});

// Names are found by a table of their hashes, made at compile time, with the next free slot for a collision.
constexpr std::size_t index_size = 128;
constexpr std::uint8_t no_rule = 0xFF;

constexpr std::size_t hash(std::string_view name)
{
    const auto at = [name](std::size_t i) { return static_cast<unsigned char>(name[i]); };
    return name.empty()
        ? 0
        : (name.size() * 7 + at(0) * 31U + at(name.size() / 2) * 5U + at(name.size() - 1)) % index_size;
}

constexpr auto index = [] {
    std::array<std::uint8_t, index_size> slots{};
    slots.fill(no_rule);
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto slot = hash(table[i].name);
        while (slots[slot] != no_rule)
            slot = (slot + 1) % index_size;
        slots[slot] = static_cast<std::uint8_t>(i);
    }
    return slots;
}();
static_assert(table.size() < index_size);  // so that a search always meets an empty slot

}  // namespace

std::span<const Rule> rules() noexcept
{
    return table;
}

const Rule* find_rule(std::string_view name) noexcept
{
    for (auto slot = hash(name); index[slot] != no_rule; slot = (slot + 1) % index_size)
        if (table[index[slot]].name == name)
            return &table[index[slot]];
    return nullptr;
}

}  // namespace sdp
