#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace roster {

using Clock = std::chrono::steady_clock;

/// Token buckets by name: `per_minute` at once and as many in each minute. Bounded: when `max_names` are
/// known, the full (that is: idle) buckets are forgotten, and if none is full a new name is refused, so that
/// a flood of names costs the flood and not the memory.
class RateLimiter {
public:
    static constexpr std::size_t max_names = 100'000;

    explicit RateLimiter(unsigned per_minute)
        : per_minute_{ static_cast<double>(per_minute) }
    {
    }

    /// From now on; buckets that are fuller are emptied down to it when they are next used.
    void set_rate(unsigned per_minute) noexcept { per_minute_ = static_cast<double>(per_minute); }
    /// Takes one token of `name`; false when there is none.
    [[nodiscard]] bool take(std::string_view name, Clock::time_point now);
    [[nodiscard]] std::size_t names() const noexcept { return buckets_.size(); }

private:
    struct Bucket {
        double tokens;
        Clock::time_point filled;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };

    void refill(Bucket& bucket, Clock::time_point now) const;
    void forget_idle(Clock::time_point now);

    double per_minute_;
    std::unordered_map<std::string, Bucket, Hash, std::equal_to<>> buckets_;
    Clock::time_point forgotten_{};
};

}  // namespace roster
