#include "jingle/to_sdp.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "jingle/bundling.hpp"
#include "jingle/direction.hpp"
#include "jingle/limits.hpp"
#include "jingle/media_to_sdp.hpp"
#include "jingle/proto.hpp"
#include "jingle/session_to_sdp.hpp"
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

bool is_understood(const Content& content)
{
    return content.disposition.value_or(usual_disposition) == usual_disposition && content.ice() != nullptr
        && (content.rtp() != nullptr || content.ice()->sctpmap);
}

/// The part of a content that nothing can be made of, with its namespace; empty when there is none.
std::string why_unsupported(const Content& content)
{
    const auto named = [](std::string_view part, std::string_view value) {
        return std::string{ part } + (sdp::is_visible(value) ? " '" + std::string{ value } + "'" : "");
    };
    if (content.disposition.value_or(usual_disposition) != usual_disposition)
        return named("disposition", *content.disposition);
    if (const auto* transport = std::get_if<Opaque>(&content.transport))
        return named("transport", transport->element->ns);
    if (const auto* description = std::get_if<Opaque>(&content.description))
        return named("description", description->element->ns);
    return {};
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
        out_.media.reserve(arena_, slots_.size());
        for (std::size_t i = 0; i < slots_.size(); ++i)
            TRY_VOID(add_media(i));
        if (std::all_of(out_.media.begin(), out_.media.end(), sdp::is_rejected))
            return nothing_live();
        const auto describes = effect(jingle_.action) == Effect::describe;
        TRY_VOID(
            session_to_sdp(jingle_, how_, describes ? Groups::said : Groups::kept, slots_, out_, arena_));
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

    /// Says why of the first content.
    [[nodiscard]] base::Result<sdp::Description> nothing_live() const
    {
        for (const auto& content : jingle_.contents)
            if (const auto why = why_unsupported(content); !why.empty())
                return base::fail(base::Errc::unsupported,
                                  "content '" + std::string{ content.name } + "': " + why);
        return base::fail(base::Errc::unsupported, "no content that can become an m-line");
    }

    [[nodiscard]] const Group* find_bundle(std::string_view name) const
    {
        for (const auto& group : jingle_.groups)
            if (group.semantics == bundle && base::contains(group.contents, name))
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
