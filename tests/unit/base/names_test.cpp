#include <string>

#include <catch2/catch.hpp>

#include "base/names.hpp"

TEST_CASE("names: are the same when every letter is", "[base][names]")
{
    const auto [a, b, same] = GENERATE(table<std::string, std::string, bool>({
        { "", "", true },
        { "a", "", false },
        { "10", "10", true },
        { "10", "11", false },
        { "10", "20", false },
        { "10", "010", false },
        { "mid", "Mid", false },
    }));
    CAPTURE(a, b);
    CHECK(base::is_same_name(a, b) == same);
    CHECK(base::is_same_name(b, a) == same);
}

TEST_CASE("names: a list has those it was given", "[base][names]")
{
    base::Arena arena;
    const base::List<std::string_view> names{ arena, { "0", "10", "20" } };
    CHECK(base::contains(names, "10"));
    CHECK_FALSE(base::contains(names, "1"));
    CHECK_FALSE(base::contains({}, ""));
}
