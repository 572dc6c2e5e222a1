#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "jingle/session.hpp"

namespace jingle {

using CandidateTime = std::chrono::steady_clock::time_point;

/// Candidates that came before they may be used: the description that names their ufrag is not known yet, or
/// the content-add they belong to is open. Bounded; in order for each content; when it is full, relayed and
/// reflexive candidates displace host ones. A value without IO: time comes in.
class CandidateBuffer {
public:
    static constexpr std::size_t max_candidates = 200;
    static constexpr std::size_t max_bytes = 64 * 1024;
    static constexpr std::chrono::seconds max_age{ 60 };
    /// How long candidates wait for a content or a ufrag nobody has heard of.
    static constexpr std::chrono::seconds max_age_unknown{ 5 };

    enum class Wait : std::uint8_t {
        for_description,  ///< the content is known
        for_content,  ///< it is not: a content-add or a restart may be on its way
    };

    CandidateBuffer() = default;

    /// Keeps the candidates of `content` and its gathering-complete; how many did not fit.
    std::size_t add(const Content& content, Wait wait, CandidateTime now);

    /// Moves out what belongs to that content and ufrag (what came without ufrag belongs to any), as a
    /// transport with candidates, ufrag and gathering-complete, copied into `arena`. Null when there is
    /// nothing.
    [[nodiscard]] std::optional<Transport> take(std::string_view name, std::string_view ufrag,
                                                base::Arena& arena);

    /// Forgets a content that was rejected or removed.
    void discard(std::string_view name);
    /// Forgets what is too old; how many candidates went.
    std::size_t expire(CandidateTime now);

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] bool empty() const noexcept { return entries_.empty() && ends_.empty(); }

private:
    struct Key {
        std::string_view name;
        std::string_view ufrag;
    };
    struct Entry {
        Key key;
        Candidate candidate;
        std::size_t size;
        bool host;
        CandidateTime until;
    };
    struct End {
        Key key;
        CandidateTime until;
    };

    [[nodiscard]] bool make_room(std::size_t size, bool host);
    [[nodiscard]] Key copied(const Key& key);
    void shed(std::size_t size);
    void compact();

    std::vector<Entry> entries_;
    std::vector<End> ends_;
    std::size_t bytes_ = 0;
    std::size_t garbage_ = 0;  ///< bytes of what has gone, in texts_ still
    base::Arena texts_{ 1024 };
};

}  // namespace jingle
