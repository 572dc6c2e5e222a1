#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace bench {

/// The program under test. The destructor ends it: asks first, insists after five seconds.
class Process {
public:
    /// Starts a program with its output going to our stderr. Throws std::system_error when it cannot be
    /// started.
    explicit Process(const std::vector<std::string>& command);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    /// CPU time of all its threads, in nanoseconds, as the scheduler counts it.
    [[nodiscard]] std::uint64_t cpu_ns() const;
    [[nodiscard]] std::uint64_t resident_kb() const;
    /// The most that was ever resident.
    [[nodiscard]] std::uint64_t peak_kb() const;
    [[nodiscard]] bool is_running();
    /// Asks it to end; the wait status, or -1 when it had to be killed.
    int stop(std::chrono::seconds patience);

private:
    [[nodiscard]] std::uint64_t status_kb(std::string_view key) const;

    pid_t pid_ = -1;
    int status_ = 0;
};

/// A directory of its own under /tmp, removed with the files that were written into it.
class PrivateDirectory {
public:
    PrivateDirectory();
    PrivateDirectory(const PrivateDirectory&) = delete;
    PrivateDirectory& operator=(const PrivateDirectory&) = delete;
    ~PrivateDirectory();

    /// Writes a file only the owner can read; its path.
    std::string write(const std::string& name, const std::string& text);

private:
    std::string path_;
};

}  // namespace bench
