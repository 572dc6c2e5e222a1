#pragma once

#include <string>

#include "roster/contact.hpp"
#include "roster/directory.hpp"
#include "roster/policy.hpp"

namespace test {

/// A directory that knows nobody's devices: whom the policy lets through rings by a propose to the bare JID,
/// or, when a device was dialled, by a session-initiate to that one.
class SimpleDirectory final : public roster::Directory {
public:
    SimpleDirectory(roster::Policy policy, std::string domain)
        : policy_{ std::move(policy) }
        , domain_{ std::move(domain) }
    {
    }

    [[nodiscard]] roster::Decision decide(const roster::Invitation& invitation,
                                          roster::SteadyClock::time_point now) override;
    [[nodiscard]] std::string profile_of(const xmpp::Jid&) const override { return {}; }

private:
    roster::Policy policy_;
    std::string domain_;  ///< ours
};

inline roster::Decision refused(const xmpp::StanzaError& error, std::string rule)
{
    roster::Decision decision;
    decision.refused = error;
    decision.rule = std::move(rule);
    return decision;
}

inline roster::Decision SimpleDirectory::decide(const roster::Invitation& invitation,
                                                roster::SteadyClock::time_point)
{
    const auto contact = roster::contact_of(invitation.called);
    if (!contact)
        return refused(xmpp::errors::service_unavailable, "no such contact");
    const bool own = invitation.caller.domain() == domain_;
    const auto shown = own ? invitation.caller : roster::contact_address(invitation.caller, domain_);
    const auto device = contact->device ? contact->user.with_resource(*contact->device) : contact->user;
    if (!shown || !device)
        return refused(xmpp::errors::jid_malformed, "address too long");
    const std::string rule = policy_.by_default == roster::Default::open ? "default open" : "default local";
    if (!own && !policy_.allows(invitation.caller, contact->user))
        return refused(xmpp::errors::service_unavailable, rule);

    roster::Party party{ .user = contact->user, .propose = !contact->device, .devices = {} };
    if (contact->device)
        party.devices.push_back({ *device, roster::Rings::by_initiate, {} });
    roster::Decision decision;
    decision.rule = rule;
    decision.shown = *shown;
    decision.stages.push_back({ { std::move(party) }, {} });
    return decision;
}

}  // namespace test
