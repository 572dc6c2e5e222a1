// The first offer and answer of a web leg.

#include <algorithm>

#include "base/release.hpp"
#include "jingle/call/nick.hpp"
#include "jingle/call/web_leg.hpp"
#include "jingle/call/web_leg_sdp.hpp"
#include "jingle/direction.hpp"

namespace jingle::call {
namespace {

/// What the other side hears about an offer or answer of its own.
xmpp::StanzaError stanza_error(const base::Error& error)
{
    switch (error.code) {
    case base::Errc::unsupported: return xmpp::errors::feature_not_implemented;
    case base::Errc::too_long: return xmpp::errors::resource_constraint;
    default: return xmpp::errors::bad_request;
    }
}

/// RFC 3264, 6: an m-line is answered by one of the same medium.
std::optional<PageError> other_medium(const sdp::Description& offer, const sdp::Description& answer)
{
    const auto count = std::min(offer.media.size(), answer.media.size());
    for (std::size_t i = 0; i < count; ++i)
        if (offer.media[i].media != answer.media[i].media)
            return PageError{ PageError::Code::bad_sdp,
                              "m-line " + std::to_string(i + 1) + ": another medium than in the offer" };
    return std::nullopt;
}

}  // namespace

ToSdp WebLeg::to_sdp_how(Slots& slots) const
{
    ToSdp how{ .writer = other(options_.role), .slots = slots };
    how.trust = options_.far.trust;
    how.audience = Audience::webrtc;
    return how;
}

FromSdp WebLeg::from_sdp_how(Action action, Slots& slots) const
{
    return { .action = action,
             .writer = options_.role,
             .sid = options_.sid,
             .slots = slots,
             .transport = options_.far.transport };
}

/// The page's offer, with its call or after it heard that somebody wants it.
std::optional<PageError> WebLeg::initiate(const std::string& offer, WebTurn& turn)
{
    const auto description = read_sdp(offer, turn.arena);
    if (!description)
        return sdp_error(description.error());
    auto slots = slots_;
    auto request = from_sdp(*description, from_sdp_how(Action::session_initiate, slots), turn.arena);
    if (!request)
        return sdp_error(request.error());
    request->extra = with_nick(request->extra, options_.own_name, turn.arena);
    slots_ = std::move(slots);
    media_ = media_of(slots_);
    own_text_ = offer;
    own_ = credentials_of(*description, turn.arena);
    state_ = State::initiated;
    initiate_id_ = tell(*request, turn);
    release_own(turn);
    return std::nullopt;
}

std::optional<xmpp::StanzaError> WebLeg::receive_initiate(const Jingle& request, WebTurn& turn)
{
    const bool invites = state_ == State::idle && options_.role == Role::responder;
    if (!invites && state_ != State::accepted)
        return xmpp::errors::out_of_order;
    auto slots = slots_;
    auto how = to_sdp_how(slots);
    const auto session = std::to_string(options_.sdp_session);
    how.origin.sess_id = session;
    how.origin.sess_version = "1";
    const auto offer = to_sdp(request, how, turn.arena);
    auto text = offer ? offer->to_string() : tl::make_unexpected(offer.error());
    if (!text) {
        if (state_ == State::accepted)
            hear(PageHangup{ PageReason::incompatible, {} }, turn);
        clear();
        return stanza_error(text.error());
    }
    slots_ = std::move(slots);
    media_ = media_of(slots_);
    far_text_ = *std::move(text);
    learn_far(*offer, turn.arena);
    invited_with_offer_ = invites;
    state_ = State::shown;
    if (invites)
        hear(PageInvite{ options_.address, options_.display_name, media_, options_.lifetime, far_text_ },
             turn);
    else
        hear(PageNegotiate{ { PageDescription::Type::offer, far_text_ } }, turn);
    if (!invites)
        deadline_ = turn.now + page_answer_limit;
    return std::nullopt;
}

/// The page's answer to the first offer.
std::optional<PageError> WebLeg::accept(const std::string& answer, WebTurn& turn)
{
    const auto offer = read_sdp(far_text_, turn.arena);  // ours: it reads
    const auto description = read_sdp(answer, turn.arena);
    if (!offer || !description)
        return sdp_error(offer ? description.error() : offer.error());
    if (auto refused = other_medium(*offer, *description))
        return refused;
    auto slots = slots_;
    auto how = from_sdp_how(Action::session_accept, slots);
    how.offer = &*offer;
    const auto request = from_sdp(*description, how, turn.arena);
    if (!request)
        return sdp_error(request.error());
    if (const auto active = activate(*description, *offer, std::move(slots)); !active)
        return sdp_error(active.error());
    own_ = credentials_of(*description, turn.arena);
    tell(*request, turn);
    release_own(turn);
    return std::nullopt;
}

std::optional<xmpp::StanzaError> WebLeg::receive_accept(const Jingle& request, WebTurn& turn)
{
    if (state_ != State::initiated)
        return xmpp::errors::out_of_order;
    const auto offer = read_sdp(own_text_, turn.arena);  // it has been read before
    if (!offer)
        return stanza_error(offer.error());
    auto slots = slots_;
    auto how = to_sdp_how(slots);
    const auto session = std::to_string(options_.sdp_session);
    how.offer = &*offer;
    how.origin.sess_id = session;
    how.origin.sess_version = "1";
    const auto answer = to_sdp(request, how, turn.arena);
    auto text = answer ? answer->to_string() : tl::make_unexpected(answer.error());
    if (!text) {
        finish(Condition::incompatible_parameters, Tell::yes, turn);
        return stanza_error(text.error());
    }
    if (const auto active = activate(*offer, *answer, std::move(slots)); !active) {
        finish(Condition::incompatible_parameters, Tell::yes, turn);
        return stanza_error(active.error());
    }
    answer_doubtful_ = true;
    hear(PageAnswer{ *std::move(text) }, turn);
    learn_far(*answer, turn.arena);
    release_far(*answer, turn);
    return std::nullopt;
}

/// From now on Renegotiation keeps both descriptions.
base::Result<void> WebLeg::activate(const sdp::Description& own, const sdp::Description& far, Slots slots)
{
    const renegotiate::Options options{ .role = options_.role,
                                        .sid = options_.sid,
                                        .removal = options_.far.removal,
                                        .extension = options_.far.extension,
                                        .association = options_.far.association,
                                        .transport = options_.far.transport,
                                        .trust = options_.far.trust,
                                        .audience = Audience::webrtc,
                                        .answer_limit = options_.far.answer_limit };
    TRY(negotiation_, Renegotiation::start(options, std::move(slots), own, far));
    state_ = State::active;
    deadline_.reset();
    base::release(own_text_);
    base::release(far_text_);
    slots_ = {};
    return {};
}

}  // namespace jingle::call
