#include "jingle/from_sdp.hpp"

#include <algorithm>
#include <array>

#include "base/names.hpp"
#include "jingle/bundling.hpp"
#include "jingle/carry.hpp"
#include "jingle/description_translation.hpp"
#include "jingle/direction.hpp"
#include "jingle/limits.hpp"
#include "jingle/payload_types.hpp"
#include "jingle/proto.hpp"
#include "jingle/transport_translation.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

namespace {

enum class DescriptionPart { none, stub, all };
enum class TransportPart { none, empty, fragment, all };
enum class SendersPart { none, unless_both, always };
enum class SessionPart { none, all };

/// What the contents of an action hold.
struct Shape {
    Action action;
    DescriptionPart description;
    TransportPart transport;
    SendersPart senders;
    SessionPart session;  ///< groups and the session's carry
};

// XEP-0166, 7.2. Reject and remove repeat what they are about: Conversations compares it with its own offer.
constexpr std::array<Shape, 12> shapes{ {
    { Action::session_initiate, DescriptionPart::all, TransportPart::all, SendersPart::unless_both,
      SessionPart::all },
    { Action::session_accept, DescriptionPart::all, TransportPart::all, SendersPart::unless_both,
      SessionPart::all },
    { Action::content_add, DescriptionPart::all, TransportPart::all, SendersPart::unless_both,
      SessionPart::all },
    { Action::content_accept, DescriptionPart::all, TransportPart::all, SendersPart::unless_both,
      SessionPart::all },
    { Action::content_modify, DescriptionPart::none, TransportPart::none, SendersPart::always,
      SessionPart::none },
    { Action::content_remove, DescriptionPart::stub, TransportPart::empty, SendersPart::unless_both,
      SessionPart::none },
    { Action::content_reject, DescriptionPart::stub, TransportPart::empty, SendersPart::unless_both,
      SessionPart::none },
    { Action::description_info, DescriptionPart::all, TransportPart::none, SendersPart::none,
      SessionPart::none },
    { Action::transport_info, DescriptionPart::none, TransportPart::fragment, SendersPart::none,
      SessionPart::none },
    { Action::transport_replace, DescriptionPart::none, TransportPart::all, SendersPart::none,
      SessionPart::none },
    { Action::transport_accept, DescriptionPart::none, TransportPart::all, SendersPart::none,
      SessionPart::none },
    { Action::transport_reject, DescriptionPart::none, TransportPart::empty, SendersPart::none,
      SessionPart::none },
} };

const Shape* find_shape(Action action)
{
    const auto found = std::find_if(shapes.begin(), shapes.end(),
                                    [&](const auto& shape) { return shape.action == action; });
    return found == shapes.end() ? nullptr : &*found;
}

bool is_answer(Action action)
{
    return action == Action::session_accept || action == Action::content_accept
        || action == Action::content_reject;
}

/// Who made a content that the slots do not know yet.
Role creator_of_new(const FromSdp& how)
{
    return is_answer(how.action) ? other(how.writer) : how.writer;
}

/// The translation of one description.
class Translation {
public:
    Translation(const sdp::Description& description, const FromSdp& how, const Shape& shape,
                base::Arena& arena)
        : description_{ description }
        , how_{ how }
        , shape_{ shape }
        , arena_{ arena }
        , resolved_{ resolve(description, arena) }
        , slots_{ how.slots }
    {
    }

    base::Result<Jingle> run()
    {
        Jingle out;
        out.action = how_.action;
        out.sid = how_.sid;
        out.initiator = how_.initiator;
        out.responder = how_.responder;
        TRY_VOID(shape_.transport == TransportPart::fragment ? add_fragments(out) : add_contents(out));
        if (out.contents.empty())
            return nothing_live();
        if (shape_.session == SessionPart::all)
            TRY_VOID(add_session(out));
        how_.slots = std::move(slots_);
        return out;
    }

private:
    /// Names what is not understood of the first m-line.
    [[nodiscard]] base::Result<Jingle> nothing_live() const
    {
        for (std::size_t i = 0; i < description_.media.size() && i < slots_.size(); ++i) {
            const auto& media = description_.media[i];
            if (sdp::is_rejected(media) || is_understood(media))
                continue;
            const auto is_known = find_media_kind(media.proto).has_value();
            std::string what{ is_known ? "media '" : "protocol '" };
            what.append(is_known ? media.media : media.proto).append("'");
            return base::fail(base::Errc::unsupported, "content '" + slots_[i].name + "': " + what);
        }
        return base::fail(base::Errc::unsupported, "no m-line that can become a content");
    }

