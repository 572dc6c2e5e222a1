#include "jingle/session.hpp"

#include "jingle/codec.hpp"
#include "jingle/structure.hpp"
#include "xmpp/ns.hpp"

namespace jingle {
namespace {

// ---- reading ----

Role other(Role role)
{
    return role == Role::initiator ? Role::responder : Role::initiator;
}

// Who wrote a content, where the action alone tells.
std::optional<Role> writer_of(Action action, Role creator)
{
    if (action == Action::session_initiate)
        return Role::initiator;
    if (action == Action::session_accept)
        return Role::responder;
    if (action == Action::content_add)
        return creator;
    if (action == Action::content_accept || action == Action::content_reject)
        return other(creator);
    return std::nullopt;
}

bool is_known(const xmpp::Element& child, const RtpDescription*)
{
    return child.ns == xmpp::ns::rtp;
}
bool is_known(const xmpp::Element& child, const Transport*)
{
    return base::find_value(transport_rows, child.ns).has_value();
}

// The first of a known namespace counts; until there is one, the first of any. The others stay
// unknown.
template <class Known>
base::Result<void> read_part(const xmpp::Element& child, std::variant<std::monostate, Known, Opaque>& part,
                             Extra& extra, Reading& reading)
{
    if (is_known(child, static_cast<const Known*>(nullptr)) && !std::holds_alternative<Known>(part)) {
        if (const auto* opaque = std::get_if<Opaque>(&part))
            extra.children.push_back(reading.arena, opaque->element);
        return read(child, part.template emplace<Known>(), reading);
    }
    if (!std::holds_alternative<std::monostate>(part))
        return keep(child, extra, reading);
    part = Opaque{ &child };
    return count(child, reading);
}

base::Result<void> read_parts(const xmpp::Element& from, Content& into, Reading& reading)
{
    std::size_t descriptions = 0;
    std::size_t transports = 0;
    // What stands in a description or transport is told by its own name, so errors do not mention these two.
    for (const auto& child : from.children()) {
        if (child.name == "description") {
            if (++descriptions > limits::alternatives)
                return base::fail(base::Errc::too_long, "description (too many)");
            TRY_VOID(read_part(child, into.description, into.extra, reading));
        } else if (child.name == "transport") {
            if (++transports > limits::alternatives)
                return base::fail(base::Errc::too_long, "transport (too many)");
            TRY_VOID(read_part(child, into.transport, into.extra, reading));
        } else {
            TRY_VOID(keep(child, into.extra, reading));
        }
    }
    return {};
}

base::Result<void> read_content(const xmpp::Element& from, Jingle& into, Reading& reading)
{
    if (into.contents.size() >= limits::contents)
        return base::fail(base::Errc::too_long, "content (too many)");
    if (into.contents.empty())
        into.contents.reserve(reading.arena, run_length(from, limits::contents));
    auto& content = into.contents.push_back(reading.arena, {});
    auto result = read_attributes(from, content, reading);
    reading.writer = writer_of(into.action, content.creator);
    if (result)
        result = read_parts(from, content, reading);
    return result ? result : at(from, "name", std::move(result).error());
}

base::Result<void> read_group(const xmpp::Element& from, Jingle& into, Reading& reading)
{
    return read_member(from, into.groups, { .most = limits::groups, .key = "semantics" }, reading);
}

base::Result<void> read_reason(const xmpp::Element& from, Jingle& into, Reading& reading)
{
    return read_member(from, into.reason, {}, reading);
}

base::Result<void> read_payload(const xmpp::Element& from, Jingle& into, Reading& reading)
{
    auto info = read_info(from, reading);
    if (!info)
        return at(from, {}, std::move(info).error());
    into.info = *info;
    return {};
}

base::Result<void> read_child(const xmpp::Element& child, Jingle& into, Reading& reading)
{
    if (child.is("content", xmpp::ns::jingle))
        return read_content(child, into, reading);
    if (child.is("group", xmpp::ns::grouping))
        return read_group(child, into, reading);
    if (child.is("reason", xmpp::ns::jingle))
        return read_reason(child, into, reading);
    const auto is_ours = child.ns == xmpp::ns::carry || child.ns == xmpp::ns::via;
    if (into.info && std::holds_alternative<std::monostate>(*into.info) && !is_ours)
        return read_payload(child, into, reading);
    return keep(child, into.extra, reading);
}

// ---- writing ----

struct PartWriter {
    xmpp::Writer& writer;

    void operator()(std::monostate) const { }
    void operator()(const Opaque& opaque) const { writer.element(*opaque.element); }
    void operator()(const RtpDescription& description) const
    {
        write_element("description", xmpp::ns::rtp, description, writer);
    }
    void operator()(const Transport& transport) const
    {
        write_element("transport", base::find_token(transport_rows, transport.kind), transport, writer);
    }
};

// content-modify says who sends even where that is the default (XEP-0166, 7.2.3).
// COMPAT(Jitsi): "rejected" is nobody else's word.
std::optional<Senders> senders_to_write(const Content& content, Action action)
{
    if (content.senders == Senders::rejected)
        return Senders::none;
    if (!content.senders && action == Action::content_modify)
        return Senders::both;
    return content.senders;
}

void write_content(const Content& content, Action action, xmpp::Writer& writer)
{
    auto canonical = content;
    canonical.senders = senders_to_write(content, action);
    writer.open("content");
    write_attributes(canonical, writer);
    std::visit(PartWriter{ writer }, content.description);
    std::visit(PartWriter{ writer }, content.transport);
    write_extra(content.extra, writer);
    writer.close();
}

}  // namespace

bool is_negotiation(Action action) noexcept
{
    switch (action) {
    case Action::content_accept:
    case Action::content_add:
    case Action::content_modify:
    case Action::content_reject:
    case Action::content_remove:
    case Action::transport_accept:
    case Action::transport_reject:
    case Action::transport_replace: return true;
    case Action::description_info:
    case Action::security_info:
    case Action::session_accept:
    case Action::session_info:
    case Action::session_initiate:
    case Action::session_terminate:
    case Action::transport_info: return false;
    }
    return false;
}

base::Result<Jingle> Jingle::from_element(const xmpp::Element& element, base::Arena& arena)
{
    Reading reading{ arena };
    base::Result<Jingle> result{ tl::in_place };
    auto& jingle = *result;
    TRY_VOID(read_attributes(element, jingle, reading));
    if (jingle.action == Action::session_info)
        jingle.info.emplace();
    for (const auto& child : element.children())
        TRY_VOID(read_child(child, jingle, reading));
    TRY_VOID(check_structure(jingle));
    return result;
}

void Jingle::write(xmpp::Writer& writer) const
{
    writer.open("jingle", xmpp::ns::jingle);
    write_attributes(*this, writer);
    for (const auto& content : contents)
        write_content(content, action, writer);
    for (const auto& group : groups)
        write_element("group", xmpp::ns::grouping, group, writer);
    if (reason)
        write_element("reason", xmpp::ns::jingle, *reason, writer);
    if (info)
        jingle::write(*info, writer);
    write_extra(extra, writer);
    writer.close();
}

}  // namespace jingle
