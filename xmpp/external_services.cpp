#include "xmpp/external_services.hpp"

#include <array>
#include <charconv>

#include "xmpp/ns.hpp"

namespace xmpp {
namespace {

using base::Errc;

base::Result<ExternalService> read(const Element& element)
{
    ExternalService service;
    service.host = element.attribute_or_empty("host");
    service.type = element.attribute_or_empty("type");
    if (service.host.empty() || service.type.empty())
        return base::fail(Errc::missing, "a service without host or type");
    if (const auto text = element.attribute("port"); text && !text->empty()) {
        std::uint16_t port{};
        const auto* last = text->data() + text->size();
        const auto [end, error] = std::from_chars(text->data(), last, port);
        if (error != std::errc{} || end != last)
            return base::fail(Errc::out_of_range, "the port of a service");
        service.port = port;
    }
    service.transport = element.attribute_or_empty("transport");
    service.username = element.attribute_or_empty("username");
    service.password = element.attribute_or_empty("password");
    service.expires = element.attribute_or_empty("expires");
    const auto restricted = element.attribute_or_empty("restricted");
    service.restricted = restricted == "true" || restricted == "1";
    return service;
}

std::string_view port_text(std::uint16_t port, base::Arena& arena)
{
    std::array<char, 5> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), port).ptr;
    return arena.copy({ text.data(), static_cast<std::size_t>(end - text.data()) });
}

void write(const ExternalService& service, Element& parent, base::Arena& arena)
{
    auto& element = parent.add(arena, "service");
    const auto set = [&](std::string_view name, std::string_view value) {
        if (!value.empty())
            element.set(arena, name, value);
    };
    set("host", service.host);
    if (service.port)
        set("port", port_text(*service.port, arena));
    set("type", service.type);
    set("transport", service.transport);
    set("username", service.username);
    set("password", service.password);
    set("expires", service.expires);
    if (service.restricted)
        set("restricted", "true");
}

}  // namespace

bool ExternalServices::is_one(const Element& payload) noexcept
{
    return (payload.ns == ns::external_services || payload.ns == ns::external_services_1)
        && (payload.name == "services" || payload.name == "credentials");
}

base::Result<ExternalServices> ExternalServices::from_element(const Element& payload, base::Arena& arena)
{
    ExternalServices value;
    value.ns = payload.ns;
    value.kind = payload.name == "credentials" ? Kind::credentials : Kind::services;
    value.type = payload.attribute_or_empty("type");
    for (const auto& child : payload.children()) {
        if (!child.is("service", payload.ns))
            continue;
        if (value.services.size() >= max_services)
            break;
        TRY(const auto service, read(child));
        value.services.push_back(arena, service);
    }
    return value;
}

Element& ExternalServices::append_to(Element& iq, base::Arena& arena) const
{
    auto& element = iq.add(arena, kind == Kind::credentials ? "credentials" : "services", ns);
    if (!type.empty())
        element.set(arena, "type", type);
    for (const auto& service : services)
        write(service, element, arena);
    return element;
}

}  // namespace xmpp
