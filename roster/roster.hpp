#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "roster/book.hpp"
#include "roster/call_ledger.hpp"
#include "roster/directory.hpp"
#include "roster/lines.hpp"
#include "roster/policy.hpp"
#include "roster/rows.hpp"

namespace roster {

/// What the operator has configured.
struct RosterSettings {
    std::string domain;  ///< ours
    Policy policy{};
    std::vector<Line> lines{};
    LedgerLimits limits{};
};

/// What others know. Everything but the clock may be left out.
struct RosterSources {
    std::function<WallTime()> wall_clock;
    std::vector<const DeviceSource*> devices{};
    std::function<std::string(const xmpp::Jid& device)> profile_of{};
    /// Whether `user` has subscribed to `contact` or lets it see his presence, both bare.
    std::function<bool(const xmpp::Jid& user, const xmpp::Jid& contact)> knows{};
    Storage* storage = nullptr;  ///< null: nothing outlasts the process
};

/// Who stands behind an address of ours, who may call whom, and which devices ring. Sans-IO.
class Roster final : public Directory, public Book {
public:
    Roster(RosterSettings settings, RosterSources sources);

    /// What the operator has changed, for calls that begin from now on; the domain stays.
    void configure(RosterSettings settings);

    [[nodiscard]] Decision decide(const Invitation& invitation, SteadyClock::time_point now) override;
    /// Whether `caller` could call `called` now, as far as rules and wishes go; his limits are left out.
    [[nodiscard]] bool may_call(const xmpp::Jid& caller, const xmpp::Jid& called) const;
    [[nodiscard]] std::string profile_of(const xmpp::Jid& device) const override;
    [[nodiscard]] std::vector<Device> instead_of_propose(const xmpp::Jid& user) const override;
    [[nodiscard]] bool is_last_to_hear(const xmpp::Jid& device) const override;
    void started(const Invitation& invitation) override;
    void ended(const Invitation& invitation, Answered answered, SteadyClock::time_point now) override;

    /// One more source of devices; before the first call.
    void add_source(const DeviceSource& source) { sources_.devices.push_back(&source); }
    [[nodiscard]] const Policy& policy() const noexcept { return policy_; }
    [[nodiscard]] bool serves(std::string_view domain) const { return policy_.serves(domain); }
    /// The devices of `user` that are known now, pages included.
    [[nodiscard]] std::vector<Device> devices_of(const xmpp::Jid& user) const;
    /// What a line, a call link or the user of an open page is called; empty for what is none of them.
    [[nodiscard]] std::optional<std::string> name_at(const xmpp::Jid& own) const;

private:
    struct Caller;
    struct Target;

    /// Of all sources.
    [[nodiscard]] std::vector<std::string> hearing(const xmpp::Jid& user) const;
    [[nodiscard]] std::optional<Caller> caller_of(const xmpp::Jid& address) const;
    [[nodiscard]] std::optional<Target> target_of(const xmpp::Jid& called, const Caller& caller) const;
    [[nodiscard]] Standing standing_of(const Caller& caller, const Target& target) const;
    /// The wish of `user` against being called by `caller` now; empty: there is none.
    [[nodiscard]] std::string_view wish_against(const xmpp::Jid& user, const xmpp::Jid& caller) const;
    [[nodiscard]] std::vector<Stage> stages_of(const Target& target, const Caller& caller) const;
    [[nodiscard]] std::vector<Stage> stages_of(const Line& line, const Caller& caller) const;
    [[nodiscard]] std::optional<Party>
    party_of(const xmpp::Jid& user, const std::optional<std::string>& device, bool proposed) const;
    [[nodiscard]] CallNames names_of(const Invitation& invitation) const;

    Policy policy_;
    CallLedger ledger_;
    RosterSources sources_;
};

}  // namespace roster
