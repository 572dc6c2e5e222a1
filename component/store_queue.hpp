#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace component {

class StoreFile;

/// One change of the database, and the row it is about. Only the last change of a row counts.
struct StoreWrite {
    std::string row;
    std::function<void(StoreFile&)> apply;
};

/// Whether a row may be refused when too many wait.
enum class Room : std::uint8_t { limited, always };

/// What waits to be written: at most one change a row, in the order the rows were first changed. So a disk
/// that is full costs memory for each row that changed, not for each change. Pure, and not thread-safe.
class StoreQueue {
public:
    explicit StoreQueue(std::size_t limit)
        : limit_{ limit }
    {
    }

    /// False when it is full: a row that waits already can still change, another is not taken unless it
    /// completes what was taken before.
    bool add(StoreWrite write, Room room = Room::limited)
    {
        const auto at = by_row_.find(write.row);
        if (at != by_row_.end()) {
            at->second->write.apply = std::move(write.apply);
            ++added_;
            return true;
        }
        if (waiting_.size() >= limit_ && room == Room::limited)
            return false;
        ++added_;
        waiting_.push_back({ added_, std::move(write) });
        by_row_.emplace(waiting_.back().write.row, std::prev(waiting_.end()));
        return true;
    }

    /// The oldest, at most `most`.
    [[nodiscard]] std::vector<StoreWrite> take(std::size_t most)
    {
        std::vector<StoreWrite> taken;
        while (!waiting_.empty() && taken.size() < most) {
            by_row_.erase(waiting_.front().write.row);
            taken.push_back(std::move(waiting_.front().write));
            waiting_.pop_front();
        }
        return taken;
    }

    /// How many changes were added; the number of the last one.
    [[nodiscard]] std::uint64_t added() const noexcept { return added_; }
    /// Every change up to this one has been taken. A change to a row that waited was taken with the row's
    /// place.
    [[nodiscard]] std::uint64_t taken_up_to() const noexcept
    {
        return waiting_.empty() ? added_ : waiting_.front().number - 1;
    }
    [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }
    [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }

private:
    struct Waiting {
        std::uint64_t number;
        StoreWrite write;
    };

    std::size_t limit_;
    std::list<Waiting> waiting_;
    std::unordered_map<std::string, std::list<Waiting>::iterator> by_row_;
    std::uint64_t added_ = 0;
};

}  // namespace component
