#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "component/cards.hpp"
#include "component/iq_tracker.hpp"
#include "component/stanza_turn.hpp"
#include "roster/rate_limiter.hpp"

namespace component {

/// The names and pictures of contact addresses (XEP-0054): asks the users they stand for, once for all who
/// want to know, and answers those. Sans-IO.
class CardDesk {
public:
    using Clock = Cards::Clock;

    static constexpr unsigned requests_per_minute = 60;  ///< of one user
    static constexpr std::size_t max_questions = 64;  ///< open at a time
    static constexpr std::size_t max_askers = 32;  ///< who wait for the same

    struct Options {
        std::string domain;  ///< ours
        /// Whether `asker` may know through us what `user` shows to everybody (both bare).
        std::function<bool(const xmpp::Jid& asker, const xmpp::Jid& user)> may_ask;
    };
    /// Who wants to know about the user behind `own`: the sender of a request, or one who sees presence.
    struct Asker {
        xmpp::Jid own;
        xmpp::Jid peer;
        std::string id{};  ///< of the request; empty: for presence
    };

    /// `questions` tracks ours; it outlives this.
    CardDesk(Options options, IqTracker& questions)
        : options_{ std::move(options) }
        , questions_{ questions }
    {
    }

    /// What is known of `user` now, be it old; null when nothing is. Valid until the next turn.
    [[nodiscard]] const Card* find(const xmpp::Jid& user, Clock::time_point now)
    {
        return cards_.find(user, now).card;
    }
    /// Asks for what is not known or old; the asker comes back from tell(). Who asks too much is not heard.
    void want(const Asker& asker, StanzaTurn& turn);
    /// True when the request was for the vCard of a contact address: it is answered now or later.
    bool take_request(const xmpp::Element& iq, const xmpp::Jid& own, const xmpp::Jid& peer, StanzaTurn& turn);
    /// To be called when the tracker has handed answers over: answers the requests that waited for them, and
    /// returns those who are to see it in presence.
    std::vector<Asker> tell(StanzaTurn& turn);

    /// Questions that were over a limit.
    [[nodiscard]] std::uint64_t over_limit() const noexcept { return over_limit_; }

private:
    using Askers = std::vector<Asker>;
    struct Answered {
        xmpp::Jid user;
        std::optional<Card> card;  ///< empty: he has said nothing
    };

    [[nodiscard]] bool ask(const xmpp::Jid& user, const Asker& asker, StanzaTurn& turn);
    void send(const Asker& asker, StanzaTurn& turn);

    Options options_;
    IqTracker& questions_;
    Cards cards_;
    std::map<std::string, Askers, std::less<>> askers_;  ///< by user
    std::vector<Answered> answered_;  ///< not told yet
    roster::RateLimiter requests_{ requests_per_minute };
    std::uint64_t over_limit_ = 0;
};

}  // namespace component
