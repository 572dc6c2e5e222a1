#include "jingle/call/web_leg.hpp"

#include <algorithm>

#include "xmpp/ns.hpp"

namespace jingle::call {
namespace {

constexpr std::string_view medium(bool video)
{
    return video ? "video" : "audio";
}

PageError wrong_state(std::string_view why)
{
    return { PageError::Code::wrong_state, std::string{ why } };
}

/// Each kind once.
PageMedia proposed_media(const Message& propose)
{
    PageMedia media;
    for (const auto& description : propose.descriptions) {
        media.audio = media.audio || description.media == medium(false);
        media.video = media.video || description.media == medium(true);
    }
    return media;
}

Condition reason_or(const std::optional<Reason>& reason, Condition otherwise)
{
    return reason ? reason->condition : otherwise;
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
    if (kind == MessageKind::propose)
        for (const bool video : { false, true })
            if (video ? media_.video : media_.audio)
                message.descriptions.push_back(turn.arena, { xmpp::ns::rtp, medium(video), {} });
    turn.outputs.emplace_back(TellMessage{ message });
}

bool WebLeg::has_session() const noexcept
{
    return state_ == State::initiated || state_ == State::shown || state_ == State::active;
}

// --- what the page says ------------------------------------------------------------------------------

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

    Refused operator()(const PageNegotiate& said) const
    {
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

// --- what the call says ------------------------------------------------------------------------------

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
        case Action::session_terminate:
            leg.finish(reason_or(request.reason, Condition::general_error), Tell::no, turn);
            return std::nullopt;
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
        if (leg.state_ != State::proposed && leg.state_ != State::initiated)
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
                leg.finish(reason_or(message.reason, Condition::cancel), Tell::no, turn);
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
    if (far_offer_open_)  // its answer is lost, and a second offer cannot stand beside it
        return finish(Condition::gone, Tell::yes, turn);
    if (own_offer_open_) {
        own_offer_open_ = false;
        own_next_.clear();
        (void)carry_out(negotiation_->own_rollback(turn.now), turn);
    }
    waiting_.clear();
    reloaded_ = true;
    deadline_ = turn.now + page_answer_limit;
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
