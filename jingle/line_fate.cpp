#include "jingle/line_fate.hpp"

#include <algorithm>
#include <array>

#include "base/scan.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

namespace {

using At = LineInContext;
using Decide = Fate (*)(const At& at);

struct Decision {
    std::string_view line;
    Decide decide;
};

/// True when some m-section takes the value from the session.
template <class Missing>
bool is_inherited(const At& at, Missing is_missing)
{
    const auto& media = at.description.media;
    return std::any_of(media.begin(), media.end(),
                       [&](const sdp::Media& m) { return !sdp::is_rejected(m) && is_missing(m); });
}

/// What stands at session level counts where an m-section has nothing of its own.
template <auto Member>
Fate by_inheritance(const At& at)
{
    if (!at.is_session())
        return Fate::translated;
    const auto is_missing = [](const sdp::Media& media) {
        const auto& own = media.transport.*Member;
        if constexpr (requires { own.empty(); })
            return own.empty();
        else
            return !own.has_value();
    };
    return is_inherited(at, is_missing) ? Fate::translated : Fate::implied;
}

Fate decide_name(const At& at)
{
    return at.value.find_first_not_of(' ') == std::string_view::npos || at.value == "-" ? Fate::implied
                                                                                        : Fate::carried;
}

Fate decide_timing(const At& at)
{
    return at.value == "0 0" && at.count == 0 ? Fate::implied : Fate::carried;
}

Fate decide_bandwidth(const At& at)
{
    return at.is_session() || at.count > 0 ? Fate::carried : Fate::translated;
}

Fate decide_connection(const At& at)
{
    const auto is_used = [](const sdp::Media& media) { return !media.connection; };
    if (at.is_session() && !is_inherited(at, is_used))
        return Fate::implied;
    const auto& all = at.with_inheritance.media;
    if (at.is_session() ? std::any_of(all.begin(), all.end(), is_raw_udp) : is_raw_udp(*at.resolved))
        return Fate::translated;
    return at.value == "IN IP4 0.0.0.0" ? Fate::implied : Fate::carried;
}

Fate decide_rtcp(const At& at)
{
    if (is_raw_udp(*at.resolved) && !at.resolved->rtcp_mux)
        return Fate::translated;
    return at.value == "9" || at.value == "9 IN IP4 0.0.0.0" ? Fate::implied : Fate::carried;
}

Fate decide_ice_options(const At& at)
{
    if (by_inheritance<&sdp::TransportAttributes::ice_options>(at) == Fate::implied)
        return Fate::implied;
    const auto& all = at.with_inheritance.media;
    if (at.is_session() ? std::all_of(all.begin(), all.end(), is_raw_udp) : is_raw_udp(*at.resolved))
        return Fate::carried;
    const auto& written = at.is_session() ? at.description.transport : at.written->transport;
    const auto has_element
        = [](std::string_view option) { return option == "trickle" || option == "renomination"; };
    return std::any_of(written.ice_options.begin(), written.ice_options.end(), has_element) ? Fate::translated
                                                                                            : Fate::carried;
}

Fate decide_tls_id(const At& at)
{
    const auto fate = by_inheritance<&sdp::TransportAttributes::tls_id>(at);
    return fate == Fate::translated ? Fate::carried : fate;
}

Fate decide_setup(const At& at)
{
    if (!at.is_session() && at.resolved->transport.fingerprints.empty())
        return Fate::left_out;
    return by_inheritance<&sdp::TransportAttributes::setup>(at);
}

Fate decide_extmap(const At& at)
{
    if (!at.is_rtp())
        return Fate::left_out;
    if (!at.is_session())
        return Fate::translated;
    const auto id = at.value.substr(0, at.value.find_first_of("/ "));
    const auto number = base::parse_number<std::uint32_t>(id, "id").value_or(0U);
    const auto is_free = [number](const sdp::Media& media) {
        const auto& own = media.transport.extmaps;
        return find_media_kind(media.proto) == MediaKind::rtp
            && std::none_of(own.begin(), own.end(), [&](const auto& map) { return map.id == number; });
    };
    return is_inherited(at, is_free) ? Fate::translated : Fate::implied;
}

Fate decide_allow_mixed(const At& at)
{
    const auto is_missing = [](const sdp::Media& media) { return !media.transport.extmap_allow_mixed; };
    if (at.is_session())
        return is_inherited(at, is_missing) ? Fate::translated : Fate::implied;
    return at.description.transport.extmap_allow_mixed ? Fate::implied : Fate::translated;
}

Fate decide_direction(const At& at)
{
    const auto& session = at.description.transport.direction;
    if (at.is_session()) {
        const auto is_missing = [](const sdp::Media& media) {
            return find_media_kind(media.proto) == MediaKind::rtp && !media.transport.direction;
        };
        return at.name != "a=sendrecv" && is_inherited(at, is_missing) ? Fate::translated : Fate::implied;
    }
    if (at.name != "a=sendrecv")
        return Fate::translated;
    const auto overrides = at.is_rtp() && session && *session != sdp::Direction::sendrecv;
    return overrides ? Fate::translated : Fate::implied;
}

Fate decide_end_of_candidates(const At& at)
{
    const auto is_missing = [](const sdp::Media& media) { return !media.end_of_candidates; };
    if (at.is_session())
        return is_inherited(at, is_missing) ? Fate::translated : Fate::implied;
    return at.description.end_of_candidates ? Fate::implied : Fate::translated;
}

/// Lines of a payload type go where it goes.
Fate decide_payload(const At& at)
{
    const auto id = at.value.substr(0, at.value.find(' '));
    if (id == "*")
        return Fate::translated;
    const auto number = base::parse_number<std::uint8_t>(id, "payload type");
    const auto* description = at.content->rtp();
    const auto is_kept = number && description != nullptr
        && std::any_of(description->payload_types.begin(), description->payload_types.end(),
                       [&](const PayloadType& type) { return type.id == *number; });
    return is_kept ? Fate::translated : Fate::left_out;
}

Fate decide_duration(const At& at)
{
    const auto number = base::parse_number<std::uint32_t>(at.value, "ptime");
    const auto* description = at.content->rtp();
    const auto has_place = description != nullptr && !description->payload_types.empty();
    return number && *number != 0 && has_place ? Fate::translated : Fate::carried;
}

constexpr auto decisions = std::to_array<Decision>({
    { "s=", decide_name },
    { "t=", decide_timing },
    { "b=", decide_bandwidth },
    { "c=", decide_connection },
    { "a=rtcp", decide_rtcp },
    { "a=ice-options", decide_ice_options },
    { "a=ice-ufrag", by_inheritance<&sdp::TransportAttributes::ice_ufrag> },
    { "a=ice-pwd", by_inheritance<&sdp::TransportAttributes::ice_pwd> },
    { "a=fingerprint", by_inheritance<&sdp::TransportAttributes::fingerprints> },
    { "a=setup", decide_setup },
    { "a=tls-id", decide_tls_id },
    { "a=extmap", decide_extmap },
    { "a=extmap-allow-mixed", decide_allow_mixed },
    { "a=sendrecv", decide_direction },
    { "a=sendonly", decide_direction },
    { "a=recvonly", decide_direction },
    { "a=inactive", decide_direction },
    { "a=end-of-candidates", decide_end_of_candidates },
    { "a=rtpmap", decide_payload },
    { "a=fmtp", decide_payload },
    { "a=rtcp-fb", decide_payload },
    { "a=ptime", decide_duration },
    { "a=maxptime", decide_duration },
});

/// Attributes of m-sections mean nothing at session level: the reader dropped them.
bool may_stand(const At& at, Decide decide)
{
    const auto wants_section = decide == decide_rtcp || decide == decide_payload || decide == decide_duration;
    return !at.is_session() || !wants_section;
}

}  // namespace

std::optional<Fate> decide_fate(const LineInContext& line)
{
    const auto* row = std::find_if(decisions.begin(), decisions.end(),
                                   [&](const auto& d) { return d.line == line.name; });
    if (row == decisions.end() || !may_stand(line, row->decide))
        return std::nullopt;
    return row->decide(line);
}

}  // namespace jingle
