// What the Jingle side did becomes an offer, and the answer to it Jingle.
#include <algorithm>

#include "jingle/direction.hpp"
#include "jingle/from_sdp.hpp"
#include "jingle/renegotiation.hpp"
#include "jingle/renegotiation_parts.hpp"
#include "jingle/reoffer.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

using namespace renegotiate;

namespace {

/// The DTLS association lives on, whatever role a browser would like now.
sdp::Description with_role(const sdp::Description& said, std::optional<sdp::Setup> role, base::Arena& arena)
{
    auto out = said;
    out.media = {};
    for (auto media : said.media) {
        if (role && media.transport.setup)
            media.transport.setup = role;
        out.media.push_back(arena, media);
    }
    if (role && out.transport.setup)
        out.transport.setup = role;
    return out;
}

}  // namespace

std::vector<Senders> Renegotiation::hold_limits(Hold hold, std::size_t count) const
{
    const auto limit = hold == Hold::yes ? sender(peer_role()) : Senders::both;
    return std::vector<Senders>(count, limit);
}

void Renegotiation::note_asked(const Jingle& request, std::size_t number)
{
    for (const auto& content : request.contents) {
        const auto index = slots_.find_content(content.creator, content.name);
        if (!index)
            continue;
        if (request.action == jingle::Action::content_add)
            asked_.push_back(
                { *index, number, content.senders.value_or(Senders::both), Expects::content_answer });
        else if (request.action == jingle::Action::transport_info && number == 0)
            asked_.push_back({ *index, number, Senders::both, Expects::restart_answer });
        else if (request.action == jingle::Action::content_remove)
            std::erase_if(asked_, [&](const Asked& asked) { return asked.index == *index; });
    }
}

void Renegotiation::note_senders(const Jingle& request)
{
    for (const auto& content : request.contents) {
        const auto index = slots_.find_content(content.creator, content.name);
        const auto said = content.senders.value_or(Senders::both);
        if (index && request.action == jingle::Action::content_add)
            set_limit(*index, said);
        // What this side holds back is in there too, and is not for the other side to give back.
        else if (index && request.action == jingle::Action::content_modify)
            set_limit(*index, unite(said, complement(senders_of(own_.value(), *index, options_.role))));
    }
}

/// All that has come, one after the other. What cannot be done is answered with content-reject, or left.
sdp::Description Renegotiation::apply_incoming(const sdp::Description& peer)
{
    auto said = peer;
    asked_.clear();
    auto restarted = false;
    std::size_t number = 0;
    for (const auto& waiting : incoming_) {
        const auto request = read_back(waiting.xml, *turn_);
        ++number;
        if (!request)
            continue;
        if (request->action == jingle::Action::content_remove)
            note_asked(*request, number);
        const auto next = apply(*request, to_sdp_for(slots_, said), *turn_);
        if (next) {
            said = *next;
            note_senders(*request);
            const auto restarts = request->action == jingle::Action::transport_info && !restarted;
            if (request->action == jingle::Action::content_add || restarts)
                note_asked(*request, restarts ? 0 : number);
            restarted = restarted || restarts;
        } else if (request->action == jingle::Action::content_remove) {
            return {};  // the last one
        } else if (request->action == jingle::Action::content_add) {
            refuse_later(waiting.xml, jingle::Action::content_reject);
        }
    }
    return said;
}

/// Sends back what was asked, as refused.
void Renegotiation::refuse_later(std::string_view xml, jingle::Action refusal)
{
    auto request = read_back(xml, *turn_);
    if (!request)
        return;
    request->action = refusal;
    request->groups = {};
    out_.push_back({ written(*request), refusal, Expects::result, 0 });
}

void Renegotiation::show_offer(Actions& actions, Time now)
{
    window_end_.reset();
    before_ = slots_;
    const auto& peer = peer_.value();
    const auto said = apply_incoming(peer);
    const auto origin = peer.origin;
    const auto count = said.media.size();
    const auto old = as_offer(peer, peer_role(), hold_limits(shown_hold_, count), origin, *turn_);
    auto offer = as_offer(said, peer_role(), hold_limits(peer_hold_, count), origin, *turn_);
    being_shown_.assign(incoming_.begin(), incoming_.end());
    incoming_.clear();
    if (std::all_of(said.media.begin(), said.media.end(), sdp::is_rejected)) {
        actions.emplace_back(End{ Condition::success, Tell::yes });
        return;
    }
    if (offer == old)  // hold and the direction that goes with it, for example
        return pump(actions, now);
    offer.origin = next_origin();
    auto kept = KeptDescription::copy(said);
    auto shown = KeptDescription::copy(offer);
    if (!kept || !shown || !count_round(now)) {
        slots_ = before_;
        return pump(actions, now);
    }
    replace(peer_next_, *std::move(kept));
    shown_ = *std::move(shown);
    offered_hold_ = peer_hold_;
    state_ = State::offered;
    const auto is_new_medium = [](const Asked& asked) { return asked.expects == Expects::content_answer; };
    const auto asks_a_person = std::any_of(asked_.begin(), asked_.end(), is_new_medium);
    answer_deadline_
        = now + (asks_a_person ? std::max(human_answer_limit, options_.answer_limit) : options_.answer_limit);
    actions.emplace_back(ShowOffer{ offer });
    pump(actions, now);
}

