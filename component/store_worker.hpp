#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "component/store_file.hpp"
#include "component/store_queue.hpp"

namespace component {

/// The thread that owns the database once the process runs. It writes what waits in one transaction, again
/// and again until that is done, and reads for others in between. A transaction holds whole turns of the
/// loop: what one turn has put is written together, or not at all. It logs nothing: what there is to say is
/// reported.
class StoreWorker {
public:
    using Clock = std::chrono::steady_clock;

    /// Called by the worker's thread.
    struct Reports {
        std::function<void(std::uint64_t number)> written;  ///< every change up to it
        std::function<void(std::string why)> stuck;  ///< nothing can be written; said once
        std::function<void()> writable;  ///< again; said once
        std::function<void(std::string why)> dropped;  ///< one change, that can never be written
    };

    StoreWorker(StoreFile file, std::size_t max_waiting, std::chrono::milliseconds retry, Reports reports);
    StoreWorker(const StoreWorker&) = delete;
    StoreWorker& operator=(const StoreWorker&) = delete;
    ~StoreWorker() { (void)stop(std::chrono::milliseconds{ 0 }); }

    /// The number of the change; empty when too many rows wait already. It is written after wake().
    [[nodiscard]] std::optional<std::uint64_t> add(StoreWrite write, Room room);
    /// Has what was added written. Once a turn of the loop, so that a turn is one transaction.
    void wake();
    /// Runs `job` on the database, before what waits to be written. It may throw: then it had no effect.
    void run(std::function<void(StoreFile&)> job);
    /// Rows that wait, without those of a transaction under way.
    [[nodiscard]] std::size_t waiting() const;
    /// Writes what waits, for at most `patience`, and ends the thread; how many rows could not be written.
    [[nodiscard]] std::size_t stop(std::chrono::milliseconds patience);

private:
    enum class Attempt { written, later };

    void loop();
    void wait(std::unique_lock<std::mutex>& lock);
    void run_jobs(std::unique_lock<std::mutex>& lock);
    void write(std::unique_lock<std::mutex>& lock);
    Attempt attempt();
    void say_stuck(const std::string& why);

    StoreFile file_;
    Reports reports_;
    std::chrono::milliseconds retry_;

    mutable std::mutex mutex_;  ///< of the next six
    std::condition_variable wake_;
    bool is_awake_ = false;  ///< the loop's turn is over: what waits is to be written
    StoreQueue queue_;
    std::vector<std::function<void(StoreFile&)>> jobs_;
    std::optional<Clock::time_point> stop_by_;

    // The thread's own.
    std::vector<StoreWrite> batch_;  ///< taken, and not yet written
    std::uint64_t batch_end_ = 0;
    Clock::time_point retry_at_{};
    bool is_stuck_ = false;

    std::thread thread_;
};

}  // namespace component
