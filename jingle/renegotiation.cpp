#include "jingle/renegotiation.hpp"

#include <algorithm>

#include "base/scan.hpp"
#include "jingle/direction.hpp"
#include "jingle/number_text.hpp"
#include "jingle/renegotiation_parts.hpp"
#include "jingle/reoffer.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

using namespace renegotiate;

base::Result<Renegotiation> Renegotiation::start(Options options, Slots slots, const sdp::Description& own,
                                                 const sdp::Description& peer)
{
    Renegotiation out;
    out.turn_ = std::make_unique<base::Arena>();
    out.options_ = std::move(options);
    out.slots_ = std::move(slots);
    TRY(out.own_, KeptDescription::copy(own));
    TRY(out.peer_, KeptDescription::copy(peer));
    out.role_ = settled_role(own, peer);
    // A session that is taken up again goes on counting (RFC 9429, 5.2.2).
    out.version_ = base::parse_number<std::uint16_t>(peer.origin.sess_version, "version").value_or(1);
    for (std::size_t i = 0; i < peer.media.size(); ++i) {
        auto said = senders_of(peer, i, out.peer_role());
        // What was not offered to the answerer was not refused by it either.
        if (out.role_ && !own.media.empty() && own.media[0].transport.setup == sdp::Setup::actpass
            && i < own.media.size())
            said = unite(said, complement(senders_of(own, i, out.options_.role)));
        out.set_limit(i, said);
    }
    return out;
}

Role Renegotiation::peer_role() const noexcept
{
    return other(options_.role);
}

PlanFor Renegotiation::plan_for(Slots& slots) const
{
    return { .writer = options_.role,
             .sid = options_.sid,
             .slots = slots,
             .removal = options_.removal,
             .extension = options_.extension,
             .association = options_.association,
             .held = own_hold_,
             .limits = limits_,
             .transport = options_.transport };
}

ToSdp Renegotiation::to_sdp_for(Slots& slots, const sdp::Description& current) const
{
    return { .writer = peer_role(),
             .slots = slots,
             .current = &current,
             .trust = options_.trust,
             .audience = options_.audience,
             .origin = current.origin };
}

/// RFC 9429, 5.2.2: one version more for each description of a side.
sdp::Origin Renegotiation::next_origin()
{
    auto origin = peer_.value().origin;
    origin.sess_version = number_text(static_cast<std::uint32_t>(++version_), *turn_);
    return origin;
}

void Renegotiation::begin_turn()
{
    turn_->reset();
    retired_.clear();
}

/// The actions of this turn may still look into the old one.
void Renegotiation::replace(KeptDescription& old, KeptDescription&& now)
{
    retired_.push_back(std::exchange(old, std::move(now)));
}

void Renegotiation::set_limit(std::size_t index, Senders senders)
{
    if (limits_.size() <= index)
        limits_.resize(index + 1, Senders::both);
    limits_[index] = senders;
}

bool Renegotiation::count_round(Time now)
{
    while (!rounds_.empty() && now - rounds_.front() >= std::chrono::minutes{ 1 })
        rounds_.pop_front();
    if (rounds_.size() >= max_rounds)
        return false;
    rounds_.push_back(now);
    return true;
}

void Renegotiation::queue(const std::vector<Step>& steps)
{
    for (const auto& step : steps)
        out_.push_back({ written(step.request), step.request.action, step.expects, step.index });
}

/// The next request goes out when the one before has its result.
void Renegotiation::pump(Actions& actions, Time now)
{
    if (in_flight_)
        return;
    if (!out_.empty()) {
        in_flight_ = std::move(out_.front());
        out_.pop_front();
        if (const auto request = read_back(in_flight_->xml, *turn_))
            actions.emplace_back(Send{ *request });
        return;
    }
    if (state_ == State::offering && open_.empty())
        finish_own_offer(actions, now);
    if (state_ == State::stable && window_end_ && *window_end_ <= now && !is_own_lost_)
        show_offer(actions, now);
}

Actions Renegotiation::received(const Jingle& request, Time now)
{
    begin_turn();
    switch (request.action) {
    case jingle::Action::content_accept:
    case jingle::Action::content_reject: return received_answer(request, now);
    case jingle::Action::transport_info: return received_transport(request, now);
    case jingle::Action::content_add:
    case jingle::Action::content_modify:
    case jingle::Action::content_remove:
    case jingle::Action::description_info: return received_change(request, now);
    case jingle::Action::session_info: return received_info(request, now);
    case jingle::Action::security_info:
    case jingle::Action::session_accept:
    case jingle::Action::session_initiate:
    case jingle::Action::session_terminate:
    case jingle::Action::transport_accept:
    case jingle::Action::transport_reject: break;
    case jingle::Action::transport_replace: return received_replace(request, now);
    }
    return {};
}

Actions Renegotiation::time_passed(Time now)
{
    begin_turn();
    Actions actions;
    const auto is_over = answer_deadline_ && *answer_deadline_ <= now;
    if (is_over && state_ == State::offering)
        abandon_own_offer(actions, error(base::Errc::missing, "no answer in time"), now);
    else if (is_over && state_ == State::offered)
        abandon_shown_offer(actions, now);
    else
        pump(actions, now);
    return actions;
}

std::optional<Renegotiation::Time> Renegotiation::deadline() const
{
    if (state_ != State::stable)
        return answer_deadline_;
    return in_flight_ || is_own_lost_ ? std::nullopt : window_end_;
}

}  // namespace jingle