    base::Result<void> add_contents(Jingle& out)
    {
        if (how_.offer != nullptr)
            offer_ = resolve(*how_.offer, arena_);
        if (how_.offer != nullptr && slots_.empty())
            TRY_VOID(slots_.learn(*how_.offer, other(how_.writer)));
        if (how_.offer != nullptr && how_.offer->media.size() != description_.media.size())
            return base::fail(base::Errc::malformed,
                              "an answer with another number of m-lines than its offer");
        TRY_VOID(slots_.learn(description_, creator_of_new(how_)));
        out.contents.reserve(arena_, std::min(description_.media.size(), limits::contents));
        for (std::size_t i = 0; i < description_.media.size(); ++i) {
            if (!is_spoken_of(i))
                continue;
            if (out.contents.size() == limits::contents)
                return base::fail(base::Errc::too_long, "m-lines");
            Report report{ arena_.copy(slots_[i].name), how_.notes, arena_ };
            if (slots_[i].state == SlotState::active)
                out.contents.push_back(arena_, live_content(i, report));
            else if (is_rejected_here(i))
                out.contents.push_back(arena_, rejected_content(i, report));
            else if (!sdp::is_rejected(description_.media[i]))
                report.left_out(Loss::m_line_unsupported, description_.media[i].media);
            TRY_VOID(report.result());
        }
        return {};
    }

    [[nodiscard]] bool is_spoken_of(std::size_t index) const
    {
        if (!how_.only.empty())
            return std::find(how_.only.begin(), how_.only.end(), index) != how_.only.end();
        return how_.action != Action::content_add || slots_[index].change == SlotChange::added;
    }

    /// An m-line that this answer rejects stays a content while it is bundled: several clients count contents
    /// and transports. Not bundled it is left out, as XEP-0166 has it.
    [[nodiscard]] bool is_rejected_here(std::size_t index) const
    {
        const auto was_live = slots_[index].change != SlotChange::none;
        if (!was_live || how_.action != Action::session_accept || !is_understood(description_.media[index]))
            return how_.action == Action::content_remove || how_.action == Action::content_reject;
        if (find_bundle_transport() == nullptr)
            return false;
        return how_.offer == nullptr || is_bundled(*how_.offer, how_.offer->media[index]);
    }

    /// The tagged m-section of the first BUNDLE that has one: its transport is that of all.
    [[nodiscard]] const sdp::Media* find_bundle_transport() const
    {
        for (const auto& media : resolved_.media)
            if (const auto* tagged = find_tagged(resolved_, media))
                return tagged;
        return nullptr;
    }

    [[nodiscard]] Section section(std::size_t index) const
    {
        return { description_.media[index], resolved_.media[index] };
    }

    [[nodiscard]] Content new_content(std::size_t index) const
    {
        Content content;
        content.creator = slots_[index].creator;
        content.name = arena_.copy(slots_[index].name);
        return content;
    }

    Content live_content(std::size_t index, Report& report)
    {
        const auto& media = resolved_.media[index];
        auto content = new_content(index);
        content.senders = written_senders(index);
        if (media.port_count.value_or(1) != 1)
            report.refuse(base::Errc::unsupported, "several ports in one m-line");
        if (shape_.description == DescriptionPart::stub)
            content.description = stub(media);
        else if (shape_.description == DescriptionPart::all)
            content.description = whole_description(index, report);
        if (shape_.transport == TransportPart::empty)
            content.transport = empty_transport();
        else if (shape_.transport == TransportPart::all)
            content.transport = transport_from_sdp(
                section(index), { media.mid.value_or(""), how_.transport, TransportParts::all }, report,
                arena_);
        return content;
    }

    RtpDescription whole_description(std::size_t index, Report& report)
    {
        auto description = description_from_sdp(section(index), how_.writer, report, arena_);
        const auto kind = find_media_kind(resolved_.media[index].proto);
        if (kind == MediaKind::rtp && description.payload_types.empty())
            report.refuse(base::Errc::unsupported, "no payload type that has a name");
        return description;
    }

    Content rejected_content(std::size_t index, Report& report)
    {
        const auto& media = description_.media[index];
        auto content = new_content(index);
        content.senders = Senders::none;
        auto description = stub(media);
        if (shape_.description == DescriptionPart::stub) {
            content.description = description;
            content.transport = empty_transport();
            return content;
        }
        if (find_media_kind(media.proto) == MediaKind::rtp) {
            description.payload_types = payload_types_from_sdp(media, report, arena_);
            if (description.payload_types.empty() && how_.offer != nullptr)
                description.payload_types = payload_types_from_sdp(offer_->media[index], report, arena_);
        }
        Carry carry;
        carry.port = "0";
        carry.write(description.extra, report, arena_);
        content.description = description;
        const auto* tagged = find_bundle_transport();
        content.transport = transport_from_sdp(
            { *tagged, *tagged }, { slots_[index].mid, how_.transport, TransportParts::credentials }, report,
            arena_);
        return content;
    }

    static RtpDescription stub(const sdp::Media& media)
    {
        RtpDescription description;
        description.media = media.media;
        return description;
    }

    [[nodiscard]] Transport empty_transport() const
    {
        Transport transport;
        transport.kind = how_.transport;
        return transport;
    }

