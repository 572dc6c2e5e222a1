#include "jingle/to_sdp.hpp"

#include <algorithm>

#include "jingle/bundling.hpp"
#include "jingle/direction.hpp"
#include "jingle/limits.hpp"
#include "jingle/media_to_sdp.hpp"
#include "jingle/proto.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

namespace {

/// How a request changes the m-lines of a description.
enum class Effect { none, describe, modify, remove };

Effect effect(Action action)
{
    switch (action) {
    case Action::session_initiate:
    case Action::session_accept:
    case Action::content_add:
    case Action::content_accept: return Effect::describe;
    case Action::content_modify: return Effect::modify;
    case Action::content_remove:
    case Action::content_reject: return Effect::remove;
    case Action::description_info:
    case Action::security_info:
    case Action::session_info:
    case Action::session_terminate:
    case Action::transport_accept:
    case Action::transport_info:
    case Action::transport_reject:
    case Action::transport_replace: return Effect::none;
    }
    return Effect::none;
}

bool is_answer(Action action)
{
    return action == Action::session_accept || action == Action::content_accept
        || action == Action::content_reject;
}

constexpr std::string_view mid_extension = "urn:ietf:params:rtp-hdrext:sdes:mid";

bool is_mid_extension(const sdp::ExtMap& extmap)
{
    return extmap.uri == mid_extension;
}

bool is_understood(const Content& content)
{
    return content.ice() != nullptr && (content.rtp() != nullptr || content.ice()->sctpmap);
}

/// The translation of one request.
class Translation {
public:
    Translation(const Jingle& jingle, const ToSdp& how, base::Arena& arena)
        : jingle_{ jingle }
        , how_{ how }
        , arena_{ arena }
        , exchange_{ how.offer != nullptr || is_answer(jingle.action) ? Exchange::answer : Exchange::offer }
        , slots_{ how.slots }
    {
    }

    base::Result<sdp::Description> run()
    {
        if (how_.offer != nullptr && slots_.empty())
            TRY_VOID(slots_.learn(*how_.offer, other(how_.writer)));
        TRY_VOID(place_contents());
        out_.origin = how_.origin;
        for (std::size_t i = 0; i < slots_.size(); ++i)
            TRY_VOID(add_media(i));
        if (std::all_of(out_.media.begin(), out_.media.end(), sdp::is_rejected))
            return base::fail(base::Errc::unsupported, "no content that can become an m-line");
        TRY_VOID(add_session());
        settle_mid_extension();
        TRY_VOID(slots_.learn(out_, how_.writer));
        how_.slots = std::move(slots_);
        return out_;
    }

    base::Result<sdp::Description> run_fragment()
    {
        for (const auto& content : jingle_.contents)
            TRY_VOID(add_fragment(content));
        how_.slots = std::move(slots_);
        return out_;
    }

private:
    /// Finds the slot of each content, and makes those of new ones.
    base::Result<void> place_contents()
    {
        if (jingle_.contents.size() > limits::contents)
            return base::fail(base::Errc::too_long, "contents");
        for (std::size_t i = 0; i < slots_.size(); ++i)
            placed_.push_back(arena_, nullptr);
        for (const auto& content : jingle_.contents) {
            Report report{ content.name, how_.notes, arena_ };
            TRY(const auto slot, place(content, report));
            if (slot == placed_.size())
                placed_.push_back(arena_, &content);
            else if (placed_[slot] == nullptr || !is_understood(*placed_[slot]))
                placed_[slot] = &content;
            else
                report.left_out(Loss::content_alternative, content.name);
        }
        return {};
    }

