#pragma once

#include <string>

#include "roster/directory.hpp"
#include "roster/policy.hpp"

namespace roster {

/// A directory that knows nobody's devices: whom the policy lets through rings by a propose to the bare JID,
/// or, when a device was dialled, by a session-initiate to that one.
class SimpleDirectory final : public Directory {
public:
    SimpleDirectory(Policy policy, std::string domain)
        : policy_{ std::move(policy) }
        , domain_{ std::move(domain) }
    {
    }

    [[nodiscard]] Decision decide(const Invitation& invitation, SteadyClock::time_point now) override;
    [[nodiscard]] std::string profile_of(const xmpp::Jid&) const override { return {}; }

private:
    Policy policy_;
    std::string domain_;  ///< ours
};

}  // namespace roster
