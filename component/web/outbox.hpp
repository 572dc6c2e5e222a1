#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace component::web {

/// The frames of a session that the page may not have got: numbered from 1, kept until they are acknowledged,
/// too old or too many.
class Outbox {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::size_t max_frames = 256;
    static constexpr std::size_t max_bytes = std::size_t{ 512 } * 1024;
    static constexpr std::chrono::seconds max_age{ 60 };

    /// Numbers and keeps a frame (see with_seq()); the result is the whole of it.
    std::string push(std::string_view frame, Time now);
    /// The page has handled everything up to `seq`.
    void acknowledge(std::uint64_t seq);
    /// Everything after `last_seq`, oldest first; empty when some of it is gone, or it was never sent.
    [[nodiscard]] std::optional<std::vector<std::string>> since(std::uint64_t last_seq) const;
    /// Forgets what is kept; the numbers go on.
    void clear();

    [[nodiscard]] std::uint64_t seq() const noexcept { return seq_; }
    [[nodiscard]] std::size_t size() const noexcept { return kept_.size(); }

private:
    struct Kept {
        std::uint64_t seq;
        Time pushed;
        std::string frame;
    };

    void drop_first();

    std::uint64_t seq_ = 0;
    std::size_t bytes_ = 0;
    std::deque<Kept> kept_;
};

}  // namespace component::web
