#include "jingle/call_invite.hpp"

#include <algorithm>

#include "jingle/codec.hpp"
#include "xmpp/ns.hpp"

namespace jingle {
namespace {

struct Meaning {
    InviteKind invite;
    MessageKind message;
};
constexpr std::array meanings{
    Meaning{ InviteKind::invite, MessageKind::propose }, Meaning{ InviteKind::accept, MessageKind::proceed },
    Meaning{ InviteKind::reject, MessageKind::reject },  Meaning{ InviteKind::retract, MessageKind::retract },
    Meaning{ InviteKind::left, MessageKind::finish },
};

const xmpp::Element* find_invite(const xmpp::Element& stanza)
{
    for (const auto& child : stanza.children())
        if (child.ns == xmpp::ns::call_invites)
            return &child;
    return nullptr;
}

/// XEP-0482, 4.1: the sender's own id of the stanza, which others do not change, before that of the stanza.
std::string_view id_of(const xmpp::Element& stanza)
{
    const auto* const origin = stanza.child("origin-id", xmpp::ns::stanza_ids);
    const auto id = origin != nullptr ? origin->attribute_or_empty("id") : std::string_view{};
    return id.empty() ? stanza.attribute_or_empty("id") : id;
}

}  // namespace

base::Result<CallInvite> CallInvite::from_stanza(const xmpp::Element& stanza, base::Arena& arena)
{
    const auto* element = find_invite(stanza);
    if (element == nullptr)
        return base::fail(base::Errc::missing, "no call invite");
    const auto kind = base::find_value(invite_rows, element->name);
    if (!kind)
        return base::fail(base::Errc::unknown_token, "call invite");
    Reading reading{ arena };
    CallInvite invite;
    invite.kind = *kind;
    TRY_VOID(read_attributes(*element, invite, reading));
    if (invite.id.empty() && *kind == InviteKind::invite)
        invite.id = id_of(stanza);
    if (const auto mistake = check_text(invite.id, 0, 1, limits::invite_id))
        return base::fail(*mistake, "id of a call invite");
    const auto* method = element->child("jingle", xmpp::ns::call_invites);
    if (method != nullptr && (*kind == InviteKind::invite || *kind == InviteKind::accept))
        TRY_VOID(read_member(*method, invite.jingle, {}, reading));
    if (*kind == InviteKind::invite && !invite.audio.value_or(true) && !invite.video.value_or(false))
        return base::fail(base::Errc::missing, "audio or video");
    return invite;
}

void CallInvite::write(xmpp::Writer& writer) const
{
    writer.open(base::find_token(invite_rows, kind), xmpp::ns::call_invites);
    write_attributes(*this, writer);
    if (jingle)
        write_element("jingle", xmpp::ns::call_invites, *jingle, writer);
    writer.close();
}

Message CallInvite::to_message(base::Arena& arena) const
{
    Message message;
    message.kind = std::ranges::find(meanings, kind, &Meaning::invite)->message;
    message.id = jingle ? jingle->sid : id;
    if (kind == InviteKind::retract)
        message.reason
            = Reason{ .condition = Condition::cancel, .text = {}, .alternative_sid = {}, .extra = {} };
    if (kind != InviteKind::invite)
        return message;
    if (audio.value_or(true))
        message.descriptions.push_back(arena, { xmpp::ns::rtp, "audio", {} });
    if (video.value_or(false))
        message.descriptions.push_back(arena, { xmpp::ns::rtp, "video", {} });
    return message;
}

std::optional<InviteKind> invite_kind(MessageKind kind) noexcept
{
    const auto* const found = std::ranges::find(meanings, kind, &Meaning::message);
    return found == meanings.end() ? std::nullopt : std::optional{ found->invite };
}

}  // namespace jingle
