#include "component/store_worker.hpp"

#include <csignal>

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

namespace component {
namespace {

/// The row is at fault, not the disk: no later attempt would be any better.
bool is_about_the_row(int code)
{
    return code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH || code == SQLITE_TOOBIG
        || code == SQLITE_RANGE;
}

}  // namespace

StoreWorker::StoreWorker(StoreFile file, std::size_t max_waiting, std::chrono::milliseconds retry,
                         Reports reports)
    : file_{ std::move(file) }
    , reports_{ std::move(reports) }
    , retry_{ retry }
    , queue_{ max_waiting }
{
    // Signals belong to the loop's thread.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread{ [this] { loop(); } };
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

std::optional<std::uint64_t> StoreWorker::add(StoreWrite write, Room room)
{
    const std::lock_guard lock{ mutex_ };
    if (!queue_.add(std::move(write), room))
        return std::nullopt;
    return queue_.added();
}

void StoreWorker::wake()
{
    {
        const std::lock_guard lock{ mutex_ };
        is_awake_ = true;
    }
    wake_.notify_one();
}

void StoreWorker::run(std::function<void(StoreFile&)> job)
{
    const std::lock_guard lock{ mutex_ };
    jobs_.push_back(std::move(job));
    wake_.notify_one();
}

std::size_t StoreWorker::waiting() const
{
    const std::lock_guard lock{ mutex_ };
    return queue_.size();
}

std::size_t StoreWorker::stop(std::chrono::milliseconds patience)
{
    if (!thread_.joinable())
        return 0;
    {
        const std::lock_guard lock{ mutex_ };
        stop_by_ = Clock::now() + patience;
        wake_.notify_one();
    }
    thread_.join();
    return batch_.size() + queue_.size();
}

void StoreWorker::loop()
{
    std::unique_lock lock{ mutex_ };
    for (;;) {
        wait(lock);
        run_jobs(lock);
        write(lock);
        const auto idle = batch_.empty() && queue_.empty() && jobs_.empty();
        if (stop_by_ && (idle || Clock::now() >= *stop_by_))
            return;
    }
}

/// Until there is something to do.
void StoreWorker::wait(std::unique_lock<std::mutex>& lock)
{
    for (;;) {
        const auto has_writes = !batch_.empty() || (is_awake_ && !queue_.empty());
        if (stop_by_ || !jobs_.empty() || (has_writes && Clock::now() >= retry_at_))
            return;
        if (has_writes)
            wake_.wait_until(lock, retry_at_);
        else
            wake_.wait(lock);
    }
}

void StoreWorker::run_jobs(std::unique_lock<std::mutex>& lock)
{
    auto jobs = std::exchange(jobs_, {});
    lock.unlock();
    for (const auto& job : jobs) {
        try {
            job(file_);
        } catch (const std::exception&) {
            file_.roll_back();  // the job has told whom it concerns
        }
    }
    jobs.clear();  // what they hold goes without the lock
    lock.lock();
}

void StoreWorker::write(std::unique_lock<std::mutex>& lock)
{
    // Not in the middle of a turn, and all of it: a row that changed again stands where it stood before, so
    // that a part of what waits is the state of no moment.
    if (batch_.empty() && (is_awake_ || stop_by_)) {
        batch_ = queue_.take(queue_.size());
        batch_end_ = queue_.taken_up_to();
        is_awake_ = false;
    }
    const auto is_last = stop_by_.has_value();
    lock.unlock();
    const auto now = Clock::now();
    if (!batch_.empty() && (now >= retry_at_ || is_last)) {
        if (attempt() == Attempt::written) {
            batch_.clear();
            reports_.written(batch_end_);
            if (std::exchange(is_stuck_, false))
                reports_.writable();
        } else {
            retry_at_ = Clock::now() + retry_;
        }
    }
    lock.lock();
}

/// All of the batch in one transaction. A row that is at fault goes alone, and the rest is tried again.
StoreWorker::Attempt StoreWorker::attempt()
{
    while (!batch_.empty()) {
        std::size_t at = 0;
        try {
            file_.begin();
            for (; at < batch_.size(); ++at)
                batch_[at].apply(file_);
            file_.commit();
            return Attempt::written;
        } catch (const SQLite::Exception& error) {
            file_.roll_back();
            if (at == batch_.size() || !is_about_the_row(error.getErrorCode())) {
                say_stuck(error.what());
                return Attempt::later;
            }
            reports_.dropped(error.what());
            batch_.erase(batch_.begin() + static_cast<std::ptrdiff_t>(at));
        } catch (const std::exception& error) {
            file_.roll_back();
            say_stuck(error.what());
            return Attempt::later;
        }
    }
    return Attempt::written;
}

void StoreWorker::say_stuck(const std::string& why)
{
    if (!std::exchange(is_stuck_, true))
        reports_.stuck(why);
}

}  // namespace component
