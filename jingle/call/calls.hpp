#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "jingle/call/call.hpp"
#include "jingle/call/settings.hpp"
#include "jingle/call_invite.hpp"
#include "roster/directory.hpp"
#include "roster/rate_limiter.hpp"

namespace jingle::call {

/// Whether stanzas get anywhere now.
enum class Server : std::uint8_t { there, away };

/// All calls of an instance: finds the call of a stanza, admits new ones, keeps the time. Sans-IO; outputs
/// collect in the turn. `own` is always the address of ours a stanza came to, `peer` who sent it.
class Calls {
public:
    /// `directory` says who may call whom and who rings; it outlives the calls.
    Calls(Settings settings, roster::Directory& directory);
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
    /// A message about a call invite in the stanza `id`; `extra` goes with the propose that an invite
    /// becomes. Only an invite can be refused.
    [[nodiscard]] std::optional<xmpp::StanzaError> invite(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                          const CallInvite& invite, const Extra& extra,
                                                          std::string_view id, Turn& turn);
    /// The reply to an IQ of ours; ignored unless it comes from the leg that was asked.
    void reply(const xmpp::Jid& peer, const ReturnPath& path, std::optional<xmpp::StanzaError> error,
               Turn& turn);
    /// An error for the propose `sid` that we sent from `own` to `peer`.
    void bounced(const xmpp::Jid& own, const xmpp::Jid& peer, std::string_view sid, Turn& turn);
    /// Unavailable presence of a full JID, before the directory hears of it.
    void device_gone(const xmpp::Jid& peer, Turn& turn);

    /// Ends a call from outside; false when there is none of that name, or it is over.
    [[nodiscard]] bool end(const CallId& id, Condition reason, Turn& turn);
    /// For who is about to stop: callers hear that the callee is not available.
    void set_new_calls(NewCalls what) noexcept { new_calls_ = what; }
    [[nodiscard]] NewCalls new_calls() const noexcept { return new_calls_; }
    /// While the server lags callers hear resource-constraint; calls that have begun go on.
    void set_pace(Pace pace) noexcept { pace_ = pace; }
    [[nodiscard]] Pace pace() const noexcept { return pace_; }

    /// A call as bytes, for restore() in another process.
    [[nodiscard]] std::string write(const Call& call, const Moment& moment) const;
    /// Room for so many, before they are restored one by one.
    void reserve(std::size_t calls);
    /// Takes up a call that write() has written.
    [[nodiscard]] base::Result<const Call*> restore(std::string_view bytes, const Moment& moment);
    template <class Visit>
    void for_each(Visit visit) const
    {
        for (const auto& [id, entry] : calls_)
            visit(entry.call);
    }
    /// The stream was lost, or this process is a new one: each call says again what may not have arrived, and
    /// asks who is there. In portions, by pass_time().
    void say_again(Time now);
    static constexpr std::size_t again_portion = 100;
    static constexpr std::chrono::milliseconds again_pause{ 100 };

    /// Lets everything pass that is due at turn.now, and forgets the tombstones. While the server is away a
    /// running call with somebody behind it is let be: all that could come of it is that he does not answer.
    void pass_time(Turn& turn, Server server = Server::there);
    /// When that is due, or earlier: then there is nothing to do yet.
    [[nodiscard]] std::optional<Time> deadline(Server server = Server::there) const;

    [[nodiscard]] std::size_t size() const noexcept { return calls_.size(); }
    [[nodiscard]] bool contains(const CallId& id) const { return calls_.contains(id); }
    /// Null when there is none of that name.
    [[nodiscard]] const Call* find(const CallId& id) const
    {
        const auto found = calls_.find(id);
        return found == calls_.end() ? nullptr : &found->second.call;
    }
    /// Since the start.
    struct Counts {
        std::uint64_t started = 0;
        std::uint64_t answered = 0;
        std::uint64_t refused = 0;
        std::uint64_t refused_lagging = 0;  ///< of those, since the server did not keep up
    };
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
    [[nodiscard]] const Settings& settings() const noexcept { return *settings_; }
    /// For calls that begin from now on; domain and key stay what they are.
    void configure(Settings settings);

private:
    struct LegRef {
        Call* call;
        LegIndex leg;
    };
    using Peers = std::unordered_map<std::size_t, std::list<LegRef>>;

    /// A call and where the indexes have it.
    struct Entry {
        Call call;
        std::size_t pair;  ///< in pairs_
        Time deadline{ Time::max() };  ///< where the call stands in the deadlines: its own, or earlier
        bool audio = false;  ///< asked for
        bool video = false;
        bool answered = false;
        bool live = true;
        bool waits = false;  ///< while the server is away
        std::uint64_t bound = 0;  ///< a bit for each leg that peers_ has by a full JID
        TwoAndMore<std::list<LegRef>::iterator> in_peers{};
    };
    /// What asks for a new call.
    struct Opening {
        const xmpp::Jid& own;  ///< as it was dialled
        const xmpp::Jid& peer;
        std::string_view sid;
        const Extra& extra;
        bool audio;
        bool video;
        bool message;  ///< a propose or an invite; else a session-initiate
        const Invite* invite = nullptr;
    };

