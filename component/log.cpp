#include "component/log.hpp"

#include <array>
#include <cstdio>
#include <mutex>

#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>

namespace component::log {
namespace {

struct LevelRow {
    LogLevel level;
    spdlog::level::level_enum spdlog;
    int priority;  // syslog(3)
    std::string_view name;
    std::string_view padded;
};
constexpr std::array levels{
    LevelRow{ LogLevel::debug, spdlog::level::debug, 7, "debug", "debug" },
    LevelRow{ LogLevel::info, spdlog::level::info, 6, "info", "info " },
    LevelRow{ LogLevel::warning, spdlog::level::warn, 4, "warning", "warn " },
    LevelRow{ LogLevel::error, spdlog::level::err, 3, "error", "error" },
    LevelRow{ LogLevel::off, spdlog::level::off, 3, "off", "off  " },
};

const LevelRow& row_of(LogLevel level)
{
    for (const auto& row : levels)
        if (row.level == level)
            return row;
    return levels.back();
}

LogLevel level_of(spdlog::level::level_enum level)
{
    for (const auto& row : levels)
        if (row.spdlog == level)
            return row.level;
    return LogLevel::error;
}

/// spdlog knows no fields, so the call id travels in the place of the logger's name.
Record to_record(const spdlog::details::log_msg& message)
{
    return { message.time,
             level_of(message.level),
             { message.logger_name.data(), message.logger_name.size() },
             { message.payload.data(), message.payload.size() } };
}

enum class Quotes { keep, escape };

/// Control characters as JSON writes them; UTF-8's C1 controls (0xC2 0x80-0x9F) as well, since terminals obey
/// them.
void append_escaped(std::string& out, std::string_view text, Quotes quotes)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool is_c1
            = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (is_c1)
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(text[++i]));
        else if (byte == '\n')
            out += "\\n";
        else if (byte < 0x20 || byte == 0x7f)
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
        else {
            if (quotes == Quotes::escape && (byte == '"' || byte == '\\'))
                out += '\\';
            out += text[i];
        }
    }
}

/// Writes `number` from right to left, and returns where it starts.
char* put_digits(char* end, std::int64_t number, int count)
{
    for (; count > 0; --count, number /= 10)
        *--end = static_cast<char>('0' + number % 10);
    return end;
}

/// By hand, since strftime() takes longer than all the rest of a line.
std::string format_time(std::chrono::system_clock::time_point time)
{
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{ day };
    const hh_mm_ss clock{ floor<milliseconds>(time - day) };
    std::string text = "0000-00-00T00:00:00.000Z";
    auto* at = text.data() + text.size() - 1;
    at = put_digits(at, clock.subseconds().count(), 3) - 1;
    at = put_digits(at, clock.seconds().count(), 2) - 1;
    at = put_digits(at, clock.minutes().count(), 2) - 1;
    at = put_digits(at, clock.hours().count(), 2) - 1;
    at = put_digits(at, static_cast<unsigned>(date.day()), 2) - 1;
    at = put_digits(at, static_cast<unsigned>(date.month()), 2) - 1;
    put_digits(at, static_cast<int>(date.year()), 4);
    return text;
}

class LineFormatter final : public spdlog::formatter {
public:
    explicit LineFormatter(LogFormat format)
        : format_{ format }
    {
    }
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override
    {
        const auto record = to_record(message);
        const auto line = format_ == LogFormat::json ? to_json(record) : to_text(record);
        out.append(line.data(), line.data() + line.size());
        out.push_back('\n');
    }
    [[nodiscard]] std::unique_ptr<formatter> clone() const override
    {
        return std::make_unique<LineFormatter>(format_);
    }

private:
    LogFormat format_;
};

