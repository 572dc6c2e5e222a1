#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "component/call_record.hpp"
#include "jingle/call/signal.hpp"
#include "roster/text_map.hpp"

namespace component {

/// Makes records of calls that were not let in, and few of many: a caller who does not stop gets some rows a
/// minute, the last of which counts the rest. It is written again when the count has doubled, so that a flood
/// costs the disk next to nothing. Pure.
class Refusals {
public:
    static constexpr std::chrono::minutes window{ 1 };
    static constexpr unsigned rows_of_caller = 5;  ///< in a window
    static constexpr unsigned rows_of_all = 300;  ///< in a window
    static constexpr std::size_t max_callers = 10'000;

    /// The record to write, valid until the next call here; null when there is none to write now.
    [[nodiscard]] const CallRecord* note(const jingle::call::NotLetIn& refusal, WallTime now);

    /// Refusals that no row of their own was written for.
    [[nodiscard]] std::uint64_t counted_only() const noexcept { return counted_only_; }

private:
    struct Caller {
        unsigned rows = 0;
        std::uint64_t times = 1;  ///< that the last row stands for
        std::string rule;
        CallRecord last;
    };

    void begin_window(WallTime now);
    const CallRecord* count(Caller& caller);

    WallTime began_{};
    unsigned rows_ = 0;
    std::uint64_t counted_only_ = 0;
    roster::TextMap<Caller> callers_;  ///< of the window, by bare JID
};

}  // namespace component
