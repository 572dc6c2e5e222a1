// What the calls put out for pages, and what pages make of it; a page's leg in the journal; time.

#include <utility>

#include "component/pages.hpp"
#include "component/parking.hpp"
#include "jingle/call/nick.hpp"

namespace component {

using jingle::call::Call;
using jingle::call::caller_leg;
using jingle::call::Calls;
using jingle::call::Done;
using jingle::call::FarSide;
using jingle::call::LegIndex;
using jingle::call::PageHears;
using jingle::call::Request;
using jingle::call::Say;
using jingle::call::TellMessage;
using jingle::call::TellReply;
using jingle::call::TellRequest;
using jingle::call::Turn;
using jingle::call::WebLeg;
using jingle::call::WebOutput;
using jingle::call::WebTurn;

namespace {

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

}  // namespace

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
