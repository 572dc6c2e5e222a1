#include "jingle/candidate_rate.hpp"

#include <algorithm>
#include <functional>

namespace jingle {

CandidateRate::Verdict CandidateRate::count(std::string_view content, std::string_view ufrag,
                                            std::size_t count, CandidateTime now)
{
    offered_ += count;
    if (offered_ > std::size_t{ per_session } * patience)
        return Verdict::end;

    using std::chrono::seconds;
    if (!started_)
        filled_ = now;
    started_ = true;
    const auto passed_seconds = std::chrono::duration_cast<seconds>(now - filled_).count();
    if (passed_seconds > 0) {
        tokens_ = burst;  // a second fills the bucket
        filled_ += seconds{ passed_seconds };
    }

    const auto key = std::hash<std::string_view>{}(content)*31 + std::hash<std::string_view>{}(ufrag);
    auto* generation = passed_of(key);
    if (generation == nullptr || count > tokens_ || passed_ + count > per_session
        || *generation + count > per_generation)
        return Verdict::drop;
    const auto number = static_cast<unsigned>(count);
    tokens_ -= number;
    passed_ += number;
    *generation += number;
    return Verdict::pass;
}

/// Null when there have been too many generations.
unsigned* CandidateRate::passed_of(std::size_t key)
{
    const auto at = std::find_if(generations_.begin(), generations_.end(),
                                 [&](const Generation& generation) { return generation.key == key; });
    if (at != generations_.end())
        return &at->passed;
    if (generations_.size() >= max_generations)
        return nullptr;
    return &generations_.emplace_back(Generation{ key, 0 }).passed;
}

}  // namespace jingle
