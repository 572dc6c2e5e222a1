#include "component/notify.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <string>

#include <systemd/sd-daemon.h>

namespace component::notify {
namespace {

enum { keep_environment = 0 };

void send(const std::string& state)
{
    sd_notify(keep_environment, state.c_str());
}

}  // namespace

void ready()
{
    send("READY=1");
}

void stopping()
{
    send("STOPPING=1");
}

void reloading()
{
    timespec now = {};
    clock_gettime(CLOCK_MONOTONIC, &now);
    constexpr std::int64_t micros_per_second = 1'000'000;
    constexpr std::int64_t nanos_per_micro = 1'000;
    const auto micros = now.tv_sec * micros_per_second + now.tv_nsec / nanos_per_micro;
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(micros));
}

void status(std::string_view text)
{
    auto line = "STATUS=" + std::string{ text };
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    send(line);
}

void watchdog()
{
    send("WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval()
{
    std::uint64_t timeout = 0;
    if (sd_watchdog_enabled(keep_environment, &timeout) <= 0)
        return std::nullopt;
    return std::chrono::microseconds{ timeout / 2 };  // sd_watchdog_enabled(3) asks for half of it
}

}  // namespace component::notify
