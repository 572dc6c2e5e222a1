#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "jingle/call/held.hpp"
#include "jingle/call/leg.hpp"
#include "jingle/call/moment.hpp"
#include "jingle/call/settings.hpp"
#include "jingle/call/signal.hpp"

namespace jingle::call {

/// Where a call is. The table of what each event does in each state stands at the head of call.cpp.
enum class State : std::uint8_t {
    proposed,  ///< one or several legs ring, none has the call
    proceeding,  ///< a device of the callee took it up; the caller's session-initiate is awaited
    pending,  ///< one leg has the call, and the session-initiate is out to it
    active,  ///< accepted
    ended,  ///< a tombstone, so that late requests get their answer
};
[[nodiscard]] std::string_view to_string(State state) noexcept;

/// Whom a call rings: legs with their stage and party, in order of stages; `jmi` says how each rings.
struct RingPlan {
    std::vector<Leg> legs;
    std::vector<std::chrono::milliseconds> stages;  ///< how long each rings; 0: Timeouts::ring
    bool relay_only = false;
    std::string rule;
};

/// A caller who has asked by a call invite (XEP-0482) in place of a propose hears of it in the same way.
struct Invite {
    std::string id;
    xmpp::Jid from;  ///< full: who has sent it. The session may come from another device of his
    bool names_jid = false;  ///< it says where the session will come from
};

/// One call between a caller's leg and those of the callees, of which the first that answers has it: events
/// and time in, outputs out; no socket, timer or callback. Carillon is a Jingle peer of each side: it
/// acknowledges what is legal and passes it on in the words of each client. Only what negotiates is answered
/// end to end (decided by is_negotiation).
class Call {
public:
    /// `settings` are this call's to its end; `plan` has at least one leg.
    Call(CallId id, Leg caller, RingPlan plan, std::shared_ptr<const Settings> settings);

    /// Starts with the caller's session-initiate, which is answered, or with its propose; `id` is that of the
    /// stanza.
    void begin(const Jingle& initiate, std::string_view id, Turn& turn);
    void begin(const Message& propose, std::string_view id, Turn& turn);
    /// Starts without any leg ringing: `initiate` is null when the caller has proposed. The caller hears it
    /// ring until he gives up or time is over,
    void begin_silent(const Jingle* initiate, std::string_view id, Turn& turn);
    /// or that the callee is busy.
    void begin_busy(const Jingle* initiate, std::string_view id, Turn& turn);
    /// Starts and ends at once: the propose lost a tie-break against one that rings already.
    void begin_lost(Turn& turn);

    /// The caller, who has proposed, sends his session-initiate to this form of the address: he hears of the
    /// session from there.
    void dialled(const xmpp::Jid& own);
    /// Before begin(): the caller has asked by a call invite.
    void set_invite(Invite invite) { invite_ = std::make_unique<Invite>(std::move(invite)); }
    /// Null: he has not.
    [[nodiscard]] const Invite* invite() const noexcept { return invite_.get(); }
    void handle(LegIndex leg, const Signal& signal, Turn& turn);
    /// What is due at turn.now.
    void pass_time(Turn& turn);
    /// When pass_time has to be called at the latest.
    [[nodiscard]] Time deadline() const noexcept;

    /// The stream was lost, or this process is a new one: what may not have arrived is said again, and who is
    /// in a session is asked whether it still is.
    void say_again(Turn& turn);
    /// Somebody may not have heard yet that the call, or his part in it, is over.
    [[nodiscard]] bool owes_farewell() const noexcept;
    /// An active call is next asked whether it is there at that time.
    void ask_at(Time time) noexcept
    {
        if (state_ == State::active)
            deadline_ = time;
    }

    /// Ends the call from outside: all sides are told.
    void end(Condition reason, Turn& turn);
    /// The same since another propose crossed it and won.
    void lose_tie_break(Turn& turn);
    /// The same since this leg's peer has called the caller under the same sid, and won: he would take what
    /// he is told of the one session for the other's end.
    void yield(LegIndex to, Turn& turn);
    /// The same since it goes on as the call `to`, which begins: the leg that stays is called anew by it.
    void migrate(LegIndex stays, const Call& to, Turn& turn);

    [[nodiscard]] const CallId& id() const noexcept { return id_; }
    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] std::size_t leg_count() const noexcept { return legs_.size(); }
    [[nodiscard]] const Leg& leg(LegIndex index) const noexcept { return legs_[index]; }
    /// The callee's leg that has the call; the first one while several ring.
    [[nodiscard]] LegIndex callee() const noexcept { return chosen_ != caller_leg ? chosen_ : callee_leg; }
    [[nodiscard]] bool is_ended() const noexcept { return state_ == State::ended; }
    /// It ended by refusing the propose with an error: the caller may try again by session-initiate, under
    /// the same sid.
    [[nodiscard]] bool is_refused() const noexcept { return refused_; }

    /// Everything that another process needs to go on with it, as versioned bytes.
    [[nodiscard]] std::string write(const Moment& moment) const;
    /// Whatever the bytes are, what comes back is a call that can go on, or an error. An active call is due
    /// at once: its parties are to be asked whether they are there.
    [[nodiscard]] static base::Result<Call>
    read(std::string_view bytes, std::shared_ptr<const Settings> settings, const Moment& moment);
    /// What write() gives has become something else since the last question.
    [[nodiscard]] bool take_changed() noexcept { return std::exchange(changed_, false); }

private:
    struct Handler;

    explicit Call(std::shared_ptr<const Settings> settings)
        : settings_{ std::move(settings) }
    {
    }
    [[nodiscard]] bool is_sound() const;

    void begin_alone(const Jingle* initiate, std::string_view id, Turn& turn);

    /// A part of a request that was split; it goes out when the one before it is answered.
    struct Waiting {
        LegIndex to;
        Answered answered;
        std::string original;
        std::string xml;
    };

    CallId id_;
    State state_ = State::proposed;
    bool caller_session_ = false;  ///< the caller's session-initiate has come
    bool caller_proceeded_ = false;  ///< the caller has been told to send it
    bool relay_only_ = false;
    bool refused_ = false;
    bool changed_ = true;
    LegIndex chosen_ = caller_leg;  ///< the leg that has the call; the caller's: none yet
    std::uint8_t stage_ = 0;
    TwoAndMore<Leg> legs_;
    std::vector<std::chrono::milliseconds> stages_;
    std::string propose_id_;  ///< of the stanza that held the caller's propose, for refusing it late
    std::string propose_;  ///< as XML, while later stages may need it
    std::unique_ptr<const Invite> invite_;
    std::string accept_;  ///< as XML: what the caller was sent, until he has answered it
    bool accept_doubtful_ = false;  ///< it may not have reached him
    std::string rule_;  ///< until it has been noted
    Held held_;
    std::vector<Waiting> waiting_;
    std::shared_ptr<const Settings> settings_;  ///< those in force when it began
    Time deadline_{};  ///< of the state, or of the stage
};

}  // namespace jingle::call
