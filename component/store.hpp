#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "component/net/asio.hpp"
#include "component/store_checkpointer.hpp"
#include "component/store_file.hpp"
#include "component/store_worker.hpp"
#include "roster/rows.hpp"

namespace component {

/// Whether what was put is safe from the end of this process.
enum class Written : std::uint8_t {
    yes,
    not_yet,  ///< it waits, or was refused since too much waits: see when_written()
};

/// What lasts: the roster's rows, call records, the journal of the running calls, the instance's key. Belongs
/// to the loop; a thread of its own does the writing, and nothing here waits for the disk but the
/// constructor.
///
/// While the database cannot be written (full disk, locked by another program) rows wait, and calls go on.
/// One line in the log says so, and one when it is writable again; then everything that waits is written.
/// Rows that change again meanwhile wait once. When max_waiting rows wait further ones are not recorded: that
/// is said and counted.
class Store final : public roster::Storage {
public:
    static constexpr std::size_t max_waiting = 50'000;
    static constexpr std::chrono::milliseconds default_retry{ 500 };
    /// So long a stanza waits for its journal at most; then it goes, and the journal follows when it can.
    static constexpr std::chrono::milliseconds patience{ 50 };
    /// So long the end of the process waits for a disk that is full.
    static constexpr std::chrono::milliseconds last_patience{ 700 };
    static constexpr std::chrono::hours expiry_interval{ 1 };
    /// Rows deleted at once, so that nothing waits long for it.
    static constexpr std::size_t expiry_portion = 500;

    struct Options {
        std::filesystem::path file{};  ///< empty: in memory
        std::chrono::seconds retention{ std::chrono::hours{ 24 * 30 } };
        std::size_t max_waiting = Store::max_waiting;
        std::chrono::milliseconds retry = default_retry;
    };

    /// Opens it and reads everything. Throws StoreError.
    Store(asio::io_context& io, const Options& options);
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store() override { close(); }

    /// Whether it outlives the process.
    [[nodiscard]] bool lasts() const noexcept { return lasts_; }
    /// 32 bytes that are the same for every run with this database: names calls, seals tokens. Never shown.
    [[nodiscard]] const std::string& instance_key() const noexcept { return key_; }
    /// As they were at the start; to be taken once.
    [[nodiscard]] StoredRows take_rows() { return std::exchange(rows_, {}); }
    [[nodiscard]] std::vector<JournalEntry> take_journal() { return std::exchange(journal_, {}); }
    /// Records of the calls that the journal holds: for Records::resume().
    [[nodiscard]] std::deque<CallRecord> take_running() { return std::exchange(running_, {}); }

    /// From the next look at what is too old.
    void set_retention(std::chrono::seconds retention) { retention_ = retention; }

    void put(const roster::Subscription& row) override;
    void put(const roster::UserSettings& row) override;
    void put(const roster::Block& row) override;
    void put(const roster::CallLink& row) override;
    /// False when it is not taken since too much waits. With Room::always it is: for a call whose record was
    /// taken before, so that a call that is known to have begun is known to have ended.
    bool put(const CallRecord& record, Room room = Room::limited);
    void put(JournalEntry entry);
    void erase(const roster::Subscription& row) override;
    void erase(const roster::UserSettings& row) override;
    void erase(const roster::Block& row) override;
    void erase(const roster::CallLink& row) override;
    void erase_journal(const CallKey& call);
    /// A row of the journal that cannot be read: it is kept for who wants to look at it, and not read again.
    void set_aside(const CallKey& call);
    /// Deletes everything about a user, calls with others included. What the roster holds is its own to
    /// forget.
    void forget(const xmpp::Jid& user);

    /// Calls `done` when everything put so far is written, or when `patience` is over: at once when nothing
    /// waits or nothing can be written now, perhaps before this returns. In the order they were asked.
    void when_written(std::function<void(Written)> done);

    /// The link with that secret, as it is now: links that the command line made or revoked meanwhile count.
    void find_link(const SecretHash& hash, std::function<void(std::optional<roster::CallLink>)> done);
    /// All links as they are in the database now; none when it cannot be read.
    void read_links(std::function<void(std::vector<roster::CallLink>)> done);
    /// A user's last calls, newest first.
    void recent_calls(const xmpp::Jid& user, std::size_t limit,
                      std::function<void(std::vector<CallRecord>)> done);

    [[nodiscard]] bool is_stuck() const noexcept { return is_stuck_; }
    [[nodiscard]] std::size_t waiting() const { return worker_ ? worker_->waiting() : 0; }
    /// Changes that were not recorded since too many waited.
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

    /// Writes what waits, for at most last_patience, and says what could not be written. Nothing may be put
    /// after it.
    void close();

private:
    /// A link as this process knows it, with the number of its last change here.
    struct KnownLink {
        roster::CallLink link;
        std::uint64_t number = 0;
    };
    struct Waiter {
        std::uint64_t number;
        std::chrono::steady_clock::time_point until;
        std::function<void(Written)> done;
    };

    void read(StoreFile& file);
    template <class Row>
    void read_rows(std::function<std::vector<Row>(StoreFile&)> rows,
                   std::function<void(std::vector<Row>)> done);
    std::optional<std::uint64_t> change(std::string row, std::function<void(StoreFile&)> apply,
                                        Room room = Room::limited);
    std::function<void(std::function<void()>)> poster();
    StoreWorker::Reports reports();
    void wake_worker();
    void on_written(std::uint64_t number);
    void on_stuck(const std::string& why);
    void on_writable();
    void release_waiters();
    void arm_patience();
    std::optional<roster::CallLink> merged(const SecretHash& hash, bool was_read,
                                           std::optional<roster::CallLink> stored);
    void expire();
    void arm_expiry();

    asio::io_context& io_;
    bool lasts_ = false;
    std::chrono::seconds retention_;
    std::string key_;
    StoredRows rows_;
    std::vector<JournalEntry> journal_;
    std::deque<CallRecord> running_;
    std::map<SecretHash, KnownLink> links_;
    std::deque<Waiter> waiters_;
    std::uint64_t added_ = 0;
    std::uint64_t written_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t lost_since_stuck_ = 0;
    bool is_stuck_ = false;
    bool was_refused_ = false;  ///< since the last when_written()
    bool wakes_worker_ = false;  ///< at the end of this turn of the loop
    Timer patience_timer_;
    Timer expiry_timer_;
    std::shared_ptr<Store*> alive_;  ///< what the worker posted is void once this is gone
    std::unique_ptr<StoreCheckpointer> checkpointer_;  ///< null: in memory
    std::unique_ptr<StoreWorker> worker_;
};

}  // namespace component