    /// Data channels have no direction: Firefox writes one, and the session's default is not meant for them.
    static sdp::Direction direction(const Section& section)
    {
        const auto is_rtp = find_media_kind(section.resolved.proto) == MediaKind::rtp;
        const auto& media = is_rtp ? section.resolved : section.written;
        return media.transport.direction.value_or(sdp::Direction::sendrecv);
    }

    [[nodiscard]] std::optional<Senders> written_senders(std::size_t index) const
    {
        auto senders = to_senders(direction(section(index)), how_.writer);
        if (offer_) {
            const auto offered = direction({ how_.offer->media[index], offer_->media[index] });
            senders = answered_senders(to_senders(offered, other(how_.writer)), senders);
        }
        switch (shape_.senders) {
        case SendersPart::none: return std::nullopt;
        case SendersPart::always: return senders;
        case SendersPart::unless_both: break;
        }
        return senders == Senders::both ? std::nullopt : std::optional{ senders };
    }

    /// transport-info: m-sections are found by their mid; the m-line of a fragment is a dummy.
    base::Result<void> add_fragments(Jingle& out)
    {
        for (std::size_t i = 0; i < description_.media.size(); ++i) {
            const auto& media = description_.media[i];
            if (!how_.only.empty() && !is_spoken_of(i))
                continue;
            auto slot = media.mid ? slots_.find_mid(*media.mid) : std::optional{ i };
            if (slots_.empty() && media.mid)
                slot = slots_.add(Role::initiator, *media.mid);
            if (!slot || *slot >= slots_.size())
                return base::fail(base::Errc::missing, "transport of an m-line that is not known");
            auto content = new_content(*slot);
            Report report{ content.name, how_.notes, arena_ };
            content.transport = transport_from_sdp(
                section(i), { media.mid.value_or(""), how_.transport, TransportParts::fragment }, report,
                arena_);
            out.contents.push_back(arena_, content);
            TRY_VOID(report.result());
        }
        return {};
    }

    base::Result<void> add_session(Jingle& out)
    {
        Report report{ {}, how_.notes, arena_ };
        for (const auto& group : description_.groups)
            add_group(group, out, report);
        Carry carry;
        carry_session(carry, report);
        carry.write(out.extra, report, arena_);
        return report.result();
    }

    void add_group(const sdp::Group& group, Jingle& out, Report& report)
    {
        Group added{ group.semantics, {} };
        for (const auto mid : group.mids) {
            const auto slot = slots_.find_mid(mid);
            if (!slot || slots_[*slot].state != SlotState::active) {
                report.left_out(Loss::group_member_unknown, mid);
                continue;
            }
            const auto name = arena_.copy(slots_[*slot].name);
            if (group.semantics == bundle && base::contains(added.contents, name))
                return report.refuse(base::Errc::duplicate, "mid in a BUNDLE group");
            added.contents.push_back(arena_, name);
        }
        if (group.semantics == bundle && how_.action == Action::session_accept)
            for (const auto& content : out.contents)
                if (is_rejected(content) && !added.contents.empty())
                    added.contents.push_back(arena_, content.name);
        if (!added.contents.empty())
            out.groups.push_back(arena_, added);
    }

    [[nodiscard]] bool is_rejected(const Content& content) const
    {
        return std::any_of(slots_.begin(), slots_.end(), [&](const Slot& slot) {
            return slot.state == SlotState::rejected && slot.creator == content.creator
                && slot.name == content.name && slot.change != SlotChange::none;
        });
    }

    void carry_session(Carry& carry, Report& report)
    {
        if (description_.ice_lite)
            carry.attributes.push_back(arena_, { "ice-lite", std::nullopt });
        for (const auto& attribute : description_.other) {
            if (has_jingle_place(attribute.name))
                report.left_out(Loss::session_attribute, attribute.name);
            else
                carry.attributes.push_back(arena_, attribute);
        }
        const auto name = description_.session_name;
        if (name.find_first_not_of(' ') != std::string_view::npos && name != "-")
            carry.lines.push_back(arena_, { 's', name });
        if (description_.timing != "0 0")
            carry.lines.push_back(arena_, { 't', description_.timing });
        for (const auto& bandwidth : description_.bandwidths)
            carry.lines.push_back(arena_, { 'b', arena_.concat(bandwidth.type, ":", bandwidth.value) });
        for (const auto& line : description_.other_lines)
            carry.lines.push_back(arena_, { line.type, line.value });
    }

    const sdp::Description& description_;
    const FromSdp& how_;
    const Shape& shape_;
    base::Arena& arena_;
    sdp::Description resolved_;
    std::optional<sdp::Description> offer_;
    Slots slots_;
};

}  // namespace

base::Result<Jingle> from_sdp(const sdp::Description& description, const FromSdp& how, base::Arena& arena)
{
    const auto* shape = find_shape(how.action);
    if (shape == nullptr)
        return base::fail(base::Errc::unsupported, "action that no SDP can say");
    return Translation{ description, how, *shape, arena }.run();
}

}  // namespace jingle
