// Whom a call rings, in which order, and who has it. The first that answers wins; each other leg stops at
// once and is told why.
#include <algorithm>

#include "base/release.hpp"
#include "jingle/call/handler.hpp"
#include "jingle/call/outcome.hpp"
#include "jingle/call/via.hpp"
#include "xmpp/reader.hpp"

namespace jingle::call {

/// Starts the stage that is due. The propose goes to who rings by it; the others get the offer, or wait
/// for it.
void Call::Handler::ring(const Message& propose)
{
    auto passed = propose;
    passed.extra = with_hop(propose.extra, call.settings_->domain, turn.arena);
    bool offer_wanted = false;
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i) {
        auto& each = call.legs_[i];
        if (each.stage != call.stage_ || each.state != LegState::idle)
            continue;
        offer_wanted |= !each.jmi;
        each.state = each.jmi ? LegState::proposed : LegState::awaiting;
        if (each.jmi)
            say(i, passed);
    }
    enter(State::proposed, stage_time());
    if (offer_wanted)
        ask_for_offer();
}

/// Who knows only session-initiate needs the caller's offer: a caller who has only proposed is told to send
/// it, before anybody has answered.
void Call::Handler::ask_for_offer()
{
    if (call.caller_session_)
        return offer_to_awaiting();
    if (call.caller_proceeded_)
        return;
    call.caller_proceeded_ = true;
    changed();
    say(caller_leg, make_message(MessageKind::ringing));
    say(caller_leg, make_message(MessageKind::proceed));
    call.deadline_ = turn.now + std::min(stage_time(), call.settings_->timeouts.initiate);
}

void Call::Handler::offer_to_awaiting()
{
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i) {
        if (call.is_ended() || call.legs_[i].state != LegState::awaiting)
            continue;
        // Each its own value: what a client needs otherwise is changed in place.
        if (auto* offer = call.held_.offer(turn.arena))
            offer_to(i, *offer);
    }
}

/// False when the offer cannot be made to that client; the leg is over then.
bool Call::Handler::offer_to(LegIndex to, Jingle& offer)
{
    call.legs_[to].state = LegState::offered;
    offer.extra = with_hop(offer.extra, call.settings_->domain, turn.arena);
    const auto sent = send(to, offer);
    if (sent.verdict == Verdict::refused) {
        call.legs_[to].state = LegState::awaiting;  // It never heard of the session.
        refuse(to, sent.reason);
        return false;
    }
    note(Step::initiated, to);
    await_answer(to);
    return true;
}

/// A server answers for a device that it knows to be away. Of one whose connection died unnoticed nothing
/// comes, and the caller would hear it ring.
void Call::Handler::await_answer(LegIndex from) const
{
    auto& offered = call.legs_[from];
    if (offered.is_page(call.settings_->domain))
        return;  // Its connection is ours, and watched elsewhere.
    offered.unheard = true;
    offered.check = std::min(offered.check, turn.now + call.settings_->timeouts.answer);
}

/// That leg has the call.
void Call::Handler::choose(LegIndex winner)
{
    call.chosen_ = winner;
    base::release(call.propose_);
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
        if (i != winner && !call.legs_[i].is_over())
            stop(i, Condition::success, Condition::success, elsewhere_text);
}

/// A leg's peer said no, or the server did for him.
void Call::Handler::refuse(LegIndex which, Condition reason, const Message* reject)
{
    note(Step::refused, which, reason);
    leave(which, reason, reject);
}

/// A leg's device is not there any more, or has answered nothing: for the caller it is one he cannot reach.
/// It hears so, should it come back.
void Call::Handler::lose(LegIndex which, Condition how)
{
    dismiss(which, how);
    note(Step::gone, which, how);
    leave(which, Condition::gone);
}

/// A leg is out of the call. One that speaks for its user ends his other legs; when nobody rings any more the
/// next stage does.
void Call::Handler::leave(LegIndex which, Condition reason, const Message* reject)
{
    const auto party = call.legs_[which].party;
    call.legs_[which].finish(reason);
    call.held_.drop(which);
    if (call.chosen_ != caller_leg) {
        dismiss(caller_leg, reason, nullptr, reject);
        return end(reason);
    }
    if (speaks_for_user(reason, reject != nullptr))
        for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
            if (call.legs_[i].party == party && !call.legs_[i].is_over())
                stop(i, Condition::cancel, reason, declined_text);
    (void)give_up_silent(party);
    go_on(reason, reject);
}

