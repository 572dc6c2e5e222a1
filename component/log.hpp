#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "component/config.hpp"

/// The log. A line costs about a microsecond and goes out at once: one line per event of a call, none per
/// stanza above debug. A level that is off costs one load. Never pass secrets, SDP, candidates or passwords.
/// Foreign text is safe: control characters come out escaped.
namespace component::log {

/// One line before it is formatted. `call` is the id that finds a call in every log; empty where there is
/// none.
struct Record {
    std::chrono::system_clock::time_point time;
    LogLevel level = LogLevel::info;
    std::string_view call;
    std::string_view text;
};

/// "2026-01-31T12:00:00.123Z info  [call] text", without a line end.
[[nodiscard]] std::string to_text(const Record& record);
/// {"time":…,"level":…,"call":…,"message":…} on one line; no "call" where there is none.
[[nodiscard]] std::string to_json(const Record& record);

/// What goes to systemd's journal: MESSAGE, PRIORITY (as syslog) and CALL_ID.
[[nodiscard]] int journal_priority(LogLevel level) noexcept;
/// True when $JOURNAL_STREAM names the file that `descriptor` is: then stderr ends in the journal anyway.
[[nodiscard]] bool is_journal(const std::optional<std::string>& journal_stream, int descriptor) noexcept;

/// Where the lines go, from now on. Before the first call: text to stderr, from level info.
void configure(const LogConfig& config);

/// Until the next configure().
void set_level(LogLevel level) noexcept;

/// Gets every line, for tests. Back to the configured target with an empty pointer.
class Capture {
public:
    virtual void write(const Record& record) = 0;
    virtual ~Capture() = default;
};
void capture(std::shared_ptr<Capture> target);

namespace detail {
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a process has one log
extern std::atomic<LogLevel> threshold;
void write(LogLevel level, std::string_view call, fmt::string_view format, fmt::format_args arguments);
}  // namespace detail

/// The lowest level that is written.
[[nodiscard]] inline LogLevel level() noexcept
{
    return detail::threshold.load(std::memory_order_relaxed);
}

[[nodiscard]] inline bool enabled(LogLevel wanted) noexcept
{
    return wanted >= level();
}

/// The call a line belongs to.
struct Call {
    std::string_view id;
};
inline constexpr Call no_call{};

template <class... Args>
void write(LogLevel level, Call call, fmt::format_string<Args...> format, const Args&... args)
{
    if (enabled(level))
        detail::write(level, call.id, format, fmt::make_format_args(args...));
}

template <class... Args>
void debug(Call call, fmt::format_string<const Args&...> format, const Args&... args)
{
    write<const Args&...>(LogLevel::debug, call, format, args...);
}
template <class... Args>
void info(Call call, fmt::format_string<const Args&...> format, const Args&... args)
{
    write<const Args&...>(LogLevel::info, call, format, args...);
}
template <class... Args>
void warning(Call call, fmt::format_string<const Args&...> format, const Args&... args)
{
    write<const Args&...>(LogLevel::warning, call, format, args...);
}
template <class... Args>
void error(Call call, fmt::format_string<const Args&...> format, const Args&... args)
{
    write<const Args&...>(LogLevel::error, call, format, args...);
}

}  // namespace component::log
