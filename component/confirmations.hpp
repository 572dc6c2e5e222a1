#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "roster/rate_limiter.hpp"
#include "xmpp/element.hpp"
#include "xmpp/jid.hpp"

namespace component {

/// Questions to the owner of an XMPP account whether it is he who signs in at a page (XEP-0070): to a bare
/// JID by a message, which any client can answer with OK or No, to a full one by an IQ. Sans-IO.
class Confirmations {
public:
    using Clock = std::chrono::steady_clock;
    enum class Outcome : std::uint8_t { confirmed, denied, unanswered };
    using Done = std::function<void(Outcome)>;
    using Send = std::function<void(const xmpp::Element&)>;

    static constexpr std::chrono::seconds answer_limit{ 110 };
    static constexpr std::size_t max_open = 500;
    static constexpr unsigned per_minute = 3;  ///< questions to one account

    struct Question {
        xmpp::Jid account;
        std::string site;  ///< where somebody signs in
        std::string code;  ///< that the page shows; empty: it shows none
    };

    /// `domain` is ours; `random_id` gives a text that cannot be guessed.
    Confirmations(std::string domain, std::function<std::string()> random_id, Send send);

    /// False, and `done` is not called: somebody asks this account already, or too often.
    [[nodiscard]] bool ask(const Question& question, Clock::time_point now, Done done);
    /// True when the stanza, which came to our bare domain, was an answer.
    bool take(const xmpp::Element& stanza, const xmpp::Jid& from);

    [[nodiscard]] std::optional<Clock::time_point> deadline() const;
    void expire(Clock::time_point now);
    [[nodiscard]] std::size_t open() const noexcept { return open_.size(); }

private:
    struct Open {
        xmpp::Jid account;
        std::string id;  ///< of the stanza, and of its thread
        std::string code;  ///< of <confirm/>
        Clock::time_point until;
        Done done;
    };
    using ByAccount = std::map<std::string, Open, std::less<>>;

    void finish(ByAccount::iterator at, Outcome outcome);

    std::string domain_;
    std::function<std::string()> random_id_;
    Send send_;
    ByAccount open_;  ///< by bare JID
    roster::RateLimiter asked_{ per_minute };
};

}  // namespace component
