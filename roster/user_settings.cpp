#include "roster/user_settings.hpp"

namespace roster {

unsigned minute_of_day(WallTime now) noexcept
{
    const auto since_midnight = now - std::chrono::floor<std::chrono::days>(now);
    return static_cast<unsigned>(std::chrono::floor<std::chrono::minutes>(since_midnight).count());
}

bool is_quiet(const UserSettings& settings, unsigned minute) noexcept
{
    if (!settings.quiet)
        return false;
    const auto [from, to] = *settings.quiet;
    if (from < to)
        return minute >= from && minute < to;
    return minute >= from || minute < to;
}

bool is_default(const UserSettings& settings)
{
    UserSettings defaults;
    defaults.user = settings.user;
    return settings == defaults;
}

bool SettingsBook::put(const UserSettings& settings)
{
    const auto found = by_user_.find(settings.user.bare());
    if (is_default(settings)) {
        if (found != by_user_.end())
            by_user_.erase(found);
        return true;
    }
    if (settings.ring_only.size() > max_ring_only
        || (found == by_user_.end() && by_user_.size() >= max_users))
        return false;
    by_user_.insert_or_assign(std::string{ settings.user.bare() }, settings);
    return true;
}

const UserSettings* SettingsBook::find(std::string_view user) const
{
    const auto found = by_user_.find(user);
    return found == by_user_.end() ? nullptr : &found->second;
}

}  // namespace roster
