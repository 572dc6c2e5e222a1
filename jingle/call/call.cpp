// The states and what each event does in them. "+" = acknowledged at once, "->" = passed to the other leg,
// "held" = kept and passed on later, OOO = out-of-order, US = unknown-session, "e2e" = answered end to end.
//
//   event                          proposed          proceeding     pending            active       ended
//   caller session-initiate        (JMI) + held      + -> pending   OOO                OOO          OOO
//   session-accept, caller         OOO               OOO            OOO                OOO          US
//   session-accept, callee         US                US             + -> active        OOO          US
//   session-terminate              + retract, ended  US             + -> ended         + -> ended   US
//   transport-info, description-   + held            US             + ->               + ->         US
//     info, session-info, security-info
//   transport-info, ICE restart    + held            US             + ->               e2e          US
//   content-add, -modify, -remove, + held            US             + held             e2e          US
//     transport-replace
//   content-accept, -reject,       OOO               US             OOO                e2e          US
//     transport-accept, -reject
//   JMI ringing (callee)           -> ringing        -              -                  -            -
//   JMI proceed (callee)           -> proceeding or  -              -                  -            -
//                                  pending
//   JMI reject (callee)            -> ended          -> ended       -                  -            -
//   JMI retract (caller)           -> ended          -> ended       terminate, ended   -            -
//   JMI finish                     -                 -> ended       -                  -            -
//   propose bounced                unavailable, ended  -            -                  -            -
//   error to our session-initiate  -                 -              terminate, ended   -            -
//   unknown-session to anything    -                 -              terminate, ended   terminate    -
//   device gone                    after a wait and, where there is a session, a ping without answer: ended
//   time                           timeout, ended    timeout, ended timeout, ended     ping         forgotten
//
// A leg has a session once a session-initiate has come from it or gone to it; without one every request of
// that leg is US. tests/unit/call/call_test.cpp repeats this table.

#include "jingle/call/call.hpp"

#include <algorithm>

#include "xmpp/ns.hpp"

