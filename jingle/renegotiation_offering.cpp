// The SDP side offers: requests go out, their answers make the answer.
#include <algorithm>

#include "jingle/direction.hpp"
#include "jingle/renegotiation.hpp"
#include "jingle/renegotiation_parts.hpp"
#include "jingle/reoffer.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

using namespace renegotiate;

namespace {

constexpr std::size_t max_old_ufrags = 64;

/// Of two offers that answer each other, each leaves it to the other side.
sdp::Setup crossing_role(Role role)
{
    return role == Role::initiator ? sdp::Setup::passive : sdp::Setup::active;
}

}  // namespace

Actions Renegotiation::own_offer(const sdp::Description& offer, Time now)
{
    begin_turn();
    Actions actions;
    const auto refuse = [&](base::Error why) {
        actions.emplace_back(RollBack{ std::move(why) });
        return actions;
    };
    if (state_ == State::offering)
        return refuse(error(base::Errc::unsupported, "an offer is being answered"));
    const auto renewed = is_renewed(own_.value(), offer, *turn_);
    const auto gives_way = options_.role == Role::responder && state_ == State::offered;
    if (!renewed && (gives_way || is_peer_renewed()))
        return refuse(error(base::Errc::unsupported, "the other side offered first"));
    if (state_ == State::offered)
        keep_shown_offer(now);
    if (!count_round(now))
        return refuse(error(base::Errc::too_long, "too many renegotiations"));
    const auto changes = diff({ own_.value(), &peer_.value(), old_ufrags_ }, offer, *turn_);
    if (!changes)
        return refuse(changes.error());
    begin_own_offer(actions, offer, *changes, now);
    if ((renewed || options_.trust == Trust::trusted) && state_ == State::offering)
        answer_with_kept_restarts();
    return actions;
}

/// The other side has a restart open and takes ours for its answer: so is theirs the answer to ours. Each
/// page of ours does so, and whoever gets another certificate; of others it is not known.
void Renegotiation::answer_with_kept_restarts()
{
    const auto is_restart = [](const Outgoing& sent) { return sent.expects == Expects::restart_answer; };
    std::erase_if(incoming_, [&](const Incoming& waiting) {
        auto* ours = in_flight_ && is_restart(*in_flight_) ? &*in_flight_ : nullptr;
        if (const auto next = std::find_if(out_.begin(), out_.end(), is_restart);
            ours == nullptr && next != out_.end())
            ours = &*next;
        if (ours == nullptr || !answers_restart(waiting))
            return false;
        ours->expects = Expects::result;
        return true;
    });
}

/// True when it is a restart that has become part of what the other side will have said.
bool Renegotiation::answers_restart(const Incoming& waiting)
{
    const auto request = read_back(waiting.xml, *turn_);
    if (!request || !is_restart(*request, slots_, peer_next_.value()))
        return false;
    auto slots = slots_;
    const auto next = apply(*request, to_sdp_for(slots, peer_next_.value()), *turn_);
    auto kept = next ? KeptDescription::copy(*next) : tl::make_unexpected(next.error());
    if (!kept)
        return false;
    replace(peer_next_, *std::move(kept));
    return true;
}

bool Renegotiation::is_peer_renewed() const
{
    base::Arena arena;
    return std::any_of(incoming_.begin(), incoming_.end(),
                       [&](const Incoming& waiting) {
                           const auto request = read_back(waiting.xml, arena);
                           auto slots = slots_;
                           if (!request || !jingle::is_restart(*request, slots_, peer_.value()))
                               return false;
                           const auto next = apply(*request, to_sdp_for(slots, peer_.value()), arena);
                           return next && is_renewed(peer_.value(), *next, arena);
                       })
        || (state_ == State::offered && is_renewed(peer_.value(), peer_next_.value(), arena));
}

