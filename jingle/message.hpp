#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <tuple>

#include "base/enum_table.hpp"
#include "base/list.hpp"
#include "base/result.hpp"
#include "jingle/extra.hpp"
#include "jingle/fields.hpp"
#include "jingle/reason.hpp"
#include "xmpp/writer.hpp"

namespace jingle {

/// The messages of XEP-0353 0.8. `accept` is what 0.3 to 0.5 said for proceed and what Dino sends to itself.
enum class MessageKind { propose, ringing, proceed, reject, retract, finish, accept };

inline constexpr std::array<base::EnumRow<MessageKind>, 7> message_rows{ {
    { MessageKind::propose, "propose" },
    { MessageKind::ringing, "ringing" },
    { MessageKind::proceed, "proceed" },
    { MessageKind::reject, "reject" },
    { MessageKind::retract, "retract" },
    { MessageKind::finish, "finish" },
    { MessageKind::accept, "accept" },
} };
constexpr const auto& enum_rows(MessageKind)
{
    return message_rows;
}

/// One description of a propose: the application and, for RTP, its media.
struct ProposedDescription {
    std::string_view ns;
    std::optional<std::string_view> media;
    Extra extra;

    friend bool operator==(const ProposedDescription&, const ProposedDescription&) = default;
};

inline constexpr std::tuple proposed_description_rows{
    Field{ "media", &ProposedDescription::media, token },
};
constexpr const auto& attribute_rows(const ProposedDescription*)
{
    return proposed_description_rows;
}

/// A Jingle Message Initiation element (XEP-0353), the child of a <message/>.
struct Message {
    MessageKind kind = MessageKind::propose;
    std::string_view id;
    base::List<ProposedDescription> descriptions;  ///< propose
    std::optional<Reason> reason;  ///< reject, retract, finish
    bool tie_break = false;  ///< reject, retract
    std::optional<std::string_view> migrated_to;  ///< finish: id of the session that goes on
    Extra extra;

    /// The first child of `message` in ns::jmi, or an error when there is none or it is malformed.
    static base::Result<Message> from_stanza(const xmpp::Element& message, base::Arena& arena);
    void write(xmpp::Writer& writer) const;
    /// Whether a description of that media is in it.
    [[nodiscard]] bool proposes(std::string_view media) const noexcept;

    friend bool operator==(const Message&, const Message&) = default;
};

/// It becomes the sid of the session.
inline constexpr Rule jmi_id_rule{ .refused = chars::blank | chars::markup | chars::beyond_ascii,
                                   .shortest = 1,
                                   .longest = limits::sid };

inline constexpr std::tuple message_attributes{
    Field{ "id", &Message::id, jmi_id_rule },
};
constexpr const auto& attribute_rows(const Message*)
{
    return message_attributes;
}

}  // namespace jingle
