#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "component/call_record.hpp"
#include "component/store_schema.hpp"
#include "component/store_values.hpp"
#include "roster/rows.hpp"

namespace component {

using SecretHash = std::array<std::uint8_t, 32>;

/// What the roster starts with.
struct StoredRows {
    std::vector<roster::Subscription> subscriptions;
    std::vector<roster::UserSettings> settings;
    std::vector<roster::Block> blocks;
    std::vector<roster::CallLink> links;
};

/// The last state of a call that was running.
struct JournalEntry {
    CallKey call{};
    std::string state;

    friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

/// Which calls are asked for; newest first.
struct CallQuery {
    std::optional<WallTime> since{};
    std::optional<xmpp::Jid> party{};  ///< bare; he called, was called, or his devices rang
    std::size_t limit = 100;
};

/// What came of reading a database that cannot be used.
struct Salvaged {
    std::size_t rows = 0;
    bool whole = true;  ///< as far as the tables are known to us
};

/// The database with its statements. Belongs to one thread. Everything here may throw SQLite::Exception.
class StoreFile {
public:
    StoreFile(const std::filesystem::path& file, OpenFor purpose)
        : database_{ open_database(file, purpose) }
    {
    }

    void write(const roster::Subscription& row);
    void write(const roster::UserSettings& row);
    void write(const roster::Block& row);
    /// Never takes a revocation back: the command line may have revoked the link meanwhile.
    void write(const roster::CallLink& row);
    void write(const CallRecord& record);
    void write(const JournalEntry& entry);
    void erase(const roster::Subscription& row);
    void erase(const roster::UserSettings& row);
    void erase(const roster::Block& row);
    void erase(const roster::CallLink& row);
    void revoke(std::string_view link_name);
    void erase_journal(const CallKey& call);
    /// Moves a row of the journal to where it is no trouble.
    void set_aside(const CallKey& call, WallTime now);

    [[nodiscard]] StoredRows rows();
    [[nodiscard]] std::vector<roster::CallLink> links();
    [[nodiscard]] std::optional<roster::CallLink> link_by_secret(const SecretHash& hash);
    [[nodiscard]] std::optional<roster::CallLink> link_by_name(std::string_view name);
    [[nodiscard]] std::vector<CallRecord> calls(const CallQuery& query);
    /// Those of that sid, newest first.
    [[nodiscard]] std::vector<CallRecord> calls_of(std::string_view sid);
    [[nodiscard]] std::vector<CallRecord> calls_of(const CallKey& id);
    /// Those whose id is between the two, both included.
    [[nodiscard]] std::vector<CallRecord> calls_between(const CallKey& first, const CallKey& last);
    /// The records of the calls that the journal holds, whatever they say: that of an end may be on disk
    /// before the call's row is.
    [[nodiscard]] std::deque<CallRecord> running_calls();
    [[nodiscard]] std::vector<JournalEntry> journal();

    /// Looks for damage, for a moment at most. Throws StoreError.
    void check();
    /// Copies what can be read of another database, table by table, the columns that both have. Never throws.
    Salvaged take_over(const std::filesystem::path& file);

    /// 32 random bytes, made at the first question and the same ever after.
    [[nodiscard]] std::string instance_key();
    /// Ends the record of each running call that the journal does not hold, as interrupted at `now`.
    std::size_t close_interrupted(WallTime now);
    /// Deletes what is older: calls that ended, links that are out of use. At most `limit` of each, so that
    /// nothing waits long; returns how many went.
    std::size_t expire(WallTime before, std::size_t limit);
    /// Deletes what is kept about a user, his calls with others included; returns how many rows went.
    std::size_t forget(const xmpp::Jid& user);

    void begin();
    void commit();
    void roll_back() noexcept;
    /// Brings what was written to the disk itself.
    void checkpoint();

private:
    SQLite::Statement& prepared(const char* sql);
    /// Runs a literal to its end; the number of rows it changed.
    template <class... Values>
    int run(const char* sql, const Values&... values)
    {
        auto& statement = prepared(sql);
        const columns::Use use{ statement };
        columns::bind_all(statement, values...);
        return statement.exec();
    }
    template <class... Values>
    std::vector<CallRecord> read_calls(const char* sql, const Values&... values);
    void read_devices(CallRecord& call);
    void read_devices(std::deque<CallRecord>& calls);
    std::string stored_key();

    static constexpr std::size_t key_bytes = 32;

    SQLite::Database database_;
    std::unordered_map<const char*, std::unique_ptr<SQLite::Statement>> statements_;  ///< by literal
};

/// The local part of the contact address that stands for a user: for what is kept under it.
[[nodiscard]] std::string contact_local_of(const xmpp::Jid& user);

}  // namespace component