    /// Two contents with one key are alternatives (XEP-0166, 7.3): the first that is understood counts.
    base::Result<std::size_t> place(const Content& content, Report& report)
    {
        const auto known = slots_.find_content(content.creator, content.name);
        const auto same_creator = known && slots_[*known].creator == content.creator;
        if (known
            && (same_creator || exchange_ == Exchange::answer || jingle_.action != Action::session_initiate))
            return *known;
        if (exchange_ == Exchange::answer && !slots_.empty() && how_.offer != nullptr)
            report.refuse(base::Errc::malformed, "content that was not offered");
        if (content.name.empty() || content.name.size() > limits::name)
            report.refuse(base::Errc::malformed, "name of a content");
        report.text(content.name, "name of a content");
        TRY_VOID(report.result());
        return slots_.add(content.creator, content.name);
    }

    base::Result<void> add_media(std::size_t index)
    {
        const auto& slot = slots_[index];
        const auto* content = placed_[index];
        const auto offered = find_offered(index);
        Report report{ content != nullptr ? content->name : std::string_view{ slot.name }, how_.notes,
                       arena_ };
        const auto does = content != nullptr ? effect(jingle_.action) : Effect::none;
        switch (does) {
        case Effect::describe:
            out_.media.push_back(arena_, described(*content, index, offered, report));
            break;
        case Effect::modify: out_.media.push_back(arena_, modified(*content, index, offered)); break;
        case Effect::remove: out_.media.push_back(arena_, rejected_media(slot, offered, arena_)); break;
        case Effect::none: out_.media.push_back(arena_, kept(index, offered)); break;
        }
        return report.result();
    }

    sdp::Media described(const Content& content, std::size_t index, const sdp::Media* offered, Report& report)
    {
        const auto* group = find_bundle(content.name);
        const MediaTo to{
            how_,    exchange_,        slots_[index],
            offered, group != nullptr, group != nullptr ? find_bundle_transport(*group) : nullptr
        };
        return media_to_sdp(content, to, report, arena_);
    }

    sdp::Media modified(const Content& content, std::size_t index, const sdp::Media* offered)
    {
        auto media = kept(index, offered);
        if (media.port != 0 || media.bundle_only)
            media.transport.direction = to_direction(content.senders.value_or(Senders::both), how_.writer);
        return media;
    }

    /// What was said last about an m-line that the request leaves alone; without that it is rejected.
    sdp::Media kept(std::size_t index, const sdp::Media* offered)
    {
        const auto& slot = slots_[index];
        if (slot.state == SlotState::active && how_.current != nullptr && index < how_.current->media.size())
            return current_media(index);
        return rejected_media(slot, offered, arena_);
    }

    /// The m-section that is answered, with what the session says for it.
    const sdp::Media* find_offered(std::size_t index)
    {
        if (how_.offer == nullptr || index >= how_.offer->media.size())
            return nullptr;
        if (!offer_)
            offer_ = resolve(*how_.offer, arena_);
        return &offer_->media[index];
    }

    /// As it was said last, with what the session said for it: the new session level says nothing for all.
    const sdp::Media& current_media(std::size_t index)
    {
        if (!current_)
            current_ = resolve(*how_.current, arena_);
        const auto& written = how_.current->media[index];
        return written.bundle_only ? written : current_->media[index];
    }

    [[nodiscard]] const Group* find_bundle(std::string_view name) const
    {
        for (const auto& group : jingle_.groups)
            if (group.semantics == bundle
                && std::find(group.contents.begin(), group.contents.end(), name) != group.contents.end())
                return &group;
        return nullptr;
    }

    /// The transport in force is that of the first content of the group that has one.
    [[nodiscard]] const Transport* find_bundle_transport(const Group& group) const
    {
        for (const auto name : group.contents)
            for (const auto& content : jingle_.contents)
                if (content.name == name && content.ice() != nullptr && content.ice()->ufrag)
                    return content.ice();
        return nullptr;
    }

    base::Result<void> add_session()
    {
        Report report{ {}, how_.notes, arena_ };
        if (how_.current != nullptr)
            keep_session(*how_.current);
        else
            TRY_VOID(add_carried_session(report));
        if (effect(jingle_.action) != Effect::describe)
            keep_groups(*how_.current);
        else
            for (const auto& group : jingle_.groups)
                add_group(group, report);
        return report.result();
    }

