#include "component/store_schema.hpp"

#include <array>

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace component {
namespace {

/// How long one statement waits for another process. The service goes on trying after it.
constexpr int busy_milliseconds = 250;
/// A command is waited for by a person, who would rather wait than try again.
constexpr int command_busy_milliseconds = 5000;

/// Each brings the tables from the version that is its index to the next. A step that was released is never
/// changed: a new one follows it.
constexpr std::array<const char*, schema_version> migrations{
    R"(
CREATE TABLE instance (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE subscription (
    contact TEXT NOT NULL, user TEXT NOT NULL,
    user_sees_contact INTEGER NOT NULL, contact_sees_user INTEGER NOT NULL, asked INTEGER NOT NULL,
    PRIMARY KEY (contact, user)) WITHOUT ROWID;
CREATE INDEX subscription_user ON subscription (user);
CREATE TABLE user_settings (
    user TEXT PRIMARY KEY, do_not_disturb INTEGER NOT NULL, quiet_from INTEGER, quiet_to INTEGER,
    ring_only TEXT NOT NULL, missed_call_notice INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE block (owner TEXT NOT NULL, pattern TEXT NOT NULL, PRIMARY KEY (owner, pattern)) WITHOUT ROWID;
CREATE TABLE call_link (
    name TEXT PRIMARY KEY, owner TEXT NOT NULL, secret_hash BLOB NOT NULL UNIQUE, title TEXT NOT NULL,
    uses_left INTEGER, expires INTEGER, origins TEXT NOT NULL, revoked INTEGER NOT NULL, made INTEGER NOT NULL);
CREATE INDEX call_link_owner ON call_link (owner);
CREATE TABLE call (
    id BLOB NOT NULL, started INTEGER NOT NULL, sid TEXT NOT NULL, caller TEXT NOT NULL, callee TEXT NOT NULL,
    audio INTEGER NOT NULL, video INTEGER NOT NULL, rule TEXT NOT NULL,
    ringing INTEGER, proceeded INTEGER, initiated INTEGER, accepted INTEGER, ended INTEGER, reason TEXT NOT NULL,
    caller_candidates INTEGER NOT NULL, callee_candidates INTEGER NOT NULL,
    PRIMARY KEY (id, started)) WITHOUT ROWID;
CREATE INDEX call_started ON call (started);
CREATE INDEX call_sid ON call (sid);
CREATE INDEX call_running ON call (started) WHERE ended IS NULL;
CREATE TABLE call_device (
    call BLOB NOT NULL, started INTEGER NOT NULL, place INTEGER NOT NULL, leg INTEGER NOT NULL,
    address TEXT NOT NULL, fate TEXT NOT NULL, reason TEXT NOT NULL, asked INTEGER NOT NULL, rang INTEGER,
    settled INTEGER,
    PRIMARY KEY (call, started, place),
    FOREIGN KEY (call, started) REFERENCES call (id, started) ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE call_party (
    user TEXT NOT NULL, started INTEGER NOT NULL, call BLOB NOT NULL,
    PRIMARY KEY (user, started, call),
    FOREIGN KEY (call, started) REFERENCES call (id, started) ON DELETE CASCADE) WITHOUT ROWID;
CREATE INDEX call_party_call ON call_party (call, started);
CREATE TABLE journal (call BLOB PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE journal_unread (call BLOB NOT NULL, state BLOB NOT NULL, found INTEGER NOT NULL);
)",
};

int version_of(SQLite::Database& database)
{
    return database.execAndGet("PRAGMA user_version").getInt();
}

void migrate(SQLite::Database& database)
{
    if (version_of(database) >= schema_version)
        return;
    // Immediate: two that start at once do not both begin at the old version.
    SQLite::Transaction all{ database, SQLite::TransactionBehavior::IMMEDIATE };
    for (auto version = version_of(database); version < schema_version; ++version)
        database.exec(migrations.at(static_cast<std::size_t>(version)));
    database.exec("PRAGMA user_version = " + std::to_string(schema_version));
    all.commit();
}

void refuse_newer(SQLite::Database& database, const std::string& name)
{
    const auto version = version_of(database);
    if (version > schema_version)
        throw StoreError{ StoreError::Kind::newer,
                          name + " was written by a later version of Carillon (its tables have version "
                              + std::to_string(version) + ", this program knows "
                              + std::to_string(schema_version)
                              + "); install that version again, or name another file" };
}

/// A connection is used by one thread at a time, so it needs no lock of its own, which SQLite would take for
/// each column of a row.
int flags_for(OpenFor purpose)
{
    switch (purpose) {
    case OpenFor::service: return SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX;
    case OpenFor::reading: return SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX;
    case OpenFor::writing: return SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX;
    }
    return SQLite::OPEN_READONLY;
}

/// Its owner's alone from the first moment: it holds the instance's key and who called whom. SQLite gives the
/// files beside it the same mode.
void make_private(const std::filesystem::path& file)
{
    const auto made = ::open(file.c_str(), O_CREAT | O_EXCL | O_CLOEXEC | O_WRONLY, S_IRUSR | S_IWUSR);
    if (made >= 0)
        ::close(made);
}

SQLite::Database open(const std::string& name, OpenFor purpose)
{
    SQLite::Database database{ name, flags_for(purpose),
                               purpose == OpenFor::service ? busy_milliseconds : command_busy_milliseconds };
    // "PRAGMA foreign_keys" is per connection. synchronous = NORMAL: what was committed outlives the process;
    // the worker's checkpoint makes it outlive the machine.
    database.exec("PRAGMA foreign_keys = ON");
    if (purpose != OpenFor::reading)
        database.exec("PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON");
    return database;
}

}  // namespace

StoreError::Kind kind_of(const SQLite::Exception& error)
{
    switch (error.getErrorCode()) {
    case SQLITE_ERROR:  // no such table: a database of something else
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT: return StoreError::Kind::damaged;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return StoreError::Kind::locked;
    default: return StoreError::Kind::unusable;
    }
}

SQLite::Database open_database(const std::filesystem::path& file, OpenFor purpose)
{
    const auto name = file.empty() ? std::string{ ":memory:" } : file.string();
    std::error_code ignored;
    if (purpose != OpenFor::service && !std::filesystem::exists(file, ignored))
        throw StoreError{ StoreError::Kind::absent, name + ": there is no such file" };
    if (purpose == OpenFor::service && !file.empty())
        make_private(file);
    try {
        auto database = open(name, purpose);
        refuse_newer(database, name);
        if (purpose == OpenFor::service) {
            database.execAndGet("PRAGMA journal_mode = WAL");
            // Beside the writer (StoreCheckpointer), which waits for the disk only if the log has grown
            // beyond this: under a load without a pause it is never carried over to its end otherwise.
            database.exec("PRAGMA wal_autocheckpoint = 16384");
            migrate(database);
        } else if (version_of(database) < schema_version) {
            throw StoreError{ StoreError::Kind::unusable,
                              name + " has tables of an earlier version, or none: run the service once" };
        }
        return database;
    } catch (const SQLite::Exception& error) {
        throw StoreError{ kind_of(error),
                          name + " cannot be used as a store: " + error.getErrorStr() + " (" + error.what()
                              + ")" };
    }
}

}  // namespace component