void Renegotiation::begin_own_offer(Actions& actions, const sdp::Description& offer, const Changes& changes,
                                    Time now)
{
    before_ = slots_;
    auto slots = slots_;
    const auto refuse = [&](const base::Error& why) { actions.emplace_back(RollBack{ why }); };
    const auto steps = plan(own_.value(), offer, changes, plan_for(slots), *turn_);
    if (!steps && std::all_of(offer.media.begin(), offer.media.end(), sdp::is_rejected)) {
        actions.emplace_back(End{ Condition::success, Tell::yes });
        return;
    }
    if (!steps)
        return refuse(steps.error());
    const auto adds = std::count_if(steps->begin(), steps->end(), [](const Step& step) {
        return step.request.action == jingle::Action::content_add;
    });
    if (static_cast<std::size_t>(adds) > max_open_adds)
        return refuse(error(base::Errc::too_long, "too many new m-lines at once"));
    if (out_.size() + steps->size() > max_queued)
        return refuse(error(base::Errc::too_long, "too many changes at once"));
    auto next = KeptDescription::copy(offer);
    if (!next)
        return refuse(next.error());
    own_next_ = *std::move(next);
    slots_ = std::move(slots);
    undo_.clear();
    if (const auto ready = expect_answers(changes); !ready) {
        slots_ = before_;
        return refuse(ready.error());
    }
    state_ = State::offering;
    is_own_lost_ = false;
    answer_deadline_.reset();
    queue(*steps);
    pump(actions, now);
}

/// What the other side will have said when nothing is refused: new m-lines stand in for their answers.
base::Result<void> Renegotiation::expect_answers(const Changes& changes)
{
    auto expected = peer_.value();
    expected.media = {};
    const auto& offer = own_next_.value();
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        const auto change
            = std::find_if(changes.begin(), changes.end(), [&](const auto& c) { return c.index == i; });
        const auto is_new = change != changes.end()
            && (change->added || change->remade
                || (change->extended && options_.extension == Extension::remake));
        const auto is_known = i < peer_.value().media.size() && !is_new && is_live(offer, i);
        expected.media.push_back(*turn_, is_known ? peer_.value().media[i] : offer.media[i]);
        if (is_new)
            set_limit(i, Senders::both);
    }
    TRY(peer_next_, KeptDescription::copy(expected));
    return {};
}

void Renegotiation::finish_own_offer(Actions& actions, Time)
{
    auto said = peer_next_.value();
    said.media = {};
    for (std::size_t i = 0; i < peer_next_.value().media.size(); ++i) {
        auto media = peer_next_.value().media[i];
        if (is_live_rtp(media) && i < limits_.size())
            media.transport.direction = to_direction(limits_[i], peer_role());
        said.media.push_back(*turn_, media);
    }
    if (is_renewed(own_.value(), own_next_.value(), *turn_)
        || is_renewed(peer_.value(), peer_next_.value(), *turn_))
        role_ = settled_role(own_next_.value(), peer_next_.value()).value_or(crossing_role(options_.role));
    const auto answer = as_answer(said, own_next_.value(), opposite(role_), next_origin(), *turn_);
    for (const auto& media : own_.value().media)
        if (media.transport.ice_ufrag && old_ufrags_.size() < max_old_ufrags)
            old_ufrags_.emplace_back(*media.transport.ice_ufrag);
    for (const auto& media : own_next_.value().media)
        if (media.transport.ice_ufrag)
            std::erase(old_ufrags_, *media.transport.ice_ufrag);
    own_hold_ = is_on_hold(own_next_.value()) ? Hold::yes : Hold::no;
    if (auto kept = KeptDescription::copy(answer))
        replace(peer_, *std::move(kept));
    replace(own_, std::move(own_next_));
    state_ = State::stable;
    answer_deadline_.reset();
    undo_.clear();
    actions.emplace_back(ShowAnswer{ answer });
}

/// What takes a request of ours back.
void Renegotiation::add_undo(const Outgoing& done)
{
    const auto add = [&](const Step& undo) {
        undo_.push_back({ written(undo.request), undo.request.action, Expects::result, done.index });
    };
    if (done.action == jingle::Action::content_add) {
        const auto& slot = slots_[std::min(done.index, slots_.size() - 1)];
        add(remove_step(slot, done.index, options_.transport, options_.sid, *turn_));
    } else if (done.action == jingle::Action::content_modify && done.index < before_.size()) {
        const auto senders = intersect(senders_of(own_.value(), done.index, options_.role),
                                       done.index < limits_.size() ? limits_[done.index] : Senders::both);
        add(modify_step(before_[done.index], done.index, senders, options_.sid, *turn_));
    }
}

