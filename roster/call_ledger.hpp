#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "roster/directory.hpp"
#include "roster/text_map.hpp"

namespace roster {

struct LedgerLimits {
    unsigned calls_per_pair = 2;  ///< at once, of one caller to one callee
    unsigned calls_per_domain = 500;  ///< at once, of the callers of a domain that is not served
    unsigned unanswered_calls = 5;  ///< in a row, of one caller to one callee
    std::chrono::seconds unanswered_pause{ 600 };  ///< since the last of them, until he may try again
};

/// The names under which a call is counted. An empty one is not counted.
struct CallNames {
    std::string pair;
    std::string domain;  ///< the caller's
    bool served = false;  ///< that domain, and so without a limit of its own
    std::string link{};  ///< the address of the link it goes through
};

/// How many calls there are, and how many went unanswered. Bounded: live calls by those who admit them,
/// unanswered ones by `max_pairs`.
class CallLedger {
public:
    static constexpr std::size_t max_pairs = 100'000;

    explicit CallLedger(LedgerLimits limits)
        : limits_{ limits }
    {
    }

    void set_limits(const LedgerLimits& limits) { limits_ = limits; }
    /// The limit that a further call would pass; empty when it may be.
    [[nodiscard]] std::string_view limit_reached(const CallNames& names, SteadyClock::time_point now) const;
    [[nodiscard]] bool is_busy(std::string_view link) const { return live_links_.contains(link); }

    void started(const CallNames& names);
    void ended(const CallNames& names, Answered answered, SteadyClock::time_point now);

private:
    struct Unanswered {
        unsigned count = 0;
        SteadyClock::time_point last;
    };

    void count_unanswered(const std::string& pair, SteadyClock::time_point now);

    LedgerLimits limits_;
    TextMap<unsigned> live_pairs_;
    TextMap<unsigned> live_domains_;
    TextMap<unsigned> live_links_;
    TextMap<Unanswered> unanswered_;
    SteadyClock::time_point forgotten_{};
};

}  // namespace roster
