#include <catch2/catch.hpp>

#include "roster/user_settings.hpp"

using namespace std::chrono_literals;
using roster::SettingsBook;
using roster::UserSettings;

TEST_CASE("user settings: quiet hours pass midnight", "[roster][settings]")
{
    using Hours = std::array<std::uint16_t, 2>;
    const auto [hours, minute, quiet] = GENERATE(table<Hours, unsigned, bool>({
        { Hours{ 60, 120 }, 59, false },
        { Hours{ 60, 120 }, 60, true },
        { Hours{ 60, 120 }, 119, true },
        { Hours{ 60, 120 }, 120, false },
        { Hours{ 1320, 420 }, 1319, false },
        { Hours{ 1320, 420 }, 1320, true },
        { Hours{ 1320, 420 }, 0, true },
        { Hours{ 1320, 420 }, 419, true },
        { Hours{ 1320, 420 }, 420, false },
        { Hours{ 60, 60 }, 700, true },
    }));
    CAPTURE(hours[0], hours[1], minute);
    UserSettings settings;
    settings.quiet = hours;
    CHECK(is_quiet(settings, minute) == quiet);
}

TEST_CASE("user settings: the minute of the day", "[roster][settings]")
{
    CHECK(roster::minute_of_day(roster::WallTime{ 0s }) == 0);
    CHECK(roster::minute_of_day(roster::WallTime{ 24h * 20'000 + 22h + 59s }) == 1320);
    CHECK(roster::minute_of_day(roster::WallTime{ -1min }) == 1439);
}

TEST_CASE("user settings: only what differs is kept", "[roster][settings]")
{
    SettingsBook book;
    UserSettings settings;
    settings.user = xmpp::Jid::parse("bob@b.test").value();
    CHECK(book.put(settings));
    CHECK(book.find("bob@b.test") == nullptr);
    settings.do_not_disturb = true;
    CHECK(book.put(settings));
    CHECK(*book.find("bob@b.test") == settings);
    settings.do_not_disturb = false;
    CHECK(book.put(settings));
    CHECK(book.find("bob@b.test") == nullptr);
    settings.ring_only.assign(SettingsBook::max_ring_only + 1, "x");
    CHECK_FALSE(book.put(settings));
}