/// When all that is left of a user is a propose that nobody is known to hear, it is given up if its devices
/// have gone, or if another one has said that its user is busy: that is what the caller hears. True when it
/// was.
bool Call::Handler::give_up_silent(std::uint8_t party)
{
    const auto is_his = [&](LegIndex i) { return call.legs_[i].party == party; };
    const auto rings = [&](LegIndex i) { return is_his(i) && is_ringing(i); };
    bool busy = false;
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
        busy = busy || (is_his(i) && call.legs_[i].is_over() && call.legs_[i].outcome == Condition::busy);
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
        if (const auto& each = call.legs_[i]; rings(i) && !each.silent && !(busy && each.blind && !each.rang))
            return false;
    bool any = false;
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
        if (rings(i)) {
            any = true;
            stop(i, Condition::cancel, Condition::gone);
        }
    return any;
}

/// After a leg is over for `reason`: others ring on, the next stage does, or nobody is left.
void Call::Handler::go_on(Condition reason, const Message* reject)
{
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
        if (is_ringing(i))
            return;
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
        if (call.legs_[i].state == LegState::idle)
            return ring_next();
    const auto heard = outcome();
    nobody_answers(heard, heard == reason ? reject : nullptr);
}

/// Tells a leg that rings to stop, with `text` to the reason; `outcome` is what counts for the caller.
void Call::Handler::stop(LegIndex which, Condition reason, Condition outcome, std::string_view text)
{
    auto& stopped = call.legs_[which];
    if (stopped.state != LegState::idle) {
        const bool elsewhere = reason == Condition::success;
        dismiss(which, elsewhere ? Condition::cancel : reason, nullptr, nullptr, text);
        note(Step::stopped, which, reason);
    }
    stopped.finish(outcome);
    call.held_.drop(which);
}

/// The next stage that anybody is left in.
void Call::Handler::ring_next()
{
    auto next = call.stage_;
    for (LegIndex i = end_of_legs(); i-- > callee_leg;)
        if (call.legs_[i].state == LegState::idle)
            next = call.legs_[i].stage;
    call.stage_ = next;
    const auto element = xmpp::parse_document(turn.arena.copy(call.propose_), turn.arena);
    const auto propose
        = element ? Message::from_stanza(**element, turn.arena) : base::fail(base::Errc::missing, "propose");
    if (!propose)  // An offer without a description has nothing that could be proposed.
        return nobody_answers(Condition::unsupported_applications, nullptr);
    ring(*propose);
}

void Call::Handler::time_out_stage()
{
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
        if (const auto& each = call.legs_[i]; is_ringing(i))
            stop(i, Condition::timeout, each.is_known_to_ring() ? Condition::timeout : Condition::gone);
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
        if (call.legs_[i].state == LegState::idle)
            return ring_next();
    nobody_answers(outcome(), nullptr);
}

/// What all that is over means to the caller.
Condition Call::Handler::outcome() const
{
    auto outcome = Condition::gone;
    for (LegIndex i = callee_leg; i < end_of_legs(); ++i)
        if (call.legs_[i].is_over())
            outcome = combined(outcome, call.legs_[i].outcome);
    return outcome;
}

/// Each leg's ringing counts once; the caller hears it in his own words.
void Call::Handler::tell_ringing(LegIndex from, const Jingle* info, const Message* message)
{
    if (std::exchange(call.legs_[from].rang, true))
        return;
    note(Step::ringing, from);
    if (!call.caller_session_) {
        if (caller().jmi && !call.caller_proceeded_)
            say(caller_leg, message != nullptr ? *message : make_message(MessageKind::ringing));
        return;
    }
    auto* ringing = make_jingle(Action::session_info);
    ringing->info = RtpInfo{ InfoKind::ringing, {}, {} };
    (void)send(caller_leg, info != nullptr ? *info : *ringing);
}

}  // namespace jingle::call