    base::Result<void> add_carried_session(Report& report)
    {
        TRY(const auto carry, Carry::read(jingle_.extra, how_.trust, report, arena_));
        for (const auto& attribute : carry.attributes)
            add_session_attribute(attribute);
        for (const auto& line : carry.lines)
            add_session_line(line, report);
        return {};
    }

    /// A change of contents says nothing new about the session.
    void keep_session(const sdp::Description& current)
    {
        out_.session_name = current.session_name;
        out_.timing = current.timing;
        out_.bandwidths = current.bandwidths;
        out_.other_lines = current.other_lines;
        out_.ice_lite = current.ice_lite;
        out_.other = current.other;
    }

    /// Groups come with added contents only; else they stay, without what is no longer there.
    void keep_groups(const sdp::Description& current)
    {
        for (const auto& group : current.groups) {
            sdp::Group kept{ group.semantics, {} };
            for (const auto mid : group.mids) {
                const auto slot = slots_.find_mid(mid);
                if (slot && !sdp::is_rejected(out_.media[*slot]))
                    kept.mids.push_back(arena_, mid);
            }
            if (!kept.mids.empty())
                out_.groups.push_back(arena_, kept);
        }
    }

    void add_session_attribute(const sdp::Attribute& attribute)
    {
        if (attribute.name == "ice-lite")
            out_.ice_lite = true;
        else if (attribute.name != "rtpmap")
            out_.other.push_back(arena_, attribute);
    }

    void add_session_line(const CarriedLine& line, Report& report)
    {
        const auto colon = line.value.find(':');
        if (line.type == 's')
            out_.session_name = line.value;
        else if (line.type == 't')
            out_.timing = report.checked(sdp::is_timing, line.value, "carried t=");
        else if (line.type == 'b' && colon != std::string_view::npos)
            out_.bandwidths.push_back(
                arena_,
                { report.token(line.value.substr(0, colon), "carried b="),
                  report.checked(sdp::is_digits, line.value.substr(colon + 1), "carried b=") });
        else if (line.type == 'b' || line.type == 'c')
            report.refuse(base::Errc::malformed, "carried line of the session");
        else if (line.type != 'k' || how_.audience != Audience::webrtc)
            out_.other_lines.push_back(arena_, { line.type, line.value });
        else
            report.left_out(Loss::carried_not_allowed, "k");
    }

    /// Members that are no live m-line are left out: a rejected one must not be bundled.
    void add_group(const Group& group, Report& report)
    {
        sdp::Group added{ report.token(group.semantics, "semantics of a group"), {} };
        for (const auto name : group.contents) {
            const auto slot = slots_.find_name(name);
            if (!slot || *slot >= out_.media.size() || sdp::is_rejected(out_.media[*slot])) {
                report.left_out(Loss::group_member_unknown, name);
                continue;
            }
            const auto mid = *out_.media[*slot].mid;
            if (group.semantics == bundle && is_in_bundle(mid, added))
                return report.refuse(base::Errc::duplicate, "content that is bundled twice");
            added.mids.push_back(arena_, mid);
        }
        if (!added.mids.empty())
            out_.groups.push_back(arena_, added);
    }

    [[nodiscard]] bool is_in_bundle(std::string_view mid, const sdp::Group& added) const
    {
        const auto has = [&](const sdp::Group& group) {
            return group.semantics == bundle
                && std::find(group.mids.begin(), group.mids.end(), mid) != group.mids.end();
        };
        return has(added) || std::any_of(out_.groups.begin(), out_.groups.end(), has);
    }

