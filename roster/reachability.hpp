#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "roster/rate_limiter.hpp"
#include "xmpp/jid.hpp"

namespace roster {

/// Whether users can be called, as it is shown to others: who comes is shown at once, who goes after a while
/// and only if he has not come back. Pure.
class Reachability {
public:
    static constexpr std::chrono::seconds away_delay{ 30 };  ///< before somebody is shown as gone

    /// Who is not known here is.
    [[nodiscard]] bool is_here(const xmpp::Jid& user) const;
    /// Whether `user` can be called now. True when that he is here is to be shown now.
    [[nodiscard]] bool update(const xmpp::Jid& user, bool can_be_called, Clock::time_point now);
    /// Nothing is to be shown of him any more.
    void forget(const xmpp::Jid& user);

    /// When next_gone() may have somebody.
    [[nodiscard]] std::optional<Clock::time_point> deadline() const;
    /// Somebody whose time to come back is over by `now`, and who is shown as gone from now on; `is_gone`
    /// has the last word. Empty when there is nobody else.
    template <class IsGone>
    [[nodiscard]] std::optional<xmpp::Jid> next_gone(Clock::time_point now, IsGone is_gone)
    {
        while (auto user = next_due(now))
            if (is_gone(*user)) {
                shown_.find(user->bare())->second.here = false;
                return user;
            }
        return std::nullopt;
    }

private:
    struct Shown {
        bool here = true;
        bool leaving = false;  ///< in leaving_
    };

    [[nodiscard]] std::optional<xmpp::Jid> next_due(Clock::time_point now);

    std::map<std::string, Shown, std::less<>> shown_;
    std::deque<std::pair<Clock::time_point, xmpp::Jid>> leaving_;
};

}  // namespace roster
