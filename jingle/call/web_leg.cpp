#include "jingle/call/web_leg.hpp"

#include <algorithm>

#include "jingle/call/nick.hpp"
#include "xmpp/ns.hpp"

namespace jingle::call {
namespace {

constexpr std::string_view medium(bool video)
{
    return video ? "video" : "audio";
}

}  // namespace

WebLeg::WebLeg(WebLegOptions options)
    : options_{ std::move(options) }
{
}

void WebLeg::hear(PageHears heard, WebTurn& turn) const
{
    turn.outputs.emplace_back(std::move(heard));
}

/// The values of a request live in the arena of the turn, or as long.
std::string_view WebLeg::tell(const Jingle& request, WebTurn& turn)
{
    const auto id = turn.arena.copy("w" + std::to_string(++last_id_));
    auto* told = turn.arena.make<Jingle>(request);
    told->sid = turn.arena.copy(options_.sid);
    turn.outputs.emplace_back(TellRequest{ told, id });
    return id;
}

void WebLeg::tell(MessageKind kind, std::optional<Condition> reason, WebTurn& turn) const
{
    Message message;
    message.kind = kind;
    message.id = turn.arena.copy(options_.sid);
    if (reason) {
        message.reason = Reason{};
        message.reason->condition = *reason;
    }
    if (kind == MessageKind::propose) {
        message.extra = with_nick({}, options_.own_name, turn.arena);
        for (const bool video : { false, true })
            if (video ? media_.video : media_.audio)
                message.descriptions.push_back(turn.arena, { xmpp::ns::rtp, medium(video), {} });
    }
    turn.outputs.emplace_back(TellMessage{ message });
}

bool WebLeg::has_session() const noexcept
{
    return state_ == State::initiated || state_ == State::shown || state_ == State::active;
}

// --- the end -----------------------------------------------------------------------------------------

void WebLeg::answered_elsewhere(WebTurn& turn)
{
    if (state_ != State::alerted && state_ != State::accepted && state_ != State::shown)
        return;
    clear();
    hear(PageSelectAnswer{}, turn);
}

/// The page hears that the call is over; a call that was not let through was rejected.
void WebLeg::finish(Condition reason, Tell tell_call, WebTurn& turn)
{
    if (is_ended())
        return;
    const bool not_let_through
        = options_.role == Role::initiator && state_ != State::active && tell_call == Tell::no;
    const auto heard = to_page(reason, not_let_through ? Ended::early : Ended::live);
    const bool rejected = not_let_through
        && (heard == PageReason::busy || heard == PageReason::declined || heard == PageReason::unavailable);
    if (tell_call == Tell::yes)
        tell_end(reason, {}, turn);
    clear();
    if (rejected)
        hear(PageReject{ heard }, turn);
    else
        hear(PageHangup{ heard, {} }, turn);
}

/// In the form that fits where the call is: with a session it is terminated, before that a message says so.
void WebLeg::tell_end(Condition reason, std::string_view text, WebTurn& turn)
{
    if (has_session()) {
        Jingle terminate;
        terminate.action = Action::session_terminate;
        terminate.reason = Reason{};
        terminate.reason->condition = reason;
        if (!text.empty() && text.size() <= Reason::max_text)
            terminate.reason->text = turn.arena.copy(text);
        tell(terminate, turn);
    } else if (state_ != State::idle && !is_ended()) {
        tell(options_.role == Role::initiator ? MessageKind::retract : MessageKind::reject, reason, turn);
    }
    clear();
}

/// Nothing is kept of a call that has ended.
void WebLeg::clear()
{
    WebLegOptions options = std::move(options_);
    const auto id = last_id_;
    *this = WebLeg{ std::move(options) };
    last_id_ = id;
    state_ = State::ended;
}

void WebLeg::end(Condition reason, WebTurn& turn)
{
    finish(reason, Tell::yes, turn);
}

// --- time, and pages that come back --------------------------------------------------------------------

void WebLeg::pass_time(WebTurn& turn)
{
    if (negotiation_)
        (void)carry_out(negotiation_->time_passed(turn.now), turn);
    far_waiting_.expire(turn.now);
    if (deadline_ && *deadline_ <= turn.now)
        finish(Condition::gone, Tell::yes, turn);
}

std::optional<Time> WebLeg::deadline() const
{
    const auto other = negotiation_ ? negotiation_->deadline() : std::nullopt;
    if (deadline_ && other)
        return std::min(*deadline_, *other);
    return deadline_ ? deadline_ : other;
}

void WebLeg::reloaded(WebTurn& turn)
{
    switch (state_) {
    case State::idle:
    case State::proposed:
    case State::accepted:
    case State::ended: return;
    case State::wanted: return hear(PageAccept{}, turn);
    case State::alerted:
        return hear(PageInvite{ options_.address, options_.display_name, media_, options_.lifetime, {} },
                    turn);
    case State::shown:
        if (invited_with_offer_)
            return hear(
                PageInvite{ options_.address, options_.display_name, media_, options_.lifetime, far_text_ },
                turn);
        return hear(PageNegotiate{ { PageDescription::Type::offer, far_text_ } }, turn);
    case State::initiated: return finish(Condition::gone, Tell::yes, turn);
    case State::active: break;
    }
    far_offer_open_ = false;
    own_offer_open_ = false;
    own_next_.clear();
    (void)carry_out(negotiation_->own_lost(turn.now), turn);
    waiting_.clear();
    reloaded_ = true;
    answer_doubtful_ = false;
    deadline_ = turn.now + page_answer_limit;
    if (info_.is_shown(slots()))
        hear(info_.shown(slots()), turn);
}

/// Hears again what it is to do; twice is no harm. What runs goes on.
void WebLeg::missed(WebTurn& turn)
{
    if (state_ == State::active) {
        say_answer_again(turn);
        say_offer_again(turn);
        hear(info_.shown(slots()), turn);
    } else if (state_ != State::initiated) {
        reloaded(turn);
    }
}

/// A caller's page that never got it would go on showing a call that rings, while the callee talks.
void WebLeg::say_answer_again(WebTurn& turn) const
{
    if (!answer_doubtful_)
        return;
    if (auto text = negotiation_->peer().to_string())  // it has been written before
        hear(PageAnswer{ *std::move(text) }, turn);
}

void WebLeg::say_offer_again(WebTurn& turn) const
{
    const auto* offer = negotiation_->shown_offer();
    if (offer == nullptr)
        return;
    if (auto text = offer->to_string())  // it has been written before
        hear(PageNegotiate{ { PageDescription::Type::offer, *std::move(text) } }, turn);
}

PageCall WebLeg::snapshot() const
{
    PageCall out;
    out.outgoing = options_.role == Role::initiator;
    out.address = options_.address;
    out.display_name = options_.display_name;
    out.media = slots().empty() ? media_ : media_of(slots());
    out.held = info_.is_held();
    switch (state_) {
    case State::idle:
    case State::proposed:
    case State::initiated: out.state = ringing_ ? PageCall::State::ringing : PageCall::State::trying; break;
    case State::wanted:
    case State::accepted: out.state = PageCall::State::connecting; break;
    case State::alerted: out.state = PageCall::State::incoming; break;
    case State::shown:
        out.state = invited_with_offer_ ? PageCall::State::incoming : PageCall::State::connecting;
        break;
    case State::active:
    case State::ended: out.state = PageCall::State::active; break;
    }
    return out;
}

const Slots& WebLeg::slots() const noexcept
{
    return negotiation_ ? negotiation_->slots() : slots_;
}

}  // namespace jingle::call
