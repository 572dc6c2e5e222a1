// What comes after the first offer and answer: Renegotiation decides, this passes on.
//
// Glare (docs/protocol.md): the page that called is impolite, the one that was called polite. So the offer of
// a caller overrules one that its page was shown, and the offer of a callee is refused while the other side's
// is there; what a callee has sent already is taken back. Where one side has a new connection, that is
// settled first, whoever has it: a change of the old one could not be told any more.

#include <algorithm>

#include "jingle/call/web_leg.hpp"
#include "jingle/call/web_leg_sdp.hpp"

namespace jingle::call {
namespace {

using renegotiate::Refusal;

/// Restarts of the other side that the page has not seen; Renegotiation allows few at once.
constexpr std::size_t max_far_next = 64;

xmpp::StanzaError stanza_error(Refusal why)
{
    switch (why) {
    case Refusal::unknown_content: return xmpp::errors::item_not_found;
    case Refusal::out_of_order: return xmpp::errors::out_of_order;
    case Refusal::tie_break: return xmpp::errors::tie_break;
    case Refusal::too_many: return xmpp::errors::resource_constraint;
    case Refusal::bad_request:
    case Refusal::security: break;
    }
    return xmpp::errors::bad_request;
}

PageError wrong_state(std::string_view why)
{
    return { PageError::Code::wrong_state, std::string{ why } };
}

/// Why Renegotiation did not take an offer.
PageError offer_error(const base::Error& error)
{
    if (error.code == base::Errc::too_long)
        return { PageError::Code::rate_limited, error.what };
    return sdp_error(error);
}

}  // namespace

std::optional<PageError> WebLeg::negotiate(const PageDescription& said, WebTurn& turn)
{
    switch (said.type) {
    case PageDescription::Type::offer: return offer_again(said.sdp, turn);
    case PageDescription::Type::answer: return answer_again(said.sdp, turn);
    case PageDescription::Type::rollback: break;
    }
    if (!own_offer_open_)
        return wrong_state("no offer to take back");
    own_offer_open_ = false;
    own_next_.clear();
    (void)carry_out(negotiation_->own_rollback(turn.now), turn);
    return std::nullopt;
}

std::optional<PageError> WebLeg::offer_again(const std::string& offer, WebTurn& turn)
{
    if (own_offer_open_)
        return wrong_state("an offer is open");
    // A request that waits for its window to pass becomes an offer in a moment.
    const bool theirs = far_offer_open_ || (negotiation_->is_stable() && negotiation_->deadline());
    if (theirs && !reloaded_ && (options_.role == Role::responder || negotiation_->is_peer_renewed()))
        return wrong_state("the other side has offered");
    const auto description = read_sdp(offer, turn.arena);
    if (!description)
        return sdp_error(description.error());
    own_next_ = credentials_of(*description, turn.arena);
    announced_.clear();
    if (const auto refused = carry_out(negotiation_->own_offer(*description, turn.now), turn)) {
        own_next_.clear();
        if (!reloaded_ || refused->code != base::Errc::unsupported)
            return offer_error(*refused);
        finish(Condition::gone, Tell::yes, turn);  // the other side cannot go on with another connection
        return std::nullopt;
    }
    if (is_ended())
        return std::nullopt;
    far_offer_open_ = false;  // a caller's offer stands; the other one is shown again
    own_offer_open_ = !negotiation_->is_stable();
    deadline_.reset();
    return std::nullopt;
}

std::optional<PageError> WebLeg::answer_again(const std::string& answer, WebTurn& turn)
{
    if (!far_offer_open_)
        return wrong_state("no offer to answer");
    const auto description = read_sdp(answer, turn.arena);
    if (!description)
        return sdp_error(description.error());
    if (const auto refused = carry_out(negotiation_->own_answer(*description, turn.now), turn))
        return sdp_error(*refused);
    if (is_ended())
        return std::nullopt;
    far_offer_open_ = false;
    own_ = credentials_of(*description, turn.arena);
    deadline_.reset();
    release_own(turn);
    return std::nullopt;
}

/// True when the page's open offer restarts ICE.
bool WebLeg::own_restart_open() const noexcept
{
    return own_offer_open_ && std::any_of(own_next_.begin(), own_next_.end(), [&](const auto& next) {
               const auto* now = find_mid(own_, next.mid);
               return now != nullptr && now->ufrag != next.ufrag;
           });
}

/// True when a request has credentials that the page has not seen.
bool WebLeg::restarts(const Jingle& request) const noexcept
{
    return request.action == Action::transport_info
        && std::any_of(request.contents.begin(), request.contents.end(), [&](const Content& content) {
               return content.ice() != nullptr && content.ice()->pwd && content.ice()->ufrag
                   && !has_ufrag(far_, *content.ice()->ufrag);
           });
}

/// Everything of the call that is about contents.
std::optional<xmpp::StanzaError> WebLeg::receive_change(const Jingle& request, WebTurn& turn)
{
    if (request.action == Action::description_info && state_ != State::active)
        return std::nullopt;  // a hint; the offer says more
    if (request.action == Action::transport_info && state_ != State::active)
        return receive_candidates(request, turn);
    if (state_ != State::active || request.action == Action::transport_accept
        || request.action == Action::transport_reject)
        return xmpp::errors::out_of_order;
    if (request.action == Action::transport_replace)
        return reject_transport(request, turn);
    if (request.action == Action::transport_info && keep_candidates(request, turn))
        return std::nullopt;
    // Of the offer that the page has not answered yet: Renegotiation would take them for the restart again.
    if (request.action == Action::transport_info && far_offer_open_ && !restarts(request))
        return receive_candidates(request, turn);
    // Both sides offer: the one who was called gives way, also when its request has its result already.
    const bool offers = request.action == Action::content_add || (restarts(request) && !own_restart_open());
    if (offers && own_offer_open_ && options_.role == Role::responder)
        (void)carry_out(negotiation_->own_rollback(turn.now), turn);
    return receive_negotiation(request, turn);
}

std::optional<xmpp::StanzaError> WebLeg::receive_negotiation(const Jingle& request, WebTurn& turn)
{
    const auto actions = negotiation_->received(request, turn.now);
    if (actions.empty())
        return request.action == Action::transport_info ? receive_candidates(request, turn) : std::nullopt;
    std::optional<xmpp::StanzaError> error;
    for (const auto& action : actions)
        if (const auto* refuse = std::get_if<renegotiate::Refuse>(&action)) {
            error = stanza_error(refuse->why);
            if (refuse->why == Refusal::security) {
                finish(Condition::security_error, Tell::yes, turn);
                return error;
            }
        }
    if (request.action == Action::transport_info && !error && far_next_.size() < max_far_next)
        add_ufrags(request, far_next_);
    (void)carry_out(actions, turn);
    return error;
}

/// ICE is all there is. Who asked hears so in a request of its own (XEP-0166, 7.2.15).
std::optional<xmpp::StanzaError> WebLeg::reject_transport(const Jingle& request, WebTurn& turn)
{
    Jingle reject;
    reject.action = Action::transport_reject;
    for (const auto& content : request.contents) {
        if (!slots().find_content(content.creator, content.name))
            return xmpp::errors::item_not_found;
        Content stub;
        stub.creator = content.creator;
        stub.name = content.name;
        stub.transport = content.transport;
        if (auto* ice = stub.ice()) {
            const auto kind = ice->kind;
            *ice = {};
            ice->kind = kind;
        }
        reject.contents.push_back(turn.arena, stub);
    }
    tell(reject, turn);
    return std::nullopt;
}

}  // namespace jingle::call
