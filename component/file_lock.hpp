#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include <sys/types.h>

namespace component {

/// Keeps a second service off a database, for as long as this lives: a lock on the file `FILE.lock`, which
/// goes with the process however it ends. The command line may still open the database beside the service.
class FileLock {
public:
    /// A service that is about to end leaves within two seconds.
    static constexpr std::chrono::seconds default_patience{ 3 };

    /// Waits for `patience` until another process lets go; throws StoreError. An empty `file` is not locked.
    explicit FileLock(const std::filesystem::path& file,
                      std::chrono::milliseconds patience = default_patience);
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock();

    /// The process that has the lock; empty when there is none.
    [[nodiscard]] static std::optional<pid_t> holder(const std::filesystem::path& file);

private:
    int descriptor_ = -1;
};

}  // namespace component
