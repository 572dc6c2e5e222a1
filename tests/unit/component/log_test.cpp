#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captured_log.hpp"
#include "component/log.hpp"

using component::LogLevel;
namespace log_ = component::log;

namespace {

const auto noon = std::chrono::system_clock::time_point{ std::chrono::milliseconds{ 1767268800123 } };

struct Counted {
    int* formatted;
};

}  // namespace

template <>
struct fmt::formatter<Counted> : fmt::formatter<int> {
    template <class Context>
    auto format(const Counted& counted, Context& context) const
    {
        return fmt::formatter<int>::format(++*counted.formatted, context);
    }
};

TEST_CASE("log: a line of text", "[component][log]")
{
    CHECK(log_::to_text({ noon, LogLevel::info, "abc", "call answered" })
          == "2026-01-01T12:00:00.123Z info  [abc] call answered");
    CHECK(log_::to_text({ noon, LogLevel::warning, "", "x" }) == "2026-01-01T12:00:00.123Z warn  x");
}

TEST_CASE("log: a line of JSON", "[component][log]")
{
    CHECK(
        log_::to_json({ noon, LogLevel::error, "abc", R"(say "no" \ go)" })
        == R"({"time":"2026-01-01T12:00:00.123Z","level":"error","call":"abc","message":"say \"no\" \\ go"})");
    CHECK(log_::to_json({ noon, LogLevel::debug, "", "x" })
          == R"({"time":"2026-01-01T12:00:00.123Z","level":"debug","message":"x"})");
}

TEST_CASE("log: foreign text cannot start a line or move the cursor", "[component][log]")
{
    const std::string_view nasty = "a\nb\r\x1b[2J\x7f\xc2\x9bü\t";
    const std::string escaped = R"(a\nb\u000d\u001b[2J\u007f\u009bü\u0009)";

    CHECK(log_::to_text({ noon, LogLevel::info, "x\ny", nasty })
          == R"(2026-01-01T12:00:00.123Z info  [x\ny] )" + escaped);
    CHECK(log_::to_json({ noon, LogLevel::info, "", nasty })
          == R"({"time":"2026-01-01T12:00:00.123Z","level":"info","message":")" + escaped + R"("})");
}

TEST_CASE("log: a level that is off costs no formatting", "[component][log]")
{
    const CapturedLog log;
    int formatted = 0;

    log_::debug(log_::no_call, "{}", Counted{ &formatted });
    CHECK(formatted == 0);
    log_::info({ "abc" }, "{}", Counted{ &formatted });
    CHECK(formatted == 1);
    CHECK(log.all() == "1\n");
}

TEST_CASE("log: the level follows the configuration", "[component][log]")
{
    component::LogConfig config;
    config.level
        = GENERATE(LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error, LogLevel::off);
    log_::configure(config);

    for (const auto level : { LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error })
        CHECK(log_::enabled(level) == (level >= config.level));
    log_::configure({});
}

TEST_CASE("log: the journal is recognised by device and inode", "[component][log]")
{
    struct stat status = {};
    REQUIRE(fstat(STDERR_FILENO, &status) == 0);
    const auto device = std::to_string(status.st_dev);
    const auto inode = std::to_string(status.st_ino);

    CHECK(log_::is_journal(device + ":" + inode, STDERR_FILENO));
    CHECK_FALSE(log_::is_journal(device + ":" + inode + "1", STDERR_FILENO));
    CHECK_FALSE(log_::is_journal("nonsense", STDERR_FILENO));
    CHECK_FALSE(log_::is_journal(std::nullopt, STDERR_FILENO));
}

TEST_CASE("log: the journal's priorities are those of syslog", "[component][log]")
{
    CHECK(log_::journal_priority(LogLevel::debug) == 7);
    CHECK(log_::journal_priority(LogLevel::info) == 6);
    CHECK(log_::journal_priority(LogLevel::warning) == 4);
    CHECK(log_::journal_priority(LogLevel::error) == 3);
}
