// How each party is told that it is over.
#include "base/release.hpp"
#include "jingle/call/handler.hpp"
#include "jingle/call/via.hpp"
#include "xmpp/reader.hpp"

namespace jingle::call {

Message make_message(MessageKind kind)
{
    Message message;
    message.kind = kind;
    return message;
}

Message make_message(MessageKind kind, Condition reason, std::string_view text)
{
    auto message = make_message(kind);
    message.reason = Reason{};
    message.reason->condition = reason;
    if (!text.empty())
        message.reason->text = text;
    return message;
}

/// All the callees' legs.
void Call::Handler::dismiss_all(Condition reason, const Jingle* terminate, const Message* retract)
{
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i) {
        if (!is_ringing(i))
            continue;
        const bool fork = is_fork(i);
        dismiss(i, reason, terminate, retract);
        if (fork)
            note(Step::stopped, i, reason);
    }
}

/// Tells a leg that the call is over: session-terminate where there is a session, else the message that fits.
/// What the other side said is passed on as it stands where the form is the same.
void Call::Handler::dismiss(LegIndex to, Condition reason, const Jingle* terminate, const Message* message,
                            std::string_view text)
{
    if (has_session(to)) {
        auto* jingle = make_jingle(Action::session_terminate);
        jingle->reason = make_message(MessageKind::finish, reason, text).reason;
        (void)send(to, terminate != nullptr ? *terminate : *jingle);
        call.legs_[to].farewell = Farewell::terminate;
        return finish(to, reason);
    }
    const auto& leg_to = call.legs_[to];
    const bool knows
        = to == caller_leg || leg_to.state == LegState::proposed || leg_to.state == LegState::proceeding;
    if (!leg_to.jmi || !knows)
        return;
    call.legs_[to].farewell = Farewell::message;
    const auto kind = to == caller_leg ? MessageKind::reject : MessageKind::retract;
    if (message != nullptr && message->kind == kind)
        return say(to, *message);
    say(to, make_message(kind, reason, text));
}

/// Everybody has refused or let it ring.
void Call::Handler::nobody_answers(Condition outcome, const Message* reject)
{
    bool rang = call.caller_session_ || call.caller_proceeded_;
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
        rang |= call.legs_[i].rang;
    // An error lets the caller's client try again without Message Initiation; a reject would be the user's.
    call.refused_ = outcome == Condition::gone && !rang;
    caller().farewell = call.refused_ ? Farewell::message : caller().farewell;
    if (call.refused_)
        add(Refuse{ caller_leg, turn.arena.copy(call.propose_id_), xmpp::errors::service_unavailable });
    else
        dismiss(caller_leg, outcome, nullptr, reject);
    end(outcome);
}

/// XEP-0353, 3.7: after a session both parties say so. Carillon is the party each side knows.
void Call::Handler::finish(LegIndex to, Condition reason, std::optional<std::string_view> migrated_to)
{
    if (!call.legs_[to].jmi || !has_session(to) || !call.legs_[to].is_bound())
        return;
    auto message = make_message(MessageKind::finish, reason);
    message.migrated_to = migrated_to;
    say(to, message);
}

void Call::Handler::end(Condition reason)
{
    note(Step::ended, caller_leg, reason);
    enter(State::ended, call.settings_->timeouts.tombstone);
    base::release(call.held_);
    base::release(call.waiting_);
    base::release(call.propose_);
    base::release(call.accept_);
    for (LegIndex i = caller_leg; i < end_of_legs(); ++i) {
        auto& ended = call.legs_[i];
        if (ended.is_over())
            continue;
        // What the far side has not answered it will not answer any more.
        for (const auto& open : ended.open)
            if (!open.answered)
                answer(i, turn.arena.copy(open.id), xmpp::errors::unknown_session);
        ended.finish(reason);
    }
}

void Call::Handler::ping(LegIndex to)
{
    add(Request{ to, make_jingle(Action::session_info), Answered::here, ping_mark });
}

/// The stream was lost, or this process is a new one. What may not have arrived is said again where that does
/// no harm; who has a session is asked whether it knows of it. The same for an accept that was not answered,
/// when that question is. (What was answered is not said twice: clients end the call on the second.)
void Call::Handler::say_again()
{
    for (LegIndex i = caller_leg; i < end_of_legs(); ++i)
        say_farewell_again(i);
    if (call.is_ended())
        return;
    const auto element = call.state_ == State::proposed && !call.propose_.empty()
        ? xmpp::parse_document(turn.arena.copy(call.propose_), turn.arena)
        : base::fail(base::Errc::missing, "propose");
    if (const auto propose = element ? Message::from_stanza(**element, turn.arena)
                                     : base::fail(base::Errc::missing, "propose")) {
        auto passed = *propose;
        passed.extra = with_hop(propose->extra, call.settings_->domain, turn.arena);
        for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
            if (call.legs_[i].state == LegState::proposed && !call.legs_[i].rang)
                say(i, passed);
    }
    if (caller().jmi && call.caller_proceeded_ && !call.caller_session_)
        say(caller_leg, make_message(MessageKind::proceed));
    for (LegIndex i = caller_leg; i < end_of_legs(); ++i)
        if (has_session(i) && !call.legs_[i].is_over()) {
            // Without the mark of a ping: a client that is not back yet, as after a restart of the server,
            // gets the time of a device that is gone.
            add(Request{ i, make_jingle(Action::session_info), Answered::here, {} });
            if (call.legs_[i].state == LegState::offered && !call.legs_[i].rang)
                await_answer(i);
        }
    call.accept_doubtful_ = !call.accept_.empty();
    if (call.state_ == State::active)
        call.deadline_ = turn.now + call.settings_->timeouts.ping_interval;
}

void Call::Handler::say_farewell_again(LegIndex to)
{
    const auto& told = call.legs_[to];
    const auto reason
        = told.outcome == Condition::success && !call.is_ended() ? Condition::cancel : told.outcome;
    switch (told.farewell) {
    case Farewell::none: return;
    case Farewell::terminate: {
        auto* terminate = make_jingle(Action::session_terminate);
        terminate->reason = make_message(MessageKind::finish, reason).reason;
        return add(Request{ to, terminate, Answered::here, {} });
    }
    case Farewell::message:
        if (to == caller_leg && call.refused_)
            return add(Refuse{ to, turn.arena.copy(call.propose_id_), xmpp::errors::service_unavailable });
        return say(to,
                   make_message(to == caller_leg ? MessageKind::reject : MessageKind::retract, reason,
                                reason == told.outcome ? std::string_view{} : elsewhere_text));
    }
}

}  // namespace jingle::call
