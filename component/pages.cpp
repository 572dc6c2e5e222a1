#include "component/pages.hpp"

#include <algorithm>

#include "component/log.hpp"
#include "component/parking.hpp"
#include "jingle/call/nick.hpp"
#include "roster/contact.hpp"

namespace component {

using jingle::call::Call;
using jingle::call::caller_leg;
using jingle::call::Calls;
using jingle::call::Done;
using jingle::call::FarSide;
using jingle::call::LegIndex;
using jingle::call::PageError;
using jingle::call::PageHears;
using jingle::call::PageInvite;
using jingle::call::PageSays;
using jingle::call::Request;
using jingle::call::ReturnPath;
using jingle::call::Say;
using jingle::call::TellMessage;
using jingle::call::TellReply;
using jingle::call::TellRequest;
using jingle::call::Turn;
using jingle::call::WebLeg;
using jingle::call::WebOutput;
using jingle::call::WebTurn;

namespace {

/// A page has one other side, whichever of its devices that is.
constexpr std::string_view other_side = "peer";

/// How people know an address of ours.
std::string name_of(const xmpp::Jid& own)
{
    if (const auto contact = roster::contact_of(own))
        return std::string{ contact->user.bare() };
    return std::string{ own.bare() };
}

/// What the caller who begins a call with `output` calls himself; empty when he does not tell.
std::string caller_name(const jingle::call::Output& output)
{
    if (const auto* say = std::get_if<Say>(&output))
        return jingle::call::nick_in(say->message.extra);
    if (const auto* request = std::get_if<Request>(&output))
        return jingle::call::nick_in(request->jingle->extra);
    return {};
}

/// What is known of who is at the other end of `call`.
FarSide far_side_of(const Call& call, LegIndex leg, std::string_view domain)
{
    const auto& other = call.leg(leg == caller_leg ? call.callee() : caller_leg);
    return other.is_page(domain) ? FarSide::page() : FarSide{};
}

web::LiveCall::State state_of(jingle::call::PageCall::State state)
{
    using enum jingle::call::PageCall::State;
    switch (state) {
    case trying:
    case ringing:
    case incoming: return web::LiveCall::State::ringing;
    case connecting: return web::LiveCall::State::connecting;
    case active: return web::LiveCall::State::active;
    }
    return web::LiveCall::State::ringing;
}

}  // namespace

Pages::Pages(std::string domain, CallDesk& desk, std::function<std::uint64_t()> random)
    : domain_{ std::move(domain) }
    , desk_{ desk }
    , random_{ std::move(random) }
{
}

std::optional<xmpp::Jid> Pages::address_of(const std::string& typed) const
{
    auto jid = xmpp::Jid::parse(typed);
    if (!jid)
        return std::nullopt;
    if (jid->local().empty()) {
        auto line = xmpp::Jid::parse(typed + "@" + domain_);
        return line ? std::optional{ *std::move(line) } : std::nullopt;
    }
    if (jid->domain() == domain_)
        return jid->is_full() ? *jid : jid->with_resource(roster::any_device);
    return roster::contact_address(jid->to_bare(), domain_);
}

std::optional<PageError> Pages::invite(const xmpp::Jid& page, const std::string& id, const PageInvite& invite)
{
    const Key key{ page.full(), id };
    auto own = address_of(invite.address);
    if (!own)
        return PageError{ PageError::Code::unavailable, "not an address that can be called", 0 };
    jingle::call::WebLegOptions options;
    options.role = jingle::Role::initiator;
    options.sid = id;
    options.address = name_of(*own);
    options.display_name = options.address;
    options.own_name = jingle::call::plain_nick(invite.display_name);
    options.sdp_session = random_() >> 1U;
    options.lifetime = invite.lifetime;
    legs_.try_emplace(key, PageLeg{ page, *std::move(own), WebLeg{ std::move(options) } });
    return std::nullopt;
}

tl::expected<void, PageError> Pages::says(const xmpp::Jid& page, const web::PageCallRef& call,
                                          const PageSays& what)
{
    const Key key{ page.full(), call.call_id };
    if (const auto* begin = std::get_if<PageInvite>(&what)) {
        if (const auto known = legs_.find(key); known != legs_.end()) {
            if (known->second.leg.snapshot().outgoing)
                return {};  // Said again, since the answer was lost.
            return tl::unexpected{ PageError{ PageError::Code::wrong_state, "a call has this id", 0 } };
        }
        if (auto refused = invite(page, call.call_id, *begin))
            return tl::unexpected{ *std::move(refused) };
    }
    const auto found = legs_.find(key);
    if (found == legs_.end()) {
        if (std::holds_alternative<jingle::call::PageHangup>(what))
            return {};  // It is over already.
        return tl::unexpected{ PageError{ PageError::Code::wrong_state, "no such call", 0 } };
    }
    const bool invites = std::holds_alternative<PageInvite>(what);
    std::optional<PageError> refused;
    std::optional<xmpp::StanzaError> turned_away;
    desk_.with_calls([&](Calls& calls, Turn& turn) {
        if (invites && calls.new_calls() == jingle::call::NewCalls::refused) {
            refused = PageError{ PageError::Code::draining, {}, 0 };
            return;
        }
        WebTurn web{ turn.arena, turn.now };
        found->second.unwritten = !std::holds_alternative<jingle::call::PageCandidates>(what);
        refused = found->second.leg.says(what, web);
        invitation_refused_ = invites ? &turned_away : nullptr;
        run(found->second, web, calls, turn);
        invitation_refused_ = nullptr;
    });
    if (turned_away)
        refused = jingle::call::to_page_error(*turned_away);
    if (!refused)
        return {};
    // With it the invitation would lie there for ever, as a call that was never made.
    if (invites)
        legs_.erase(key);
    return tl::unexpected{ *std::move(refused) };
}

void Pages::reports(const xmpp::Jid& page, const web::PageCallRef& call, const web::PageStats& stats)
{
    const auto found = legs_.find(Key{ page.full(), call.call_id });
    if (found == legs_.end())
        return;
    const auto id = found->second.call.to_string();
    log::debug(log::Call{ id }, "{} sends over a {} candidate to a {} one", page.full(),
               base::find_token(sdp::candidate_type_rows, static_cast<sdp::CandidateType>(stats.local)),
               base::find_token(sdp::candidate_type_rows, static_cast<sdp::CandidateType>(stats.remote)));
}

std::vector<web::LiveCall> Pages::calls_of(const xmpp::Jid& page) const
{
    std::vector<web::LiveCall> live;
    for (auto at = legs_.lower_bound(Key{ page.full(), {} });
         at != legs_.end() && at->first.first == page.full(); ++at) {
        if (at->second.leg.is_ended())
            continue;
        auto call = at->second.leg.snapshot();
        live.push_back({ .call = { at->first.second, std::string{ other_side } },
                         .direction = call.outgoing ? web::LiveCall::Direction::outgoing
                                                    : web::LiveCall::Direction::incoming,
                         .state = state_of(call.state),
                         .address = std::move(call.address),
                         .display_name = std::move(call.display_name),
                         .media = call.media });
    }
    return live;
}

std::pair<Pages::Legs::iterator, Pages::Legs::iterator> Pages::of(const xmpp::Jid& page)
{
    const auto first = legs_.lower_bound(Key{ page.full(), {} });
    auto last = first;
    while (last != legs_.end() && last->first.first == page.full())
        ++last;
    return { first, last };
}

void Pages::reloaded(const xmpp::Jid& page)
{
    came_back(page, &jingle::call::WebLeg::reloaded);
}

void Pages::missed(const xmpp::Jid& page)
{
    came_back(page, &jingle::call::WebLeg::missed);
}

void Pages::came_back(const xmpp::Jid& page, void (jingle::call::WebLeg::*how)(jingle::call::WebTurn&))
{
    desk_.with_calls([&](Calls& calls, Turn& turn) {
        const auto [first, last] = of(page);
        for (auto at = first; at != last; ++at) {
            if (at->second.leg.is_ended())
                continue;
            at->second.back_by.reset();
            WebTurn web{ turn.arena, turn.now };
            (at->second.leg.*how)(web);
            run(at->second, web, calls, turn);
        }
    });
}

void Pages::left(const xmpp::Jid& page)
{
    desk_.with_calls([&](Calls& calls, Turn& turn) {
        const auto [first, last] = of(page);
        for (auto at = first; at != last; ++at)
            if (!at->second.leg.is_ended())
                end(at->second, jingle::Condition::gone, calls, turn);
    });
}

/// The leg that an output is for; made when it begins a call.
Pages::PageLeg* Pages::answering(const Done& done, LegIndex index)
{
    const auto& leg = done.call->leg(index);
    const Key key{ leg.peer.full(), leg.sid };
    if (const auto found = legs_.find(key); found != legs_.end()) {
        // Before its first output the call of a page that invites is not known.
        const auto& known = found->second.call;
        return known == jingle::call::CallId{} || known == done.call->id() ? &found->second : nullptr;
    }
    if (index == caller_leg || !begins_call(done.output))
        return nullptr;
    jingle::call::WebLegOptions options;
    options.role = jingle::Role::responder;
    options.sid = leg.sid;
    options.address = name_of(leg.own);
    options.display_name = caller_name(done.output);
    if (options.display_name.empty())
        options.display_name = options.address;
    options.sdp_session = random_() >> 1U;
    return &legs_.try_emplace(key, PageLeg{ leg.peer, leg.own, WebLeg{ std::move(options) } }).first->second;
}

void Pages::hear(const Done& done, LegIndex index, Calls& calls, Turn& turn)
{
    auto* leg = answering(done, index);
    if (leg == nullptr) {
        if (const auto* request = std::get_if<Request>(&done.output))
            calls.reply(
                done.call->leg(index).peer,
                { done.call->id(), index, request->jingle->action, request->answered, request->original },
                xmpp::errors::unknown_session, turn);
        return;
    }
    leg->call = done.call->id();
    leg->index = index;
    leg->leg.meet(far_side_of(*done.call, index, domain_));
    WebTurn web{ turn.arena, turn.now };
    const auto* request = std::get_if<Request>(&done.output);
    leg->unwritten |= request == nullptr || request->jingle->action != jingle::Action::transport_info;
    leg->leg.handle(done.output, web);
    run(*leg, web, calls, turn);
}

std::optional<std::string> Pages::write(const jingle::call::Leg& leg) const
{
    const auto found = legs_.find(Key{ leg.peer.full(), leg.sid });
    if (found == legs_.end() || found->second.leg.is_ended())
        return std::nullopt;
    return found->second.leg.write();
}

base::Result<void> Pages::restore(const Call& call, LegIndex index, std::string_view bytes,
                                  jingle::call::Time until)
{
    if (index >= call.leg_count())
        return base::fail(base::Errc::out_of_range, "a page's leg");
    const auto& leg = call.leg(index);
    TRY(auto web, WebLeg::read(bytes));
    PageLeg page{ leg.peer, leg.own, std::move(web) };
    page.call = call.id();
    page.index = index;
    page.back_by = until;
    settle(legs_.insert_or_assign(Key{ leg.peer.full(), leg.sid }, std::move(page)).first->second);
    return {};
}

void Pages::run(PageLeg& leg, WebTurn& web, Calls& calls, Turn& turn)
{
    for (const auto& output : web.outputs)
        tell(leg, output, calls, turn);
    // The journal has the page's side too. Candidates are not part of it.
    if (const auto* call = calls.find(leg.call); call != nullptr && leg.unwritten)
        turn.changed.push_back(turn.arena, call);
    leg.unwritten = false;
    if (std::exchange(leg.unheard, false) && !leg.leg.is_ended())
        end(leg, jingle::Condition::gone, calls, turn);
    settle(leg);
}

void Pages::settle(PageLeg& leg)
{
    const bool over = leg.leg.is_ended();
    auto due = over ? std::nullopt : leg.leg.deadline();
    if (!over && leg.back_by && (!due || *leg.back_by < *due))
        due = leg.back_by;
    if (over && !leg.ended)
        ended_.emplace_back(leg.page.full(), leg.leg.sid());
    leg.ended = over;
    if (due == leg.due)
        return;
    if (leg.due)
        due_.erase({ *leg.due, &leg });
    if (due)
        due_.emplace(*due, &leg);
    leg.due = due;
}

void Pages::tell(PageLeg& leg, const WebOutput& output, Calls& calls, Turn& turn)
{
    if (const auto* heard = std::get_if<PageHears>(&output)) {
        const auto id = std::string{ leg.leg.sid() };
        const bool is_heard = hear_(leg.page, { id, std::string{ other_side } }, *heard);
        // Who is to come back after a restart hears then where the call is.
        leg.unheard |= !is_heard && !leg.back_by;
    } else if (const auto* request = std::get_if<TellRequest>(&output)) {
        const auto refused = calls.request(leg.own, leg.page, *request->jingle, request->id, turn);
        const bool begins = request->jingle->action == jingle::Action::session_initiate;
        if (refused && !(begins && turn_away(*refused)))
            tell_back(leg, jingle::call::Answer{ leg.index, request->id, refused }, calls, turn);
    } else if (const auto* message = std::get_if<TellMessage>(&output)) {
        const auto refused = calls.message(leg.own, leg.page, message->message, {}, turn);
        const bool begins = message->message.kind == jingle::MessageKind::propose;
        if (refused && !(begins && turn_away(*refused)))
            tell_back(leg, jingle::call::Refuse{ leg.index, {}, *refused }, calls, turn);
    } else if (const auto* reply = std::get_if<TellReply>(&output)) {
        calls.reply(leg.page, { leg.call, leg.index, reply->action, reply->answered, reply->original },
                    reply->error, turn);
    }
}

bool Pages::turn_away(const xmpp::StanzaError& error)
{
    if (invitation_refused_ == nullptr)
        return false;
    *invitation_refused_ = error;
    return true;
}

void Pages::tell_back(PageLeg& leg, const jingle::call::Output& what, Calls& calls, Turn& turn)
{
    WebTurn again{ turn.arena, turn.now };
    leg.leg.handle(what, again);
    run(leg, again, calls, turn);
}

void Pages::end(PageLeg& leg, jingle::Condition reason, Calls& calls, Turn& turn)
{
    WebTurn web{ turn.arena, turn.now };
    leg.leg.end(reason, web);
    run(leg, web, calls, turn);
}

void Pages::pass_time(Calls& calls, Turn& turn)
{
    std::vector<PageLeg*> late;
    for (const auto& [due, leg] : due_) {
        if (due > turn.now)
            break;
        late.push_back(leg);
    }
    for (auto* leg : late) {
        if (leg->back_by && *leg->back_by <= turn.now) {
            leg->back_by.reset();
            end(*leg, jingle::Condition::gone, calls, turn);
            continue;
        }
        WebTurn web{ turn.arena, turn.now };
        leg->leg.pass_time(web);
        run(*leg, web, calls, turn);
    }
}

std::optional<jingle::call::Time> Pages::deadline() const
{
    if (due_.empty())
        return std::nullopt;
    return due_.begin()->first;
}

void Pages::forget_ended()
{
    for (const auto& key : ended_)
        legs_.erase(key);
    ended_.clear();
}

}  // namespace component
