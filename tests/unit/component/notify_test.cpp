#include <catch2/catch.hpp>

#include "component/notify.hpp"
#include "notify_socket.hpp"

namespace notify = component::notify;
using namespace std::chrono_literals;

TEST_CASE("notify: the service manager hears each word", "[component][notify]")
{
    const NotifySocket manager;

    notify::ready();
    CHECK(manager.receive() == "READY=1");
    notify::status("Online as call.example.org\nREADY=0");
    CHECK(manager.receive() == "STATUS=Online as call.example.org READY=0");
    notify::watchdog();
    CHECK(manager.receive() == "WATCHDOG=1");
    notify::stopping();
    CHECK(manager.receive() == "STOPPING=1");
    notify::reloading();
    const auto reloading = manager.receive();
    CHECK(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(reloading.size() > std::string_view{ "RELOADING=1\nMONOTONIC_USEC=" }.size());
}

TEST_CASE("notify: without a manager nothing happens", "[component][notify]")
{
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");

    notify::ready();
    CHECK_FALSE(notify::watchdog_interval());
}

TEST_CASE("notify: the watchdog is due at half its time", "[component][notify]")
{
    setenv("WATCHDOG_USEC", "30000000", 1);
    CHECK(notify::watchdog_interval() == 15s);
    unsetenv("WATCHDOG_USEC");
}
