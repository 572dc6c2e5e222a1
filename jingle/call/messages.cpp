// Message Initiation (XEP-0353) between the caller and whoever rings.
#include "jingle/call/handler.hpp"
#include "jingle/call/outcome.hpp"

namespace jingle::call {

void Call::Handler::operator()(const JmiSignal& signal)
{
    auto& from = call.legs_[leg];
    const auto& speaker = leg == caller_leg && call.invite_ ? call.invite_->from : from.peer;
    if (speaker.is_full() && speaker.full() != signal.from)
        return;  // An other device of the same user: the first that took the call up has it.
    if (leg != caller_leg && signal.from == caller().peer.full())
        return;  // The calling device hears of a call to the own account too.
    if (call.is_ended() || from.is_over()) {
        // Its answer has crossed our word that it is over.
        if (leg != caller_leg && signal.message->kind == MessageKind::proceed)
            say(leg,
                make_message(MessageKind::retract, Condition::cancel,
                             call.chosen_ != caller_leg ? elsewhere_text : std::string_view{}),
                turn.arena.copy(signal.from));
        return;
    }
    if (from.is_bound() && from.peer.full() == signal.from)
        from.note_there();
    if (leg == caller_leg)
        from_caller(*signal.message);
    else if (from.state != LegState::idle)
        from_callee(signal);
}

void Call::Handler::from_caller(const Message& message)
{
    if (message.kind == MessageKind::finish && message.migrated_to && call.state_ == State::active)
        return migrated(message);
    const bool gives_up = (message.kind == MessageKind::retract && call.state_ != State::active)
        || (message.kind == MessageKind::finish
            && (call.state_ == State::proposed || call.state_ == State::proceeding));
    if (!gives_up)
        return;  // A propose starts a call elsewhere; accept is what a device tells its own.
    const auto reason = message.reason ? message.reason->condition : Condition::cancel;
    dismiss_all(reason, nullptr, &message);
    end(reason);
}

void Call::Handler::from_callee(const JmiSignal& signal)
{
    const auto& message = *signal.message;
    const auto state = call.legs_[leg].state;
    switch (message.kind) {
    case MessageKind::ringing:
        if (state != LegState::proposed)
            return;
        if (!call.legs_[leg].is_bound()) {
            if (call.legs_[leg].silent)
                changed();
            call.legs_[leg].note_ringing(signal.from);
        }
        return tell_ringing(leg, nullptr, &message);
    case MessageKind::proceed:
        if (state == LegState::proposed)
            proceed(signal);
        return;
    case MessageKind::reject:
        if (state == LegState::proposed || state == LegState::proceeding)
            refuse(leg, message.reason ? message.reason->condition : Condition::decline, &message);
        else if (state == LegState::offered)
            reject_offer(message);
        return;
    case MessageKind::finish:
        if (message.migrated_to && state == LegState::active)
            return migrated(message);
        if (state == LegState::proceeding)
            refuse(leg, message.reason ? message.reason->condition : Condition::cancel, &message);
        return;
    case MessageKind::propose: return lost_propose(signal);
    case MessageKind::retract:
    case MessageKind::accept:
        return;  // Dino tells its own devices so; who calls back starts a call of his own.
    }
}

/// Who has changed his mind has not seen the offer, which is on its way.
void Call::Handler::reject_offer(const Message& reject)
{
    const auto reason = reject.reason ? reject.reason->condition : Condition::decline;
    dismiss(leg, reason);
    refuse(leg, reason, &reject);
}

/// A propose that crosses ours under the very id of ours: ours rings already and stands.
void Call::Handler::lost_propose(const JmiSignal& signal)
{
    if (call.legs_[leg].state != LegState::proposed)
        return;
    auto reject = make_message(MessageKind::reject, Condition::expired);
    reject.tie_break = true;
    say(leg, reject, turn.arena.copy(signal.from));
}

void Call::Handler::proceed(const JmiSignal& signal)
{
    auto peer = xmpp::Jid::parse(signal.from);
    if (!peer || !peer->is_full())
        return;  // Nobody to send the offer to.
    auto& taken = call.legs_[leg];
    taken.peer = *std::move(peer);
    taken.set_profile(signal.profile);
    taken.state = LegState::proceeding;
    add(Bound{ leg });
    note(Step::proceeded, leg);
    choose(leg);
    if (caller().jmi && !std::exchange(call.caller_proceeded_, true))
        say(caller_leg, make_message(MessageKind::proceed));
    auto* offer = call.held_.offer(turn.arena);
    if (offer == nullptr)
        return enter(State::proceeding, call.settings_->timeouts.initiate);
    call.held_.forget_offer();
    enter(State::pending, call.settings_->timeouts.accept);
    if (offer_to(leg, *offer))
        release(false);
}

/// Who cannot be proposed to may still take a session-initiate: a server may hand out one and not the other.
void Call::Handler::operator()(const JmiBounced& signal)
{
    auto& bounced = call.legs_[leg];
    if (call.is_ended() || bounced.state != LegState::proposed)
        return;
    if (!bounced.is_bound())
        return bounced_for_all(signal);
    if (bounced.is_page(call.settings_->domain))
        return refuse(leg, Condition::gone);
    bounced.jmi = false;
    bounced.state = LegState::awaiting;
    changed();
    ask_for_offer();
}

void Call::Handler::bounced_for_all(const JmiBounced& signal)
{
    // Servers return the copy, too, that one device did not fetch any more. Whoever rings has got his.
    if (call.legs_[leg].rang)
        return;
    for (const auto& device : *signal.instead) {
        call.legs_.push_back(device);
        call.legs_[call.legs_.size() - 1].state = LegState::awaiting;
    }
    refuse(leg, Condition::gone);
    if (!signal.instead->empty())
        ask_for_offer();
}

/// XEP-0353, 4.2: the side that the session moved at says where it goes on; the other hears it, and that this
/// session is over.
void Call::Handler::migrated(const Message& message)
{
    moves(other(leg), *message.migrated_to);
    end(Condition::expired);
}

void Call::Handler::moves(LegIndex from, std::string_view to)
{
    auto* terminate = make_jingle(Action::session_terminate);
    terminate->reason = make_message(MessageKind::finish, Condition::expired).reason;
    finish(from, Condition::expired, to);
    call.legs_[from].farewell = Farewell::terminate;
    (void)send(from, *terminate);
}

}  // namespace jingle::call
