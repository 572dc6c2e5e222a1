#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "component/config.hpp"
#include "roster/rows.hpp"

namespace component {

/// A call as people are told of it.
struct CallSummary {
    std::string id;
    roster::WallTime began{};
    std::string caller;
    std::string callee;
    std::string outcome;  ///< "ringing", "active"; of a call that has ended: "answered", "busy" and the like
    std::chrono::seconds duration{};  ///< since it was answered

    friend bool operator==(const CallSummary&, const CallSummary&) = default;
};

/// What commands need of the rest of the process.
class Operations {
public:
    virtual ~Operations() = default;

    [[nodiscard]] virtual std::vector<CallSummary> calls_in_progress(std::size_t limit) const = 0;
    /// The newest calls of `user` (bare) that have ended.
    [[nodiscard]] virtual std::vector<CallSummary> last_calls(const xmpp::Jid& user,
                                                              std::size_t limit) const = 0;
    /// False when there is no such call.
    virtual bool end_call(std::string_view id) = 0;
    /// No new calls; the running ones go on.
    virtual void drain() = 0;
    /// Names and values, in the order to show them.
    [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> statistics() const = 0;
    [[nodiscard]] virtual LogLevel log_level() const = 0;
    virtual void set_log_level(LogLevel level) = 0;
};

}  // namespace component
