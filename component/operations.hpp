#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "component/config.hpp"
#include "jingle/call/settings.hpp"
#include "roster/rows.hpp"

namespace component {

/// A call as people are told of it.
struct CallSummary {
    std::string id;
    roster::WallTime began{};
    std::string caller;  ///< bare: which device it was is nobody else's business
    std::string callee;
    std::string outcome;  ///< "ringing", "in call"; of a call that has ended: "answered", "busy" and the like
    std::chrono::seconds duration{};  ///< since it was answered

    friend bool operator==(const CallSummary&, const CallSummary&) = default;
};

/// What commands need of the rest of the process.
class Operations {
public:
    virtual ~Operations() = default;

    /// The newest first.
    [[nodiscard]] virtual std::vector<CallSummary> calls_in_progress(std::size_t limit) const = 0;
    /// Hands the newest calls of `user` (bare), running ones too, to `done`: later, since they are on disk.
    virtual void last_calls(const xmpp::Jid& user, std::size_t limit,
                            std::function<void(std::vector<CallSummary>)> done)
        = 0;
    /// Both sides hear that it is over. False when there is no such call.
    virtual bool end_call(std::string_view id) = 0;
    /// Without new calls, the running ones go on until they end by themselves; a restart lets new ones in.
    virtual void set_new_calls(jingle::call::NewCalls what) = 0;
    [[nodiscard]] virtual jingle::call::NewCalls new_calls() const = 0;
    /// Links that the command line has made or revoked count from now on: their owners are asked for
    /// subscription, or the subscriptions end.
    virtual void read_links() = 0;
    /// Names and values, in the order to show them.
    [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> statistics() const = 0;
    [[nodiscard]] virtual LogLevel log_level() const = 0;
    /// Until the configuration is read again.
    virtual void set_log_level(LogLevel level) = 0;
};

}  // namespace component