    /// With one id in the whole bundle (RFC 9143, 9.1) the m-line of a packet can be told: the first that is
    /// said stands, others are left out.
    void settle_mid_extension()
    {
        for (const auto& group : out_.groups) {
            if (group.semantics != bundle)
                continue;
            std::optional<std::uint32_t> id;
            for (auto& media : out_.media) {
                if (!media.mid
                    || std::find(group.mids.begin(), group.mids.end(), *media.mid) == group.mids.end())
                    continue;
                const auto& extmaps = media.transport.extmaps;
                const auto* const found = std::find_if(extmaps.begin(), extmaps.end(), is_mid_extension);
                if (found == extmaps.end())
                    continue;
                if (!id)
                    id = found->id;
                else if (*id != found->id)
                    drop_mid_extension(media);
            }
        }
    }

    /// A new list: the old one may be shared with the description that was said before.
    void drop_mid_extension(sdp::Media& media)
    {
        Report report{ *media.mid, how_.notes, arena_ };
        base::List<sdp::ExtMap> kept;
        for (const auto& extmap : media.transport.extmaps)
            if (!is_mid_extension(extmap))
                kept.push_back(arena_, extmap);
        media.transport.extmaps = kept;
        report.left_out(Loss::header_extension_conflict, mid_extension);
    }

    base::Result<void> add_fragment(const Content& content)
    {
        Report report{ content.name, how_.notes, arena_ };
        const auto* transport = content.ice();
        if (transport == nullptr || transport->kind == TransportKind::raw_udp)
            return base::fail(base::Errc::unsupported, "transport-info without an ICE transport");
        auto slot = slots_.find_content(content.creator, content.name);
        if (!slot && how_.slots.empty()) {  // a fragment for nobody in particular: each content is new
            report.text(content.name, "name of a content");
            slot = slots_.add(content.creator, content.name);
        }
        if (!slot)
            return base::fail(base::Errc::missing, "transport-info for a content that is not known");
        auto media = dummy_media(slots_[*slot]);
        TRY(const auto carry, Carry::read(transport->extra, how_.trust, report, arena_));
        TransportTo to;
        to.parts = TransportParts::fragment;
        to.exchange = exchange_;
        to.audience = how_.audience;
        transport_to_sdp(*transport, carry, to, media, report, arena_);
        out_.media.push_back(arena_, media);
        return report.result();
    }

    /// RFC 8840, 9: the m-line of a fragment says only which kind the next lines are about.
    sdp::Media dummy_media(const Slot& slot)
    {
        sdp::Media media;
        media.media = slot.media.empty() ? "audio" : arena_.copy(slot.media);
        media.proto = slot.proto.empty() ? "UDP/TLS/RTP/SAVPF" : arena_.copy(slot.proto);
        media.formats.push_back(
            arena_, find_media_kind(media.proto) == MediaKind::data_channel ? "webrtc-datachannel" : "0");
        media.connection = sdp::Connection{};
        media.mid = arena_.copy(slot.mid);
        return media;
    }

    const Jingle& jingle_;
    const ToSdp& how_;
    base::Arena& arena_;
    Exchange exchange_;
    Slots slots_;
    base::List<const Content*> placed_;
    std::optional<sdp::Description> offer_;
    std::optional<sdp::Description> current_;
    sdp::Description out_;
};

}  // namespace

base::Result<sdp::Description> to_sdp(const Jingle& jingle, const ToSdp& how, base::Arena& arena)
{
    const auto does = effect(jingle.action);
    if (does == Effect::none)
        return base::fail(base::Errc::unsupported, "action that is no description");
    if (does != Effect::describe && how.current == nullptr)
        return base::fail(base::Errc::missing, "change of a description without that description");
    return Translation{ jingle, how, arena }.run();
}

base::Result<sdp::Description> to_sdp_fragment(const Jingle& jingle, const ToSdp& how, base::Arena& arena)
{
    if (jingle.action != Action::transport_info)
        return base::fail(base::Errc::unsupported, "action that is no transport-info");
    return Translation{ jingle, how, arena }.run_fragment();
}

}  // namespace jingle
