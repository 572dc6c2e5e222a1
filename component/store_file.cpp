#include "component/store_file.hpp"

#include <openssl/rand.h>

#include "roster/contact.hpp"

namespace component {
namespace {

roster::CallLink read_link(SQLite::Statement& row)
{
    roster::CallLink link;
    link.name = columns::text(row.getColumn(0));
    link.owner = columns::jid(row.getColumn(1));
    link.secret_hash = columns::bytes<32>(row.getColumn(2));
    link.title = columns::text(row.getColumn(3));
    if (!row.getColumn(4).isNull())
        link.uses_left = row.getColumn(4).getUInt();
    link.expires = columns::optional_time(row.getColumn(5));
    link.origins = columns::lines(row.getColumn(6));
    link.revoked = columns::flag(row.getColumn(7));
    link.made = columns::time(row.getColumn(8));
    return link;
}

std::optional<std::int64_t> minute(const roster::UserSettings& row, std::size_t which)
{
    if (!row.quiet)
        return std::nullopt;
    return (*row.quiet)[which];
}

roster::UserSettings read_settings(SQLite::Statement& row)
{
    roster::UserSettings settings;
    settings.user = columns::jid(row.getColumn(0));
    settings.do_not_disturb = columns::flag(row.getColumn(1));
    if (!row.getColumn(2).isNull() && !row.getColumn(3).isNull())
        settings.quiet = { static_cast<std::uint16_t>(row.getColumn(2).getInt()),
                           static_cast<std::uint16_t>(row.getColumn(3).getInt()) };
    settings.ring_only = columns::lines(row.getColumn(4));
    settings.missed_call_notice = columns::flag(row.getColumn(5));
    return settings;
}

}  // namespace

std::string contact_local_of(const xmpp::Jid& user)
{
    return xmpp::escape_local(user.bare());
}

SQLite::Statement& StoreFile::prepared(const char* sql)
{
    auto& statement = statements_[sql];
    if (!statement)
        statement = std::make_unique<SQLite::Statement>(database_, sql);
    return *statement;
}

void StoreFile::write(const roster::Subscription& row)
{
    run("INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?, ?)", row.contact, row.user,
        row.user_sees_contact, row.contact_sees_user, row.asked);
}

void StoreFile::write(const roster::UserSettings& row)
{
    run("INSERT OR REPLACE INTO user_settings VALUES (?, ?, ?, ?, ?, ?)", row.user, row.do_not_disturb,
        minute(row, 0), minute(row, 1), row.ring_only, row.missed_call_notice);
}

void StoreFile::write(const roster::Block& row)
{
    run("INSERT OR REPLACE INTO block VALUES (?, ?)", row.owner.value_or(xmpp::Jid{}), row.pattern);
}

void StoreFile::write(const roster::CallLink& row)
{
    const auto uses = row.uses_left ? std::optional<std::int64_t>{ *row.uses_left } : std::nullopt;
    run("INSERT INTO call_link VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
        "owner = excluded.owner, secret_hash = excluded.secret_hash, title = excluded.title, "
        "uses_left = excluded.uses_left, expires = excluded.expires, origins = excluded.origins, "
        "revoked = max(revoked, excluded.revoked), made = excluded.made",
        row.name, row.owner, row.secret_hash, row.title, uses, row.expires, row.origins, row.revoked,
        row.made);
}

void StoreFile::write(const JournalEntry& entry)
{
    run("INSERT OR REPLACE INTO journal VALUES (?, ?)", entry.call, columns::Blob{ entry.state });
}

void StoreFile::erase(const roster::Subscription& row)
{
    run("DELETE FROM subscription WHERE contact = ? AND user = ?", row.contact, row.user);
}

void StoreFile::erase(const roster::UserSettings& row)
{
    run("DELETE FROM user_settings WHERE user = ?", row.user);
}

void StoreFile::erase(const roster::Block& row)
{
    run("DELETE FROM block WHERE owner = ? AND pattern = ?", row.owner.value_or(xmpp::Jid{}), row.pattern);
}

void StoreFile::erase(const roster::CallLink& row)
{
    run("DELETE FROM call_link WHERE name = ?", row.name);
}

void StoreFile::revoke(std::string_view link_name)
{
    run("UPDATE call_link SET revoked = 1 WHERE name = ?", link_name);
}

void StoreFile::erase_journal(const CallKey& call)
{
    run("DELETE FROM journal WHERE call = ?", call);
}

StoredRows StoreFile::rows()
{
    StoredRows all;
    all.subscriptions = columns::read_all(prepared("SELECT * FROM subscription"), [](SQLite::Statement& row) {
        return roster::Subscription{ columns::jid(row.getColumn(0)), columns::jid(row.getColumn(1)),
                                     columns::flag(row.getColumn(2)), columns::flag(row.getColumn(3)),
                                     columns::flag(row.getColumn(4)) };
    });
    all.settings = columns::read_all(prepared("SELECT * FROM user_settings"), read_settings);
    all.blocks = columns::read_all(prepared("SELECT * FROM block"), [](SQLite::Statement& row) {
        roster::Block block{ std::nullopt, columns::text(row.getColumn(1)) };
        if (const auto owner = columns::text(row.getColumn(0)); !owner.empty())
            block.owner = columns::jid(row.getColumn(0));
        return block;
    });
    all.links = links();
    statements_.clear();  // read once
    return all;
}

std::vector<roster::CallLink> StoreFile::links()
{
    auto& statement = prepared("SELECT * FROM call_link ORDER BY made, name");
    const columns::Use use{ statement };
    return columns::read_all(statement, read_link);
}

std::optional<roster::CallLink> StoreFile::link_by_secret(const SecretHash& hash)
{
    auto& statement = prepared("SELECT * FROM call_link WHERE secret_hash = ?");
    const columns::Use use{ statement };
    columns::bind_all(statement, hash);
    if (!statement.executeStep())
        return std::nullopt;
    return read_link(statement);
}

std::optional<roster::CallLink> StoreFile::link_by_name(std::string_view name)
{
    auto& statement = prepared("SELECT * FROM call_link WHERE name = ?");
    const columns::Use use{ statement };
    columns::bind_all(statement, name);
    if (!statement.executeStep())
        return std::nullopt;
    return read_link(statement);
}

void StoreFile::set_aside(const CallKey& call, WallTime now)
{
    // Those that no call can have, too.
    run("INSERT INTO journal_unread SELECT call, state, ? FROM journal WHERE call = ? OR length(call) <> 16",
        now, call);
    run("DELETE FROM journal WHERE call = ? OR length(call) <> 16", call);
}

std::vector<JournalEntry> StoreFile::journal()
{
    auto& statement = prepared("SELECT call, state FROM journal");
    const columns::Use use{ statement };
    return columns::read_all(statement, [](SQLite::Statement& row) {
        return JournalEntry{ columns::bytes<16>(row.getColumn(0)), row.getColumn(1).getString() };
    });
}

std::string StoreFile::instance_key()
{
    // Asked before anything is written: a full disk is no reason not to start.
    if (auto key = stored_key(); !key.empty())
        return key;
    std::string key(key_bytes, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1)
        throw StoreError{ StoreError::Kind::unusable, "no random bytes from the system" };
    run("INSERT OR IGNORE INTO instance VALUES ('key', ?)", columns::Blob{ key });
    return stored_key();
}

std::string StoreFile::stored_key()
{
    auto& statement = prepared("SELECT value FROM instance WHERE name = 'key'");
    const columns::Use use{ statement };
    if (!statement.executeStep())
        return {};
    auto key = statement.getColumn(0).getString();
    if (key.size() != key_bytes)
        throw StoreError{ StoreError::Kind::damaged, "the instance's key in the store is damaged" };
    return key;
}

std::size_t StoreFile::close_interrupted(WallTime now)
{
    return static_cast<std::size_t>(run("UPDATE call SET ended = max(?, started), reason = ? "
                                        "WHERE ended IS NULL AND id NOT IN (SELECT call FROM journal)",
                                        now, interrupted));
}

std::size_t StoreFile::expire(WallTime before, std::size_t limit)
{
    const auto most = static_cast<std::int64_t>(limit);
    const auto calls = run("DELETE FROM call WHERE (id, started) IN (SELECT id, started FROM call "
                           "WHERE started < ? AND ended < ? LIMIT ?)",
                           before, before, most);
    const auto links
        = run("DELETE FROM call_link WHERE name IN (SELECT name FROM call_link WHERE made < ? AND "
              "(revoked OR uses_left = 0 OR expires < ?) LIMIT ?)",
              before, before, most);
    run("DELETE FROM journal_unread WHERE found < ?", before);
    return static_cast<std::size_t>(calls) + static_cast<std::size_t>(links);
}

std::size_t StoreFile::forget(const xmpp::Jid& user)
{
    const auto bare = user.to_bare();
    // The contact addresses that stand for the user.
    const auto contacts = columns::like_literal(contact_local_of(bare)) + "@%";
    std::size_t gone = 0;
    const auto count = [&gone](int rows) { gone += static_cast<std::size_t>(rows); };
    count(run("DELETE FROM subscription WHERE user = ? OR contact LIKE ? ESCAPE '!'", bare, contacts));
    count(run("DELETE FROM user_settings WHERE user = ?", bare));
    count(run("DELETE FROM block WHERE owner = ? OR pattern = ?", bare, bare));
    count(run("DELETE FROM call_link WHERE owner = ?", bare));
    count(run("DELETE FROM call WHERE (id, started) IN (SELECT call, started FROM call_party WHERE user = ?)",
              bare));
    return gone;
}

void StoreFile::begin()
{
    run("BEGIN IMMEDIATE");
}

void StoreFile::commit()
{
    run("COMMIT");
}

void StoreFile::roll_back() noexcept
{
    // Fails when SQLite has rolled back by itself, as it does when the disk is full.
    database_.tryExec("ROLLBACK");
}

void StoreFile::checkpoint()
{
    database_.exec("PRAGMA wal_checkpoint(PASSIVE)");
}

}  // namespace component
