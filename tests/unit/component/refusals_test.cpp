#include <set>

#include <catch2/catch.hpp>

#include "component/refusals.hpp"

using component::CallRecord;
using component::Refusals;
using component::WallTime;
using namespace std::chrono_literals;

namespace {

constexpr WallTime noon{ std::chrono::hours{ 24 * 20'000 } };

struct Flood {
    Refusals refusals;
    std::uint64_t written = 0;
    std::set<std::pair<component::CallKey, WallTime>> rows;
    CallRecord last;

    void refuse(const std::string& caller, unsigned number, WallTime now)
    {
        jingle::call::NotLetIn refusal{ {}, caller, "bob\\40b.test@call.test", "s1", "default local" };
        refusal.id.bytes[0] = static_cast<std::uint8_t>(number);
        refusal.id.bytes[1] = static_cast<std::uint8_t>(number >> 8U);
        refusal.audio = true;
        if (const auto* record = refusals.note(refusal, now)) {
            ++written;
            rows.emplace(record->id, record->started);
            last = *record;
        }
    }
};

}  // namespace

TEST_CASE("refusals: a call that was not let in has a record with its rule", "[component][records]")
{
    Flood flood;
    flood.refuse("eve@evil.test/x", 1, noon);

    REQUIRE(flood.written == 1);
    CHECK(flood.last.caller == "eve@evil.test/x");
    CHECK(flood.last.callee == "bob\\40b.test@call.test");
    CHECK(flood.last.rule == "default local");
    CHECK(flood.last.reason == "refused");
    CHECK(flood.last.started == noon);
    CHECK(flood.last.ended == noon);
    CHECK(flood.last.audio);
}

TEST_CASE("refusals: a caller who does not stop is counted in a few rows", "[component][records]")
{
    Flood flood;
    for (unsigned i = 0; i < 10'000; ++i)
        flood.refuse("eve@evil.test/" + std::to_string(i), i, noon + i * 1ms);

    CHECK(flood.rows.size() == Refusals::rows_of_caller);
    CHECK(flood.written <= Refusals::rows_of_caller + 14);
    CHECK(flood.last.rule == "default local (8192 or more times within a minute)");
    CHECK(flood.refusals.counted_only() == 10'000 - Refusals::rows_of_caller);

    flood.refuse("eve@evil.test/x", 1, noon + 1min);
    CHECK(flood.rows.size() == Refusals::rows_of_caller + 1);
    CHECK(flood.last.rule == "default local");
}

TEST_CASE("refusals: many callers fill the disk no faster", "[component][records]")
{
    Flood flood;
    for (unsigned i = 0; i < 50'000; ++i)
        flood.refuse("eve" + std::to_string(i) + "@evil.test/x", i, noon);
    CHECK(flood.written == Refusals::rows_of_all);
    CHECK(flood.refusals.counted_only() == 50'000 - Refusals::rows_of_all);
}
