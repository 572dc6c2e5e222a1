#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <tuple>
#include <variant>

#include "base/enum_table.hpp"
#include "base/list.hpp"
#include "base/result.hpp"
#include "jingle/extra.hpp"
#include "jingle/fields.hpp"
#include "jingle/group.hpp"
#include "jingle/reason.hpp"
#include "jingle/rtp.hpp"
#include "jingle/senders.hpp"
#include "jingle/session_info.hpp"
#include "jingle/transport.hpp"
#include "xmpp/writer.hpp"

namespace jingle {

/// The fifteen actions of XEP-0166, 7.2.
enum class Action {
    content_accept,
    content_add,
    content_modify,
    content_reject,
    content_remove,
    description_info,
    security_info,
    session_accept,
    session_info,
    session_initiate,
    session_terminate,
    transport_accept,
    transport_info,
    transport_reject,
    transport_replace,
};

inline constexpr std::array<base::EnumRow<Action>, 15> action_rows{ {
    { Action::content_accept, "content-accept" },
    { Action::content_add, "content-add" },
    { Action::content_modify, "content-modify" },
    { Action::content_reject, "content-reject" },
    { Action::content_remove, "content-remove" },
    { Action::description_info, "description-info" },
    { Action::security_info, "security-info" },
    { Action::session_accept, "session-accept" },
    { Action::session_info, "session-info" },
    { Action::session_initiate, "session-initiate" },
    { Action::session_terminate, "session-terminate" },
    { Action::transport_accept, "transport-accept" },
    { Action::transport_info, "transport-info" },
    { Action::transport_reject, "transport-reject" },
    { Action::transport_replace, "transport-replace" },
} };
constexpr const auto& enum_rows(Action)
{
    return action_rows;
}

/// The actions that change what was agreed: answered end to end between two bound legs.
[[nodiscard]] bool is_negotiation(Action action) noexcept;

/// A description or transport in a namespace that is not understood: kept whole.
struct Opaque {
    const xmpp::Element* element = nullptr;

    friend bool operator==(const Opaque& a, const Opaque& b) { return xmpp::equal(*a.element, *b.element); }
};

inline constexpr std::string_view usual_disposition = "session";  ///< that of a content which says none

/// <content/> of XEP-0166.
struct Content {
    Role creator = Role::initiator;  ///< absent reads as initiator
    std::string_view name;
    std::optional<Senders> senders;
    std::optional<std::string_view> disposition;
    std::variant<std::monostate, RtpDescription, Opaque> description;
    std::variant<std::monostate, Transport, Opaque> transport;
    Extra extra;

    [[nodiscard]] const RtpDescription* rtp() const noexcept
    {
        return std::get_if<RtpDescription>(&description);
    }
    [[nodiscard]] RtpDescription* rtp() noexcept { return std::get_if<RtpDescription>(&description); }
    [[nodiscard]] const Transport* ice() const noexcept { return std::get_if<Transport>(&transport); }
    [[nodiscard]] Transport* ice() noexcept { return std::get_if<Transport>(&transport); }

    friend bool operator==(const Content&, const Content&) = default;
};

inline constexpr std::tuple content_rows{
    Field{ "creator", &Content::creator, { .may_miss = true } },
    Field{ "name", &Content::name, content_name },
    Field{ "senders", &Content::senders },
    Field{ "disposition", &Content::disposition, token },
};
constexpr const auto& attribute_rows(const Content*)
{
    return content_rows;
}

/// <jingle/> of XEP-0166: one request of a session. Its views live as long as the arena it was read into.
struct Jingle {
    Action action = Action::session_info;
    std::string_view sid;
    std::optional<std::string_view> initiator;
    std::optional<std::string_view> responder;
    base::List<Content> contents;
    base::List<Group> groups;
    std::optional<Reason> reason;
    std::optional<SessionInfo> info;  ///< only with Action::session_info
    Extra extra;

    /// Reads and checks: sizes and counts (limits.hpp), control characters, numbers, tokens. Refuses with the
    /// place. What is not known is kept in `extra` of the element it stood in. An action has the parts that
    /// it needs (jingle/structure.hpp); whether it is legal now, Call decides.
    static base::Result<Jingle> from_element(const xmpp::Element& element, base::Arena& arena);
    /// Strict and canonical: contents, groups, reason, info, extra.
    void write(xmpp::Writer& writer) const;

    friend bool operator==(const Jingle&, const Jingle&) = default;
};

/// XEP-0166: NMTOKEN by schema; whatever is printable ASCII is let pass.
inline constexpr Rule sid_rule{ .refused = chars::blank | chars::markup | chars::beyond_ascii,
                                .shortest = 1,
                                .longest = limits::sid };

inline constexpr std::tuple jingle_rows{
    Field{ "action", &Jingle::action },
    Field{ "initiator", &Jingle::initiator },
    Field{ "responder", &Jingle::responder },
    Field{ "sid", &Jingle::sid, sid_rule },
};
constexpr const auto& attribute_rows(const Jingle*)
{
    return jingle_rows;
}

}  // namespace jingle
