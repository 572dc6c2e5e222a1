// How each party is told that it is over.
#include "jingle/call/handler.hpp"

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
        return finish(to, reason);
    }
    const auto& leg_to = call.legs_[to];
    const bool knows
        = to == caller_leg || leg_to.state == LegState::proposed || leg_to.state == LegState::proceeding;
    if (!leg_to.jmi || !knows)
        return;
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
    call.held_ = {};
    call.waiting_ = {};
    call.propose_ = {};
    for (LegIndex i = caller_leg; i < end_of_legs(); ++i)
        if (!call.legs_[i].is_over())
            call.legs_[i].finish(reason);
}

void Call::Handler::ping(LegIndex to)
{
    add(Request{ to, make_jingle(Action::session_info), Answered::here, ping_mark });
}

}  // namespace jingle::call
