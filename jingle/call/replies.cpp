// What comes back for what was sent, and devices that go away.
#include <algorithm>

#include "base/release.hpp"
#include "jingle/call/handler.hpp"
#include "jingle/call/outcome.hpp"

namespace jingle::call {
namespace {

bool is_unknown_session(const xmpp::StanzaError& error)
{
    return error.jingle == xmpp::JingleCondition::unknown_session;
}

}  // namespace

void Call::Handler::operator()(const JingleReply& reply)
{
    auto& asked = call.legs_[leg];
    if (reply.path.action == Action::session_terminate && asked.farewell == Farewell::terminate) {
        asked.farewell = Farewell::none;
        changed();
    }
    if (call.is_ended() || asked.is_over())
        return;
    const bool end_to_end = reply.path.answered == Answered::end_to_end;
    if (end_to_end && !is_fork(leg)) {
        changed();
        if (call.legs_[other(leg)].close(reply.path.original))
            answer(other(leg), reply.path.original, reply.error);
    }
    if (!reply.error || !means_away(reply.error->condition))
        asked.note_there();
    if (reply.path.original == part_mark)
        send_next_part(leg);
    if (leg == caller_leg && !call.accept_.empty() && take_answer_to_accept(reply))
        return;
    if (!reply.error)
        return;
    const bool initiate = reply.path.action == Action::session_initiate && asked.state == LegState::offered;
    const bool lost_ping
        = !end_to_end && reply.path.original == ping_mark && means_away(reply.error->condition);
    if (initiate || lost_ping || is_unknown_session(*reply.error)) {
        const auto reason = initiate ? reason_of(*reply.error) : Condition::gone;
        if (leg != caller_leg && asked.state == LegState::offered)
            return refuse(leg, reason);
        leg == caller_leg ? dismiss_all(reason) : dismiss(caller_leg, reason);
        end(reason);
    } else if (means_away(reply.error->condition) && !asked.gone) {
        (*this)(DeviceGone{});
    }
}

/// Whoever has not answered an accept may still show the call as ringing, while the callee talks. Once he
/// proves to be there he gets it again. To who has it already that is out of order (XEP-0166, 7.2.9), and he
/// says so, or ends the call: either way both know where they are. True when nothing else is to be done.
bool Call::Handler::take_answer_to_accept(const JingleReply& reply)
{
    if (reply.path.action == Action::session_info && !reply.error && call.accept_doubtful_) {
        call.accept_doubtful_ = false;
        if (const auto* accept = Held::read(call.accept_, turn.arena))
            add(Request{ caller_leg, accept, Answered::here, {} });
        return true;
    }
    if (reply.path.action != Action::session_accept)
        return false;
    if (!reply.error || reply.error->jingle == xmpp::JingleCondition::out_of_order) {
        base::release(call.accept_);
        changed();
        return true;
    }
    call.accept_doubtful_ = means_away(reply.error->condition);
    if (call.accept_doubtful_ || is_unknown_session(*reply.error))
        return false;
    const auto reason = reason_of(*reply.error);
    dismiss_all(reason);
    dismiss(caller_leg, reason);
    end(reason);
    return true;
}

void Call::Handler::operator()(const DeviceGone& device)
{
    auto& away = call.legs_[leg];
    if (is_fork(leg) && !away.is_bound() && (!away.stops_ringing(device.device) || !device.last))
        return;
    if (call.is_ended() || away.is_over() || away.state == LegState::idle || away.gone)
        return;
    if (!away.is_bound())
        changed();
    away.gone = true;
    away.asked = false;
    away.check = turn.now + call.settings_->timeouts.gone;
}

/// A device that has been away for a while, or has never answered: a fork is given up, who is in the call is
/// asked first.
void Call::Handler::check_device(LegIndex index)
{
    auto& away = call.legs_[index];
    if (is_fork(index) && !away.is_bound()) {
        away.check = Time::max();
        away.silent = true;
        changed();
        return give_up_silent(away.party) ? go_on(Condition::gone, nullptr) : void();
    }
    if (away.unheard && !away.gone)
        return lose(index, Condition::timeout);
    if (is_fork(index))
        return lose(index, Condition::gone);
    if (away.asked || !has_session(index))
        return index != caller_leg && call.state_ != State::active ? lose(index, Condition::gone)
                                                                   : call.end(Condition::gone, turn);
    away.asked = true;
    away.check = turn.now + call.settings_->timeouts.gone;
    ping(index);
}

}  // namespace jingle::call
