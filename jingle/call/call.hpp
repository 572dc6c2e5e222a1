#pragma once

#include <array>
#include <optional>

#include "jingle/call/held.hpp"
#include "jingle/call/leg.hpp"
#include "jingle/call/signal.hpp"

namespace jingle::call {

/// Where a call is. The table of what each event does in each state stands at the head of call.cpp.
enum class State {
    proposed,  ///< a propose is out to the callee, nobody has taken it up
    proceeding,  ///< a device of the callee took it up; the caller's session-initiate is awaited
    pending,  ///< the session-initiate is out to the callee's device
    active,  ///< accepted
    ended,  ///< a tombstone, so that late requests get their answer
};
[[nodiscard]] std::string_view to_string(State state) noexcept;

/// How long each wait lasts (docs/protocol.md).
struct Timeouts {
    std::chrono::milliseconds ring{ 60'000 };  ///< propose to proceed; initiate to accept without a propose
    std::chrono::milliseconds initiate{ 20'000 };  ///< proceed to session-initiate
    std::chrono::milliseconds accept{ 20'000 };  ///< session-initiate to session-accept after a proceed
    std::chrono::milliseconds gone{ 10'000 };  ///< unavailable to ping, and ping to its answer
    std::chrono::milliseconds ping_interval{
        60'000
    };  ///< how often an active call is asked whether it is there
    std::chrono::milliseconds tombstone{ 60'000 };
};

/// One call between a caller's and a callee's leg: events and time in, outputs out; no socket, timer or
/// callback. Carillon is a Jingle peer of each side: it acknowledges what is legal and passes it on. Only
/// what negotiates is answered end to end (decided by is_end_to_end).
class Call {
public:
    Call(CallId id, Leg caller, Leg callee, const Timeouts& timeouts);

    /// Starts with the caller's session-initiate, which is answered, or with its propose; `id` is that of the
    /// stanza.
    void begin(const Jingle& initiate, std::string_view id, Turn& turn);
    void begin(const Message& propose, std::string_view id, Turn& turn);

    void handle(LegIndex leg, const Signal& signal, Turn& turn);
    /// What is due at turn.now.
    void pass_time(Turn& turn);
    /// When pass_time has to be called at the latest.
    [[nodiscard]] Time deadline() const noexcept;

    /// Ends the call from outside: both sides are told.
    void end(Condition reason, Turn& turn);

    [[nodiscard]] const CallId& id() const noexcept { return id_; }
    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] const Leg& leg(LegIndex index) const noexcept { return legs_[index]; }
    [[nodiscard]] bool is_ended() const noexcept { return state_ == State::ended; }

private:
    struct Handler;

    CallId id_;
    State state_ = State::proposed;
    bool caller_session_ = false;  ///< the caller's session-initiate has come
    bool asked_ = false;  ///< a ping to a leg whose device is gone is out
    std::array<Leg, 2> legs_;
    std::string propose_id_;  ///< of the stanza that held the caller's propose, for refusing it late
    Held held_;
    const Timeouts* timeouts_;  ///< of the set of calls, which outlives its calls
    Time deadline_{};  ///< of the state
    Time check_{ Time::max() };  ///< of a leg whose device is gone
};

}  // namespace jingle::call
