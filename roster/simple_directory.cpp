#include "roster/simple_directory.hpp"

#include "roster/contact.hpp"

namespace roster {
namespace {

Decision refuse(const xmpp::StanzaError& error, std::string rule)
{
    Decision decision;
    decision.refused = error;
    decision.rule = std::move(rule);
    return decision;
}

}  // namespace

Decision SimpleDirectory::decide(const Invitation& invitation, SteadyClock::time_point)
{
    const auto contact = contact_of(invitation.called);
    if (!contact)
        return refuse(xmpp::errors::service_unavailable, "no such contact");
    const bool own = invitation.caller.domain() == domain_;
    const auto shown = own ? invitation.caller : contact_address(invitation.caller, domain_);
    const auto device = contact->device ? contact->user.with_resource(*contact->device) : contact->user;
    if (!shown || !device)
        return refuse(xmpp::errors::jid_malformed, "address too long");
    const std::string rule = policy_.by_default == Default::open ? "default open" : "default local";
    if (!own && !policy_.allows(invitation.caller, contact->user))
        return refuse(xmpp::errors::service_unavailable, rule);

    Party party{ .user = contact->user, .propose = !contact->device, .devices = {} };
    if (contact->device)
        party.devices.push_back({ *device, Rings::by_initiate, {} });
    Decision decision;
    decision.rule = rule;
    decision.shown = *shown;
    decision.stages.push_back({ { std::move(party) }, {} });
    return decision;
}

}  // namespace roster
