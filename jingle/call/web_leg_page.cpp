// What the page says.

#include "jingle/call/web_leg.hpp"

namespace jingle::call {
namespace {

PageError wrong_state(std::string_view why)
{
    return { PageError::Code::wrong_state, std::string{ why } };
}

}  // namespace

struct WebLeg::Said {
    WebLeg& leg;
    WebTurn& turn;
    using Refused = std::optional<PageError>;

    Refused operator()(const PageInvite& invite) const
    {
        if (leg.state_ != State::idle || leg.options_.role != Role::initiator)
            return wrong_state("the call is there already");
        leg.media_ = invite.media;
        if (invite.offer)
            return leg.initiate(*invite.offer, turn);
        if (!leg.media_.audio && !leg.media_.video)
            leg.media_.audio = true;
        leg.tell(MessageKind::propose, std::nullopt, turn);
        leg.state_ = State::proposed;
        return std::nullopt;
    }

    Refused operator()(const PageRinging&) const
    {
        if (leg.state_ == State::alerted) {
            leg.tell(MessageKind::ringing, std::nullopt, turn);
            return std::nullopt;
        }
        if (leg.state_ != State::shown || !leg.invited_with_offer_)
            return wrong_state("nobody is calling");
        Jingle info;
        info.action = Action::session_info;
        info.info = RtpInfo{ InfoKind::ringing, {}, {}, {} };
        leg.tell(info, turn);
        return std::nullopt;
    }

    Refused operator()(const PageAccept& accept) const
    {
        if (is_taken() && accept.answer.has_value() == leg.invited_with_offer_)
            return std::nullopt;  // said again, since its result was lost
        if (leg.state_ == State::alerted && !accept.answer) {
            leg.tell(MessageKind::proceed, std::nullopt, turn);
            leg.state_ = State::accepted;
            return std::nullopt;
        }
        if (leg.state_ == State::shown && leg.invited_with_offer_ && accept.answer)
            return leg.accept(*accept.answer, turn);
        return wrong_state(leg.state_ == State::alerted     ? "the offer comes later"
                               : leg.state_ == State::shown ? "there is an offer to answer"
                                                            : "nobody is calling");
    }

    /// The page has picked up.
    bool is_taken() const
    {
        return leg.options_.role == Role::responder
            && (leg.state_ == State::accepted || leg.state_ == State::active
                || (leg.state_ == State::shown && !leg.invited_with_offer_));
    }

    Refused operator()(const PageNegotiate& said) const
    {
        leg.answer_doubtful_ = false;
        const auto type = said.description.type;
        if (leg.state_ == State::wanted && type == PageDescription::Type::offer)
            return leg.initiate(said.description.sdp, turn);
        if (leg.state_ == State::shown && !leg.invited_with_offer_ && type == PageDescription::Type::answer)
            return leg.accept(said.description.sdp, turn);
        if (leg.state_ != State::active)
            return wrong_state("not asked for");
        return leg.negotiate(said.description, turn);
    }

    Refused operator()(const PageCandidates& said) const { return leg.trickle(said, turn); }

    Refused operator()(const PageInfo& said) const
    {
        if (said.dtmf)
            return wrong_state("tones go in band, by RTCDTMFSender");
        if (leg.state_ != State::active)
            return wrong_state("not connected");
        leg.answer_doubtful_ = false;
        for (const auto& info : leg.info_.said(said, leg.slots())) {
            Jingle request;
            request.action = Action::session_info;
            request.info = info;
            if (info.name)
                std::get<RtpInfo>(*request.info).name = turn.arena.copy(*info.name);
            leg.tell(request, turn);
        }
        return std::nullopt;
    }

    Refused operator()(const PageReject& reject) const
    {
        if (leg.state_ != State::alerted && leg.state_ != State::shown)
            return wrong_state("nobody is calling");
        leg.tell_end(to_condition(reject.reason), {}, turn);
        return std::nullopt;
    }

    /// May be said again.
    Refused operator()(const PageHangup& hangup) const
    {
        if (leg.state_ == State::idle)
            return wrong_state("there is no call");
        if (leg.is_ended())
            return std::nullopt;
        auto reason = to_condition(hangup.reason);
        if (reason == Condition::success && leg.state_ != State::active)
            reason = leg.options_.role == Role::initiator ? Condition::cancel : Condition::decline;
        leg.tell_end(reason, hangup.text, turn);
        return std::nullopt;
    }
};

std::optional<PageError> WebLeg::says(const PageSays& said, WebTurn& turn)
{
    if (is_ended() && !std::holds_alternative<PageHangup>(said))
        return wrong_state("the call has ended");
    return std::visit(Said{ *this, turn }, said);
}

}  // namespace jingle::call
