#include "component/file_lock.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "component/store_schema.hpp"

namespace component {

FileLock::FileLock(const std::filesystem::path& file, std::chrono::milliseconds patience)
{
    if (file.empty())
        return;
    const auto name = file.string() + ".lock";
    descriptor_ = ::open(name.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor_ < 0)
        return;  // The database cannot be opened there either, and whoever tries says why.
    constexpr std::chrono::milliseconds step{ 50 };
    const auto id = std::to_string(::getpid()) + "\n";
    for (auto waited = step; ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0; waited += step) {
        if (errno == EWOULDBLOCK && waited <= patience) {
            std::this_thread::sleep_for(step);
            continue;
        }
        ::close(descriptor_);
        descriptor_ = -1;
        throw StoreError{ StoreError::Kind::unusable,
                          file.string()
                              + " is in use by another carillon: stop that one, or give this one a database "
                                "of its own ([store] path)" };
    }
    // Only for people and for `carillon ctl`: a disk that is full does not keep the service from starting.
    if (::ftruncate(descriptor_, 0) == 0)
        (void)!::write(descriptor_, id.data(), id.size());
}

std::optional<pid_t> FileLock::holder(const std::filesystem::path& file)
{
    const auto name = file.string() + ".lock";
    const auto descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return std::nullopt;
    std::array<char, 16> text{};
    const bool is_held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    const auto size = is_held ? ::read(descriptor, text.data(), text.size()) : -1;
    ::close(descriptor);
    pid_t process = 0;
    if (size > 0)
        (void)std::from_chars(text.data(), text.data() + size, process);
    return process > 0 ? std::optional{ process } : std::nullopt;
}

FileLock::~FileLock()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

}  // namespace component
