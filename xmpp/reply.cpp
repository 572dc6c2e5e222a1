#include "xmpp/reply.hpp"

#include "xmpp/ns.hpp"

namespace xmpp {
namespace {

Element* make_reply(const Element& stanza, std::string_view type, base::Arena& arena)
{
    auto* reply = Element::create(arena, stanza.name, stanza.ns);
    reply->set(arena, "type", type);
    if (const auto from = stanza.attribute("from"))
        reply->set(arena, "to", *from);
    if (const auto to = stanza.attribute("to"))
        reply->set(arena, "from", *to);
    if (const auto id = stanza.attribute("id"))
        reply->set(arena, "id", *id);
    return reply;
}

bool is_request(const Element& iq)
{
    const auto type = iq.attribute_or_empty("type");
    return iq.is("iq", ns::component) && (type == "get" || type == "set");
}

/// RFC 6120, 8.3.1: errors are not answered with errors; 8.2.3: neither are results.
bool may_fail(const Element& stanza)
{
    if (stanza.is("iq", ns::component))
        return stanza.attribute("type") != "result" && stanza.attribute("type") != "error";
    return (stanza.is("message", ns::component) || stanza.is("presence", ns::component))
        && stanza.attribute("type") != "error";
}

}  // namespace

Element* make_error(const Element& stanza, StanzaError error, base::Arena& arena)
{
    if (!may_fail(stanza))
        return nullptr;
    auto* reply = make_reply(stanza, "error", arena);
    error.append_to(*reply, arena);
    return reply;
}

Element* make_result(const Element& iq, base::Arena& arena)
{
    return is_request(iq) ? make_reply(iq, "result", arena) : nullptr;
}

}  // namespace xmpp
