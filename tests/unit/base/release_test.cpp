#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "base/release.hpp"

namespace {

constexpr std::size_t long_enough = 6'000;

}  // namespace

TEST_CASE("release: a string has no room of its own left", "[base][release]")
{
    std::string text(long_enough, 'x');

    base::release(text);

    CHECK(text.empty());
    CHECK(text.capacity() == std::string{}.capacity());
}

TEST_CASE("release: a vector has no room left", "[base][release]")
{
    std::vector<int> numbers(long_enough);

    base::release(numbers);

    CHECK(numbers.empty());
    CHECK(numbers.capacity() == 0);
}

TEST_CASE("release: what a struct holds goes with it", "[base][release]")
{
    struct Kept {
        std::string offer;
        std::vector<std::string> more;
    };
    Kept kept{ std::string(long_enough, 'x'), { "a" } };

    base::release(kept);

    CHECK(kept.offer.capacity() == std::string{}.capacity());
    CHECK(kept.more.capacity() == 0);
}

TEST_CASE("release: a short text is forgotten too", "[base][release]")
{
    std::string text{ "short" };

    base::release(text);

    CHECK(text.empty());
}
