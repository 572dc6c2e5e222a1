// The states of a call and what each event does in them. "+" = acknowledged at once, "->" = passed to the
// other side, "held" = kept and passed on later, OOO = out-of-order, US = unknown-session, "e2e" = answered
// end to end, "next" = the next stage rings, or nobody is left and the caller is told (outcome.cpp).
//
//   event                          proposed          proceeding     pending            active       ended
//   caller session-initiate        (JMI) + held,     + -> pending   OOO                OOO          OOO (1)
//                                  -> who awaits it
//   session-accept, caller         OOO               OOO            OOO                OOO          US
//   session-accept, callee         (fork) + -> active US            + -> active        OOO          US
//   session-terminate, caller      + stop all, ended US             + -> ended         + -> ended   US
//   session-terminate, callee      (fork) + next     US             + -> ended         + -> ended   US
//   session-info ringing, callee   (fork) + -> once  US             + ->               + ->         US
//   transport-info, description-   + held            US             + ->               + ->         US
//     info, session-info, security-info
//   transport-info, ICE restart    + held            US             + ->               e2e          US
//   content-add, -modify, -remove, + held            US             + held             e2e          US
//     transport-replace
//   content-accept, -reject,       OOO               US             OOO                e2e          US
//     transport-accept, -reject
//   JMI ringing (callee)           -> once           -              -                  -            -
//   JMI proceed (callee)           stop the others,  -              -                  -            retract
//                                  -> proceeding or pending
//   JMI reject (callee)            next              -> ended       terminate, ended   -            -
//   JMI retract (caller)           stop all, ended   -> ended       terminate, ended   -            -
//   JMI finish                     (caller) ended    -> ended       -                  migrated: -> ended  -
//   propose bounced                session-initiate to it, or to all known; else next  -  -  -      -
//   error to our session-initiate  (fork) next       -              terminate, ended   -            -
//   unknown-session to anything    (fork) next       -              terminate, ended   terminate    -
//   error to our session-accept    -                 -              -                  terminate, ended (2) -
//   no answer to a session-initiate   (fork) next    -              terminate, ended   -            -
//   device gone                    after a wait and, where there is a session, a ping without answer: ended;
//                                  a fork: next; of all that ring by one propose: the last that is known,
//                                  next
//   time                           next              timeout, ended timeout, ended     ping         forgotten
//
// (1) but for a propose that was refused with an error: the call starts anew (Calls).
// (2) out-of-order says that he has it already; who is away gets it again when he is back.
//
// In `proposed` several legs may ring: by a propose, or (forks) by a session-initiate of their own. A call
// with one such leg and no other is `pending` from the start. What a fork says before it has won is held, and
// goes when it loses; a leg that has lost or refused is over: US.
//
// A leg has a session once a session-initiate has come from it or gone to it; without one every request of
// that leg is US. tests/unit/call/call_test.cpp repeats this table.

#include "jingle/call/call.hpp"

#include <algorithm>

#include "jingle/call/handler.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/writer.hpp"