class JournalSink final : public spdlog::sinks::base_sink<std::mutex> {
private:
    void sink_it_(const spdlog::details::log_msg& message) override
    {
        const auto record = to_record(message);
        std::string text = "MESSAGE=";
        append_escaped(text, record.text, Quotes::keep);
        auto priority = fmt::format("PRIORITY={}", journal_priority(record.level));
        std::string identifier = "SYSLOG_IDENTIFIER=carillon";
        std::string call = "CALL_ID=";
        append_escaped(call, record.call, Quotes::keep);
        std::array<iovec, 4> fields{ to_field(text), to_field(priority), to_field(identifier),
                                     to_field(call) };
        sd_journal_sendv(fields.data(), record.call.empty() ? 3 : 4);
    }
    void flush_() override { }

    static iovec to_field(std::string& text) { return { text.data(), text.size() }; }
};

class CaptureSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit CaptureSink(std::shared_ptr<Capture> target)
        : target_{ std::move(target) }
    {
    }

private:
    void sink_it_(const spdlog::details::log_msg& message) override { target_->write(to_record(message)); }
    void flush_() override { }

    std::shared_ptr<Capture> target_;
};

std::shared_ptr<spdlog::sinks::sink> make_sink(const LogConfig& config)
{
    const auto* stream
        = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe): start-up and reload only
    const auto is_set = stream != nullptr;
    if (config.target == LogTarget::journal
        || (config.target == LogTarget::automatic
            && is_journal(is_set ? std::optional<std::string>{ stream } : std::nullopt, fileno(stderr))))
        return std::make_shared<JournalSink>();
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_formatter(std::make_unique<LineFormatter>(config.format));
    return sink;
}

struct State {
    std::mutex mutex;
    std::shared_ptr<spdlog::sinks::sink> configured = make_sink({});
    std::shared_ptr<spdlog::sinks::sink> current = configured;
};

State& state()
{
    static State instance;
    return instance;
}

}  // namespace

std::atomic<LogLevel> detail::threshold{ LogLevel::info };  // NOLINT: see the header

void detail::write(LogLevel level, std::string_view call, fmt::string_view format, fmt::format_args arguments)
{
    fmt::memory_buffer text;
    fmt::vformat_to(std::back_inserter(text), format, arguments);
    const spdlog::details::log_msg message{ spdlog::source_loc{},
                                            spdlog::string_view_t{ call.data(), call.size() },
                                            row_of(level).spdlog,
                                            spdlog::string_view_t{ text.data(), text.size() } };
    const std::lock_guard lock{ state().mutex };
    state().current->log(message);
}

std::string to_text(const Record& record)
{
    auto line = fmt::format("{} {} ", format_time(record.time), row_of(record.level).padded);
    if (!record.call.empty()) {
        line += '[';
        append_escaped(line, record.call, Quotes::keep);
        line += "] ";
    }
    append_escaped(line, record.text, Quotes::keep);
    return line;
}

std::string to_json(const Record& record)
{
    auto line
        = fmt::format(R"({{"time":"{}","level":"{}",)", format_time(record.time), row_of(record.level).name);
    if (!record.call.empty()) {
        line += R"("call":")";
        append_escaped(line, record.call, Quotes::escape);
        line += R"(",)";
    }
    line += R"("message":")";
    append_escaped(line, record.text, Quotes::escape);
    line += R"("})";
    return line;
}

int journal_priority(LogLevel level) noexcept
{
    return row_of(level).priority;
}

// systemd.exec(5): "device:inode" in decimal.
bool is_journal(const std::optional<std::string>& journal_stream, int descriptor) noexcept
{
    struct stat status = {};
    unsigned long long device = 0;
    unsigned long long inode = 0;
    return journal_stream && std::sscanf(journal_stream->c_str(), "%llu:%llu", &device, &inode) == 2
        && fstat(descriptor, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

void configure(const LogConfig& config)
{
    detail::threshold = config.level;
    const std::lock_guard lock{ state().mutex };
    state().configured = make_sink(config);
    state().current = state().configured;
}

void set_level(LogLevel level) noexcept
{
    detail::threshold = level;
}

void capture(std::shared_ptr<Capture> target)
{
    const std::lock_guard lock{ state().mutex };
    if (target)
        state().current = std::make_shared<CaptureSink>(std::move(target));
    else
        state().current = state().configured;
}

}  // namespace component::log
