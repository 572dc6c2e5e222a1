#pragma once

#include <chrono>
#include <optional>
#include <string_view>

/// What the service manager is told (sd_notify(3)). Without a manager, that is without $NOTIFY_SOCKET, each
/// does nothing.
namespace component::notify {

void ready();
void stopping();
/// Between reloading() and ready() the manager shows the service as reloading.
void reloading();
/// One line for `systemctl status`; control characters become blanks.
void status(std::string_view text);
/// A sign of life: to be sent from the event loop, so that a blocked loop is found out.
void watchdog();
/// How often watchdog() is due; empty when nobody waits for it.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace component::notify
