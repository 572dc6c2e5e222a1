#include <catch2/catch.hpp>

#include "component/calls_text.hpp"

using component::CallRecord;
using component::WallTime;
using namespace std::chrono_literals;

namespace {

const WallTime start{ 1'800'000'000s };

CallRecord call()
{
    CallRecord record;
    record.id = { 0xFB, 0xFF, 1, 2, 3, 4, 5 };
    record.started = start;
    record.sid = "s\"1\x1B";
    record.caller = "alice@example.org/phone";
    record.callee = "bob@b.example/tablet";
    record.audio = true;
    record.rule = "default local";
    record.ringing = start + 1204ms;
    record.accepted = start + 5s;
    record.ended = start + 70s;
    record.reason = "success";
    record.caller_candidates = { .host = true, .relay = true };
    component::DeviceRecord device;
    device.leg = 1;
    device.address = "bob@b.example/tablet";
    device.fate = component::DeviceFate::answered;
    device.asked = start;
    device.settled = start + 5s;
    record.devices.push_back(device);
    return record;
}

std::size_t width(std::string_view row)
{
    std::size_t characters = 0;
    for (const char c : row)
        characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U && c != '\n' ? 1 : 0;
    return characters;
}

}  // namespace

TEST_CASE("calls: a row has at most 100 columns, whatever the addresses are", "[component][calls]")
{
    auto record = call();
    CHECK(component::table_row(record, start).find("-_8BAgME") == 0);
    CHECK(
        component::table_row(record, start).find("    1:05 answered    alice@example.org     bob@b.example\n")
        != std::string::npos);
    record.caller = std::string(2000, 'a') + "@example.org/x";
    record.callee.clear();
    for (int i = 0; i < 60; ++i)
        record.callee += "\xC3\xA4";
    record.ended = start + 1000h;

    const auto row = component::table_row(record, start);

    CHECK(width(row) <= 100);
    CHECK(width(component::table_head()) <= 100);
    CHECK(row.find("\u2026") != std::string::npos);
}

TEST_CASE("calls: how a call went, in a word", "[component][calls]")
{
    struct Row {
        bool accepted;
        bool ended;
        std::string reason;
        std::string word;
    };
    const auto row = GENERATE(values<Row>({
        { false, false, "", "ringing" },
        { true, false, "", "in call" },
        { true, true, "success", "answered" },
        { true, true, "interrupted", "answered" },
        { false, true, "busy", "busy" },
        { false, true, "decline", "declined" },
        { false, true, "timeout", "no answer" },
        { false, true, "cancel", "cancelled" },
        { false, true, "interrupted", "interrupted" },
        { false, true, "failed-application", "failed" },
    }));
    auto record = call();
    if (!row.accepted)
        record.accepted.reset();
    if (!row.ended)
        record.ended.reset();
    record.reason = row.reason;

    CHECK(component::result_of(record) == row.word);
}

TEST_CASE("calls: JSON has everything, and is one line", "[component][calls]")
{
    CHECK(
        component::json_line(call())
        == R"({"id":"-_8BAgMEBQAAAAAAAAAAAA","sid":"s\"1\u001b","caller":"alice@example.org/phone",)"
           R"("callee":"bob@b.example/tablet","media":["audio"],"rule":"default local","result":"answered",)"
           R"("reason":"success","started":"2027-01-15T08:00:00Z","ringing":"2027-01-15T08:00:01.204Z",)"
           R"("accepted":"2027-01-15T08:00:05Z","ended":"2027-01-15T08:01:10Z",)"
           R"("candidates":{"caller":["host","relay"],"callee":[]},"devices":[{"address":"bob@b.example/tablet",)"
           R"("fate":"answered","asked":"2027-01-15T08:00:00Z","settled":"2027-01-15T08:00:05Z"}]})"
           "\n");
}

TEST_CASE("calls: the long form tells each step after the start", "[component][calls]")
{
    const auto text = component::full_text(call(), start);

    CHECK(text.find("ringing     +1.204 s\n") != std::string::npos);
    CHECK(text.find("result      answered (success)\n") != std::string::npos);
    CHECK(text.find("candidates  caller host, relay; callee none\n") != std::string::npos);
    CHECK(text.find("bob@b.example/tablet") != std::string::npos);
    CHECK(text.find(", answered +5.000 s\n") != std::string::npos);
    CHECK(text.find('\x1B') == std::string::npos);
}
