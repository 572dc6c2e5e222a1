// A call as bytes (bytes.hpp): all that another process needs to go on with it. Version 2: a 'C', the
// version, then the fields in order. (Version 1 knew no invites and no accept that is to be said again; a
// row of it is set aside.)
//
// Left out is what only the moment knows: devices that were away (they are asked anew), and when an active
// call is asked next.

#include <algorithm>
#include <utility>

#include "jingle/call/bytes.hpp"
#include "jingle/call/call.hpp"
#include "jingle/limits.hpp"

namespace jingle::call {
namespace {

constexpr std::string_view head{ "C\2", 2 };
constexpr std::size_t max_text = limits::value;
constexpr std::size_t max_xml = std::size_t{ 1024 } * 1024;
constexpr std::size_t max_waiting = 1024;
constexpr std::chrono::milliseconds max_stage = std::chrono::hours{ 24 };
/// Nothing waits longer; a time further away is none of ours.
constexpr std::chrono::milliseconds max_wait = std::chrono::hours{ 48 };

// Tokens are written as numbers: whoever adds one adds it at the end, or makes this version 3.
static_assert(action_rows.size() == 15 && condition_rows.size() == 17 && senders_rows.size() == 5);
constexpr auto last_action = Action::transport_replace;
constexpr auto last_condition = Condition::unsupported_transports;

void write(Time time, const Moment& moment, BytesOut& out)
{
    out.number(static_cast<std::uint64_t>(moment.to_wall(time).time_since_epoch().count()));
}

/// A clock that was set may make a deadline look far away: no later than as if it began now.
Time read_time(const Moment& moment, BytesIn& in)
{
    const auto last = (moment.wall + max_wait).time_since_epoch().count();
    const std::chrono::milliseconds wall{ static_cast<std::int64_t>(
        std::min(in.number(), static_cast<std::uint64_t>(std::max<std::int64_t>(last, 0)))) };
    return moment.to_steady(roster::WallTime{ wall });
}

void write(const LegContent& content, BytesOut& out)
{
    out.token(content.creator);
    out.text(content.name);
    out.text(content.alias);
    out.text(content.media);
    out.text(content.ufrag);
    out.text(content.pwd);
    out.token(content.senders.has_value());
    out.token(content.senders.value_or(Senders::both));
    out.token(content.left_out);
}

LegContent read_content(BytesIn& in)
{
    LegContent content;
    content.creator = in.token(Role::responder);
    content.name = in.text(max_text);
    content.alias = in.text(max_text);
    content.media = in.text(max_text);
    content.ufrag = in.text(max_text);
    content.pwd = in.text(max_text);
    const bool has_senders = in.flag();
    const auto senders = in.token(Senders::rejected);
    if (has_senders)
        content.senders = senders;
    content.left_out = in.flag();
    return content;
}

void write(const OpenRequest& open, const Moment& moment, BytesOut& out)
{
    out.token(open.action);
    out.number(open.contents);
    out.text(open.id);
    write(open.since, moment, out);
    out.token(open.answered);
}

OpenRequest read_open(const Moment& moment, BytesIn& in)
{
    OpenRequest open{};
    open.action = in.token(last_action);
    open.contents = in.number();
    open.id = in.text(ReturnPath::max_original);
    open.since = read_time(moment, in);
    open.answered = in.flag();
    return open;
}

void write(const Leg& leg, const Moment& moment, BytesOut& out)
{
    out.text(leg.own.full());
    out.text(leg.peer.full());
    out.text(leg.sid);
    for (const bool flag : { leg.jmi, leg.rang, leg.blind, leg.silent, leg.restarting, leg.adding })
        out.token(flag);
    out.token(leg.state);
    out.token(leg.farewell);
    out.number(leg.stage);
    out.number(leg.party);
    out.text(leg.profile().id);
    out.token(leg.outcome);
    out.number(leg.open.size());
    for (const auto& open : leg.open)
        write(open, moment, out);
    out.number(leg.credentials.size());
    for (const auto entry : leg.credentials)
        out.number(entry);
    out.number(leg.memory.all().size());
    for (const auto& content : leg.memory.all())
        write(content, out);
}

xmpp::Jid read_address(BytesIn& in)
{
    auto address = xmpp::Jid::parse(in.view(3 * xmpp::Jid::max_part + 2));
    if (!address)
        in.spoil();
    return std::move(address).value_or(xmpp::Jid{});
}

Leg read_leg(const Moment& moment, BytesIn& in)
{
    Leg leg;
    leg.own = read_address(in);
    leg.peer = read_address(in);
    leg.sid = in.text(ReturnPath::max_original);
    for (auto* flag : { &leg.jmi, &leg.rang, &leg.blind, &leg.silent, &leg.restarting, &leg.adding })
        *flag = in.flag();
    leg.state = in.token(LegState::over);
    leg.farewell = in.token(Farewell::message);
    leg.stage = static_cast<std::uint8_t>(in.number(max_callee_legs));
    leg.party = static_cast<std::uint8_t>(in.number(max_callee_legs));
    leg.set_profile(in.view(max_text));
    leg.outcome = in.token(last_condition);
    for (auto count = in.number(Leg::max_open); count > 0 && in.is_good(); --count)
        leg.open.push_back(read_open(moment, in));
    for (auto count = in.number(Leg::max_credentials); count > 0 && in.is_good(); --count)
        leg.credentials.push_back(in.number());
    for (auto count = in.number(limits::contents); count > 0 && in.is_good(); --count) {
        auto content = read_content(in);
        if (auto* noted = leg.memory.note(content.creator, content.name))
            *noted = std::move(content);
    }
    return leg;
}

}  // namespace

void Held::write(BytesOut& out) const
{
    out.text(offer_);
    out.number(kept_.size());
    for (const auto& kept : kept_) {
        out.number(kept.from);
        out.token(kept.action);
        out.number(kept.candidates);
        out.text(kept.xml);
    }
}

Held Held::read(BytesIn& in)
{
    constexpr std::size_t most = max_requests * (1 + max_callee_legs);
    Held held{ in.text(max_xml) };
    for (auto count = in.number(most); count > 0 && in.is_good(); --count) {
        Kept kept{};
        kept.from = static_cast<LegIndex>(in.number(max_callee_legs));
        kept.action = in.token(last_action);
        kept.candidates = static_cast<std::uint16_t>(in.number(max_candidates + 1));
        kept.xml = in.text(max_xml);
        held.kept_.push_back(std::move(kept));
    }
    return held;
}

std::string Call::write(const Moment& moment) const
{
    BytesOut out{ head };
    out.text({ reinterpret_cast<const char*>(id_.bytes.data()), id_.bytes.size() });
    out.token(state_);
    for (const bool flag : { caller_session_, caller_proceeded_, relay_only_, refused_ })
        out.token(flag);
    out.number(chosen_);
    out.number(stage_);
    out.number(legs_.size());
    for (LegIndex i = caller_leg; i < legs_.size(); ++i)
        call::write(legs_[i], moment, out);
    out.number(stages_.size());
    for (const auto stage : stages_)
        out.number(static_cast<std::uint64_t>(stage.count()));
    out.token(invite_ != nullptr);
    if (invite_) {
        out.text(invite_->id);
        out.text(invite_->from.full());
        out.token(invite_->names_jid);
    }
    out.text(propose_id_);
    out.text(propose_);
    out.text(accept_);
    held_.write(out);
    out.number(waiting_.size());
    for (const auto& part : waiting_) {
        out.number(part.to);
        out.token(part.answered);
        out.text(part.original);
        out.text(part.xml);
    }
    if (state_ != State::active)
        call::write(deadline_, moment, out);
    return std::move(out.bytes);
}

base::Result<Call> Call::read(std::string_view bytes, std::shared_ptr<const Settings> settings,
                              const Moment& moment)
{
    BytesIn in{ bytes, head };
    Call call{ std::move(settings) };
    const auto id = in.view(call.id_.bytes.size());
    if (id.size() == call.id_.bytes.size())
        std::ranges::copy(id, call.id_.bytes.begin());
    else
        in.spoil();
    call.state_ = in.token(State::ended);
    for (auto* flag : { &call.caller_session_, &call.caller_proceeded_, &call.relay_only_, &call.refused_ })
        *flag = in.flag();
    call.chosen_ = static_cast<LegIndex>(in.number(max_callee_legs));
    call.stage_ = static_cast<std::uint8_t>(in.number(max_callee_legs));
    for (auto count = in.number(1 + max_callee_legs); count > 0 && in.is_good(); --count)
        call.legs_.push_back(read_leg(moment, in));
    for (auto count = in.number(1 + max_callee_legs); count > 0 && in.is_good(); --count)
        call.stages_.emplace_back(static_cast<std::int64_t>(in.number(max_stage.count())));
    if (in.flag()) {
        Invite invite{ in.text(limits::invite_id), read_address(in) };
        invite.names_jid = in.flag();
        call.set_invite(std::move(invite));
    }
    call.propose_id_ = in.text(ReturnPath::max_original);
    call.propose_ = in.text(max_xml);
    call.accept_ = in.text(max_xml);
    call.held_ = Held::read(in);
    for (auto count = in.number(max_waiting); count > 0 && in.is_good(); --count) {
        Waiting part{};
        part.to = static_cast<LegIndex>(in.number(max_callee_legs));
        part.answered = in.token(Answered::end_to_end);
        part.original = in.text(ReturnPath::max_original);
        part.xml = in.text(max_xml);
        call.waiting_.push_back(std::move(part));
    }
    call.deadline_ = call.state_ == State::active ? moment.steady : read_time(moment, in);
    if (!in.is_at_end() || !call.is_sound())
        return base::fail(base::Errc::malformed, "a call");
    return call;
}

bool Call::owes_farewell() const noexcept
{
    for (LegIndex i = caller_leg; i < legs_.size(); ++i)
        if (legs_[i].farewell != Farewell::none)
            return true;
    return false;
}

/// What the state machine takes for granted.
bool Call::is_sound() const
{
    const auto legs = legs_.size();
    const bool has_winner = chosen_ != caller_leg;
    if (legs <= callee_leg || (!accept_.empty() && state_ != State::active) || chosen_ >= legs
        || (state_ == State::proposed && has_winner)
        || (state_ != State::proposed && state_ != State::ended && !has_winner))
        return false;
    for (LegIndex i = caller_leg; i < legs; ++i)
        if (legs_[i].peer.empty() || (i == chosen_ && !is_ended() && !legs_[i].is_bound()))
            return false;
    return std::ranges::all_of(waiting_, [&](const Waiting& part) { return part.to < legs; });
}

}  // namespace jingle::call
