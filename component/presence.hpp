#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "component/answers.hpp"
#include "component/card_desk.hpp"
#include "component/iq_tracker.hpp"
#include "component/stanza_turn.hpp"
#include "roster/devices.hpp"
#include "roster/rate_limiter.hpp"
#include "roster/reachability.hpp"
#include "roster/subscriptions.hpp"
#include "xmpp/element.hpp"
#include "xmpp/jid.hpp"

namespace component {

struct PresenceOptions {
    std::string domain;  ///< ours
    std::string id_prefix;  ///< of our requests; differs from run to run
    /// Whether `asker` may know through us what `user` shows to everybody (both bare): his name and picture.
    std::function<bool(const xmpp::Jid& asker, const xmpp::Jid& user)> may_ask;
    /// What is known of a user's devices, or whom he shows them to, may have changed; may be empty.
    std::function<void(const xmpp::Jid& user)> changed{};
};

/// Presence both ways: what contact addresses show to users, what users' devices show to us and can do, and
/// the names and pictures of contact addresses. Sans-IO: stanzas and time come in, stanzas collect in the
/// turn.
///
/// A contact address is available to everybody, except to a user whose own contact address the person behind
/// it lets see him: to that one it is unavailable while he has no device that takes calls.
class Presence {
public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::chrono::seconds unseen_delay{ 60 };  ///< after a reconnect, for devices to show up
    /// Answers to one user's requests that change nothing.
    static constexpr unsigned repeats_per_minute = 30;

    using Turn = StanzaTurn;

    /// `storage` may be null: then subscriptions last as long as the process.
    Presence(PresenceOptions options, const Answers& answers, roster::Storage* storage);
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;

    /// What was kept, at the start.
    void load(std::span<const roster::Subscription> rows) { subscriptions_.load(rows); }

    /// A presence of any type; `own` is the address of ours it came to.
    void received(const xmpp::Element& presence, const xmpp::Jid& own, const xmpp::Jid& peer, Turn& turn);
    /// True when `iq` was the answer to a question of ours.
    bool take_reply(const xmpp::Element& iq, Turn& turn);
    /// True when the request is answered here, now or later: a contact address's vCard.
    bool take_request(const xmpp::Element& iq, const xmpp::Jid& own, const xmpp::Jid& peer, Turn& turn);
    /// Has `contact`, an address of ours, ask to see `user`, who has not added it: a call link and its owner.
    void ask(const xmpp::Jid& contact, const xmpp::Jid& user, Turn& turn);

    /// `contact` is no more: subscriptions both ways end.
    void withdraw(const xmpp::Jid& contact, const xmpp::Jid& user, Turn& turn);

    /// The link is there again: everybody is shown presence and probed again, a user at each say_again().
    void start_over();
    /// False when nobody was left.
    bool say_again(Turn& turn);
    /// The link is gone, and the answers with it.
    void link_lost(Clock::time_point now);

    [[nodiscard]] std::optional<Clock::time_point> deadline() const;
    void pass_time(Turn& turn);

    [[nodiscard]] const roster::Devices& devices() const noexcept { return devices_; }
    [[nodiscard]] const roster::Subscriptions& subscriptions() const noexcept { return subscriptions_; }
    /// Presence and questions that were passed over since they were beyond a limit.
    [[nodiscard]] std::uint64_t over_limit() const noexcept { return over_limit_ + cards_.over_limit(); }
    /// Answers about what a client can do that its caps do not stand for.
    [[nodiscard]] std::uint64_t false_caps() const noexcept { return false_caps_; }

private:
    void on_available(const xmpp::Element& presence, const xmpp::Jid& own, const xmpp::Jid& peer, Turn& turn);
    void on_request(roster::Request request, const xmpp::Jid& own, const xmpp::Jid& peer, Turn& turn);
    void say(const roster::Subscriptions::Answer& answer, const xmpp::Jid& peer, Turn& turn);
    void show(const xmpp::Jid& own, const xmpp::Jid& peer, Turn& turn);

    void tell_change(const xmpp::Jid& user) const
    {
        if (options_.changed)
            options_.changed(user.to_bare());
    }
    void ask_clients(Turn& turn);
    void on_disco(const roster::CapsCache::Question& question, const xmpp::Element* reply);
    [[nodiscard]] std::string_view asking_address(const xmpp::Jid& user, base::Arena& arena) const;

    /// The person behind `own` has come or gone, for `watcher`.
    [[nodiscard]] bool is_reachable(const xmpp::Jid& own, const xmpp::Jid& watcher) const;
    void update_reach(const xmpp::Jid& user, Turn& turn);
    void show_reach(const xmpp::Jid& user, Turn& turn);

    /// What a contact address is called, which is never nothing.
    [[nodiscard]] std::string name_of(const xmpp::Jid& own, Clock::time_point now);
    void tell_cards(Turn& turn);

    PresenceOptions options_;
    const Answers& answers_;
    roster::Subscriptions subscriptions_;
    roster::CapsCache caps_;
    roster::Devices devices_;
    IqTracker questions_;
    CardDesk cards_;
    roster::Reachability reach_;  ///< of those who let us show it
    std::optional<Clock::time_point> forget_unseen_;
    roster::RateLimiter repeats_{ repeats_per_minute };
    std::uint64_t over_limit_ = 0;
    std::uint64_t false_caps_ = 0;
    Turn* turn_ = nullptr;  ///< the one that answers are handed over in
};

}  // namespace component
