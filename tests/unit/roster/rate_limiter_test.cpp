#include <catch2/catch.hpp>

#include "roster/rate_limiter.hpp"

using roster::RateLimiter;
using namespace std::chrono_literals;

TEST_CASE("rate limiter: so many at once, and as many in each minute", "[roster][limits]")
{
    RateLimiter limiter{ 6 };
    roster::Clock::time_point now{ 1h };
    for (int i = 0; i < 6; ++i)
        CHECK(limiter.take("alice", now));
    CHECK_FALSE(limiter.take("alice", now));
    CHECK(limiter.take("bob", now));

    CHECK_FALSE(limiter.take("alice", now + 9s));
    CHECK(limiter.take("alice", now + 20s));
    CHECK_FALSE(limiter.take("alice", now + 20s));
}

TEST_CASE("rate limiter: a flood of names is refused when the table is full of busy ones", "[roster][limits]")
{
    RateLimiter limiter{ 2 };
    roster::Clock::time_point now{ 1h };
    for (std::size_t i = 0; i < RateLimiter::max_names; ++i)
        REQUIRE(limiter.take("name" + std::to_string(i), now));
    CHECK_FALSE(limiter.take("one more", now));
    CHECK(limiter.take("name7", now));
    CHECK(limiter.names() == RateLimiter::max_names);

    // Once they are idle again they make room.
    CHECK(limiter.take("one more", now + 2min));
    CHECK(limiter.names() < 10);
}
