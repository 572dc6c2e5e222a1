#pragma once

#include <array>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "jingle/call/call.hpp"
#include "jingle/candidate_policy.hpp"
#include "roster/policy.hpp"
#include "roster/rate_limiter.hpp"

namespace jingle::call {

/// How much one party may do at once; beyond it hears resource-constraint.
struct CallLimits {
    unsigned calls_per_user = 4;
    unsigned invites_per_minute = 10;  ///< of one bare JID
    unsigned invites_per_domain_minute = 60;  ///< of a domain that is not served
    std::size_t calls = 1'000'000;  ///< of the whole instance, tombstones included
};

struct Settings {
    std::string domain;  ///< ours
    std::string key;  ///< of CallId::make; the same after a restart
    roster::Policy policy;
    CallLimits limits;
    Timeouts timeouts;
    CandidatePolicy candidates;  ///< of every leg
};

/// All calls of an instance: finds the call of a stanza, admits new ones, keeps the time. Sans-IO; outputs
/// collect in the turn. `own` is always the address of ours a stanza came to, `peer` who sent it.
class Calls {
public:
    explicit Calls(Settings settings);
    Calls(const Calls&) = delete;
    Calls& operator=(const Calls&) = delete;

    /// A Jingle request. What comes back is to be answered; empty: the outputs have the answer.
    [[nodiscard]] std::optional<xmpp::StanzaError> request(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                           const Jingle& jingle, std::string_view id,
                                                           Turn& turn);
    /// A Jingle Message in the stanza `id`. Only a propose can be refused.
    [[nodiscard]] std::optional<xmpp::StanzaError> message(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                           const Message& message, std::string_view id,
                                                           Turn& turn);
    /// The reply to an IQ of ours; ignored unless it comes from the leg that was asked.
    void reply(const xmpp::Jid& peer, const ReturnPath& path, std::optional<xmpp::StanzaError> error,
               Turn& turn);
    /// An error for the propose `sid` that we sent from `own` to `peer`.
    void bounced(const xmpp::Jid& own, const xmpp::Jid& peer, std::string_view sid, Turn& turn);
    /// Unavailable presence of a full JID.
    void device_gone(const xmpp::Jid& peer, Turn& turn);

    /// Lets everything pass that is due at turn.now, and forgets the tombstones.
    void pass_time(Turn& turn);
    [[nodiscard]] std::optional<Time> deadline() const;

    [[nodiscard]] std::size_t size() const noexcept { return calls_.size(); }

private:
    struct LegRef {
        Call* call;
        LegIndex leg;
    };
    using Peers = std::unordered_map<std::size_t, std::list<LegRef>>;

    /// A call and where the indexes have it.
    struct Entry {
        Call call;
        Time deadline{ Time::max() };
        bool live = true;
        bool pending = false;
        std::array<std::optional<std::list<LegRef>::iterator>, 2> in_peers{};
    };

    [[nodiscard]] std::optional<LegRef> find(const xmpp::Jid& own, const xmpp::Jid& peer,
                                             std::string_view sid) const;
    [[nodiscard]] std::optional<xmpp::StanzaError> admit(const xmpp::Jid& caller, const xmpp::Jid& callee,
                                                         Time now);
    template <class Opening>
    [[nodiscard]] std::optional<xmpp::StanzaError> start(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                         std::string_view sid, Turn& turn, Opening open);
    [[nodiscard]] std::optional<xmpp::StanzaError> cross(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                         std::string_view sid, Turn& turn);

    void handle(LegRef ref, const Signal& signal, Turn& turn);
    void settle(Entry& entry);
    void index_peer(Entry& entry, LegIndex leg);
    void forget(Entry& entry);

    Settings settings_;
    roster::RateLimiter invites_of_user_;
    roster::RateLimiter invites_of_domain_;
    std::unordered_map<CallId, Entry> calls_;
    std::unordered_multimap<std::size_t, LegRef> legs_;  ///< by own bare JID, peer's bare JID, sid
    Peers peers_;  ///< by peer's full JID
    std::unordered_multimap<std::size_t, Call*> pending_;  ///< by callee's full JID and caller's bare JID
    std::unordered_map<std::string, unsigned> live_calls_;  ///< by caller's bare JID
    std::set<std::pair<Time, Call*>> deadlines_;
};

}  // namespace jingle::call
