#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace component {

/// Brings what was committed to the disk itself, on a thread and a connection of its own: while the disk
/// takes its time, the store's thread goes on committing.
class StoreCheckpointer {
public:
    /// What a power failure may cost at most, besides what was not committed.
    static constexpr std::chrono::seconds interval{ 1 };

    /// `file` has been opened by the store.
    explicit StoreCheckpointer(std::filesystem::path file);
    StoreCheckpointer(const StoreCheckpointer&) = delete;
    StoreCheckpointer& operator=(const StoreCheckpointer&) = delete;
    /// Waits for a checkpoint that is under way.
    ~StoreCheckpointer();

    /// Something was committed.
    void committed();

private:
    void loop(const std::filesystem::path& file);

    std::mutex mutex_;  ///< of the next two
    std::condition_variable wake_;
    bool is_dirty_ = false;
    bool is_over_ = false;
    std::thread thread_;
};

}  // namespace component