namespace jingle::call {
namespace {

constexpr LegIndex other(LegIndex leg)
{
    return leg == caller_leg ? callee_leg : caller_leg;
}

/// What waits for an active session: some clients end the call when it comes earlier.
constexpr bool waits_for_active(Action action)
{
    return action == Action::content_add || action == Action::content_modify
        || action == Action::content_remove || action == Action::transport_replace;
}

/// Stands in the way back of a ping of ours. The same error to a session-info of the other side's may only
/// mean that what it says is not understood, and ends no call.
constexpr std::string_view ping_mark = "ping";

/// Errors that say that nobody is there any more (RFC 6120, 8.3.3).
constexpr bool means_away(xmpp::Condition condition)
{
    using enum xmpp::Condition;
    return condition == service_unavailable || condition == recipient_unavailable || condition == gone
        || condition == item_not_found;
}

bool is_unknown_session(const xmpp::StanzaError& error)
{
    return error.jingle == xmpp::JingleCondition::unknown_session;
}

/// What a failed session-initiate means to the caller (XEP-0166, 7.4).
Condition reason_of(const xmpp::StanzaError& error)
{
    using enum xmpp::Condition;
    if (error.jingle == xmpp::JingleCondition::tie_break)
        return Condition::expired;
    if (error.jingle == xmpp::JingleCondition::security_required)
        return Condition::security_error;
    switch (error.condition) {
    case remote_server_not_found:
    case remote_server_timeout: return Condition::connectivity_error;
    case feature_not_implemented: return Condition::unsupported_applications;
    case service_unavailable:
    case recipient_unavailable:
    case item_not_found:
    case gone: return Condition::gone;
    default: return Condition::general_error;
    }
}

Message make_message(MessageKind kind)
{
    Message message;
    message.kind = kind;
    return message;
}

Message make_message(MessageKind kind, Condition reason)
{
    auto message = make_message(kind);
    message.reason = Reason{};
    message.reason->condition = reason;
    return message;
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

/// One turn of one call. One overload per signal; the words of the table above.
struct Call::Handler {
    Call& call;
    Turn& turn;
    LegIndex leg = caller_leg;

    void operator()(const JingleRequest& request);
    void operator()(const JingleReply& reply);
    void operator()(const JmiSignal& signal);
    void operator()(const JmiBounced&);
    void operator()(const DeviceGone&);

    void accept(const JingleRequest& request);
    void terminate(const JingleRequest& request);
    void pass(const JingleRequest& request);
    void negotiate(const JingleRequest& request);
    void lose_crossing(OpenRequest& crossing);
    void hold(const JingleRequest& request);
    void initiate_callee(const Jingle& offer);
    void release(bool negotiations);
    void proceed(std::string_view device);
    void asked_end(const Message& message);

    void tell_end(LegIndex to, Condition reason, const Jingle* terminate = nullptr,
                  const Message* message = nullptr);
    void finish(LegIndex to, Condition reason);
    void end(Condition reason);
    void ping(LegIndex to);

    void add(const Output& output) const { turn.outputs.push_back(turn.arena, { &call, output }); }
    void answer(LegIndex to, std::string_view id, std::optional<xmpp::StanzaError> error = {}) const
    {
        add(Answer{ to, id, error });
    }
    void request(LegIndex to, const Jingle* jingle) const { add(Request{ to, jingle, Answered::here, {} }); }
    void say(LegIndex to, const Message& message) const { add(Say{ to, message }); }
    void note(Step step, Condition reason = Condition::success) const { add(Noted{ step, reason }); }

    Jingle* make_jingle(Action action) const
    {
        auto* jingle = turn.arena.make<Jingle>();
        jingle->action = action;
        return jingle;
    }
    [[nodiscard]] bool has_session(LegIndex of) const
    {
        return of == caller_leg ? call.caller_session_
                                : call.state_ == State::pending || call.state_ == State::active;
    }
    void enter(State state, std::chrono::milliseconds wait) const
    {
        call.state_ = state;
        call.deadline_ = turn.now + wait;
    }
};

Call::Call(CallId id, Leg caller, Leg callee, const Timeouts& timeouts)
    : id_{ id }
    , legs_{ std::move(caller), std::move(callee) }
    , timeouts_{ &timeouts }
{
}

void Call::begin(const Jingle& initiate, std::string_view id, Turn& turn)
{
    Handler handler{ *this, turn };
    caller_session_ = true;
    legs_[caller_leg].note_credentials(initiate);
    handler.note(Step::started);
    handler.answer(caller_leg, id);
    if (legs_[callee_leg].is_bound()) {
        handler.initiate_callee(initiate);
        return;
    }
    held_.keep_offer(initiate);
    legs_[callee_leg].jmi = true;
    auto propose = make_message(MessageKind::propose);
    for (const auto& content : initiate.contents)
        if (const auto* rtp = content.rtp()) {
            const auto media = rtp->media;
            const bool named
                = std::ranges::any_of(propose.descriptions, [&](const auto& d) { return d.media == media; });
            if (!named)
                propose.descriptions.push_back(turn.arena, { xmpp::ns::rtp, media, {} });
        }
    handler.say(callee_leg, propose);
    handler.enter(State::proposed, timeouts_->ring);
}

void Call::begin(const Message& propose, std::string_view id, Turn& turn)
{
    Handler handler{ *this, turn };
    propose_id_ = id;
    for (auto& leg : legs_)
        leg.jmi = true;
    handler.note(Step::started);
    handler.say(callee_leg, propose);
    handler.enter(State::proposed, timeouts_->ring);
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
    handler.tell_end(caller_leg, reason);
    handler.tell_end(callee_leg, reason);
    handler.end(reason);
}

Time Call::deadline() const noexcept
{
    auto earliest = std::min(deadline_, check_);
    for (const auto& leg : legs_)
        for (const auto& open : leg.open)
            earliest = std::min(earliest, open.since + Leg::open_timeout);
    return earliest;
}

void Call::pass_time(Turn& turn)
{
    Handler handler{ *this, turn };
    for (const LegIndex index : { caller_leg, callee_leg })
        std::erase_if(legs_[index].open, [&](const OpenRequest& open) {
            if (open.since + Leg::open_timeout > turn.now)
                return false;
            if (!open.answered && !is_ended())
                handler.answer(
                    index, turn.arena.copy(open.id),
                    xmpp::StanzaError{ xmpp::ErrorType::wait, xmpp::Condition::remote_server_timeout, {} });
            return true;
        });
    if (is_ended())
        return;
    if (check_ <= turn.now) {
        const LegIndex gone = legs_[caller_leg].gone ? caller_leg : callee_leg;
        if (asked_ || !handler.has_session(gone))
            return end(Condition::gone, turn);
        asked_ = true;
        check_ = turn.now + timeouts_->gone;
        handler.ping(gone);
    }
    if (deadline_ > turn.now)
        return;
    if (state_ != State::active)
        return end(Condition::timeout, turn);
    deadline_ = turn.now + timeouts_->ping_interval;
    handler.ping(caller_leg);
    handler.ping(callee_leg);
}

void Call::Handler::operator()(const JingleRequest& request)
{
    const auto action = request.jingle->action;
    if (call.is_ended())
        return answer(leg, request.id,
                      action == Action::session_initiate ? xmpp::errors::out_of_order
                                                         : xmpp::errors::unknown_session);
    if (action == Action::session_initiate && leg == caller_leg && !call.caller_session_) {
        call.caller_session_ = true;
        call.legs_[leg].note_credentials(*request.jingle);
        answer(leg, request.id);
        if (call.state_ == State::proceeding)
            return initiate_callee(*request.jingle);
        return call.held_.keep_offer(*request.jingle);
    }
    if (action == Action::session_initiate)
        return answer(leg, request.id, xmpp::errors::out_of_order);
    if (!has_session(leg))
        return answer(leg, request.id, xmpp::errors::unknown_session);
    if (action == Action::session_accept)
        return accept(request);
    if (action == Action::session_terminate)
        return terminate(request);
    pass(request);
}

void Call::Handler::accept(const JingleRequest& request)
{
    if (leg != callee_leg || call.state_ != State::pending)
        return answer(leg, request.id, xmpp::errors::out_of_order);
    call.legs_[leg].note_credentials(*request.jingle);
    answer(leg, request.id);
    this->request(caller_leg, request.jingle);
    enter(State::active, call.timeouts_->ping_interval);
    note(Step::accepted);
    release(true);
}

void Call::Handler::terminate(const JingleRequest& request)
{
    const auto reason = request.jingle->reason ? request.jingle->reason->condition : Condition::general_error;
    answer(leg, request.id);
    tell_end(other(leg), reason, request.jingle);
    finish(leg, reason);
    end(reason);
}

/// Everything between initiate and terminate: passed on now, later, or not at all.
void Call::Handler::pass(const JingleRequest& request)
{
    const auto action = request.jingle->action;
    if (call.state_ != State::active && is_negotiation(action) && !waits_for_active(action))
        return answer(leg, request.id, xmpp::errors::out_of_order);
    if (call.state_ == State::proposed || (call.state_ == State::pending && waits_for_active(action)))
        return hold(request);
    const bool restarts
        = action == Action::transport_info && call.legs_[leg].note_credentials(*request.jingle);
    if (call.state_ == State::active && (restarts || is_negotiation(action)))
        return negotiate(request);
    answer(leg, request.id);
    this->request(other(leg), request.jingle);
}

void Call::Handler::negotiate(const JingleRequest& request)
{
    auto& open = call.legs_[leg].open;
    const auto contents = content_bits(*request.jingle);
    if (auto* crossing = call.legs_[other(leg)].find_crossing(request.jingle->action, contents)) {
        // XEP-0166, 7.2.16: the initiator's action stands.
        if (leg == callee_leg)
            return answer(leg, request.id, xmpp::errors::tie_break);
        lose_crossing(*crossing);
    }
    if (open.size() >= Leg::max_open)
        return answer(leg, request.id, xmpp::errors::resource_constraint);
    call.legs_[leg].note_credentials(*request.jingle);
    open.push_back({ request.jingle->action, contents, std::string{ request.id }, turn.now });
    add(Request{ other(leg), request.jingle, Answered::end_to_end, request.id });
}

void Call::Handler::lose_crossing(OpenRequest& crossing)
{
    answer(other(leg), turn.arena.copy(crossing.id), xmpp::errors::tie_break);
    crossing.answered = true;
}

void Call::Handler::hold(const JingleRequest& request)
{
    if (!call.held_.keep(leg, *request.jingle))
        return answer(leg, request.id, xmpp::errors::resource_constraint);
    call.legs_[leg].note_credentials(*request.jingle);
    answer(leg, request.id);
}

void Call::Handler::initiate_callee(const Jingle& offer)
{
    const auto wait = call.legs_[callee_leg].jmi ? call.timeouts_->accept : call.timeouts_->ring;
    enter(State::pending, wait);
    request(callee_leg, turn.arena.make<Jingle>(offer));
    note(Step::initiated);
    release(false);
}

/// Sends what was held: before the accept only what does not negotiate.
void Call::Handler::release(bool negotiations)
{
    const auto wanted = [&](Action action) { return negotiations || !waits_for_active(action); };
    for (const auto& taken : call.held_.take(turn.arena, wanted))
        request(other(taken.from), taken.request);
}

void Call::Handler::operator()(const JingleReply& reply)
{
    if (call.is_ended())
        return;
    const auto to = other(leg);
    if (reply.path.answered == Answered::end_to_end) {
        if (call.legs_[to].close(reply.path.original))
            answer(to, reply.path.original, reply.error);
    } else if (!reply.error || !means_away(reply.error->condition)) {
        call.legs_[leg].gone = false;  // It has answered, so it is there.
        if (!call.legs_[to].gone) {
            call.check_ = Time::max();
            call.asked_ = false;
        }
    }
    if (!reply.error)
        return;
    const bool initiate = reply.path.action == Action::session_initiate && call.state_ == State::pending;
    const bool lost_ping = reply.path.answered == Answered::here && reply.path.original == ping_mark
        && means_away(reply.error->condition);
    if (initiate || lost_ping || is_unknown_session(*reply.error)) {
        const auto reason = initiate ? reason_of(*reply.error) : Condition::gone;
        tell_end(to, reason);
        end(reason);
    } else if (means_away(reply.error->condition) && !call.legs_[leg].gone) {
        (*this)(DeviceGone{});
    }
}

void Call::Handler::operator()(const JmiSignal& signal)
{
    const auto& message = *signal.message;
    if (call.is_ended())
        return;
    const bool early = call.state_ == State::proposed || call.state_ == State::proceeding;
    const bool from_peer = !call.legs_[leg].is_bound() || call.legs_[leg].peer.full() == signal.from;
    if (!from_peer)
        return;  // An other device of the same user: the first that took the call up has it.
    switch (message.kind) {
    case MessageKind::ringing:
        if (leg == callee_leg && call.state_ == State::proposed) {
            note(Step::ringing);
            if (call.legs_[caller_leg].jmi)
                return say(caller_leg, message);
            auto* info = make_jingle(Action::session_info);
            info->info = RtpInfo{ InfoKind::ringing, {}, {} };
            request(caller_leg, info);
        }
        return;
    case MessageKind::proceed:
        if (leg == callee_leg && call.state_ == State::proposed)
            proceed(signal.from);
        return;
    case MessageKind::reject:
        if (leg == callee_leg && early)
            asked_end(message);
        return;
    case MessageKind::retract:
        if (leg == caller_leg && call.state_ != State::active)
            asked_end(message);
        return;
    case MessageKind::finish:
        if (call.state_ == State::proceeding)
            asked_end(message);
        return;
    case MessageKind::propose:
    case MessageKind::accept:
        return;  // A propose starts a call elsewhere; accept is what a device tells its own.
    }
}

void Call::Handler::proceed(std::string_view device)
{
    auto peer = xmpp::Jid::parse(device);
    if (!peer || !peer->is_full())
        return;  // Nobody to send the offer to.
    call.legs_[callee_leg].peer = *std::move(peer);
    add(Bound{ callee_leg });
    note(Step::proceeded);
    if (call.legs_[caller_leg].jmi)
        say(caller_leg, make_message(MessageKind::proceed));
    if (const auto* offer = call.held_.take_offer(turn.arena))
        return initiate_callee(*offer);
    enter(State::proceeding, call.timeouts_->initiate);
}

/// A reject, retract or finish: the other side hears it in the form that fits where it is.
void Call::Handler::asked_end(const Message& message)
{
    const auto plain = message.kind == MessageKind::reject ? Condition::decline : Condition::cancel;
    const auto reason = message.reason ? message.reason->condition : plain;
    tell_end(other(leg), reason, nullptr, &message);
    end(reason);
}

void Call::Handler::operator()(const JmiBounced&)
{
    if (call.state_ != State::proposed || leg != callee_leg)
        return;
    if (call.caller_session_)
        tell_end(caller_leg, Condition::gone);
    else
        add(Refuse{ caller_leg, turn.arena.copy(call.propose_id_), xmpp::errors::service_unavailable });
    end(Condition::gone);
}

void Call::Handler::operator()(const DeviceGone&)
{
    if (call.is_ended() || call.legs_[leg].gone)
        return;
    call.legs_[leg].gone = true;
    call.asked_ = false;
    call.check_ = turn.now + call.timeouts_->gone;
}

/// Tells a leg that the call is over: session-terminate where there is a session, else the message that fits.
/// What the other side said is passed on as it stands where the form is the same.
void Call::Handler::tell_end(LegIndex to, Condition reason, const Jingle* terminate, const Message* message)
{
    if (has_session(to)) {
        auto* jingle = make_jingle(Action::session_terminate);
        jingle->reason = Reason{};
        jingle->reason->condition = reason;
        request(to, terminate != nullptr ? terminate : jingle);
        return finish(to, reason);
    }
    const auto kind = to == caller_leg ? MessageKind::reject : MessageKind::retract;
    if (message != nullptr && message->kind == kind)
        return say(to, *message);
    if (call.legs_[to].jmi)
        say(to, make_message(kind, reason));
}

/// XEP-0353, 3.7: after a session both parties say so. Carillon is the party each side knows.
void Call::Handler::finish(LegIndex to, Condition reason)
{
    if (call.legs_[to].jmi && has_session(to) && call.legs_[to].is_bound())
        say(to, make_message(MessageKind::finish, reason));
}

void Call::Handler::end(Condition reason)
{
    note(Step::ended, reason);
    enter(State::ended, call.timeouts_->tombstone);
    call.check_ = Time::max();
    call.held_ = {};
    for (auto& each : call.legs_) {
        each.open = {};
        each.credentials = {};
    }
}

void Call::Handler::ping(LegIndex to)
{
    add(Request{ to, make_jingle(Action::session_info), Answered::here, ping_mark });
}

}  // namespace jingle::call
