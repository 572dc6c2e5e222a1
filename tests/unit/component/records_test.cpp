#include <array>

#include <catch2/catch.hpp>

#include "component/records.hpp"

using component::CallKey;
using component::DeviceFate;
using component::RecordEvent;
using component::Records;
using component::RecordStep;
using component::WallTime;

namespace {

constexpr CallKey key{ 1 };

WallTime at(int second)
{
    return WallTime{ std::chrono::seconds{ 1'800'000'000 + second } };
}

RecordEvent started(CallKey call = key)
{
    RecordEvent event;
    event.call = call;
    event.at = at(0);
    event.address = "alice@example.org/phone";
    event.callee = "bob@example.org";
    event.sid = "s1";
    event.rule = "default local";
    event.audio = true;
    return event;
}

RecordEvent step(int second, RecordStep what, unsigned leg, std::string_view address,
                 std::string_view reason = {})
{
    RecordEvent event;
    event.call = key;
    event.at = at(second);
    event.step = what;
    event.leg = leg;
    event.address = address;
    event.reason = reason;
    return event;
}

}  // namespace

TEST_CASE("records: a call that forks, is refused by one device and answered by another",
          "[component][records]")
{
    Records records;
    REQUIRE(records.apply(started()) != nullptr);
    const std::array events{
        step(1, RecordStep::tried, 1, "bob@example.org/a"),
        step(1, RecordStep::tried, 2, "bob@example.org/b"),
        step(1, RecordStep::tried, 3, "bob@example.org/c"),
        step(2, RecordStep::ringing, 1, "bob@example.org/a"),
        step(3, RecordStep::ringing, 2, "bob@example.org/b"),
        step(4, RecordStep::refused, 1, "bob@example.org/a", "busy"),
        step(5, RecordStep::proceeded, 2, "bob@example.org/b"),
        step(6, RecordStep::initiated, 2, "bob@example.org/b"),
        step(7, RecordStep::accepted, 2, "bob@example.org/b"),
        step(7, RecordStep::stopped, 3, "bob@example.org/c", "answered elsewhere"),
    };
    for (const auto& event : events)
        CHECK(records.apply(event) != nullptr);

    const auto* ended = records.apply(step(60, RecordStep::ended, 0, "", "success"));

    REQUIRE(ended != nullptr);
    CHECK(ended->started == at(0));
    CHECK(ended->caller == "alice@example.org/phone");
    CHECK(ended->callee == "bob@example.org/b");
    CHECK(ended->sid == "s1");
    CHECK(ended->rule == "default local");
    CHECK((ended->audio && !ended->video));
    CHECK(ended->ringing == at(2));
    CHECK(ended->proceeded == at(5));
    CHECK(ended->initiated == at(6));
    CHECK(ended->accepted == at(7));
    CHECK(ended->ended == at(60));
    CHECK(ended->reason == "success");
    REQUIRE(ended->devices.size() == 3);
    CHECK(ended->devices[0].fate == DeviceFate::refused);
    CHECK(ended->devices[0].reason == "busy");
    CHECK(ended->devices[0].rang == at(2));
    CHECK(ended->devices[0].settled == at(4));
    CHECK(ended->devices[1].fate == DeviceFate::answered);
    CHECK(ended->devices[2].fate == DeviceFate::stopped);
    CHECK(ended->devices[2].reason == "answered elsewhere");
}

TEST_CASE("records: what a device did first stays", "[component][records]")
{
    Records records;
    (void)records.apply(started());
    (void)records.apply(step(1, RecordStep::ringing, 1, "bob@example.org/a"));
    (void)records.apply(step(2, RecordStep::refused, 1, "bob@example.org/a", "decline"));

    CHECK(records.apply(step(3, RecordStep::stopped, 1, "bob@example.org/a", "cancel")) == nullptr);
    CHECK(records.apply(step(3, RecordStep::ringing, 1, "bob@example.org/a")) == nullptr);
}

TEST_CASE("records: an event that changes nothing is not written", "[component][records]")
{
    Records records;
    (void)records.apply(started());
    CHECK(records.apply(step(1, RecordStep::ringing, 1, "bob@example.org/a")) != nullptr);

    CHECK(records.apply(step(2, RecordStep::ringing, 1, "bob@example.org/a")) == nullptr);
    CHECK(records.offered(key, 0, { .host = true }) != nullptr);
    CHECK(records.offered(key, 0, { .host = true }) == nullptr);
    CHECK(records.offered(key, 1, { .relay = true }) != nullptr);
}

TEST_CASE("records: events of a call that is not known are nothing", "[component][records]")
{
    Records records;

    CHECK(records.apply(step(1, RecordStep::ringing, 1, "x@example.org/y")) == nullptr);
    CHECK(records.offered(key, 0, { .host = true }) == nullptr);
    CHECK(records.size() == 0);
}

TEST_CASE("records: a call that ended is forgotten, and its id may start anew", "[component][records]")
{
    Records records;
    (void)records.apply(started());
    CHECK(records.apply(step(5, RecordStep::ended, 0, "", "success")) != nullptr);
    auto again = started();
    again.at = at(10);

    const auto* record = records.apply(again);

    REQUIRE(record != nullptr);
    CHECK(record->started == at(10));
    CHECK_FALSE(record->ended);
    CHECK(records.size() == 1);
}

TEST_CASE("records: a call that the journal brought back goes on", "[component][records]")
{
    Records records;
    (void)records.apply(started());
    const auto before = *records.apply(step(2, RecordStep::accepted, 1, "bob@example.org/a"));
    Records after_restart;

    after_restart.resume(before);
    const auto* ended = after_restart.apply(step(9, RecordStep::ended, 0, "", "success"));

    REQUIRE(ended != nullptr);
    CHECK(ended->started == at(0));
    CHECK(ended->accepted == at(2));
    CHECK(ended->ended == at(9));
}

TEST_CASE("records: of two records with one id the one without an end is the call's", "[component][records]")
{
    Records records;
    const auto running = *records.apply(started());
    auto refused = running;
    refused.started = at(3);
    refused.ended = at(3);
    for (const auto& order : { std::array{ running, refused }, std::array{ refused, running } }) {
        Records after_restart;
        for (const auto& record : order)
            after_restart.resume(record);
        const auto* ended = after_restart.apply(step(9, RecordStep::ended, 0, "", "success"));
        REQUIRE(ended != nullptr);
        CHECK(ended->started == at(0));
    }
}

TEST_CASE("records: the end of a call is written once, unless the call goes on after all",
          "[component][records]")
{
    Records records;
    (void)records.apply(started());
    const auto before = *records.apply(step(5, RecordStep::ended, 0, "", "success"));
    Records over;
    over.resume(before);
    CHECK(over.apply(step(7, RecordStep::ended, 0, "", "gone")) == nullptr);

    Records after_restart;
    after_restart.resume(before);
    const auto* resumed = after_restart.apply(step(7, RecordStep::resumed, 0, "", ""));
    REQUIRE(resumed != nullptr);
    CHECK_FALSE(resumed->ended);
    CHECK(resumed->reason.empty());
    const auto* ended = after_restart.apply(step(9, RecordStep::ended, 0, "", "gone"));
    REQUIRE(ended != nullptr);
    CHECK(ended->ended == at(9));
    CHECK(ended->reason == "gone");
}

TEST_CASE("records: what a peer may make as long as it likes is cut", "[component][records]")
{
    Records records;
    auto event = started();
    // Three bytes a character: the limit falls within one.
    std::string longest;
    while (longest.size() < Records::max_text + 3)
        longest += "\xE2\x82\xAC";
    event.sid = longest;
    const auto* record = records.apply(event);

    REQUIRE(record != nullptr);
    CHECK(record->sid.size() == Records::max_text - Records::max_text % 3);

    for (unsigned leg = 1; leg < 200; ++leg)
        (void)records.apply(step(1, RecordStep::tried, leg, "bob@example.org/" + std::to_string(leg)));
    const auto* full = records.apply(step(2, RecordStep::accepted, 199, "bob@example.org/199"));
    REQUIRE(full != nullptr);
    CHECK(full->devices.size() == Records::max_devices);
    CHECK(full->accepted == at(2));
}