/// What went out is taken back: an unanswered or accepted content-add by content-remove, a direction by the
/// contrary one. An ICE restart cannot be undone: the next one makes it good.
void Renegotiation::abandon_own_offer(Actions& actions, base::Error why, Time now)
{
    out_.clear();
    open_.clear();
    // It may be there already; where it is not, the contrary is refused, and that is no harm.
    if (in_flight_ && in_flight_->expects == Expects::content_answer)
        add_undo(*in_flight_);
    std::reverse(undo_.begin(), undo_.end());
    out_.insert(out_.end(), undo_.begin(), undo_.end());
    undo_.clear();
    slots_ = before_;
    state_ = State::stable;
    answer_deadline_.reset();
    actions.emplace_back(RollBack{ std::move(why) });
    pump(actions, now);
}

Actions Renegotiation::own_rollback(Time now)
{
    begin_turn();
    Actions actions;
    if (state_ == State::offering)
        abandon_own_offer(actions, error(base::Errc::unsupported, "taken back"), now);
    return actions;
}

Actions Renegotiation::own_lost(Time now)
{
    auto actions = own_rollback(now);
    if (state_ == State::offered)
        keep_shown_offer(now);
    is_own_lost_ = true;
    return actions;
}

Actions Renegotiation::replied(Reply reply, Time now)
{
    begin_turn();
    Actions actions;
    if (!in_flight_)
        return actions;
    const auto done = *std::exchange(in_flight_, std::nullopt);
    if (reply == Reply::unknown_session)
        return { End{ Condition::gone, Tell::no } };
    const auto ours = state_ == State::offering;
    const auto is_add = done.action == jingle::Action::content_add;
    if (ours && reply == Reply::error && is_add && done.expects != Expects::result && take_error(done)) {
        pump(actions, now);
        return actions;
    }
    if (ours && reply != Reply::result && done.expects != Expects::result) {
        abandon_own_offer(actions, error(base::Errc::unsupported, "refused by the other side"), now);
        return actions;
    }
    if (ours && reply == Reply::tie_break) {
        abandon_own_offer(actions, error(base::Errc::unsupported, "both sides at once"), now);
        return actions;
    }
    // Errors to anything else are no reason to stop: clients refuse what they do not know.
    if (ours) {
        add_undo(done);
        if (done.expects != Expects::result) {
            open_.push_back(done);
            answer_deadline_ = now + options_.answer_limit;
        }
    }
    pump(actions, now);
    return actions;
}

/// An answer may overtake the result of the IQ it answers.
Actions Renegotiation::received_answer(const Jingle& request, Time now)
{
    const auto expected = [&](const Outgoing& sent, const Content& content) {
        const auto& slot = slots_[sent.index];
        return sent.expects == Expects::content_answer && slot.name == content.name;
    };
    for (const auto& content : request.contents) {
        const auto is_open = std::any_of(open_.begin(), open_.end(),
                                         [&](const Outgoing& sent) { return expected(sent, content); });
        if (!is_open && !(in_flight_ && state_ == State::offering && expected(*in_flight_, content)))
            return { Refuse{ Refusal::out_of_order, "an answer to a content that was not offered" } };
    }
    if (const auto taken = take_answer(request); !taken)
        return { Refuse{ Refusal::bad_request, taken.error().what } };
    for (const auto& content : request.contents) {
        std::erase_if(open_, [&](const Outgoing& sent) { return expected(sent, content); });
        if (in_flight_ && expected(*in_flight_, content))
            in_flight_->expects = Expects::result;
    }
    Actions actions{ Acknowledge{} };
    pump(actions, now);
    return actions;
}

/// A content-accept or content-reject becomes part of what the other side says.
base::Result<void> Renegotiation::take_answer(const Jingle& request)
{
    auto slots = slots_;
    auto how = to_sdp_for(slots, peer_next_.value());
    how.offer = &own_next_.value();
    TRY(const auto next, apply(request, how, *turn_));
    TRY(auto kept, KeptDescription::copy(next));
    for (const auto& content : request.contents) {
        const auto index = slots_.find_content(content.creator, content.name);
        if (!index || request.action != jingle::Action::content_accept)
            continue;
        const auto offered = senders_of(own_next_.value(), *index, options_.role);
        set_limit(*index, unite(answered_senders(offered, content.senders), complement(offered)));
    }
    slots_ = std::move(slots);
    replace(peer_next_, std::move(kept));
    return {};
}

/// An error to a content-add is a content-reject by other means: the rest of the offer stands.
bool Renegotiation::take_error(const Outgoing& refused)
{
    auto reject = read_back(refused.xml, *turn_);
    if (!reject)
        return false;
    reject->action = jingle::Action::content_reject;
    reject->groups = {};
    return take_answer(*reject).has_value();
}

}  // namespace jingle
