#include "component/store_checkpointer.hpp"

#include <csignal>
#include <optional>
#include <utility>

#include "component/store_file.hpp"

namespace component {

StoreCheckpointer::StoreCheckpointer(std::filesystem::path file)
{
    // Signals belong to the loop's thread.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread{ [this, name = std::move(file)] { loop(name); } };
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

StoreCheckpointer::~StoreCheckpointer()
{
    {
        const std::lock_guard lock{ mutex_ };
        is_over_ = true;
        wake_.notify_one();
    }
    thread_.join();
}

void StoreCheckpointer::committed()
{
    const std::lock_guard lock{ mutex_ };
    if (!std::exchange(is_dirty_, true))
        wake_.notify_one();
}

void StoreCheckpointer::loop(const std::filesystem::path& file)
{
    std::optional<StoreFile> database;
    std::unique_lock lock{ mutex_ };
    for (;;) {
        wake_.wait(lock, [this] { return is_dirty_ || is_over_; });
        if (!is_over_)
            wake_.wait_for(lock, interval, [this] { return is_over_; });
        if (!std::exchange(is_dirty_, false))
            return;
        lock.unlock();
        try {
            if (!database)
                database.emplace(file, OpenFor::writing);
            database->checkpoint();
        } catch (const std::exception&) {
            // What was committed stays committed; the next checkpoint carries it over.
            database.reset();
        }
        lock.lock();
    }
}

}  // namespace component
