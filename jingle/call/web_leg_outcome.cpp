// What Renegotiation wants done.

#include "jingle/call/web_leg.hpp"
#include "jingle/call/web_leg_sdp.hpp"

namespace jingle::call {
namespace {

renegotiate::Reply reply_of(const std::optional<xmpp::StanzaError>& error)
{
    if (!error)
        return renegotiate::Reply::result;
    if (error->jingle == xmpp::JingleCondition::tie_break)
        return renegotiate::Reply::tie_break;
    return error->jingle == xmpp::JingleCondition::unknown_session ? renegotiate::Reply::unknown_session
                                                                   : renegotiate::Reply::error;
}

}  // namespace

void WebLeg::replied(const Answer& answer, WebTurn& turn)
{
    const auto& error = answer.error;
    if (error && (answer.id == initiate_id_ && state_ == State::initiated)) {
        const auto reason = to_page(*error);
        clear();
        return hear(PageReject{ reason }, turn);
    }
    if (!in_flight_.empty() && answer.id == in_flight_) {
        in_flight_.clear();
        auto ufrags = std::exchange(in_flight_ufrags_, {});
        if (!error)
            announced_.insert(announced_.end(), ufrags.begin(), ufrags.end());
        (void)carry_out(negotiation_->replied(reply_of(error), turn.now), turn);
        if (!is_ended())
            release_own(turn);
    } else if (error && error->jingle == xmpp::JingleCondition::unknown_session) {
        finish(Condition::gone, Tell::no, turn);
    }
}

/// What comes back is why the page's offer or answer was not taken.
std::optional<base::Error> WebLeg::carry_out(const renegotiate::Actions& actions, WebTurn& turn)
{
    std::optional<base::Error> refused;
    for (const auto& action : actions) {
        if (const auto* send = std::get_if<renegotiate::Send>(&action)) {
            this->send(send->request, turn);
        } else if (const auto* offer = std::get_if<renegotiate::ShowOffer>(&action)) {
            show_offer(offer->offer, turn);
        } else if (const auto* answer = std::get_if<renegotiate::ShowAnswer>(&action)) {
            show_answer(answer->answer, turn);
        } else if (const auto* back = std::get_if<renegotiate::RollBack>(&action)) {
            refused = back->why;
            roll_back(turn);
        } else if (const auto* end = std::get_if<renegotiate::End>(&action)) {
            finish(end->reason, end->tell == renegotiate::Tell::yes ? Tell::yes : Tell::no, turn);
        }
        if (is_ended())
            break;  // the rest points into what is gone
    }
    return refused;
}

/// Its answer may come in the same turn, and Renegotiation keeps its values until its next one only.
void WebLeg::send(const Jingle& request, WebTurn& turn)
{
    const auto copied = copy(request, turn.arena);
    if (!copied)
        return finish(Condition::general_error, Tell::yes, turn);
    in_flight_ufrags_.clear();
    add_ufrags(*copied, in_flight_ufrags_);
    in_flight_ = tell(*copied, turn);
}

void WebLeg::show_offer(const sdp::Description& offer, WebTurn& turn)
{
    auto text = offer.to_string();
    if (!text)
        return finish(Condition::general_error, Tell::yes, turn);
    far_offer_open_ = true;
    deadline_ = turn.now + page_answer_limit;
    hear(PageNegotiate{ { PageDescription::Type::offer, *std::move(text) } }, turn);
    learn_far(offer, turn.arena);
    release_far(offer, turn);
}

void WebLeg::show_answer(const sdp::Description& answer, WebTurn& turn)
{
    auto text = answer.to_string();
    if (!text)
        return finish(Condition::general_error, Tell::yes, turn);
    own_offer_open_ = false;
    reloaded_ = false;
    own_ = std::exchange(own_next_, {});
    announced_.clear();
    hear(PageNegotiate{ { PageDescription::Type::answer, *std::move(text) } }, turn);
    learn_far(answer, turn.arena);
    release_far(answer, turn);
    release_own(turn);
}

/// Only of an offer that had been taken: else its request is refused.
void WebLeg::roll_back(WebTurn& turn)
{
    if (!own_offer_open_)
        return;
    own_offer_open_ = false;
    own_next_.clear();
    if (reloaded_)
        return finish(Condition::gone, Tell::yes, turn);
    hear(PageNegotiate{ { PageDescription::Type::rollback, {} } }, turn);
}

}  // namespace jingle::call
