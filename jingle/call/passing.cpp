// What one side says, passed to the other in the words of its client, now or later.
#include <algorithm>
#include <array>

#include "jingle/call/handler.hpp"

namespace jingle::call {
namespace {

/// Asked for each stanza, so it is looked up.
bool remembers(const Leg& leg)
{
    static const auto table = [] {
        std::vector<bool> needs;
        for (std::size_t i = 0; i < profile_count(); ++i)
            needs.push_back(needs_memory(profile_at(i)));
        return needs;
    }();
    return table[leg.profile_index];
}

bool is_ringing_info(const Jingle& jingle)
{
    if (jingle.action != Action::session_info || !jingle.info)
        return false;
    const auto* info = std::get_if<RtpInfo>(&*jingle.info);
    return info != nullptr && info->kind == InfoKind::ringing;
}

}  // namespace

/// Everything between initiate and terminate: passed on now, later, or not at all.
void Call::Handler::pass(const JingleRequest& request)
{
    const auto action = request.jingle->action;
    if (call.state_ != State::active && is_negotiation(action) && !waits_for_active(action))
        return answer(leg, request.id, xmpp::errors::out_of_order);
    if (leg != caller_leg && call.state_ != State::active && is_ringing_info(*request.jingle)) {
        answer(leg, request.id);
        if (is_fork(leg))
            return tell_ringing(leg, request.jingle, nullptr);
        if (!std::exchange(call.legs_[leg].rang, true))
            note(Step::ringing, leg);
        return (void)send(caller_leg, *request.jingle);
    }
    if (call.state_ == State::proposed || (call.state_ == State::pending && waits_for_active(action)))
        return hold(request);
    const auto news = action == Action::transport_info ? call.legs_[leg].note_credentials(*request.jingle)
                                                       : CredentialNews::none;
    const bool restarts = news == CredentialNews::replaced;
    const bool is_relayed_only = action == Action::transport_info || action == Action::session_info;
    if (news != CredentialNews::none
        || (!is_relayed_only && (remembers(call.legs_[leg]) || remembers(call.legs_[other(leg)]))))
        changed();
    auto restart = Restart::none;
    if (restarts) {
        auto& far = call.legs_[other(leg)];
        restart = far.restarting ? Restart::answer : Restart::offer;
        call.legs_[leg].restarting = !far.restarting;
        far.restarting = false;
        changed();
    }
    if (call.state_ == State::active && (restarts || is_negotiation(action)))
        return negotiate(request, restart);
    answer(leg, request.id);
    (void)send(other(leg), *request.jingle, Answered::here, {}, restart);
}

void Call::Handler::negotiate(const JingleRequest& request, Restart restart)
{
    auto& mine = call.legs_[leg];
    const auto contents = content_bits(*request.jingle);
    if (auto* crossing = call.legs_[other(leg)].find_crossing(request.jingle->action, contents)) {
        // XEP-0166, 7.2.16: the initiator's action stands.
        if (leg != caller_leg)
            return answer(leg, request.id, xmpp::errors::tie_break);
        lose_crossing(other(leg), *crossing);
    }
    if (mine.open.size() >= Leg::max_open)
        return answer(leg, request.id, xmpp::errors::resource_constraint);
    mine.note_credentials(*request.jingle);
    changed();
    const auto action = request.jingle->action;
    const auto sent = send(other(leg), *request.jingle, Answered::end_to_end, request.id, restart);
    if (sent.verdict != Verdict::as_is)
        return answer(leg, request.id, sent.error);
    mine.open.push_back({ action, contents, std::string{ request.id }, turn.now });
    if (action == Action::content_add)
        call.legs_[other(leg)].adding = true;
    else if (action == Action::content_accept || action == Action::content_reject)
        mine.adding = false;
}

void Call::Handler::lose_crossing(LegIndex of, OpenRequest& crossing)
{
    answer(of, turn.arena.copy(crossing.id), xmpp::errors::tie_break);
    crossing.answered = true;
}

void Call::Handler::hold(const JingleRequest& request)
{
    if (!call.held_.keep(leg, *request.jingle))
        return answer(leg, request.id, xmpp::errors::resource_constraint);
    call.legs_[leg].note_credentials(*request.jingle);
    changed();
    answer(leg, request.id);
}

/// Sends what was held by the caller and by who has the call: before the accept only what does not negotiate.
void Call::Handler::release(bool negotiations)
{
    const auto wanted
        = [&](const Held::Kept& kept) { return negotiations || !waits_for_active(kept.action); };
    for (const auto& taken : call.held_.take(turn.arena, wanted))
        (void)send(other(taken.from), *taken.request);
}

/// What the client of this leg said, as the XEPs have it.
Jingle* Call::Handler::normalised(const Jingle& jingle)
{
    auto& from = call.legs_[leg];
    auto* mended = turn.arena.make<Jingle>(jingle);
    const Incoming incoming{ .peer_role = leg == caller_leg ? Role::initiator : Role::responder,
                             .active = call.state_ == State::active,
                             .contents = remembers(from) ? &from.memory : nullptr,
                             .adjustments = nullptr };
    normalise(from.profile(), *mended, incoming, turn.arena);
    return mended;
}

/// Candidates that the policy lets pass, in the words of the client.
Call::Handler::Sent Call::Handler::send(LegIndex to, const Jingle& jingle, Answered answered,
                                        std::string_view original, Restart restart)
{
    auto& leg_to = call.legs_[to];
    auto* request = turn.arena.make<Jingle>(jingle);
    if (request->contents.empty() && request->action != Action::session_info) {
        add(Request{ to, request, answered, original });
        return { Verdict::as_is, {}, {}, request };
    }
    auto profile = leg_to.profile();
    if (call.settings_->require_dtls)
        profile.traits = profile.traits.with({ Trait::needs_dtls });
    auto policy = narrowed(call.settings_->candidates, profile);
    if (call.relay_only_)
        policy.filter = CandidateFilter::relay;
    // Of the transport-infos only ICE restarts have new credentials.
    const auto credentials
        = restart == Restart::none && answered == Answered::here ? NewCredentials::no : NewCredentials::yes;
    if (!apply(policy, *request, turn.arena).anything_to_send(credentials))
        return { Verdict::absorbed };
    const Outgoing outgoing{ .own_role = to == caller_leg ? Role::responder : Role::initiator,
                             .far_transports = FarTransports::one_per_content,
                             .restart = restart,
                             .own_content_add = leg_to.adding ? OwnContentAdd::open : OwnContentAdd::none,
                             .contents = remembers(leg_to) ? &leg_to.memory : nullptr,
                             .adjustments = nullptr };
    const auto adapted = adapt(profile, *request, outgoing, turn.arena);
    switch (adapted.verdict) {
    case Verdict::as_is:
    case Verdict::changed: add(Request{ to, request, answered, original }); break;
    case Verdict::split: send_parts(to, adapted, answered, original); break;
    case Verdict::absorbed: return { Verdict::absorbed };
    case Verdict::refused: return { Verdict::refused, adapted.error, adapted.reason };
    }
    return { Verdict::as_is, {}, {}, adapted.verdict == Verdict::split ? nullptr : request };
}

/// One after the other: some clients look at what they have agreed to before they read the next. The last
/// carries the way back.
void Call::Handler::send_parts(LegIndex to, const Adapted& adapted, Answered answered,
                               std::string_view original)
{
    const auto& parts = adapted.requests;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool last = i + 1 == parts.size();
        call.waiting_.push_back({ to, last ? answered : Answered::here,
                                  std::string{ last ? original : part_mark }, Held::to_xml(*parts[i]) });
    }
    changed();
    send_next_part(to);
}

void Call::Handler::send_next_part(LegIndex to)
{
    const auto next = std::ranges::find(call.waiting_, to, &Waiting::to);
    if (next == call.waiting_.end())
        return;
    if (const auto* part = Held::read(next->xml, turn.arena))
        add(Request{ to, part, next->answered, turn.arena.copy(next->original) });
    call.waiting_.erase(next);
    changed();
}

}  // namespace jingle::call
