#include <catch2/catch.hpp>

#include "roster/call_ledger.hpp"

using namespace std::chrono_literals;
using roster::Answered;
using roster::CallLedger;
using roster::CallNames;

namespace {

const roster::SteadyClock::time_point start{ 1h };
const CallNames names{ "a\nb", "far.test", false, "link@call.test" };

}  // namespace

TEST_CASE("ledger: so many calls at once of a pair, and of a domain", "[roster][ledger]")
{
    CallLedger ledger{ { .calls_per_pair = 2, .calls_per_domain = 3 } };
    ledger.started(names);
    CHECK(ledger.limit_reached(names, start).empty());
    ledger.started(names);
    CHECK(ledger.limit_reached(names, start) == "limit calls_per_pair");
    CHECK(ledger.limit_reached({ "x\ny", "far.test", {} }, start).empty());
    ledger.started({ "x\ny", "far.test", {} });
    CHECK(ledger.limit_reached({ "c\nd", "far.test", {} }, start) == "limit calls_per_domain");
    CHECK(ledger.limit_reached({ "c\nd", {}, {} }, start).empty());

    ledger.ended(names, Answered::yes, start);
    CHECK(ledger.limit_reached(names, start).empty());
}

TEST_CASE("ledger: other limits count from now on, and a served domain is counted without one",
          "[roster][ledger]")
{
    CallLedger ledger{ { .calls_per_pair = 9, .calls_per_domain = 1 } };
    auto served = names;
    served.served = true;
    ledger.started(served);
    CHECK(ledger.limit_reached(served, start).empty());

    // It is not served any more; then it is again, and nothing is left of the call.
    CHECK(ledger.limit_reached(names, start) == "limit calls_per_domain");
    ledger.set_limits({ .calls_per_pair = 9, .calls_per_domain = 2 });
    CHECK(ledger.limit_reached(names, start).empty());
    ledger.ended(names, Answered::yes, start);
    ledger.set_limits({ .calls_per_pair = 9, .calls_per_domain = 1 });
    CHECK(ledger.limit_reached(names, start).empty());
}

TEST_CASE("ledger: a link is busy from the start of its call to the end", "[roster][ledger]")
{
    CallLedger ledger{ {} };
    CHECK_FALSE(ledger.is_busy(names.link));
    ledger.started(names);
    CHECK(ledger.is_busy(names.link));
    ledger.ended(names, Answered::no, start);
    CHECK_FALSE(ledger.is_busy(names.link));
}

TEST_CASE("ledger: who calls in vain again and again has to wait", "[roster][ledger]")
{
    CallLedger ledger{ { .unanswered_calls = 3, .unanswered_pause = 600s } };
    const auto calls_in_vain = [&](auto now) {
        ledger.started(names);
        ledger.ended(names, Answered::no, now);
    };
    calls_in_vain(start);
    calls_in_vain(start + 1s);
    CHECK(ledger.limit_reached(names, start + 1s).empty());
    calls_in_vain(start + 2s);
    CHECK(ledger.limit_reached(names, start + 2s) == "limit unanswered_calls");
    CHECK(ledger.limit_reached({ "a\nc", {}, {} }, start + 2s).empty());
    CHECK(ledger.limit_reached(names, start + 601s) == "limit unanswered_calls");
    CHECK(ledger.limit_reached(names, start + 602s).empty());
    // After the pause he starts from none, and an answer forgives at once.
    calls_in_vain(start + 700s);
    CHECK(ledger.limit_reached(names, start + 700s).empty());
    calls_in_vain(start + 701s);
    ledger.started(names);
    ledger.ended(names, Answered::yes, start + 702s);
    calls_in_vain(start + 703s);
    CHECK(ledger.limit_reached(names, start + 703s).empty());
}

TEST_CASE("ledger: a flood of pairs is bounded", "[roster][ledger]")
{
    CallLedger ledger{ { .unanswered_calls = 1, .unanswered_pause = 600s } };
    for (std::size_t i = 0; i < CallLedger::max_pairs; ++i)
        ledger.ended({ "p" + std::to_string(i), {}, {} }, Answered::no, start);
    ledger.ended({ "late", {}, {} }, Answered::no, start);
    CHECK(ledger.limit_reached({ "late", {}, {} }, start).empty());
    ledger.ended({ "late", {}, {} }, Answered::no, start + 600s);
    CHECK(ledger.limit_reached({ "late", {}, {} }, start + 600s) == "limit unanswered_calls");
}
