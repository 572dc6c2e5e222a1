#include "component/pages.hpp"

#include "component/log.hpp"
#include "jingle/call/nick.hpp"
#include "roster/contact.hpp"

namespace component {

using jingle::call::Calls;
using jingle::call::PageError;
using jingle::call::PageInvite;
using jingle::call::PageSays;
using jingle::call::Turn;
using jingle::call::WebLeg;
using jingle::call::WebTurn;

namespace {

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

std::string Pages::name_of(const xmpp::Jid& own)
{
    if (const auto contact = roster::contact_of(own))
        return std::string{ contact->user.bare() };
    return std::string{ own.bare() };
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

}  // namespace component
