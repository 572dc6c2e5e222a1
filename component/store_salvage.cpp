#include <algorithm>

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include "component/store_file.hpp"

// What can be read of a database that cannot be used.

namespace component {
namespace {

using Names = std::vector<std::string>;

/// So long a start looks for damage at most; a large database that is sound is not worth more.
constexpr std::chrono::milliseconds check_time{ 100 };
constexpr int check_steps = 10'000;  ///< of SQLite's machine, between two looks at the clock

Names columns_of(SQLite::Database& database, const std::string& table)
{
    SQLite::Statement info{ database, "SELECT name FROM pragma_table_info(?)" };
    info.bind(1, table);
    return columns::read_all(info, [](SQLite::Statement& row) { return columns::text(row.getColumn(0)); });
}

std::string joined(const Names& names, std::string_view each = {})
{
    std::string all;
    for (const auto& name : names)
        all.append(all.empty() ? "" : ", ").append(each.empty() ? "\"" + name + "\"" : std::string{ each });
    return all;
}

void copy_value(const SQLite::Column& value, SQLite::Statement& to, int place)
{
    if (value.isInteger())
        to.bind(place, value.getInt64());
    else if (value.isText())
        to.bind(place, value.getString());
    else if (value.isBlob())
        to.bind(place, value.getBlob(), value.getBytes());
    else if (value.isFloat())
        to.bind(place, value.getDouble());
    else
        to.bind(place);
}

/// The rows of one table, the columns both have; stops at the first that cannot be read.
void copy_table(SQLite::Database& from, SQLite::Database& to, const std::string& table, Salvaged& salvaged)
{
    const auto known = columns_of(from, table);
    auto common = columns_of(to, table);
    std::erase_if(common, [&](const auto& name) { return std::ranges::find(known, name) == known.end(); });
    if (common.empty()) {
        salvaged.whole = false;
        return;
    }
    SQLite::Statement read{ from, "SELECT " + joined(common) + " FROM \"" + table + "\"" };
    SQLite::Statement write{ to,
                             "INSERT OR IGNORE INTO \"" + table + "\" (" + joined(common) + ") VALUES ("
                                 + joined(common, "?") + ")" };
    while (read.executeStep()) {
        for (int i = 0; i < static_cast<int>(common.size()); ++i)
            copy_value(read.getColumn(i), write, i + 1);
        salvaged.rows += static_cast<std::size_t>(write.exec());
        write.reset();
    }
}

/// Read-only: as it is, or, in a folder where nothing can be written, without what SQLite keeps beside it.
SQLite::Database open_damaged(const std::filesystem::path& file)
{
    try {
        SQLite::Database database{ file.string(), SQLite::OPEN_READONLY };
        (void)database.execAndGet("SELECT count(*) FROM sqlite_master");
        return database;
    } catch (const SQLite::Exception&) {
        std::string name;
        for (const char c : file.string())  // what a URI gives a meaning
            name += c == '%' ? "%25" : c == '?' ? "%3f" : c == '#' ? "%23" : std::string(1, c);
        return { "file:" + name + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI };
    }
}

}  // namespace

void StoreFile::check()
{
    auto end = std::chrono::steady_clock::now() + check_time;
    const auto is_late = [](void* until) {
        return std::chrono::steady_clock::now() > *static_cast<std::chrono::steady_clock::time_point*>(until)
            ? 1
            : 0;
    };
    sqlite3_progress_handler(database_.getHandle(), check_steps, is_late, &end);
    std::string found = "ok";
    try {
        found = database_.execAndGet("PRAGMA quick_check(1)").getString();
    } catch (const SQLite::Exception& error) {
        if (error.getErrorCode() != SQLITE_INTERRUPT)
            found = error.what();
    }
    sqlite3_progress_handler(database_.getHandle(), 0, nullptr, nullptr);
    if (found != "ok")
        throw StoreError{ StoreError::Kind::damaged,
                          std::filesystem::path{ database_.getFilename() }.string()
                              + " is damaged: " + found };
}

Salvaged StoreFile::take_over(const std::filesystem::path& file)
{
    Salvaged salvaged;
    try {
        auto from = open_damaged(file);
        SQLite::Statement names{
            database_, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        };
        const auto tables = columns::read_all(
            names, [](SQLite::Statement& row) { return columns::text(row.getColumn(0)); });
        // A call and its devices may be in either order, or one of them be lost.
        database_.exec("PRAGMA foreign_keys = OFF");
        begin();
        for (const auto& table : tables) {
            try {
                copy_table(from, database_, table, salvaged);
            } catch (const SQLite::Exception&) {
                salvaged.whole = false;
            }
        }
        run("DELETE FROM instance WHERE name = 'key' AND length(value) <> ?", std::int64_t{ key_bytes });
        commit();
    } catch (const SQLite::Exception&) {
        roll_back();
        salvaged = { 0, false };
    }
    database_.exec("PRAGMA foreign_keys = ON");
    return salvaged;
}

}  // namespace component
