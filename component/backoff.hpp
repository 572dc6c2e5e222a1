#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

namespace component {

/// How long to wait before the next attempt: doubles from try to try, with jitter, so that a hundred
/// components do not come back to a restarted server in the same instant. Pure.
class Backoff {
public:
    using Duration = std::chrono::milliseconds;

    Backoff(Duration min, Duration max)
        : min_{ min }
        , max_{ max }
        , base_{ min }
    {
    }

    /// Between the base and twice the base, within [min, max]; `random` is uniform over all its values.
    [[nodiscard]] Duration next(std::uint32_t random)
    {
        const auto low = std::min(base_, max_ / 2);
        const auto high = std::min(base_ * 2, max_);
        const auto span = static_cast<std::uint64_t>((high - low).count());
        const auto jitter = span * random / std::numeric_limits<std::uint32_t>::max();
        base_ = high;
        return std::clamp(low + Duration{ static_cast<Duration::rep>(jitter) }, std::min(min_, max_), max_);
    }

    void reset() noexcept { base_ = min_; }

private:
    Duration min_;
    Duration max_;
    Duration base_;
};

}  // namespace component
