#pragma once

#include <deque>
#include <string>
#include <vector>

#include "jingle/direction.hpp"
#include "jingle/renegotiation.hpp"
#include "unit/jingle/translate/lines.hpp"
#include "unit/jingle/translate/support.hpp"

/// Two SDP sides whose renegotiations talk to each other in Jingle, with a clock that tests move by hand.
namespace peers {

using jingle::Action;
using jingle::Renegotiation;
using jingle::Role;
using namespace jingle::renegotiate;
using translate::must;

inline constexpr Time start_time{ std::chrono::hours{ 1 } };

/// One party: what its SDP side was shown, and what it sent.
struct Party {
    std::optional<Renegotiation> state;
    std::deque<std::string> outbox;  ///< Jingle that waits to be delivered
    std::vector<std::string> sent;  ///< all that went out
    std::string shown_offer;
    std::string shown_answer;
    std::string rolled_back;
    std::optional<jingle::Condition> ended;
    std::optional<Refusal> refused;

    /// Carries the actions out; true when they hold an acknowledgement.
    bool take(const Actions& actions)
    {
        auto acknowledged = false;
        for (const auto& action : actions) {
            if (const auto* send = std::get_if<Send>(&action)) {
                outbox.push_back(documents::written(send->request));
                sent.push_back(outbox.back());
            } else if (const auto* offer = std::get_if<ShowOffer>(&action)) {
                shown_offer = must(offer->offer.to_string());
            } else if (const auto* answer = std::get_if<ShowAnswer>(&action)) {
                shown_answer = must(answer->answer.to_string());
            } else if (const auto* back = std::get_if<RollBack>(&action)) {
                rolled_back = translate::describe(back->why);
            } else if (const auto* end = std::get_if<End>(&action)) {
                ended = end->reason;
            } else if (const auto* refuse = std::get_if<Refuse>(&action)) {
                refused = refuse->why;
            } else {
                acknowledged = true;
            }
        }
        return acknowledged;
    }

    /// "content-modify content-add", of all that went out.
    [[nodiscard]] std::string actions() const
    {
        std::string names;
        for (const auto& xml : sent) {
            base::Arena arena;
            names += names.empty() ? "" : " ";
            names += base::find_token(jingle::action_rows, translate::read_jingle(xml, arena).action);
        }
        return names;
    }
};

struct Pair {
    Party initiator;
    Party responder;
    Time now = start_time;

    [[nodiscard]] Party& of(Role role) { return role == Role::initiator ? initiator : responder; }
    [[nodiscard]] Party& other_of(Role role) { return of(jingle::other(role)); }

    /// The first offer and answer, through Jingle.
    Pair(const std::string& offer_text, const std::string& answer_text, Options options = {})
    {
        base::Arena arena;
        const auto offer = translate::parse_sdp(offer_text, arena);
        const auto answer = translate::parse_sdp(answer_text, arena);
        jingle::Slots slots;
        REQUIRE(slots.learn(offer, Role::initiator));
        REQUIRE(slots.learn(answer, Role::initiator));
        options.sid = "a73sjjvkla37jfea";
        options.role = Role::initiator;
        options.trust = jingle::Trust::trusted;
        initiator.state.emplace(must(Renegotiation::start(options, slots, offer, answer)));
        options.role = Role::responder;
        responder.state.emplace(must(Renegotiation::start(options, slots, answer, offer)));
    }

    /// Delivers until nobody has anything to say, and lets the windows pass.
    void settle()
    {
        for (auto i = 0; i < 100; ++i) {
            if (!deliver(initiator, responder) && !deliver(responder, initiator)) {
                now += window;
                initiator.take(initiator.state->time_passed(now));
                responder.take(responder.state->time_passed(now));
                if (initiator.outbox.empty() && responder.outbox.empty())
                    return;
            }
        }
        FAIL("they never stop talking");
    }

    bool deliver(Party& from, Party& to)
    {
        if (from.outbox.empty())
            return false;
        base::Arena arena;
        const auto xml = from.outbox.front();
        from.outbox.pop_front();
        to.refused.reset();
        const auto acknowledged = to.take(to.state->received(translate::read_jingle(xml, arena), now));
        auto reply = Reply::result;
        if (to.refused)
            reply = *to.refused == Refusal::tie_break ? Reply::tie_break : Reply::error;
        (void)acknowledged;
        from.take(from.state->replied(reply, now));
        return true;
    }

    void offer(Role by, const std::string& text)
    {
        base::Arena arena;
        auto& party = of(by);
        party.sent.clear();
        party.shown_answer.clear();
        party.shown_offer.clear();
        other_of(by).sent.clear();
        other_of(by).shown_offer.clear();
        party.take(party.state->own_offer(translate::parse_sdp(text, arena), now));
    }

    void answer(Role by, const std::string& text)
    {
        base::Arena arena;
        of(by).take(of(by).state->own_answer(translate::parse_sdp(text, arena), now));
        const auto live = std::find_if(of(by).state->slots().begin(), of(by).state->slots().end(),
                                       [](const auto& s) { return s.state == jingle::SlotState::active; });
        if (live != of(by).state->slots().end())
            trickle(by, live->mid);
    }

    /// The first candidate of a side: with it goes the answer to an ICE restart.
    void trickle(Role by, const std::string& mid)
    {
        base::Arena arena;
        const auto text = "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:" + mid
            + "\r\na=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host generation 0\r\n";
        const auto fragment = must(sdp::Description::parse_fragment(text, arena));
        of(by).take(of(by).state->own_candidates(fragment, now));
    }
};

}  // namespace peers
