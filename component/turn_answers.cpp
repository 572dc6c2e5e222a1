#include "component/turn_answers.hpp"

#include <algorithm>

#include "component/wall_time.hpp"
#include "xmpp/external_services.hpp"
#include "xmpp/ns.hpp"

namespace component {
namespace {

using Refused = tl::unexpected<xmpp::StanzaError>;

xmpp::ExternalService to_service(const RelayService& relay, base::Arena& arena)
{
    xmpp::ExternalService service;
    service.host = relay.uri.host;
    service.type = relay.uri.scheme;
    service.port = relay.uri.port;
    service.transport = relay.uri.transport;
    service.username = relay.username;
    service.password = relay.password;
    service.restricted = !relay.username.empty();
    if (relay.expires)
        service.expires = arena.copy(to_utc_text(*relay.expires));
    return service;
}

bool is_wanted(const ServicesQuestion& question, const RelayService& relay)
{
    if (question.payload == "services")
        return question.type.empty() || question.type == relay.uri.scheme;
    return std::ranges::any_of(question.named, [&](const ServicesQuestion::Named& named) {
        return named.host == relay.uri.host && named.type == relay.uri.scheme
            && (!named.port || *named.port == relay.uri.port);
    });
}

xmpp::Element* make_reply(const ServicesQuestion& question, std::string_view type, base::Arena& arena)
{
    auto* iq = xmpp::Element::create(arena, "iq", xmpp::ns::component);
    iq->set(arena, "type", type);
    iq->set(arena, "id", arena.copy(question.id));
    iq->set(arena, "from", arena.copy(question.to));
    iq->set(arena, "to", arena.copy(question.from));
    return iq;
}

}  // namespace

bool is_services_question(const xmpp::Element& payload) noexcept
{
    return xmpp::ExternalServices::is_one(payload);
}

tl::expected<ServicesQuestion, xmpp::StanzaError>
take_services_question(const xmpp::Element& iq, const xmpp::Jid& from, const xmpp::Jid& to,
                       std::span<const std::string> served_domains, base::Arena& arena)
{
    if (iq.attribute_or_empty("type") != "get" || !to.local().empty())
        return Refused{ xmpp::errors::service_unavailable };
    if (std::ranges::find(served_domains, from.domain()) == served_domains.end())
        return Refused{ xmpp::errors::forbidden };
    const auto value = xmpp::ExternalServices::from_element(*iq.first_child(), arena);
    const auto wants_some = value && value->kind == xmpp::ExternalServices::Kind::credentials;
    if (!value || (wants_some && value->services.empty()))
        return Refused{ xmpp::errors::bad_request };
    ServicesQuestion question;
    question.from = from.full();
    question.to = to.full();
    question.id = iq.attribute_or_empty("id");
    question.payload = iq.first_child()->name;
    question.ns = value->ns;
    question.type = value->type;
    for (const auto& service : value->services)
        question.named.push_back({ std::string{ service.host }, std::string{ service.type }, service.port });
    return question;
}

const xmpp::Element* answer_services(const ServicesQuestion& question, const Relays& relays,
                                     base::Arena& arena)
{
    xmpp::ExternalServices answer;
    answer.kind = question.payload == "credentials" ? xmpp::ExternalServices::Kind::credentials
                                                    : xmpp::ExternalServices::Kind::services;
    answer.ns = arena.copy(question.ns);
    answer.type = arena.copy(question.type);
    for (const auto& relay : relays.services)
        if (is_wanted(question, relay))
            answer.services.push_back(arena, to_service(relay, arena));
    if (answer.kind == xmpp::ExternalServices::Kind::credentials && answer.services.empty()) {
        auto* refused = make_reply(question, "error", arena);
        xmpp::errors::item_not_found.append_to(*refused, arena);
        return refused;
    }
    auto* iq = make_reply(question, "result", arena);
    answer.append_to(*iq, arena);
    return iq;
}

}  // namespace component