namespace jingle::call {
namespace {

/// What a session-initiate would have proposed.
Message propose_of(const Jingle& initiate, base::Arena& arena)
{
    auto propose = make_message(MessageKind::propose);
    for (const auto* child : initiate.extra.children)
        if (child->is("via", xmpp::ns::via) || child->is("nick", xmpp::ns::nick))
            propose.extra.children.push_back(arena, child);
    for (const auto& content : initiate.contents)
        if (const auto* rtp = content.rtp()) {
            const auto media = rtp->media;
            const bool named
                = std::ranges::any_of(propose.descriptions, [&](const auto& d) { return d.media == media; });
            if (!named)
                propose.descriptions.push_back(arena, { xmpp::ns::rtp, media, {} });
        }
    return propose;
}

/// As a stanza, which can be read again.
std::string to_xml(Message message, std::string_view id)
{
    message.id = id;  // It is not one without.
    std::string xml;
    xmpp::Writer writer{ xml, {} };
    writer.open("message", xmpp::ns::component);
    message.write(writer);
    writer.close();
    return xml;
}

}  // namespace

std::string_view to_string(State state) noexcept
{
    switch (state) {
    case State::proposed: return "proposed";
    case State::proceeding: return "proceeding";
    case State::pending: return "pending";
    case State::active: return "active";
    case State::ended: return "ended";
    }
    return "unknown";
}

Call::Call(CallId id, Leg caller, RingPlan plan, std::shared_ptr<const Settings> settings)
    : id_{ id }
    , relay_only_{ plan.relay_only }
    , stages_{ std::move(plan.stages) }
    , rule_{ std::move(plan.rule) }
    , settings_{ std::move(settings) }
{
    caller.state = LegState::active;
    legs_.push_back(std::move(caller));
    for (auto& leg : plan.legs)
        legs_.push_back(std::move(leg));
    stage_ = legs_[callee_leg].stage;
    stages_.shrink_to_fit();
}

void Call::begin(const Jingle& initiate, std::string_view id, Turn& turn)
{
    Handler handler{ *this, turn };
    caller_session_ = true;
    auto* offer = handler.normalised(initiate);
    legs_[caller_leg].note_credentials(*offer);
    handler.add(Noted{ Step::started, caller_leg, {}, turn.arena.copy(rule_) });
    handler.answer(caller_leg, id);
    if (legs_.size() == 2 && !legs_[callee_leg].jmi) {
        handler.enter(State::pending, handler.stage_time());
        chosen_ = callee_leg;
        (void)handler.offer_to(callee_leg, *offer);
        return;
    }
    held_.keep_offer(*offer);
    const auto propose = propose_of(*offer, turn.arena);
    propose_ = to_xml(propose, legs_[caller_leg].sid);
    handler.ring(propose);
}

void Call::begin(const Message& propose, std::string_view id, Turn& turn)
{
    Handler handler{ *this, turn };
    propose_id_ = id;
    legs_[caller_leg].jmi = true;
    handler.add(Noted{ Step::started, caller_leg, {}, turn.arena.copy(rule_) });
    propose_ = to_xml(propose, legs_[caller_leg].sid);
    handler.ring(propose);
}

void Call::begin_alone(const Jingle* initiate, std::string_view id, Turn& turn)
{
    Handler handler{ *this, turn };
    handler.add(Noted{ Step::started, caller_leg, {}, turn.arena.copy(rule_) });
    caller_session_ = initiate != nullptr;
    legs_[caller_leg].jmi = !caller_session_;
    if (caller_session_)
        handler.answer(caller_leg, id);
    else
        propose_id_ = id;
    handler.enter(State::proposed, handler.stage_time());
}

void Call::begin_silent(const Jingle* initiate, std::string_view id, Turn& turn)
{
    begin_alone(initiate, id, turn);
    Handler handler{ *this, turn };
    if (!caller_session_)
        return handler.say(caller_leg, make_message(MessageKind::ringing));
    auto* ringing = handler.make_jingle(Action::session_info);
    ringing->info = RtpInfo{ InfoKind::ringing, {}, {} };
    (void)handler.send(caller_leg, *ringing);
}

void Call::begin_busy(const Jingle* initiate, std::string_view id, Turn& turn)
{
    begin_alone(initiate, id, turn);
    end(Condition::busy, turn);
}

void Call::begin_lost(Turn& turn)
{
    Handler handler{ *this, turn };
    legs_[caller_leg].jmi = true;
    handler.add(Noted{ Step::started, caller_leg, {}, turn.arena.copy(rule_) });
    lose_tie_break(turn);
}

void Call::dialled(const xmpp::Jid& own)
{
    if (!caller_session_ && !is_ended())
        legs_[caller_leg].own = own;
}

void Call::handle(LegIndex leg, const Signal& signal, Turn& turn)
{
    std::visit(Handler{ *this, turn, leg }, signal);
}

void Call::end(Condition reason, Turn& turn)
{
    if (is_ended())
        return;
    Handler handler{ *this, turn };
    handler.dismiss(caller_leg, reason);
    handler.dismiss_all(reason);
    handler.end(reason);
}

/// XEP-0353, 3.6: the loser is refused at the one side and retracted at the other, as expired.
void Call::lose_tie_break(Turn& turn)
{
    Handler handler{ *this, turn };
    auto reject = make_message(MessageKind::reject, Condition::expired);
    auto retract = make_message(MessageKind::retract, Condition::expired);
    reject.tie_break = true;
    retract.tie_break = true;
    handler.dismiss(caller_leg, Condition::expired, nullptr, &reject);
    handler.dismiss_all(Condition::expired, nullptr, &retract);
    handler.end(Condition::expired);
}

void Call::yield(LegIndex to, Turn& turn)
{
    Handler{ *this, turn, to }.note(Step::stopped, to, Condition::expired);
    legs_[to].finish(Condition::expired);
    end(Condition::expired, turn);
}

void Call::migrate(LegIndex stays, const Call& to, Turn& turn)
{
    Handler handler{ *this, turn, stays };
    handler.moves(handler.other(stays), to.leg(caller_leg).sid);
    auto* terminate = handler.make_jingle(Action::session_terminate);
    terminate->reason = Reason{};
    terminate->reason->condition = Condition::alternative_session;
    terminate->reason->alternative_sid = to.leg(callee_leg).sid;
    legs_[stays].farewell = Farewell::terminate;
    (void)handler.send(stays, *terminate);
    handler.end(Condition::expired);
}

Time Call::deadline() const noexcept
{
    auto earliest = deadline_;
    for (std::size_t i = 0; i < legs_.size(); ++i) {
        earliest = std::min(earliest, legs_[i].check);
        for (const auto& open : legs_[i].open)
            earliest = std::min(earliest, open.since + Leg::open_timeout);
    }
    return earliest;
}

void Call::pass_time(Turn& turn)
{
    Handler handler{ *this, turn };
    for (LegIndex index = caller_leg; index < handler.end_of_legs(); ++index)
        std::erase_if(legs_[index].open, [&](const OpenRequest& open) {
            if (open.since + Leg::open_timeout > turn.now)
                return false;
            if (!open.answered)
                handler.answer(
                    index, turn.arena.copy(open.id),
                    xmpp::StanzaError{ xmpp::ErrorType::wait, xmpp::Condition::remote_server_timeout, {} });
            handler.changed();
            return true;
        });
    for (LegIndex index = caller_leg; index < handler.end_of_legs() && !is_ended(); ++index)
        if (legs_[index].check <= turn.now)
            handler.check_device(index);
    if (is_ended() || deadline_ > turn.now)
        return;
    if (state_ == State::proposed && (caller_session_ || !caller_proceeded_))
        return handler.time_out_stage();
    if (state_ != State::active)
        return end(Condition::timeout, turn);
    deadline_ = turn.now + settings_->timeouts.ping_interval;
    handler.ping(caller_leg);
    handler.ping(callee());
    // Who was told by a message that another has the call is not told again, so long after.
    for (LegIndex index = caller_leg; index < handler.end_of_legs(); ++index)
        if (std::exchange(legs_[index].farewell, Farewell::none) != Farewell::none)
            handler.changed();
}

void Call::say_again(Turn& turn)
{
    Handler{ *this, turn }.say_again();
}

void Call::Handler::operator()(const JingleRequest& request)
{
    const auto action = request.jingle->action;
    if (call.is_ended())
        return answer(leg, request.id,
                      action == Action::session_initiate ? xmpp::errors::out_of_order
                                                         : xmpp::errors::unknown_session);
    if (call.legs_[leg].is_bound())
        call.legs_[leg].note_there();
    if (action == Action::session_initiate && leg == caller_leg && !call.caller_session_)
        return initiated_by_caller(request);
    if (action == Action::session_initiate)
        return answer(leg, request.id, xmpp::errors::out_of_order);
    if (!has_session(leg))
        return answer(leg, request.id, xmpp::errors::unknown_session);
    if (action == Action::session_terminate)
        return terminate(request);
    const JingleRequest mended{ normalised(*request.jingle), request.id };
    if (mended.jingle->action == Action::session_accept)
        return accept(mended);
    pass(mended);
}

void Call::Handler::initiated_by_caller(const JingleRequest& request)
{
    call.caller_session_ = true;
    changed();
    auto* offer = normalised(*request.jingle);
    caller().note_credentials(*offer);
    answer(leg, request.id);
    if (call.state_ == State::proceeding) {
        enter(State::pending, call.settings_->timeouts.accept);
        if (offer_to(call.chosen_, *offer))
            release(false);
        return;
    }
    call.held_.keep_offer(*offer);
    call.deadline_ = std::max(call.deadline_, turn.now + stage_time());
    offer_to_awaiting();
}

void Call::Handler::accept(const JingleRequest& request)
{
    const bool offered = leg != caller_leg && call.legs_[leg].state == LegState::offered;
    if (!offered)
        return answer(leg, request.id, xmpp::errors::out_of_order);
    call.legs_[leg].note_credentials(*request.jingle);
    answer(leg, request.id);
    const auto sent = send(caller_leg, *request.jingle);
    if (call.chosen_ == caller_leg)
        choose(leg);
    if (sent.verdict == Verdict::refused)
        return call.end(sent.reason, turn);
    call.legs_[leg].state = LegState::active;
    if (sent.request != nullptr && !caller().is_page(call.settings_->domain))
        call.accept_ = Held::to_xml(*sent.request);
    enter(State::active, call.settings_->timeouts.ping_interval);
    note(Step::accepted, leg);
    call.held_.forget_offer();
    release(true);
}

void Call::Handler::terminate(const JingleRequest& request)
{
    const auto reason = request.jingle->reason ? request.jingle->reason->condition : Condition::general_error;
    answer(leg, request.id);
    if (is_fork(leg))
        return refuse(leg, reason);
    if (leg == caller_leg)
        dismiss_all(reason, request.jingle);
    else
        dismiss(caller_leg, reason, request.jingle);
    if (leg != caller_leg && call.state_ == State::pending)
        note(Step::refused, leg, reason);
    finish(leg, reason);
    end(reason);
}

}  // namespace jingle::call
