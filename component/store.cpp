#include "component/store.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "component/log.hpp"
#include "component/store_opening.hpp"

namespace component {
namespace {

WallTime wall_now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string row_of(const roster::Subscription& row)
{
    return "s" + row.contact.full() + "\n" + row.user.full();
}
std::string row_of(const roster::UserSettings& row)
{
    return "u" + row.user.full();
}
std::string row_of(const roster::Block& row)
{
    return "b" + row.owner.value_or(xmpp::Jid{}).full() + "\n" + row.pattern;
}
std::string row_of(const roster::CallLink& row)
{
    return "l" + row.name;
}
std::string row_of(char table, const CallKey& key)
{
    std::string row{ table };
    return row.append(reinterpret_cast<const char*>(key.data()), key.size());
}

/// The change that writes `value`, or erases it.
template <class T>
auto writing(const T& value)
{
    return [value](StoreFile& file) { file.write(value); };
}
template <class T>
auto erasing(const T& value)
{
    return [value](StoreFile& file) { file.erase(value); };
}

}  // namespace

Store::Store(asio::io_context& io, const Options& options)
    : io_{ io }
    , retention_{ options.retention }
    , patience_timer_{ io.get_executor() }
    , expiry_timer_{ io.get_executor() }
    , alive_{ std::make_shared<Store*>(this) }
{
    auto opened = open_for_service(options.file, [this](StoreFile& file) { read(file); });
    lasts_ = opened.lasts;
    if (!opened.trouble.empty())
        log::error(log::no_call, "store: {}", opened.trouble);
    worker_ = std::make_unique<StoreWorker>(std::move(opened.file), options.max_waiting, options.retry,
                                            reports());
    if (lasts_)
        checkpointer_ = std::make_unique<StoreCheckpointer>(options.file);
    change("i", [now = wall_now()](StoreFile& f) { (void)f.close_interrupted(now); });
    expire();
}

void Store::read(StoreFile& file)
{
    key_ = file.instance_key();
    rows_ = file.rows();
    journal_ = file.journal();
    running_ = file.running_calls();
    links_.clear();
    for (const auto& link : rows_.links)
        links_.emplace(link.secret_hash, KnownLink{ link, 0 });
}

void Store::put(const roster::Subscription& row)
{
    change(row_of(row), writing(row));
}

void Store::put(const roster::UserSettings& row)
{
    change(row_of(row), writing(row));
}

void Store::put(const roster::Block& row)
{
    change(row_of(row), writing(row));
}

void Store::put(const roster::CallLink& row)
{
    links_.insert_or_assign(row.secret_hash,
                            KnownLink{ row, change(row_of(row), writing(row)).value_or(added_) });
}

bool Store::put(const CallRecord& record, Room room)
{
    auto row = row_of('c', record.id) + std::to_string(record.started.time_since_epoch().count());
    return change(std::move(row), writing(record), room).has_value();
}

void Store::put(JournalEntry entry)
{
    auto row = row_of('j', entry.call);
    change(std::move(row), [held = std::move(entry)](StoreFile& file) { file.write(held); });
}

void Store::erase(const roster::Subscription& row)
{
    change(row_of(row), erasing(row));
}

void Store::erase(const roster::UserSettings& row)
{
    change(row_of(row), erasing(row));
}

void Store::erase(const roster::Block& row)
{
    change(row_of(row), erasing(row));
}

void Store::erase(const roster::CallLink& row)
{
    std::erase_if(links_, [&](const auto& known) { return known.second.link.name == row.name; });
    change(row_of(row), erasing(row));
}

void Store::set_aside(const CallKey& call)
{
    change(row_of('j', call), [call, now = wall_now()](StoreFile& file) { file.set_aside(call, now); });
}

void Store::erase_journal(const CallKey& call)
{
    change(row_of('j', call), [call](StoreFile& file) { file.erase_journal(call); });
}

void Store::forget(const xmpp::Jid& user)
{
    const auto bare = user.to_bare();
    std::erase_if(links_, [&](const auto& known) { return known.second.link.owner == bare; });
    change("f" + bare.full(), [bare](StoreFile& file) { (void)file.forget(bare); });
}

void Store::when_written(std::function<void(Written)> done)
{
    const auto is_hopeless = std::exchange(was_refused_, false) || is_stuck_;
    if (waiters_.empty() && is_hopeless)
        return done(Written::not_yet);
    if (waiters_.empty() && added_ == written_)
        return done(Written::yes);
    worker_->wake();
    const auto now = std::chrono::steady_clock::now();
    waiters_.push_back({ added_, is_hopeless ? now : now + patience, std::move(done) });
    if (waiters_.size() == 1)
        arm_patience();
}

void Store::find_link(const SecretHash& hash, std::function<void(std::optional<roster::CallLink>)> done)
{
    worker_->run(
        [post = poster(), weak = std::weak_ptr{ alive_ }, hash, told = std::move(done)](StoreFile& file) {
            std::optional<roster::CallLink> link;
            bool was_read = false;
            try {
                link = file.link_by_secret(hash);
                was_read = true;
            } catch (const std::exception&) {
                // What this process knows of it has to do.
            }
            post([weak, hash, told, link, was_read] {
                if (const auto alive = weak.lock())
                    told((*alive)->merged(hash, was_read, link));
            });
        });
}

void Store::read_links(std::function<void(std::vector<roster::CallLink>)> done)
{
    read_rows<roster::CallLink>([](StoreFile& file) { return file.links(); }, std::move(done));
}

void Store::recent_calls(const xmpp::Jid& user, std::size_t limit,
                         std::function<void(std::vector<CallRecord>)> done)
{
    read_rows<CallRecord>([query = CallQuery{ std::nullopt, user.to_bare(), limit }](
                              StoreFile& file) { return file.calls(query); },
                          std::move(done));
}

/// What `rows` finds, on the loop; nothing when it cannot be read.
template <class Row>
void Store::read_rows(std::function<std::vector<Row>(StoreFile&)> rows,
                      std::function<void(std::vector<Row>)> done)
{
    worker_->run([post = poster(), rows = std::move(rows), told = std::move(done)](StoreFile& file) {
        std::vector<Row> found;
        try {
            found = rows(file);
        } catch (const std::exception&) {
            // An empty list is what there is to show.
        }
        post([told, held = std::move(found)] { told(held); });
    });
}

void Store::close()
{
    if (!worker_)
        return;
    const auto lost = worker_->stop(last_patience);
    worker_.reset();
    if (checkpointer_)
        checkpointer_->committed();  // by the last of it
    checkpointer_.reset();
    alive_.reset();
    patience_timer_.cancel();
    expiry_timer_.cancel();
    if (lost > 0)
        log::error(log::no_call, "store: {} rows could not be written before the end, and are lost", lost);
}

/// The number of the change; none when it is refused.
std::optional<std::uint64_t> Store::change(std::string row, std::function<void(StoreFile&)> apply, Room room)
{
    const auto number = worker_->add({ std::move(row), std::move(apply) }, room);
    if (number) {
        wake_worker();
        added_ = *number;
        return number;
    }
    was_refused_ = true;
    ++lost_;
    if (lost_since_stuck_++ == 0)
        log::error(log::no_call,
                   "store: {} rows wait to be written, and no more are taken: what happens from here on is "
                   "not recorded",
                   worker_->waiting());
    return std::nullopt;
}

/// When the turn of the loop is over.
void Store::wake_worker()
{
    if (std::exchange(wakes_worker_, true))
        return;
    asio::post(io_, [this, weak = std::weak_ptr{ alive_ }] {
        if (weak.expired())
            return;
        wakes_worker_ = false;
        worker_->wake();
    });
}

/// For the worker's thread: runs something on the loop, unless this store is gone by then.
std::function<void(std::function<void()>)> Store::poster()
{
    return [executor = io_.get_executor(), weak = std::weak_ptr{ alive_ }](std::function<void()> what) {
        asio::post(executor, [weak, held = std::move(what)] {
            if (!weak.expired())
                held();
        });
    };
}

StoreWorker::Reports Store::reports()
{
    const auto post = poster();
    return {
        .written = [this, post](std::uint64_t number) { post([this, number] { on_written(number); }); },
        .stuck = [this, post](std::string why) { post([this, held = std::move(why)] { on_stuck(held); }); },
        .writable = [this, post] { post([this] { on_writable(); }); },
        .dropped =
            [post](std::string why) {
                post([held = std::move(why)] {
                    log::error(log::no_call, "store: a row is refused by the database, and lost: {}", held);
                });
            },
    };
}

void Store::on_written(std::uint64_t number)
{
    written_ = std::max(written_, number);
    if (checkpointer_)
        checkpointer_->committed();
    release_waiters();
}

void Store::on_stuck(const std::string& why)
{
    is_stuck_ = true;
    log::error(
        log::no_call,
        "store: nothing can be written ({}); calls go on, and what happens is kept in memory until it can",
        why);
    release_waiters();
}

void Store::on_writable()
{
    is_stuck_ = false;
    const auto lost = std::exchange(lost_since_stuck_, 0);
    if (lost == 0)
        log::info(log::no_call, "store: writable again, nothing is lost");
    else
        log::warning(log::no_call, "store: writable again; {} changes were not recorded", lost);
}

/// Those whose rows are written, and those who have waited long enough.
void Store::release_waiters()
{
    const auto now = std::chrono::steady_clock::now();
    while (!waiters_.empty()) {
        const auto& first = waiters_.front();
        const auto is_written = first.number <= written_;
        if (!is_written && !is_stuck_ && now < first.until)
            break;
        const auto done = std::move(waiters_.front().done);
        waiters_.pop_front();
        done(is_written ? Written::yes : Written::not_yet);
    }
    if (waiters_.empty())
        patience_timer_.cancel();
    else
        arm_patience();
}

void Store::arm_patience()
{
    patience_timer_.expires_at(waiters_.front().until);
    patience_timer_.async_wait([this, weak = std::weak_ptr{ alive_ }](error_code error) {
        if (!error && !weak.expired())
            release_waiters();
    });
}

/// What the database has, and what this process knows better: uses are counted here alone.
std::optional<roster::CallLink> Store::merged(const SecretHash& hash, bool was_read,
                                              std::optional<roster::CallLink> stored)
{
    const auto known = links_.find(hash);
    if (known == links_.end()) {
        if (stored)
            links_.emplace(hash, KnownLink{ *stored, 0 });
        return stored;
    }
    auto& [link, number] = known->second;
    const auto waits = number > written_;
    if (stored)
        link.revoked |= stored->revoked;
    else if (was_read && !waits) {
        links_.erase(known);  // deleted beside us
        return std::nullopt;
    }
    return link;
}

void Store::expire()
{
    const auto before = wall_now() - retention_;
    worker_->run([before, post = poster(), this](StoreFile& file) {
        file.begin();
        const auto gone = file.expire(before, expiry_portion);
        file.commit();
        // Again at once when there may be more; what waits to be written comes in between.
        if (gone >= expiry_portion)
            post([this] { expire(); });
    });
    arm_expiry();
}

void Store::arm_expiry()
{
    expiry_timer_.expires_after(expiry_interval);
    expiry_timer_.async_wait([this, weak = std::weak_ptr{ alive_ }](error_code error) {
        if (!error && !weak.expired())
            expire();
    });
}

}  // namespace component
