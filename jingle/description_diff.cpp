#include "jingle/description_diff.hpp"

#include <algorithm>

#include "jingle/ascii.hpp"
#include "jingle/bundling.hpp"
#include "jingle/proto.hpp"
#include "jingle/static_payload_types.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

namespace {

template <class List, class Predicate>
const typename List::value_type* find_in(const List& list, Predicate predicate)
{
    const auto found = std::find_if(list.begin(), list.end(), predicate);
    return found == list.end() ? nullptr : &*found;
}

template <class List>
bool contains(const List& list, const typename List::value_type& value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

template <class List>
bool includes(const List& outer, const List& inner)
{
    return std::all_of(inner.begin(), inner.end(), [&](const auto& item) { return contains(outer, item); });
}

/// Equal but for the order.
template <class List>
bool same_items(const List& a, const List& b)
{
    return a.size() == b.size() && includes(a, b) && includes(b, a);
}

const sdp::RtpMap* find_rtpmap(const sdp::Media& media, std::uint8_t payload_type)
{
    return find_in(media.rtpmaps, [&](const auto& map) { return map.payload_type == payload_type; });
}

std::string_view fmtp_of(const sdp::Media& media, std::uint8_t payload_type)
{
    const auto* fmtp
        = find_in(media.fmtps, [&](const auto& line) { return line.payload_type == payload_type; });
    return fmtp != nullptr ? fmtp->parameters : std::string_view{};
}

bool same_codec(const sdp::RtpMap& a, const sdp::RtpMap& b)
{
    return equals_ignoring_case(a.name, b.name) && a.clock_rate == b.clock_rate
        && a.channels.value_or(1) == b.channels.value_or(1);
}

/// How a format of an m-line relates to an earlier description of that m-line.
enum class Relation { unknown, same, extended, other };

Relation relate(const sdp::Media& before, const sdp::Media& now, const sdp::RtpMap& map)
{
    const auto* known = find_rtpmap(before, map.payload_type);
    if (known == nullptr)
        return Relation::unknown;
    if (!same_codec(*known, map))
        return Relation::other;
    const auto old_fmtp = fmtp_of(before, map.payload_type);
    const auto new_fmtp = fmtp_of(now, map.payload_type);
    if (old_fmtp == new_fmtp || new_fmtp.empty())
        return Relation::same;
    return old_fmtp.empty() ? Relation::extended : Relation::other;
}

bool knows_feedback(const sdp::Media& media, const sdp::RtcpFb& feedback)
{
    return contains(media.rtcp_fbs, feedback)
        || contains(media.rtcp_fbs, sdp::RtcpFb{ std::nullopt, feedback.value });
}

/// The difference of one m-section that was live and is live. All three have their inheritance resolved.
class SectionDiff {
public:
    SectionDiff(const sdp::Media& before, const sdp::Media* peer, const sdp::Media& now, MediaChange& out)
        : before_{ before }
        , peer_{ peer }
        , now_{ now }
        , out_{ out }
    {
    }

    void compare()
    {
        compare_direction();
        if (find_media_kind(now_.proto) == MediaKind::data_channel)
            return compare_data_channel();
        compare_formats();
        compare_header_extensions();
        compare_details();
    }

private:
    void compare_direction()
    {
        if (find_media_kind(now_.proto) != MediaKind::rtp)
            return;
        const auto before = before_.transport.direction.value_or(sdp::Direction::sendrecv);
        const auto now = now_.transport.direction.value_or(sdp::Direction::sendrecv);
        if (before != now)
            out_.direction = now;
    }

    void compare_data_channel()
    {
        const auto number = [](const sdp::Media& media) -> std::uint32_t {
            return media.sctpmap ? media.sctpmap->number : media.sctp_port.value_or(0);
        };
        out_.remade = number(before_) != number(now_);
    }

    void compare_formats()
    {
        auto kept = now_.rtpmaps.empty();
        for (const auto& map : now_.rtpmaps) {
            const auto relation = relate_to_either(map);
            kept = kept || find_rtpmap(before_, map.payload_type) != nullptr;
            out_.remade = out_.remade || relation == Relation::other;
            out_.extended = out_.extended || relation == Relation::unknown || relation == Relation::extended;
        }
        for (const auto& feedback : now_.rtcp_fbs)
            if (!knows_feedback(before_, feedback) && (peer_ == nullptr || !knows_feedback(*peer_, feedback)))
                out_.extended = true;
        for (const auto format : now_.formats)
            if (!contains(before_.formats, format) && (peer_ == nullptr || !contains(peer_->formats, format)))
                out_.extended = true;
        out_.remade = out_.remade || (!kept && !before_.rtpmaps.empty());
        if (!same_items(before_.cryptos, now_.cryptos))
            out_.remade = true;
    }

    /// Better known from the writer; what the other side named was answered then, and may be repeated.
    [[nodiscard]] Relation relate_to_either(const sdp::RtpMap& map) const
    {
        const auto own = relate(before_, now_, map);
        if (own == Relation::same || peer_ == nullptr)
            return own;
        const auto others = relate(*peer_, now_, map);
        return others == Relation::same ? others : own;
    }

    void compare_header_extensions()
    {
        for (const auto& extmap : now_.transport.extmaps) {
            const auto* own = find_extmap(before_, extmap.id);
            const auto* others = peer_ != nullptr ? find_extmap(*peer_, extmap.id) : nullptr;
            if (own != nullptr && own->uri != extmap.uri)
                out_.remade = true;
            else if (own == nullptr && (others == nullptr || others->uri != extmap.uri))
                out_.extended = true;
            else if (own == nullptr || own->direction != extmap.direction)
                out_.informed = true;
        }
    }

    static const sdp::ExtMap* find_extmap(const sdp::Media& media, std::uint32_t id)
    {
        return find_in(media.transport.extmaps, [&](const auto& extmap) { return extmap.id == id; });
    }

    void compare_details()
    {
        out_.informed = out_.informed || !same_items(before_.msids, now_.msids)
            || !same_items(before_.ssrcs, now_.ssrcs) || !same_items(before_.ssrc_groups, now_.ssrc_groups)
            || !same_items(before_.bandwidths, now_.bandwidths) || !same_items(before_.content, now_.content)
            || !same_items(before_.other, now_.other) || before_.ptime != now_.ptime
            || before_.maxptime != now_.maxptime || before_.rtcp_rsize != now_.rtcp_rsize;
    }

    const sdp::Media& before_;
    const sdp::Media* peer_;
    const sdp::Media& now_;
    MediaChange& out_;
};

/// The difference of two descriptions.
class Diff {
public:
    Diff(const Agreed& agreed, const sdp::Description& next, base::Arena& arena)
        : agreed_{ agreed }
        , own_{ resolve(agreed.own, arena) }
        , next_{ resolve(next, arena) }
    {
        if (agreed.peer != nullptr)
            peer_ = resolve(*agreed.peer, arena);
    }

    base::Result<Changes> run()
    {
        if (next_.media.size() < own_.media.size())
            return base::fail(base::Errc::malformed, "fewer m-lines than the description before");
        Changes changes;
        for (std::size_t i = 0; i < next_.media.size(); ++i) {
            TRY(const auto change, compare(i));
            if (!change.is_empty())
                changes.push_back(change);
        }
        return changes;
    }

private:
    base::Result<MediaChange> compare(std::size_t index)
    {
        MediaChange change;
        change.index = index;
        const auto& now = next_.media[index];
        const auto is_live = live(now);
        if (index >= own_.media.size()) {
            change.added = is_live;
            return change;
        }
        const auto& before = own_.media[index];
        const auto was_live = live(before);
        const auto same_mid = before.mid == now.mid;
        if (was_live && is_live && (!same_mid || before.media != now.media))
            return refuse(index, base::Errc::malformed, "another mid or medium in a live m-line");
        change.stopped = was_live && !is_live;
        change.added = !was_live && is_live;
        if (was_live && is_live)
            TRY_VOID(compare_live(index, change));
        return change;
    }

    base::Result<void> compare_live(std::size_t index, MediaChange& change)
    {
        const auto& before = own_.media[index];
        const auto& now = next_.media[index];
        const auto* peer = find_peer(index);
        SectionDiff{ before, peer, now, change }.compare();
        if (next_.media[index].bundle_only)
            return {};
        return compare_transport(index, change);
    }

    base::Result<void> compare_transport(std::size_t index, MediaChange& change)
    {
        const auto& before = own_.media[index].transport;
        const auto& now = next_.media[index].transport;
        const auto ufrag = before.ice_ufrag != now.ice_ufrag;
        const auto pwd = before.ice_pwd != now.ice_pwd;
        if (ufrag != pwd)
            return refuse(index, base::Errc::malformed, "only one of ice-ufrag and ice-pwd is new");
        change.restarted = ufrag;
        change.new_association
            = !same_items(before.fingerprints, now.fingerprints) || before.tls_id != now.tls_id;
        if (change.new_association && !change.restarted)
            return refuse(index, base::Errc::forbidden,
                          "another certificate or tls-id without new ICE credentials");
        if (!change.restarted || !now.ice_ufrag)
            return {};
        if (is_of_peer(now))
            return refuse(index, base::Errc::forbidden, "ICE credentials of the other side");
        const auto& old = agreed_.old_ufrags;
        if (std::find(old.begin(), old.end(), *now.ice_ufrag) != old.end())
            return refuse(index, base::Errc::forbidden, "ICE credentials that were in use before");
        return {};
    }

    [[nodiscard]] bool is_of_peer(const sdp::TransportAttributes& now) const
    {
        return peer_ && std::any_of(peer_->media.begin(), peer_->media.end(), [&](const sdp::Media& media) {
                   return media.transport.ice_ufrag == now.ice_ufrag
                       || media.transport.ice_pwd == now.ice_pwd;
               });
    }

    [[nodiscard]] const sdp::Media* find_peer(std::size_t index) const
    {
        return peer_ && index < peer_->media.size() ? &peer_->media[index] : nullptr;
    }

    static bool live(const sdp::Media& media) { return !sdp::is_rejected(media) && is_understood(media); }

    [[nodiscard]] tl::unexpected<base::Error> refuse(std::size_t index, base::Errc code,
                                                     std::string_view what) const
    {
        std::string place{ "m-line " };
        place.append(std::to_string(index + 1)).append(": ").append(what);
        return base::fail(code, place);
    }

    const Agreed& agreed_;
    sdp::Description own_;
    sdp::Description next_;
    std::optional<sdp::Description> peer_;
};

}  // namespace

base::Result<Changes> diff(const Agreed& agreed, const sdp::Description& next, base::Arena& arena)
{
    return Diff{ agreed, next, arena }.run();
}

bool is_live_rtp(const sdp::Media& media)
{
    return !sdp::is_rejected(media) && find_media_kind(media.proto) == MediaKind::rtp;
}

bool is_on_hold(const sdp::Description& description)
{
    auto any = false;
    const auto of_session = description.transport.direction.value_or(sdp::Direction::sendrecv);
    for (const auto& media : description.media) {
        if (!is_live_rtp(media))
            continue;
        const auto direction = media.transport.direction.value_or(of_session);
        if (direction == sdp::Direction::sendrecv || direction == sdp::Direction::recvonly)
            return false;
        any = true;
    }
    return any;
}

}  // namespace jingle
