#include "component/wall_time.hpp"

#include <array>
#include <charconv>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace component {
namespace {

using std::chrono::milliseconds;

/// Takes `digits` digits and the character behind them off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits, char behind)
{
    int value{};
    if (text.size() < digits)
        return std::nullopt;
    const auto* last = text.data() + digits;
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc{} || end != last || value < 0)
        return std::nullopt;
    text.remove_prefix(digits);
    if (behind != '\0') {
        if (!text.starts_with(behind))
            return std::nullopt;
        text.remove_prefix(1);
    }
    return value;
}

std::optional<roster::WallTime> take_date(std::string_view& text)
{
    const auto year = take_number(text, 4, '-');
    const auto month = year ? take_number(text, 2, '-') : std::nullopt;
    const auto day = month ? take_number(text, 2, '\0') : std::nullopt;
    if (!day)
        return std::nullopt;
    const std::chrono::year_month_day date{ std::chrono::year{ *year },
                                            std::chrono::month{ static_cast<unsigned>(*month) },
                                            std::chrono::day{ static_cast<unsigned>(*day) } };
    if (!date.ok())
        return std::nullopt;
    return roster::WallTime{ std::chrono::sys_days{ date } };
}

std::optional<milliseconds> take_clock(std::string_view& text)
{
    const auto hour = take_number(text, 2, ':');
    const auto minute = hour ? take_number(text, 2, ':') : std::nullopt;
    const auto second = minute ? take_number(text, 2, '\0') : std::nullopt;
    if (!second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    milliseconds clock
        = std::chrono::hours{ *hour } + std::chrono::minutes{ *minute } + std::chrono::seconds{ *second };
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        int weight = 100;
        std::size_t digits = 0;
        for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits, weight /= 10)
            clock += milliseconds{ (text[digits] - '0') * weight };
        if (digits == 0)
            return std::nullopt;
        text.remove_prefix(digits);
    }
    return clock;
}

std::optional<std::chrono::minutes> zone_of(std::string_view text)
{
    if (text == "Z")
        return std::chrono::minutes{ 0 };
    if (!text.starts_with('+') && !text.starts_with('-'))
        return std::nullopt;
    const auto sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const auto hours = take_number(text, 2, ':');
    const auto minutes = hours ? take_number(text, 2, '\0') : std::nullopt;
    if (!minutes || !text.empty() || *hours > 23 || *minutes > 59)
        return std::nullopt;
    return sign * std::chrono::minutes{ *hours * 60 + *minutes };
}

}  // namespace

std::string to_utc_text(roster::WallTime time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto rest = (time - seconds).count();
    auto text = fmt::format("{:%Y-%m-%dT%H:%M:%S}",
                            std::chrono::sys_time<std::chrono::system_clock::duration>{ seconds });
    text = text.substr(0, 19);  // fmt adds the clock's own fractions
    if (rest != 0)
        text += fmt::format(".{:03}", rest);
    return text + "Z";
}

std::string to_local_text(roster::WallTime time)
{
    const auto seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    std::array<char, 40> text{};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S %z", &parts);
    return { text.data(), size };
}

std::optional<roster::WallTime> wall_time_of(std::string_view text)
{
    const auto date = take_date(text);
    if (!date || text.empty())
        return date;
    if (text.front() != 'T' && text.front() != 't' && text.front() != ' ')
        return std::nullopt;
    text.remove_prefix(1);
    const auto clock = take_clock(text);
    const auto zone = clock ? zone_of(text) : std::nullopt;
    if (!zone)
        return std::nullopt;
    return *date + *clock - *zone;
}

}  // namespace component