/// Shown again as soon as it can be.
void Renegotiation::keep_shown_offer(Time now)
{
    slots_ = before_;
    incoming_.insert(incoming_.begin(), being_shown_.begin(), being_shown_.end());
    being_shown_.clear();
    asked_.clear();
    answer_deadline_.reset();
    window_end_ = now;
    state_ = State::stable;
}

/// The SDP side never answered. New contents are refused; what needs no answer goes with the next offer.
void Renegotiation::abandon_shown_offer(Actions& actions, Time now)
{
    slots_ = before_;
    std::vector<Incoming> kept;
    for (auto& request : std::exchange(being_shown_, {})) {
        if (request.action == jingle::Action::content_add)
            refuse_later(request.xml, jingle::Action::content_reject);
        else if (request.replacing)
            refuse_later(request.xml, jingle::Action::transport_reject);
        else
            kept.push_back(std::move(request));
    }
    incoming_.insert(incoming_.begin(), kept.begin(), kept.end());
    asked_.clear();
    answer_deadline_.reset();
    state_ = State::stable;
    if (incoming_.size() >= max_queued)  // nothing more would be taken in, and so nothing shown
        open_window(now);
    actions.emplace_back(RollBack{ error(base::Errc::missing, "no answer in time") });
    pump(actions, now);
}

/// A direction that the answer keeps back is asked for again with the next offer; the second time the other
/// side is told.
void Renegotiation::add_narrowed(const sdp::Description& answer, std::vector<Step>& steps)
{
    narrowed_.resize(answer.media.size());
    for (std::size_t i = 0; i < answer.media.size(); ++i) {
        const auto is_asked = std::any_of(asked_.begin(), asked_.end(), [&](const Asked& asked) {
            return asked.index == i && asked.expects == Expects::content_answer;
        });
        if (is_asked || !is_live_rtp(answer.media[i]))
            continue;
        const auto offered = senders_of(shown_.value(), i, peer_role());
        const auto now = intersect(offered, senders_of(answer, i, options_.role));
        const auto before = intersect(senders_of(own_.value(), i, options_.role), offered);
        const auto is_narrower = now != offered && i < own_.value().media.size() && now != before;
        if (is_narrower && narrowed_[i])
            steps.push_back(modify_step(slots_[i], i, now, options_.sid, *turn_));
        narrowed_[i] = is_narrower;
    }
}

Actions Renegotiation::own_answer(const sdp::Description& said, Time now)
{
    begin_turn();
    Actions actions;
    if (state_ != State::offered)
        return actions;
    const auto renewed
        = is_renewed(own_.value(), said, *turn_) || is_renewed(peer_.value(), peer_next_.value(), *turn_);
    const auto role = renewed ? settled_role(said, peer_next_.value()) : role_;
    const auto answer = with_role(said, role, *turn_);
    const auto transport = options_.transport;
    for (const auto& request : being_shown_)
        options_.transport = request.replacing.value_or(options_.transport);
    auto slots = slots_;
    auto steps = plan_answer(shown_.value(), answer, asked_, plan_for(slots), *turn_);
    auto kept = KeptDescription::copy(answer);
    if (!steps || !kept) {
        options_.transport = transport;
        actions.emplace_back(RollBack{ !steps ? steps.error() : kept.error() });
        return actions;
    }
    slots_ = std::move(slots);
    role_ = role;
    add_narrowed(answer, *steps);
    queue_answers(*steps);
    replace(own_, *std::move(kept));
    replace(peer_, std::move(peer_next_));
    asked_.clear();
    being_shown_.clear();
    answer_deadline_.reset();
    state_ = State::stable;
    shown_hold_ = offered_hold_;
    if (peer_hold_ != shown_hold_)
        open_window(now);
    pump(actions, now);
    return actions;
}

void Renegotiation::queue_answers(std::vector<Step>& steps)
{
    const auto is_replaced
        = std::any_of(being_shown_.begin(), being_shown_.end(),
                      [](const Incoming& request) { return request.replacing.has_value(); });
    for (auto& step : steps) {
        if (is_replaced && step.request.action == jingle::Action::transport_info)
            step.request.action = jingle::Action::transport_accept;
        const auto is_bare = step.request.action == jingle::Action::transport_info
            && step.request.contents.front().ice()->candidates.empty()
            && !step.request.contents.front().ice()->gathering_complete;
        if (is_bare)
            restart_answer_
                = Outgoing{ written(step.request), step.request.action, Expects::result, step.index };
        else
            queue({ step });
    }
}

/// Conversations takes credentials without a candidate for a restart of our own (mapping 4.4): the answer
/// waits for the first.
Actions Renegotiation::own_candidates(const sdp::Description& fragment, Time now)
{
    begin_turn();
    Actions actions;
    if (!restart_answer_)
        return actions;
    auto answer = read_back(restart_answer_->xml, *turn_);
    auto slots = slots_;
    const auto trickled = from_sdp(fragment,
                                   { .action = jingle::Action::transport_info,
                                     .writer = options_.role,
                                     .sid = options_.sid,
                                     .slots = slots,
                                     .transport = options_.transport },
                                   *turn_);
    if (!answer || !trickled)
        return actions;
    auto& transport = *answer->contents.front().ice();
    for (const auto& content : trickled->contents)
        for (const auto& candidate : content.ice()->candidates)
            transport.candidates.push_back(*turn_, candidate);
    transport.gathering_complete = trickled->contents.front().ice()->gathering_complete;
    out_.push_back({ written(*answer), answer->action, Expects::result, restart_answer_->index });
    restart_answer_.reset();
    pump(actions, now);
    return actions;
}

}  // namespace jingle
