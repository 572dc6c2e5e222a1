#pragma once

#include <optional>
#include <string_view>

#include "jingle/adapt.hpp"
#include "jingle/call/call.hpp"

namespace jingle::call {

/// Stands in the way back of a ping of ours. The same error to a session-info of the other side's may only
/// mean that what it says is not understood, and ends no call.
inline constexpr std::string_view ping_mark = "ping";
/// Stands in the way back of a part of a request that was split: its answer lets the next part go.
inline constexpr std::string_view part_mark = "part";

/// What waits for an active session: some clients end the call when it comes earlier.
[[nodiscard]] constexpr bool waits_for_active(Action action) noexcept
{
    return action == Action::content_add || action == Action::content_modify
        || action == Action::content_remove || action == Action::transport_replace;
}

/// One turn of one call. One overload per signal; the words of the table in call.cpp.
struct Call::Handler {
    Call& call;
    Turn& turn;
    LegIndex leg = caller_leg;

    // call.cpp
    void operator()(const JingleRequest& request);
    void initiated_by_caller(const JingleRequest& request);
    void accept(const JingleRequest& request);
    void terminate(const JingleRequest& request);

    // replies.cpp: what comes back, and who is gone
    void operator()(const JingleReply& reply);
    void operator()(const DeviceGone& device);
    [[nodiscard]] bool take_answer_to_accept(const JingleReply& reply);
    void check_device(LegIndex index);

    // passing.cpp: from one side to the other
    void pass(const JingleRequest& request);
    void negotiate(const JingleRequest& request, Restart restart);
    void lose_crossing(LegIndex of, OpenRequest& crossing);
    void hold(const JingleRequest& request);
    void release(bool negotiations);
    Jingle* normalised(const Jingle& jingle);
    /// What became of a request that was to be sent.
    struct Sent {
        Verdict verdict;  ///< as_is, absorbed or refused
        std::optional<xmpp::StanzaError> error{};
        Condition reason = Condition::success;
        const Jingle* request = nullptr;  ///< as it goes out, where it is one
    };
    Sent send(LegIndex to, const Jingle& jingle, Answered answered = Answered::here,
              std::string_view original = {}, Restart restart = Restart::none);
    void send_parts(LegIndex to, const Adapted& adapted, Answered answered, std::string_view original);
    void send_next_part(LegIndex to);

    // ringing.cpp: whom, in which order, and who has it
    void ring(const Message& propose);
    void offer_to_awaiting();
    bool offer_to(LegIndex to, Jingle& offer);
    void await_answer(LegIndex from) const;
    void ask_for_offer();
    void choose(LegIndex winner);
    void refuse(LegIndex which, Condition reason, const Message* reject = nullptr);
    void lose(LegIndex which, Condition how);
    void leave(LegIndex which, Condition reason, const Message* reject = nullptr);
    [[nodiscard]] bool give_up_silent(std::uint8_t party);
    [[nodiscard]] Condition outcome() const;
    void go_on(Condition reason, const Message* reject);
    void stop(LegIndex which, Condition reason, Condition outcome, std::string_view text = {});
    void ring_next();
    void time_out_stage();
    void tell_ringing(LegIndex from, const Jingle* info, const Message* message);

    // messages.cpp
    void operator()(const JmiSignal& signal);
    void operator()(const JmiBounced& signal);
    void bounced_for_all(const JmiBounced& signal);
    void from_caller(const Message& message);
    void from_callee(const JmiSignal& signal);
    void proceed(const JmiSignal& signal);
    void reject_offer(const Message& reject);
    void lost_propose(const JmiSignal& signal);
    void migrated(const Message& message);
    void moves(LegIndex from, std::string_view to);

    // ending.cpp
    void dismiss_all(Condition reason, const Jingle* terminate = nullptr, const Message* retract = nullptr);
    void dismiss(LegIndex to, Condition reason, const Jingle* terminate = nullptr,
                 const Message* message = nullptr, std::string_view text = {});
    void nobody_answers(Condition outcome, const Message* reject);
    void finish(LegIndex to, Condition reason, std::optional<std::string_view> migrated_to = {});
    void end(Condition reason);
    void ping(LegIndex to);
    void say_again();
    void say_farewell_again(LegIndex to);

    void add(const Output& output) const { turn.outputs.push_back(turn.arena, { &call, output }); }
    void answer(LegIndex to, std::string_view id, std::optional<xmpp::StanzaError> error = {}) const
    {
        add(Answer{ to, id, error });
    }
    void say(LegIndex to, const Message& message, std::string_view device = {}) const
    {
        add(Say{ to, message, device });
    }
    void note(Step step, LegIndex of = caller_leg, Condition reason = Condition::success) const
    {
        add(Noted{ step, of, reason, {} });
        changed();
    }
    /// What lasts of the call is different now; what is announced in this turn may wait for its journal.
    void changed() const { call.changed_ = true; }

    [[nodiscard]] Leg& caller() const { return call.legs_[caller_leg]; }
    [[nodiscard]] LegIndex end_of_legs() const { return static_cast<LegIndex>(call.legs_.size()); }
    /// The leg that hears what `from` says, once there are two.
    [[nodiscard]] LegIndex other(LegIndex from) const
    {
        return from == caller_leg ? call.callee() : caller_leg;
    }
    [[nodiscard]] bool has_session(LegIndex of) const
    {
        if (of == caller_leg)
            return call.caller_session_;
        const auto state = call.legs_[of].state;
        return state == LegState::offered || state == LegState::active;
    }
    /// A callee's leg that rings without having the call.
    [[nodiscard]] bool is_fork(LegIndex of) const { return of != caller_leg && call.chosen_ == caller_leg; }
    [[nodiscard]] bool is_ringing(LegIndex of) const
    {
        const auto state = call.legs_[of].state;
        return state != LegState::idle && state != LegState::over;
    }
    Jingle* make_jingle(Action action) const
    {
        auto* jingle = turn.arena.make<Jingle>();
        jingle->action = action;
        return jingle;
    }
    void enter(State state, std::chrono::milliseconds wait) const
    {
        changed();
        call.state_ = state;
        call.deadline_ = turn.now + wait;
    }
    [[nodiscard]] std::chrono::milliseconds stage_time() const
    {
        const auto own = call.stage_ < call.stages_.size() ? call.stages_[call.stage_]
                                                           : decltype(call.stages_)::value_type{};
        return own.count() != 0 ? own : call.settings_->timeouts.ring;
    }
};

[[nodiscard]] Message make_message(MessageKind kind);
[[nodiscard]] Message make_message(MessageKind kind, Condition reason, std::string_view text = {});

}  // namespace jingle::call
