#include <algorithm>
#include <cstddef>

#include <catch2/catch.hpp>

#include "base/arena.hpp"
#include "base/list.hpp"
#include "base/scan.hpp"

TEST_CASE("arena: copies live until reset and blocks are reused", "[base][arena]")
{
    base::Arena arena{ 64 };
    const auto first = arena.copy("hello");
    const auto big = arena.copy(std::string(1000, 'x'));

    CHECK(first == "hello");
    CHECK(big == std::string(1000, 'x'));
    CHECK(arena.capacity() >= 1064);

    arena.reset();
    CHECK(arena.capacity() <= 64);
}

TEST_CASE("arena: concat joins pieces, empty ones too", "[base][arena]")
{
    base::Arena arena;
    CHECK(arena.concat("a", "", std::string_view{ "bc" }) == "abc");
    CHECK(arena.copy("").empty());
}

TEST_CASE("arena: allocations are aligned", "[base][arena]")
{
    base::Arena arena{ 128 };
    for (int i = 0; i < 100; ++i) {
        (void)arena.copy("x");
        const auto* number = arena.make<double>(1.5);
        CHECK(reinterpret_cast<std::uintptr_t>(number) % alignof(double) == 0);
    }
}

TEST_CASE("arena: a block is filled, left and taken along", "[base][arena]")
{
    base::Arena arena{ 64 };
    CHECK(arena.allocate(0, 1) != nullptr);
    const auto whole = arena.copy(std::string(64, 'a'));
    const auto next = arena.copy("b");
    CHECK(whole == std::string(64, 'a'));
    CHECK(next == "b");

    auto taken = std::move(arena);
    CHECK(next == "b");
    CHECK(taken.copy("c") == "c");
    CHECK(arena.copy("d") == "d");  // NOLINT(bugprone-use-after-move): it is empty, and can be used again
    taken = std::move(arena);
    CHECK(taken.copy("e") == "e");
    taken.reset();
    CHECK(taken.copy("f") == "f");
}

TEST_CASE("arena: what was allocated last is made longer where it is, and nothing else", "[base][arena]")
{
    base::Arena arena{ 64 };
    CHECK_FALSE(arena.extend(nullptr, 0, 8));
    const auto* const first = arena.allocate(8, 1);

    CHECK(arena.extend(first, 8, 16));
    const auto* const second = static_cast<const std::byte*>(arena.allocate(1, 1));
    CHECK(second == static_cast<const std::byte*>(first) + 16);
    CHECK_FALSE(arena.extend(first, 16, 24));
    CHECK_FALSE(arena.extend(second, 1, 65));
}

TEST_CASE("list: grows where it is until something else stands behind it", "[base][list]")
{
    base::Arena arena;
    base::List<int> list{ arena, { 0, 1, 2, 3 } };
    const auto* const place = list.begin();

    list.push_back(arena, 4);
    CHECK(list.begin() == place);

    const auto other = arena.copy("other");
    for (int i = 5; i < 20; ++i)
        list.push_back(arena, i);
    CHECK(list.begin() != place);
    CHECK(other == "other");
    for (int i = 0; i < 20; ++i)
        CHECK(list[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("list: an element of its own can be appended", "[base][list]")
{
    base::Arena arena;
    base::List<int> list;
    list.push_back(arena, 7);
    for (int i = 0; i < 20; ++i)
        list.push_back(arena, list.front());
    CHECK(std::all_of(list.begin(), list.end(), [](int i) { return i == 7; }));
}

TEST_CASE("list: grows, compares and erases in order", "[base][list]")
{
    base::Arena arena;
    base::List<int> list;
    for (int i = 0; i < 100; ++i)
        list.push_back(arena, i);

    CHECK(list.size() == 100);
    CHECK(list.erase_if([](int i) { return i % 2 == 1; }) == 50);
    CHECK(list[49] == 98);
    CHECK(base::List<int>{ arena, { 0, 2 } } == base::List<int>{ arena, { 0, 2 } });
    CHECK_FALSE(base::List<int>{ arena, { 0, 2 } } == base::List<int>{ arena, { 0, 3 } });
}

TEST_CASE("scan: numbers are plain decimals within range", "[base][scan]")
{
    using base::Errc;
    CHECK(base::parse_number<std::uint16_t>("65535", "port") == 65535);
    CHECK(base::parse_number<std::uint16_t>("007", "port") == 7);

    const auto [text, code] = GENERATE(table<std::string, Errc>({
        { "", Errc::malformed },
        { "+1", Errc::malformed },
        { "-1", Errc::malformed },
        { " 1", Errc::malformed },
        { "1 ", Errc::malformed },
        { "0x1", Errc::malformed },
        { "65536", Errc::out_of_range },
        { "000000000000000000001", Errc::out_of_range },
    }));
    CAPTURE(text);
    CHECK(base::parse_number<std::uint16_t>(text, "port").error().code == code);
}
