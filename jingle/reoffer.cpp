#include "jingle/reoffer.hpp"

#include <algorithm>

#include "jingle/bundling.hpp"
#include "jingle/description_diff.hpp"
#include "jingle/description_translation.hpp"
#include "jingle/direction.hpp"
#include "jingle/proto.hpp"
#include "jingle/renegotiation_plan.hpp"
#include "jingle/transport_translation.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

namespace {

/// Of an m-line whose ports are with its candidates (RFC 8840, 4.1.1).
constexpr std::uint16_t usual_port = 9;

template <class List, class Predicate>
List filtered(const List& list, Predicate keep, base::Arena& arena)
{
    List out;
    for (const auto& item : list)
        if (keep(item))
            out.push_back(arena, item);
    return out;
}

template <class List, class Value>
bool contains(const List& list, const Value& value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

/// The m-line of each content of a request that changes known ones.
base::Result<std::size_t> place(const Content& content, const ToSdp& how)
{
    const auto slot = how.slots.find_content(content.creator, content.name);
    if (!slot || *slot >= how.current->media.size())
        return base::fail(base::Errc::missing, "content that is not known");
    return *slot;
}

/// A copy of what was said last, to be changed.
sdp::Description copied(const ToSdp& how, base::Arena& arena)
{
    auto out = resolve(*how.current, arena);
    out.origin = how.origin;
    return out;
}

/// Formats are replaced as a whole where the request has any; sources always, since they come complete.
void replace_description(sdp::Media& media, sdp::Media&& said, bool with_formats)
{
    if (with_formats) {
        media.formats = said.formats;
        media.rtpmaps = said.rtpmaps;
        media.fmtps = said.fmtps;
        media.rtcp_fbs = said.rtcp_fbs;
        media.transport.extmaps = said.transport.extmaps;
        media.transport.extmap_allow_mixed = said.transport.extmap_allow_mixed;
        media.ptime = said.ptime;
        media.maxptime = said.maxptime;
        media.bandwidths = said.bandwidths;
        media.other = said.other;
        media.rtcp_rsize = said.rtcp_rsize;
        media.content = said.content;
    }
    media.msids = said.msids;
    media.ssrcs = said.ssrcs;
    media.ssrc_groups = said.ssrc_groups;
}

base::Result<sdp::Description> apply_description(const Jingle& request, const ToSdp& how, base::Arena& arena)
{
    auto out = copied(how, arena);
    for (const auto& content : request.contents) {
        TRY(const auto index, place(content, how));
        if (content.rtp() == nullptr || !is_live_rtp(out.media[index]))
            continue;
        Report report{ content.name, how.notes, arena };
        TRY(const auto carry, Carry::read(content.rtp()->extra, how.trust, report, arena));
        sdp::Media said;
        DescriptionTo to;
        to.writer = how.writer;
        to.source_seed = content.name;
        description_to_sdp(*content.rtp(), carry, to, said, report, arena);
        TRY_VOID(report.result());
        replace_description(out.media[index], std::move(said), !content.rtp()->payload_types.empty());
    }
    return out;
}

bool has_new_credentials(const Transport& transport, const sdp::TransportAttributes& current)
{
    return transport.ufrag && transport.ufrag != current.ice_ufrag;
}

base::Result<void> check_restart(const Transport& transport, const sdp::TransportAttributes& current)
{
    if (!transport.pwd || transport.pwd == current.ice_pwd)
        return base::fail(base::Errc::malformed, "only one of ufrag and pwd is new");
    return {};
}

/// Another fingerprint with the old credentials is a substitution, or a broken client.
base::Result<void> check_fingerprints(const Transport& transport, const sdp::TransportAttributes& current)
{
    const auto known = [&](const Fingerprint& fingerprint) {
        return std::any_of(current.fingerprints.begin(), current.fingerprints.end(), [&](const auto& own) {
            return own.hash == fingerprint.hash && own.value == fingerprint.value;
        });
    };
    if (!std::all_of(transport.fingerprints.begin(), transport.fingerprints.end(), known))
        return base::fail(base::Errc::forbidden, "another fingerprint without new ICE credentials");
    return {};
}

void restart(sdp::Media& media, const sdp::Media& said)
{
    media.transport.ice_ufrag = said.transport.ice_ufrag;
    media.transport.ice_pwd = said.transport.ice_pwd;
    if (!said.transport.ice_options.empty())
        media.transport.ice_options = said.transport.ice_options;
    if (!said.transport.fingerprints.empty())
        media.transport.fingerprints = said.transport.fingerprints;
    if (said.transport.setup)
        media.transport.setup = said.transport.setup;
    media.candidates = {};
    media.end_of_candidates = false;
}

/// The new transport of one content, for it and for all that use the same.
base::Result<void> apply_transport(const Content& content, const ToSdp& how, sdp::Description& out,
                                   base::Arena& arena)
{
    TRY(const auto index, place(content, how));
    if (content.ice() == nullptr)
        return base::fail(base::Errc::unsupported, "transport-info without an ICE transport");
    const auto current = out.media[index].transport;
    if (!has_new_credentials(*content.ice(), current))
        return check_fingerprints(*content.ice(), current);
    TRY_VOID(check_restart(*content.ice(), current));
    Report report{ content.name, how.notes, arena };
    TRY(const auto carry, Carry::read(content.ice()->extra, how.trust, report, arena));
    sdp::Media said;
    TransportTo to;
    to.parts = TransportParts::fragment;
    to.audience = how.audience;
    transport_to_sdp(*content.ice(), carry, to, said, report, arena);
    TRY_VOID(report.result());
    for (std::size_t i = 0; i < out.media.size(); ++i)
        if (i == index || out.media[i].transport.ice_ufrag == current.ice_ufrag)
            restart(out.media[i], said);
    out.media[index].candidates = said.candidates;
    out.media[index].end_of_candidates = said.end_of_candidates;
    return {};
}

base::Result<sdp::Description> apply_transports(const Jingle& request, const ToSdp& how, base::Arena& arena)
{
    auto out = copied(how, arena);
    for (const auto& content : request.contents)
        TRY_VOID(apply_transport(content, how, out, arena));
    return out;
}

bool is_new(Action action)
{
    return action == Action::content_add || action == Action::content_accept;
}

/// A live m-section of an answer, cut down to what was offered.
class MediaAnswer {
public:
    MediaAnswer(sdp::Media media, const sdp::Media& offered, base::Arena& arena)
        : media_{ media }
        , offered_{ offered }
        , arena_{ arena }
    {
    }

    sdp::Media run(std::optional<sdp::Setup> role)
    {
        media_.proto = offered_.proto;
        media_.mid = offered_.mid;
        media_.bundle_only = false;
        media_.port = media_.port == 0 ? usual_port : media_.port;
        if (is_live_rtp(media_))
            cut_description();
        if (!media_.transport.fingerprints.empty())
            media_.transport.setup = role.value_or(sdp::Setup::active);
        return media_;
    }

private:
    void cut_description()
    {
        const auto is_format = [&](std::string_view format) { return contains(offered_.formats, format); };
        const auto formats = filtered(media_.formats, is_format, arena_);
        // Nothing in common: what was agreed stays, and the browser says what it thinks of it.
        if (!formats.empty())
            media_.formats = formats;
        const auto is_listed = [&](const auto& line) { return lists(line.payload_type); };
        media_.rtpmaps = filtered(media_.rtpmaps, is_listed, arena_);
        media_.fmtps = filtered(media_.fmtps, is_listed, arena_);
        media_.rtcp_fbs = filtered(
            media_.rtcp_fbs,
            [&](const sdp::RtcpFb& line) { return !line.payload_type || lists(*line.payload_type); }, arena_);
        media_.transport.extmaps = filtered(
            media_.transport.extmaps,
            [&](const sdp::ExtMap& extmap) {
                return std::any_of(
                    offered_.transport.extmaps.begin(), offered_.transport.extmaps.end(),
                    [&](const auto& offer) { return offer.id == extmap.id && offer.uri == extmap.uri; });
            },
            arena_);
        cut_direction();
    }

    [[nodiscard]] bool lists(std::uint8_t payload_type) const
    {
        return contains(media_.formats, std::to_string(payload_type));
    }

    /// Each side sends only what the other receives.
    void cut_direction()
    {
        const auto offered = offered_.transport.direction.value_or(sdp::Direction::sendrecv);
        const auto said = media_.transport.direction.value_or(sdp::Direction::sendrecv);
        const auto both = intersect(to_senders(offered, Role::initiator), to_senders(said, Role::responder));
        media_.transport.direction = to_direction(both, Role::responder);
    }

    sdp::Media media_;
    const sdp::Media& offered_;
    base::Arena& arena_;
};

sdp::Media rejected(const sdp::Media& offered)
{
    sdp::Media media;
    media.media = offered.media;
    media.port = 0;
    media.proto = offered.proto;
    media.formats = offered.formats;
    media.connection = sdp::Connection{};
    media.mid = offered.mid;
    media.transport.direction = sdp::Direction::inactive;
    return media;
}

}  // namespace

base::Result<sdp::Description> apply(const Jingle& request, const ToSdp& how, base::Arena& arena)
{
    if (how.current == nullptr)
        return base::fail(base::Errc::missing, "change of a description without that description");
    if (request.action == Action::transport_info)
        return apply_transports(request, how, arena);
    if (request.action == Action::description_info)
        return apply_description(request, how, arena);
    if (!is_new(request.action))
        for (const auto& content : request.contents)
            TRY_VOID(place(content, how));
    return to_sdp(request, how, arena);
}

bool is_restart(const Jingle& request, const Slots& slots, const sdp::Description& current)
{
    return std::any_of(request.contents.begin(), request.contents.end(), [&](const Content& content) {
        const auto slot = slots.find_content(content.creator, content.name);
        return request.action == Action::transport_info && content.ice() != nullptr && slot
            && *slot < current.media.size() && content.ice()->pwd
            && has_new_credentials(*content.ice(), current.media[*slot].transport);
    });
}

sdp::Description as_offer(const sdp::Description& said, Role writer, std::span<const Senders> limits,
                          sdp::Origin origin, base::Arena& arena)
{
    auto out = resolve(said, arena);
    out.origin = origin;
    for (std::size_t i = 0; i < out.media.size(); ++i) {
        auto& media = out.media[i];
        if (sdp::is_rejected(media))
            continue;
        if (!media.transport.fingerprints.empty())
            media.transport.setup = sdp::Setup::actpass;
        if (i >= limits.size() || !is_live_rtp(media))
            continue;
        const auto direction = media.transport.direction.value_or(sdp::Direction::sendrecv);
        media.transport.direction = to_direction(intersect(to_senders(direction, writer), limits[i]), writer);
    }
    return out;
}

sdp::Description as_answer(const sdp::Description& said, const sdp::Description& offer,
                           std::optional<sdp::Setup> role, sdp::Origin origin, base::Arena& arena)
{
    auto out = resolve(said, arena);
    const auto offered = resolve(offer, arena);
    out.origin = origin;
    base::List<sdp::Media> media;
    for (std::size_t i = 0; i < offered.media.size(); ++i) {
        const auto is_gone
            = i >= out.media.size() || sdp::is_rejected(out.media[i]) || sdp::is_rejected(offered.media[i]);
        media.push_back(arena,
                        is_gone ? rejected(offered.media[i])
                                : MediaAnswer{ out.media[i], offered.media[i], arena }.run(role));
    }
    out.media = media;
    out.groups = live_groups(offered.groups, out, arena);
    return out;
}

std::optional<sdp::Setup> opposite(std::optional<sdp::Setup> setup) noexcept
{
    if (setup == sdp::Setup::active)
        return sdp::Setup::passive;
    if (setup == sdp::Setup::passive)
        return sdp::Setup::active;
    return std::nullopt;
}

}  // namespace jingle
