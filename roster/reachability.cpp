#include "roster/reachability.hpp"

namespace roster {

bool Reachability::is_here(const xmpp::Jid& user) const
{
    const auto shown = shown_.find(user.bare());
    return shown == shown_.end() || shown->second.here;
}

bool Reachability::update(const xmpp::Jid& user, bool can_be_called, Clock::time_point now)
{
    auto& shown = shown_[std::string{ user.bare() }];
    if (can_be_called)
        return !std::exchange(shown.here, true);
    if (shown.here && !std::exchange(shown.leaving, true))
        leaving_.emplace_back(now + away_delay, user.to_bare());
    return false;
}

void Reachability::forget(const xmpp::Jid& user)
{
    if (const auto shown = shown_.find(user.bare()); shown != shown_.end())
        shown_.erase(shown);
}

std::optional<Clock::time_point> Reachability::deadline() const
{
    return leaving_.empty() ? std::nullopt : std::optional{ leaving_.front().first };
}

/// Who is still known, and shown as here.
std::optional<xmpp::Jid> Reachability::next_due(Clock::time_point now)
{
    while (!leaving_.empty() && leaving_.front().first <= now) {
        auto user = std::move(leaving_.front().second);
        leaving_.pop_front();
        const auto shown = shown_.find(user.bare());
        if (shown == shown_.end())
            continue;
        shown->second.leaving = false;
        if (shown->second.here)
            return user;
    }
    return std::nullopt;
}

}  // namespace roster
