#include "roster/rate_limiter.hpp"

#include <algorithm>

namespace roster {

void RateLimiter::refill(Bucket& bucket, Clock::time_point now) const
{
    const auto minutes = std::chrono::duration<double, std::ratio<60>>(now - bucket.filled).count();
    bucket.tokens = std::min(per_minute_, bucket.tokens + minutes * per_minute_);
    bucket.filled = now;
}

void RateLimiter::forget_idle(Clock::time_point now)
{
    // At most once a second, or a flood of new names would pay for a scan each.
    if (now - forgotten_ < std::chrono::seconds{ 1 })
        return;
    forgotten_ = now;
    std::erase_if(buckets_, [&](const auto& entry) {
        auto bucket = entry.second;
        refill(bucket, now);
        return bucket.tokens >= per_minute_;
    });
}

bool RateLimiter::take(std::string_view name, Clock::time_point now)
{
    auto found = buckets_.find(name);
    if (found == buckets_.end()) {
        if (buckets_.size() >= max_names)
            forget_idle(now);
        if (buckets_.size() >= max_names)
            return false;
        found = buckets_.emplace(std::string{ name }, Bucket{ per_minute_, now }).first;
    }
    refill(found->second, now);
    if (found->second.tokens < 1)
        return false;
    found->second.tokens -= 1;
    return true;
}

}  // namespace roster
