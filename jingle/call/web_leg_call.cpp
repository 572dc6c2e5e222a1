// What the call says.

#include "jingle/call/web_leg.hpp"

namespace jingle::call {
namespace {

/// Each kind once.
PageMedia proposed_media(const Message& propose)
{
    PageMedia media;
    for (const auto& description : propose.descriptions) {
        media.audio = media.audio || description.media == "audio";
        media.video = media.video || description.media == "video";
    }
    return media;
}

Condition reason_or(const std::optional<Reason>& reason, Condition otherwise)
{
    return reason ? reason->condition : otherwise;
}

}  // namespace

struct WebLeg::Heard {
    WebLeg& leg;
    WebTurn& turn;

    void operator()(const Answer& answer) const
    {
        if (!leg.is_ended())
            leg.replied(answer, turn);
    }

    /// The answer goes first, so that it overtakes nothing that follows from the request.
    void operator()(const Request& request) const
    {
        const auto at = turn.outputs.size();
        const auto error = answer_to(*request.jingle);
        const TellReply reply{ request.jingle->action, request.answered, request.original, error };
        turn.outputs.insert(turn.outputs.begin() + static_cast<std::ptrdiff_t>(at), reply);
    }

    std::optional<xmpp::StanzaError> answer_to(const Jingle& request) const
    {
        if (request.action == Action::session_initiate && !leg.is_ended())
            return leg.receive_initiate(request, turn);
        if (!leg.has_session())
            return xmpp::errors::unknown_session;
        switch (request.action) {
        case Action::session_accept: return leg.receive_accept(request, turn);
        case Action::session_terminate: over(request.reason, Condition::general_error); return std::nullopt;
        case Action::session_info: return session_info(request);
        case Action::security_info: return xmpp::errors::unsupported_info;
        default: return leg.receive_change(request, turn);
        }
    }

    std::optional<xmpp::StanzaError> session_info(const Jingle& request) const
    {
        if (!request.info || std::holds_alternative<std::monostate>(*request.info))
            return std::nullopt;
        if (const auto* dtmf = std::get_if<Dtmf>(&*request.info)) {
            PageInfo info;
            info.dtmf = std::string{ dtmf->code };
            leg.hear(info, turn);
            return std::nullopt;
        }
        const auto* info = std::get_if<RtpInfo>(&*request.info);
        if (info == nullptr)
            return xmpp::errors::unsupported_info;
        if (info->kind == InfoKind::ringing)
            ring();
        else if (auto heard = leg.info_.heard(*info, leg.slots()))
            leg.hear(*std::move(heard), turn);
        if (leg.negotiation_)
            (void)leg.carry_out(leg.negotiation_->received(request, turn.now), turn);
        return std::nullopt;
    }

    void ring() const
    {
        if (leg.state_ != State::proposed && leg.state_ != State::wanted && leg.state_ != State::initiated)
            return;
        leg.ringing_ = true;
        leg.hear(PageRinging{}, turn);
    }

    void operator()(const Say& say) const
    {
        const auto& message = say.message;
        const bool calling = leg.options_.role == Role::initiator;
        switch (message.kind) {
        case MessageKind::propose: return propose(message);
        case MessageKind::ringing: return ring();
        case MessageKind::proceed:
        case MessageKind::accept:
            if (!calling)
                return leg.answered_elsewhere(turn);
            if (leg.state_ != State::proposed)
                return;
            leg.state_ = State::wanted;
            return leg.hear(PageAccept{}, turn);
        case MessageKind::reject:
            if (calling)
                leg.finish(reason_or(message.reason, Condition::decline), Tell::no, turn);
            return;
        case MessageKind::retract:
            if (!calling)
                over(message.reason, Condition::cancel);
            return;
        case MessageKind::finish:  // follows a session-terminate; what counts is whichever comes first
            if (leg.state_ != State::idle)
                leg.finish(message.migrated_to ? Condition::alternative_session
                                               : reason_or(message.reason, Condition::success),
                           Tell::no, turn);
        }
    }

    void propose(const Message& message) const
    {
        if (leg.state_ != State::idle || leg.options_.role != Role::responder)
            return;
        leg.media_ = proposed_media(message);
        leg.state_ = State::alerted;
        leg.hear(
            PageInvite{
                leg.options_.address, leg.options_.display_name, leg.media_, leg.options_.lifetime, {} },
            turn);
    }

    void over(const std::optional<Reason>& reason, Condition otherwise) const
    {
        const bool rings = leg.options_.role == Role::responder && leg.state_ != State::active;
        if (rings && is_answered_elsewhere(reason))
            return leg.answered_elsewhere(turn);
        if (rings && is_declined_elsewhere(reason) && !leg.is_ended()) {
            leg.clear();
            return leg.hear(PageHangup{ PageReason::declined_elsewhere, {} }, turn);
        }
        leg.finish(reason_or(reason, otherwise), Tell::no, turn);
    }

    void operator()(const Refuse& refuse) const
    {
        if (leg.is_ended())
            return;
        const auto reason = to_page(refuse.error);
        leg.clear();
        leg.hear(PageReject{ reason }, turn);
    }

    void operator()(const Bound&) const { }
    void operator()(const Noted&) const { }
};

void WebLeg::handle(const Output& output, WebTurn& turn)
{
    std::visit(Heard{ *this, turn }, output);
}

}  // namespace jingle::call
