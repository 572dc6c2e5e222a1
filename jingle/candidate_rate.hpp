#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "jingle/candidate_buffer.hpp"

namespace jingle {

/// How many candidates one leg may send. A value without IO: time comes in.
class CandidateRate {
public:
    static constexpr unsigned burst = 50;  ///< and so many more each second
    static constexpr unsigned per_generation = 100;  ///< of one content with one ufrag
    static constexpr unsigned per_session = 400;
    static constexpr unsigned patience
        = 10;  ///< so many times per_session, dropped ones included, end the call

    enum class Verdict : std::uint8_t {
        pass,
        drop,  ///< all of the request's candidates: policy-violation
        end,  ///< this is an attack
    };

    /// The request holds `count` candidates of that content and ufrag.
    [[nodiscard]] Verdict count(std::string_view content, std::string_view ufrag, std::size_t count,
                                CandidateTime now);

private:
    struct Generation {
        std::size_t key;  ///< a hash: a collision makes the limit narrower, nothing else
        unsigned passed;
    };
    static constexpr std::size_t max_generations = 64;

    [[nodiscard]] unsigned* passed_of(std::size_t key);

    std::vector<Generation> generations_;
    CandidateTime filled_{};
    unsigned tokens_ = burst;
    unsigned passed_ = 0;
    std::size_t offered_ = 0;
    bool started_ = false;
};

}  // namespace jingle
