#include <catch2/catch.hpp>

#include "component/backoff.hpp"

using namespace std::chrono_literals;
using component::Backoff;

TEST_CASE("backoff: doubles up to the longest wait", "[component][backoff]")
{
    Backoff least{ 1s, 30s };
    Backoff most{ 1s, 30s };
    std::vector<Backoff::Duration> low;
    std::vector<Backoff::Duration> high;
    for (int i = 0; i < 7; ++i) {
        low.push_back(least.next(0));
        high.push_back(most.next(0xFFFFFFFF));
    }

    CHECK(low == std::vector<Backoff::Duration>{ 1s, 2s, 4s, 8s, 15s, 15s, 15s });
    CHECK(high == std::vector<Backoff::Duration>{ 2s, 4s, 8s, 16s, 30s, 30s, 30s });
}

TEST_CASE("backoff: starts over after reset", "[component][backoff]")
{
    Backoff backoff{ 1s, 30s };
    static_cast<void>(backoff.next(0));
    static_cast<void>(backoff.next(0));
    backoff.reset();

    CHECK(backoff.next(0) == 1s);
}

TEST_CASE("backoff: stays within its bounds, even narrow ones", "[component][backoff]")
{
    Backoff backoff{ 5ms, 5ms };
    CHECK(backoff.next(0) == 5ms);
    CHECK(backoff.next(0x80000000) == 5ms);
}
