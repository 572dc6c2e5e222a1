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
        const auto tells = request.action == jingle::Action::content_add
            || request.action == jingle::Action::content_modify;
        if (index && tells)
            set_limit(*index, content.senders.value_or(Senders::both));
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
            auto reject = *request;
            reject.action = jingle::Action::content_reject;
            reject.groups = {};
            out_.push_back({ written(reject), reject.action, Expects::result, 0 });
        }
    }
    return said;
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
    shown_hold_ = peer_hold_;
    state_ = State::offered;
    actions.emplace_back(ShowOffer{ offer });
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
    const auto answer = with_role(said, role_, *turn_);
    auto slots = slots_;
    auto steps = plan_answer(shown_.value(), answer, asked_, plan_for(slots), *turn_);
    auto kept = KeptDescription::copy(answer);
    if (!steps || !kept) {
        actions.emplace_back(RollBack{ !steps ? steps.error() : kept.error() });
        return actions;
    }
    slots_ = std::move(slots);
    add_narrowed(answer, *steps);
    for (const auto& step : *steps) {
        const auto is_bare = step.request.action == jingle::Action::transport_info
            && step.request.contents.front().ice()->candidates.empty()
            && !step.request.contents.front().ice()->gathering_complete;
        if (is_bare)
            restart_answer_
                = Outgoing{ written(step.request), step.request.action, Expects::result, step.index };
        else
            queue({ step });
    }
    replace(own_, *std::move(kept));
    replace(peer_, std::move(peer_next_));
    asked_.clear();
    being_shown_.clear();
    state_ = State::stable;
    pump(actions, now);
    return actions;
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
