// The Jingle side acts: what may be asked now is acknowledged and waits for its offer.
#include <algorithm>

#include "jingle/renegotiation.hpp"
#include "jingle/renegotiation_parts.hpp"
#include "jingle/reoffer.hpp"

namespace jingle {

using namespace renegotiate;

Actions Renegotiation::received_transport(const Jingle& request, Time now)
{
    const auto offering = state_ == State::offering;
    const auto& current = offering ? peer_next_.value() : peer_.value();
    auto slots = slots_;
    if (!is_restart(request, slots_, current)) {
        const auto same = apply(request, to_sdp_for(slots, current), *turn_);
        if (!same && same.error().code == base::Errc::forbidden)
            return { Refuse{ Refusal::security, same.error().what } };
        return {};
    }
    const auto is_restart_of_ours
        = [](const Outgoing& sent) { return sent.expects == Expects::restart_answer; };
    const auto has_candidates = !request.contents.front().ice()->candidates.empty();
    const auto crossing = in_flight_ && is_restart_of_ours(*in_flight_) && !has_candidates;
    const auto open = std::any_of(open_.begin(), open_.end(), is_restart_of_ours)
        || (in_flight_ && is_restart_of_ours(*in_flight_));
    if (!offering || !open || crossing) {
        auto actions = received_change(request, now);
        if (offering && !open && is_peer_renewed())  // it cannot be told any more what changes in the old one
            abandon_own_offer(actions, error(base::Errc::unsupported, "the other side has a new connection"),
                              now);
        return actions;
    }
    const auto next = apply(request, to_sdp_for(slots, current), *turn_);
    if (!next)
        return { Refuse{ Refusal::bad_request, next.error().what } };
    if (auto kept = KeptDescription::copy(*next))
        replace(peer_next_, *std::move(kept));
    const auto first = std::find_if(open_.begin(), open_.end(), is_restart_of_ours);
    if (first != open_.end())
        open_.erase(first);
    else
        in_flight_->expects = Expects::result;
    Actions actions{ Acknowledge{} };
    pump(actions, now);
    return actions;
}

/// Credentials that are new are an ICE restart, whose answer is a transport-accept. Other transports are
/// refused, and so are restarts while something else is being settled.
Actions Renegotiation::received_replace(const Jingle& request, Time now)
{
    if (const auto refusal = find_refusal(request, now))
        return { *refusal };
    auto restart = request;
    restart.action = jingle::Action::transport_info;
    auto slots = slots_;
    const auto& contents = request.contents;
    const auto is_ice = std::all_of(contents.begin(), contents.end(),
                                    [](const Content& content) { return content.ice() != nullptr; });
    Actions actions{ Acknowledge{} };
    if (state_ == State::stable && incoming_.empty() && is_ice && is_restart(restart, slots_, peer_.value())
        && apply(restart, to_sdp_for(slots, peer_.value()), *turn_)) {
        incoming_.push_back({ written(restart), restart.action, contents.front().ice()->kind });
        open_window(now);
    } else {
        refuse_later(written(request), jingle::Action::transport_reject);
        pump(actions, now);
    }
    return actions;
}

bool Renegotiation::knows(const Content& content) const
{
    if (slots_.find_content(content.creator, content.name))
        return true;
    return std::any_of(incoming_.begin(), incoming_.end(), [&](const Incoming& waiting) {
        base::Arena arena;
        const auto request = read_back(waiting.xml, arena);
        return waiting.action == jingle::Action::content_add && request
            && std::any_of(request->contents.begin(), request->contents.end(),
                           [&](const Content& added) { return added.name == content.name; });
    });
}

/// The same action of ours, about the same content where it changes one, has no result yet.
bool Renegotiation::crosses(const Jingle& request) const
{
    if (!in_flight_ || state_ != State::offering || in_flight_->action != request.action)
        return false;
    if (request.action == jingle::Action::content_add)
        return true;
    if (request.action == jingle::Action::transport_info)
        return in_flight_->expects == Expects::restart_answer;
    const auto& slot = slots_[in_flight_->index];
    return request.action == jingle::Action::content_modify
        && std::any_of(request.contents.begin(), request.contents.end(),
                       [&](const Content& content) { return content.name == slot.name; });
}

std::optional<Refuse> Renegotiation::find_refusal(const Jingle& request, Time now)
{
    if (request.contents.empty())
        return Refuse{ Refusal::bad_request, "no content" };
    const auto is_add = request.action == jingle::Action::content_add;
    for (const auto& content : request.contents) {
        if (is_add == knows(content))
            return is_add ? Refuse{ Refusal::bad_request, "a content of that name is there" }
                          : Refuse{ Refusal::unknown_content, "content that is not known" };
        if (request.action == jingle::Action::content_modify && !content.senders)
            return Refuse{ Refusal::bad_request, "content-modify without senders" };
    }
    std::size_t adds = is_add ? request.contents.size() : 0;
    for (const auto& waiting : incoming_)
        adds += waiting.action == jingle::Action::content_add ? 1U : 0U;
    for (const auto& asked : asked_)
        adds += state_ == State::offered && asked.expects == Expects::content_answer ? 1U : 0U;
    if (incoming_.size() >= max_queued || (is_add && adds > max_open_adds))
        return Refuse{ Refusal::too_many, "too many requests wait" };
    while (!rounds_.empty() && now - rounds_.front() >= std::chrono::minutes{ 1 })
        rounds_.pop_front();
    if (rounds_.size() >= max_rounds)
        return Refuse{ Refusal::too_many, "too many renegotiations" };
    return std::nullopt;
}

Actions Renegotiation::received_change(const Jingle& request, Time now)
{
    if (const auto refusal = find_refusal(request, now))
        return { *refusal };
    if (crosses(request) && options_.role == Role::initiator)
        return { Refuse{ Refusal::tie_break, "both sides at once" } };
    auto actions = take_in(request, now);
    if (crosses(request)) {  // the initiator's stands; the error to ours means nothing more
        in_flight_->expects = Expects::result;
        abandon_own_offer(actions, error(base::Errc::unsupported, "both sides at once"), now);
    }
    return actions;
}

/// A content that goes again before it was shown was never there. By then another one of ours may have its
/// name: both sides take the next number.
bool Renegotiation::is_taken_back(const Jingle& request)
{
    const auto added = std::find_if(incoming_.begin(), incoming_.end(), [&](const Incoming& waiting) {
        base::Arena arena;
        const auto add = read_back(waiting.xml, arena);
        return waiting.action == jingle::Action::content_add && add
            && std::equal(add->contents.begin(), add->contents.end(), request.contents.begin(),
                          request.contents.end(), [](const Content& a, const Content& b) {
                              return a.creator == b.creator && a.name == b.name;
                          });
    });
    if (request.action != jingle::Action::content_remove || added == incoming_.end())
        return false;
    incoming_.erase(added);
    return true;
}

Actions Renegotiation::take_in(const Jingle& request, Time now)
{
    if (is_taken_back(request))
        return { Acknowledge{} };
    incoming_.push_back({ written(request), request.action });
    if (request.action != jingle::Action::description_info)  // a hint: it goes with the next offer
        open_window(now);
    return { Acknowledge{} };
}

void Renegotiation::open_window(Time now)
{
    if (!window_end_)
        window_end_ = now + window;
}

/// Hold of all media: the holdee stops sending.
Actions Renegotiation::received_info(const Jingle& request, Time now)
{
    const auto* info = request.info ? std::get_if<RtpInfo>(&*request.info) : nullptr;
    if (info == nullptr)
        return {};
    switch (info->kind) {
    case InfoKind::hold: peer_hold_ = Hold::yes; break;
    case InfoKind::active:
    case InfoKind::unhold: peer_hold_ = Hold::no; break;
    case InfoKind::mute:
    case InfoKind::ringing:
    case InfoKind::unmute: return {};
    }
    if (peer_hold_ != shown_hold_)
        open_window(now);
    return { Acknowledge{} };
}

}  // namespace jingle