    [[nodiscard]] std::optional<LegRef> find(const xmpp::Jid& own, const xmpp::Jid& peer,
                                             std::string_view sid) const;
    /// The caller's leg of the call that `peer` has asked for by the invite `id`.
    [[nodiscard]] std::optional<LegRef> find_invited(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                     std::string_view id) const;
    [[nodiscard]] std::optional<xmpp::StanzaError> propose(const Opening& opening, const Message& message,
                                                           std::string_view id, Turn& turn);
    /// The limit that stops the caller; empty when none does.
    [[nodiscard]] std::string_view limit_reached(const xmpp::Jid& caller, Time now);
    /// How a call that was let through begins.
    enum class Begin : std::uint8_t { ringing, silent, busy };
    struct Started {
        Entry* entry = nullptr;
        Begin how = Begin::ringing;
        LegRef stays{};  ///< whom a running call is to be moved to it from; null: none
    };
    /// Makes the call that `opening` asks for, or says why not; it has yet to begin.
    [[nodiscard]] Started start(const Opening& opening, Turn& turn,
                                std::optional<xmpp::StanzaError>& refused);
    struct No {
        xmpp::StanzaError error;
        std::string rule;  ///< for the record; empty: it was no new call
    };
    [[nodiscard]] std::variant<Started, No> let_in(const Opening& opening, const CallId& id, Time now);
    /// `propose` or `initiate` is null.
    void begin(const Started& started, const Jingle* initiate, const Message* propose, std::string_view id,
               Turn& turn);
    [[nodiscard]] static roster::Invitation invitation_of(const Entry& entry);
    [[nodiscard]] RingPlan plan(roster::Decision& decision, const Opening& opening, const CallId& id) const;
    void rename_colliding(RingPlan& plan, const xmpp::Jid& caller, const CallId& id) const;
    [[nodiscard]] std::optional<std::string_view> name_for_other(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                                 std::string_view sid) const;
    [[nodiscard]] LegRef find_migrating(const Opening& opening, const xmpp::Jid& callee) const;
    [[nodiscard]] bool migrates(const LegRef& stays, const Opening& opening) const;
    [[nodiscard]] static std::size_t key_of(const Leg& leg);
    [[nodiscard]] static std::size_t key_of(const Invite& invite, const Leg& caller);
    [[nodiscard]] static std::size_t session_of(const Leg& leg);
    [[nodiscard]] static std::size_t pair_of(const xmpp::Jid& callee, const xmpp::Jid& caller);
    void index(Entry& entry);
    void index_leg(Entry& entry, LegIndex leg);
    [[nodiscard]] std::vector<Leg> instead_of_propose(const LegRef& bounced) const;
    void say_next_again(Turn& turn);
    void keep_deadline(Entry& entry);
    void move_deadline(Entry& entry);

    [[nodiscard]] LegRef find_crossed_offer(const xmpp::Jid& own, const xmpp::Jid& peer) const;
    [[nodiscard]] static bool stands(const LegRef& first, std::string_view sid);
    void overrule(const LegRef& first, std::string_view sid, Turn& turn);
    [[nodiscard]] static bool overrules(const Message& second, const LegRef& first);
    [[nodiscard]] bool loses_tie_break(const xmpp::Jid& own, const xmpp::Jid& peer, std::string_view id,
                                       Turn& turn);

    void handle(LegRef ref, const Signal& signal, Turn& turn);
    using Deadlines = std::set<std::pair<Time, Call*>>;
    void pass_time(Deadlines& deadlines, Turn& turn);
    [[nodiscard]] bool waits_for_server(const Call& call) const;
    [[nodiscard]] Deadlines& deadlines_of(const Entry& entry)
    {
        return entry.waits ? waiting_deadlines_ : deadlines_;
    }
    void settle(Entry& entry, Turn& turn);
    void index_peer(Entry& entry, LegIndex leg);
    void forget(Entry& entry);

    std::shared_ptr<const Settings> settings_;
    roster::Directory& directory_;
    roster::RateLimiter invites_of_user_;
    roster::RateLimiter invites_of_domain_;
    std::unordered_map<CallId, Entry> calls_;
    std::unordered_multimap<std::size_t, LegRef>
        legs_;  ///< by own bare JID, peer's bare JID, sid or invite's id
    std::unordered_multiset<std::size_t> sessions_;  ///< peer's bare JID and sid of every leg
    Peers peers_;  ///< by peer's JID: full, or bare while all his devices ring
    std::unordered_multimap<std::size_t, Call*> pairs_;  ///< live ones, by callee's and caller's bare JIDs
    std::unordered_map<std::string, unsigned> live_calls_;  ///< by caller's bare JID
    Deadlines deadlines_;
    Deadlines waiting_deadlines_;  ///< of the calls that wait while the server is away
    Counts counts_;
    NewCalls new_calls_ = NewCalls::let_in;
    Pace pace_ = Pace::keeps_up;
    std::vector<CallId> again_;  ///< calls that have yet to say again what may be lost
    Time again_at_{ Time::max() };
};

}  // namespace jingle::call
