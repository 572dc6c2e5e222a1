#pragma once

#include <string_view>

#include "roster/rows.hpp"
#include "roster/text_map.hpp"

namespace roster {

/// Stands for all open pages of a user among the resources of UserSettings::ring_only; their own resources
/// change with every visit.
inline constexpr std::string_view ring_pages = "web";

/// Minutes of the day, UTC, that have passed.
[[nodiscard]] unsigned minute_of_day(WallTime now) noexcept;

/// Whether `minute` lies in the quiet hours; their end does not. 22:00 to 07:00 passes midnight; equal ends
/// are the whole day.
[[nodiscard]] bool is_quiet(const UserSettings& settings, unsigned minute) noexcept;

/// Who has told us something; everybody else has the defaults, and costs nothing.
class SettingsBook {
public:
    static constexpr std::size_t max_users = 1'000'000;
    static constexpr std::size_t max_ring_only = 20;

    /// False when there are too many. Defaults are forgotten.
    bool put(const UserSettings& settings);
    /// Null: the defaults.
    [[nodiscard]] const UserSettings* find(std::string_view user) const;

private:
    TextMap<UserSettings> by_user_;
};

/// Whether these say nothing that the defaults do not.
[[nodiscard]] bool is_default(const UserSettings& settings);

}  // namespace roster
