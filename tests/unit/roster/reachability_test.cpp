#include <catch2/catch.hpp>

#include "roster/reachability.hpp"

using namespace std::chrono_literals;
using roster::Reachability;

namespace {

const auto start = roster::Clock::time_point{ 24h };
const auto bob = *xmpp::Jid::parse("bob@b.test");
const auto carol = *xmpp::Jid::parse("carol@c.test");
constexpr auto delay = Reachability::away_delay;

std::optional<std::string> gone(Reachability& reach, roster::Clock::time_point now, bool is_gone = true)
{
    const auto user = reach.next_gone(now, [&](const auto&) { return is_gone; });
    return user ? std::optional{ user->full() } : std::nullopt;
}

}  // namespace

TEST_CASE("reachability: who goes is shown as gone after a while, who comes at once", "[roster][reach]")
{
    Reachability reach;
    CHECK(reach.is_here(bob));
    CHECK_FALSE(reach.update(bob, true, start));  // as everybody is
    CHECK_FALSE(reach.deadline());
    CHECK_FALSE(reach.update(bob, false, start));
    CHECK(reach.deadline() == start + delay);
    CHECK_FALSE(reach.update(bob, false, start + 10s));  // once
    CHECK_FALSE(gone(reach, start + delay - 1s));
    CHECK(reach.is_here(bob));

    CHECK(gone(reach, start + delay) == "bob@b.test");
    CHECK_FALSE(reach.is_here(bob));
    CHECK_FALSE(gone(reach, start + delay));
    CHECK_FALSE(reach.deadline());

    CHECK(reach.update(bob, true, start + delay));
    CHECK(reach.is_here(bob));
}

TEST_CASE("reachability: who comes back in time never went", "[roster][reach]")
{
    Reachability reach;
    CHECK_FALSE(reach.update(bob, false, start));
    CHECK_FALSE(reach.update(carol, false, start));
    CHECK_FALSE(reach.update(bob, true, start + 1s));

    const auto is_gone = [](const xmpp::Jid& user) { return user == carol; };
    CHECK(reach.next_gone(start + delay, is_gone) == carol);
    CHECK_FALSE(reach.next_gone(start + delay, is_gone));
    CHECK(reach.is_here(bob));
    CHECK_FALSE(reach.update(bob, false, start + delay));  // and may go anew
    CHECK(gone(reach, start + 2 * delay) == "bob@b.test");
}

TEST_CASE("reachability: who is forgotten meanwhile is not shown as gone", "[roster][reach]")
{
    Reachability reach;
    CHECK_FALSE(reach.update(bob, false, start));
    reach.forget(bob);
    reach.forget(carol);
    CHECK_FALSE(gone(reach, start + delay));
    CHECK(reach.is_here(bob));
}

TEST_CASE("reachability: a thousand comings and goings wait once", "[roster][reach][hostile]")
{
    Reachability reach;
    for (int i = 0; i < 1'000; ++i) {
        CHECK_FALSE(reach.update(bob, false, start));
        CHECK_FALSE(reach.update(bob, true, start));
    }
    CHECK_FALSE(reach.update(bob, false, start));
    CHECK(gone(reach, start + delay) == "bob@b.test");
    CHECK_FALSE(reach.deadline());
}
