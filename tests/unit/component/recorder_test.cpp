#include "store_stage.hpp"

using namespace test;

TEST_CASE("recorder: each change of a call is written, and goes on after a restart",
          "[component][store][records]")
{
    Stage stage;
    component::RecordEvent event;
    event.call = { 9 };
    event.at = now();
    event.address = "alice@example.org/phone";
    event.callee = "bob@b.example";
    event.sid = "s9";
    {
        Store store{ stage.io, stage.options() };
        component::Recorder recorder{ stage.io, store };
        store.put(component::JournalEntry{ { 9 }, "state" });
        recorder.note(event);
        recorder.commit();
        REQUIRE(stage.is_written(store));
        CHECK(stage.read().calls_of("s9").size() == 1);
        recorder.note_candidates({ 9 }, 0, { .host = true });
        recorder.write_all();
    }
    Store store{ stage.io, stage.options() };
    component::Recorder recorder{ stage.io, store };
    event.step = component::RecordStep::ended;
    event.at += 5s;
    event.reason = "cancel";
    recorder.note(event);
    REQUIRE(stage.is_written(store));

    const auto calls = stage.read().calls_of("s9");
    REQUIRE(calls.size() == 1);
    CHECK(calls.front().reason == "cancel");
    CHECK(calls.front().caller_candidates.host);
    CHECK(calls.front().ended == event.at);
}

TEST_CASE("recorder: however much waits, a call that has begun in the records ends there",
          "[component][store][records]")
{
    Stage stage;
    auto options = stage.options();
    options.max_waiting = 3;
    Store store{ stage.io, options };
    component::Recorder recorder{ stage.io, store };
    const auto note = [&](std::uint8_t call, component::RecordStep step) {
        const auto sid = "s" + std::to_string(call);
        component::RecordEvent event;
        event.call = { call };
        event.at = now();
        event.step = step;
        event.sid = sid;
        recorder.note(event);
        recorder.commit();
    };
    using enum component::RecordStep;
    note(1, started);
    REQUIRE(stage.is_written(store));
    SQLite::Database other{ stage.file, SQLite::OPEN_READWRITE, 5000 };
    other.exec("BEGIN IMMEDIATE");
    store.put(record(200));  // the worker holds this one
    REQUIRE(stage.until([&] { return store.is_stuck(); }));
    for (std::uint8_t call = 2; call <= 9; ++call)
        note(call, started);
    REQUIRE(store.waiting() == 3);

    for (std::uint8_t call = 1; call <= 9; ++call)
        note(call, ended);
    CHECK(store.waiting() == 4);  // three that began meanwhile, and the end of the one before
    other.exec("ROLLBACK");
    CHECK(stage.until([&] { return !store.is_stuck(); }));
    REQUIRE(stage.is_written(store));
    auto file = stage.read();
    CHECK(file.calls({}).size() == 5);
    CHECK(file.calls_of("s1").front().ended.has_value());
    for (const auto& call : file.calls({}))
        CHECK((call.ended.has_value() || call.sid == "sid200"));
}

TEST_CASE("recorder: steps between are written soon, and many of them once", "[component][store][records]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    component::Recorder recorder{ stage.io, store };
    component::RecordEvent event;
    event.call = { 9 };
    event.at = now();
    event.sid = "s9";
    recorder.note(event);
    recorder.commit();
    REQUIRE(stage.is_written(store));
    event.step = component::RecordStep::ringing;
    event.leg = 1;
    recorder.note(event);
    recorder.note_candidates({ 9 }, 0, { .host = true });
    recorder.note_candidates({ 9 }, 1, { .relay = true });
    recorder.commit();
    CHECK(store.waiting() == 0);

    CHECK(stage.until([&] { return stage.read().calls_of("s9").front().ringing.has_value(); }));
    CHECK(stage.read().calls_of("s9").front().callee_candidates.relay);

    event.step = component::RecordStep::accepted;
    recorder.note(event);
    recorder.commit();
    CHECK(store.waiting() == 1);
    event.step = component::RecordStep::ended;
    recorder.note(event);
    REQUIRE(stage.is_written(store));
    CHECK(stage.read().calls_of("s9").front().ended.has_value());
}
