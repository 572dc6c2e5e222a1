#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <tuple>

#include "base/enum_table.hpp"
#include "base/result.hpp"
#include "jingle/fields.hpp"
#include "jingle/message.hpp"
#include "xmpp/writer.hpp"

namespace jingle {

/// The messages of XEP-0482 0.1.
enum class InviteKind { invite, accept, reject, retract, left };

inline constexpr std::array<base::EnumRow<InviteKind>, 5> invite_rows{ {
    { InviteKind::invite, "invite" },
    { InviteKind::accept, "accept" },
    { InviteKind::reject, "reject" },
    { InviteKind::retract, "retract" },
    { InviteKind::left, "left" },
} };
constexpr const auto& enum_rows(InviteKind)
{
    return invite_rows;
}

/// The way to join that we know: a Jingle session, which the inviter will start.
struct JingleMethod {
    std::string_view sid;
    std::optional<std::string_view> jid;  ///< where it will come from; absent: from who sends the invite

    friend bool operator==(const JingleMethod&, const JingleMethod&) = default;
};

inline constexpr std::tuple jingle_method_rows{
    Field{ "sid", &JingleMethod::sid, jmi_id_rule },
    Field{ "jid", &JingleMethod::jid, token },
};
constexpr const auto& attribute_rows(const JingleMethod*)
{
    return jingle_method_rows;
}

/// A call invite or what is said about one (XEP-0482), the child of a <message/>.
struct CallInvite {
    InviteKind kind = InviteKind::invite;
    /// Of the invite. Clients write it into the element; where it is absent an invite has that of its stanza.
    std::string_view id;
    std::optional<bool> audio;  ///< invite; absent: yes
    std::optional<bool> video;  ///< invite; absent: no
    std::optional<JingleMethod> jingle;  ///< invite, accept; other ways to join are left out

    /// The first child of `message` in ns::call_invites, or an error when there is none, it is malformed, or
    /// nobody could answer it.
    static base::Result<CallInvite> from_stanza(const xmpp::Element& message, base::Arena& arena);
    void write(xmpp::Writer& writer) const;

    /// The Message Initiation that means the same; its id is that of the session where there is one.
    [[nodiscard]] Message to_message(base::Arena& arena) const;

    friend bool operator==(const CallInvite&, const CallInvite&) = default;
};

inline constexpr std::tuple call_invite_rows{
    Field{ "id", &CallInvite::id, Rule{ .shortest = 1, .longest = limits::invite_id, .may_miss = true } },
    Field{ "audio", &CallInvite::audio },
    Field{ "video", &CallInvite::video },
};
constexpr const auto& attribute_rows(const CallInvite*)
{
    return call_invite_rows;
}

/// What XEP-0482 says for a message of that kind; empty when it has no word for it.
[[nodiscard]] std::optional<InviteKind> invite_kind(MessageKind kind) noexcept;

}  // namespace jingle
