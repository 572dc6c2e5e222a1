#pragma once

#include <cstddef>

namespace component {

/// Whether the server reads what is written to it. It lags once `most` bytes wait for it, and until it has
/// taken half of them: what is decided by it does not change from stanza to stanza. Pure.
class Backlog {
public:
    /// A quarter of what the link keeps for a server (LinkOptions::max_unsent): the rest is for the calls
    /// that have begun.
    static constexpr std::size_t default_most = std::size_t{ 4 } * 1024 * 1024;

    explicit Backlog(std::size_t most = default_most)
        : most_{ most }
    {
    }

    /// So many bytes wait now; true when that changes lags().
    bool update(std::size_t unsent) noexcept
    {
        const bool before = lags_;
        lags_ = unsent >= (lags_ ? most_ / 2 : most_);
        return lags_ != before;
    }
    [[nodiscard]] bool lags() const noexcept { return lags_; }

private:
    std::size_t most_;
    bool lags_ = false;
};

}  // namespace component
