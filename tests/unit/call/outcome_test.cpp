#include <catch2/catch.hpp>

#include "jingle/call/outcome.hpp"

using namespace jingle::call;
using jingle::Condition;

TEST_CASE("outcome: what the caller hears of two legs tells most about whether to try again",
          "[call][outcome]")
{
    using enum Condition;
    const auto [a, b, heard] = GENERATE(table<Condition, Condition, Condition>({
        { busy, busy, busy },
        { decline, decline, decline },
        { gone, gone, gone },
        { busy, decline, busy },
        { busy, timeout, timeout },
        { decline, timeout, timeout },
        { gone, busy, busy },
        { gone, decline, decline },
        { gone, timeout, timeout },
        { gone, security_error, security_error },
        { decline, incompatible_parameters, decline },
        { connectivity_error, gone, connectivity_error },
        { general_error, unsupported_applications, unsupported_applications },
    }));
    CHECK(combined(a, b) == heard);
    CHECK(combined(b, a) == heard);
}

TEST_CASE("outcome: it does not depend on the order, and is one of both", "[call][outcome]")
{
    for (const auto& a : jingle::condition_rows)
        for (const auto& b : jingle::condition_rows) {
            const auto ab = combined(a.value, b.value);
            CHECK(ab == combined(b.value, a.value));
            CHECK((ab == a.value || ab == b.value));
            for (const auto& c : jingle::condition_rows)
                if (combined(ab, c.value) != combined(a.value, combined(b.value, c.value)))
                    FAIL("not associative");
        }
}

TEST_CASE("outcome: a reject by message is the user's, a plain busy the device's", "[call][outcome]")
{
    CHECK(speaks_for_user(Condition::busy, true));
    CHECK(speaks_for_user(Condition::decline, true));
    CHECK(speaks_for_user(Condition::decline, false));
    CHECK_FALSE(speaks_for_user(Condition::busy, false));
    CHECK_FALSE(speaks_for_user(Condition::gone, false));
}
