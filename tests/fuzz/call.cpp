// Any bytes as a journal row: refused, or a call that goes on and is written as it was read.
#include <cstdint>
#include <cstdlib>

#include "jingle/call/calls.hpp"

namespace {

class Nobody final : public roster::Directory {
public:
    [[nodiscard]] roster::Decision decide(const roster::Invitation&, roster::SteadyClock::time_point) override
    {
        return {};
    }
    [[nodiscard]] std::string profile_of(const xmpp::Jid&) const override { return {}; }
};

void require(bool holds)
{
    if (!holds)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace std::chrono_literals;
    const jingle::call::Moment now{ jingle::call::Time{ 1h }, roster::WallTime{ 500'000h } };
    jingle::call::Settings settings;
    settings.domain = "call.a.test";
    settings.key = "key";
    Nobody nobody;
    jingle::call::Calls calls{ settings, nobody };
    const auto call = calls.restore({ reinterpret_cast<const char*>(data), size }, now);
    if (!call)
        return 0;
    const auto written = calls.write(**call, now);
    jingle::call::Calls others{ settings, nobody };
    const auto again = others.restore(written, now);
    require(again.has_value());
    require(others.write(**again, now) == written);

    base::Arena arena;
    jingle::call::Turn turn{ arena, now.steady };
    calls.say_again(now.steady);
    calls.pass_time(turn);
    for (const auto wait : { 30s, 60s, 3600s }) {
        turn.now += wait;
        calls.pass_time(turn);
    }
    return 0;
}
