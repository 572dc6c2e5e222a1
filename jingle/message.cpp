#include "jingle/message.hpp"

#include <algorithm>

#include "jingle/codec.hpp"
#include "xmpp/ns.hpp"

namespace jingle {
namespace {

const xmpp::Element* find_message(const xmpp::Element& stanza)
{
    for (const auto& child : stanza.children())
        if (child.ns == xmpp::ns::jmi)
            return &child;
    return nullptr;
}

bool has_reason(MessageKind kind)
{
    return kind == MessageKind::reject || kind == MessageKind::retract || kind == MessageKind::finish;
}

/// A description says by its namespace what is proposed (XEP-0353, 0.8): without one it proposes nothing.
bool names_application(const xmpp::Element& child)
{
    return child.name == "description" && !child.ns.empty() && child.ns != xmpp::ns::xml;
}

base::Result<void> read_description(const xmpp::Element& child, Message& into, Reading& reading)
{
    if (into.descriptions.size() >= limits::proposed)
        return base::fail(base::Errc::too_long, "description (too many)");
    ProposedDescription description;
    description.ns = child.ns;
    auto result = read(child, description, reading);
    if (!result)
        return at(child, {}, std::move(result).error());
    into.descriptions.push_back(reading.arena, description);
    return {};
}

base::Result<void> read_migrated(const xmpp::Element& child, Message& into)
{
    const auto to = child.attribute("to");
    if (!to)
        return base::fail(base::Errc::missing, "migrated to");
    if (const auto mistake = check_text(*to, jmi_id_rule.refused, jmi_id_rule.shortest, jmi_id_rule.longest))
        return base::fail(*mistake, "migrated to");
    into.migrated_to = *to;
    return {};
}

base::Result<void> read_child(const xmpp::Element& child, Message& into, Reading& reading)
{
    if (into.kind == MessageKind::propose && names_application(child))
        return read_description(child, into, reading);
    if (has_reason(into.kind) && child.is("reason", xmpp::ns::jingle))
        return read_member(child, into.reason, {}, reading);
    if (has_reason(into.kind) && child.is("tie-break", xmpp::ns::jmi)) {
        into.tie_break = true;
        return {};
    }
    if (into.kind == MessageKind::finish && child.is("migrated", xmpp::ns::jmi))
        return read_migrated(child, into);
    return keep(child, into.extra, reading);
}

}  // namespace

base::Result<Message> Message::from_stanza(const xmpp::Element& stanza, base::Arena& arena)
{
    const auto* element = find_message(stanza);
    if (element == nullptr)
        return base::fail(base::Errc::missing, "no jingle-message");
    const auto kind = base::find_value(message_rows, element->name);
    if (!kind)
        return base::fail(base::Errc::unknown_token, "jingle-message");
    Reading reading{ arena };
    Message message;
    message.kind = *kind;
    TRY_VOID(read_attributes(*element, message, reading));
    for (const auto& child : element->children())
        TRY_VOID(read_child(child, message, reading));
    if (message.kind == MessageKind::propose && message.descriptions.empty())
        return base::fail(base::Errc::missing, "description");
    return message;
}

bool Message::proposes(std::string_view media) const noexcept
{
    return std::ranges::any_of(descriptions, [&](const auto& each) { return each.media == media; });
}

void Message::write(xmpp::Writer& writer) const
{
    writer.open(base::find_token(message_rows, kind), xmpp::ns::jmi);
    write_attributes(*this, writer);
    for (const auto& description : descriptions)
        write_element("description", description.ns, description, writer);
    if (reason)
        write_element("reason", xmpp::ns::jingle, *reason, writer);
    if (tie_break)
        writer.open("tie-break").close();
    if (migrated_to)
        writer.open("migrated").attribute("to", *migrated_to).close();
    write_extra(extra, writer);
    writer.close();
}

}  // namespace jingle
