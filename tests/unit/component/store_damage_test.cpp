#include <algorithm>
#include <array>
#include <fstream>
#include <functional>

#include "captured_log.hpp"
#include "store_stage.hpp"

using namespace test;

TEST_CASE("store: a command does not open tables of a later version", "[component][store]")
{
    Stage stage;
    {
        const Store store{ stage.io, stage.options() };
    }
    SQLite::Database{ stage.file, SQLite::OPEN_READWRITE }.exec("PRAGMA user_version = 2");

    for (const auto purpose : { OpenFor::service, OpenFor::reading, OpenFor::writing }) {
        try {
            (void)component::open_database(stage.file, purpose);
            FAIL("was opened");
        } catch (const StoreError& error) {
            CHECK(error.kind() == StoreError::Kind::newer);
            CHECK(std::string{ error.what() }.find("version 2, this program knows 1") != std::string::npos);
        }
    }
    SQLite::Database same{ stage.file, SQLite::OPEN_READONLY };
    CHECK(same.execAndGet("PRAGMA user_version").getInt() == 2);
}

TEST_CASE("store: a command is told in words what it cannot open", "[component][store]")
{
    Stage stage;
    stage.directory.write("carillon.sqlite3", std::string(4096, 'x'));

    CHECK_THROWS_AS(component::open_database(stage.file, OpenFor::reading), StoreError);
    CHECK_THROWS_WITH(component::open_database(stage.directory.path() / "none", OpenFor::reading),
                      Catch::Matchers::Contains("there is no such file"));
}

namespace {

/// A change of the file that a service finds at its start, and what is to come of it.
struct Damage {
    std::string name;
    std::function<void(const std::filesystem::path& file)> harm;
    std::string said;  ///< "" when there is nothing to be said
    bool keeps_all = false;  ///< else: what was written first may be lost
    bool sets_aside = true;
};

void resize(const std::filesystem::path& file, double part)
{
    const auto size = std::filesystem::file_size(file);
    std::filesystem::resize_file(file, static_cast<std::uintmax_t>(static_cast<double>(size) * part));
}

void overwrite(const std::filesystem::path& file, std::size_t at, std::size_t count)
{
    std::fstream out{ file, std::ios::binary | std::ios::in | std::ios::out };
    out.seekp(static_cast<std::streamoff>(at));
    out << std::string(count, '\xa5');
}

void execute(const std::filesystem::path& file, const std::string& sql)
{
    SQLite::Database{ file.string(), SQLite::OPEN_READWRITE }.exec(sql);
}

const std::array damages{
    Damage{ "all of it is garbage",
            [](const auto& file) { overwrite(file, 0, std::filesystem::file_size(file)); },
            "not a database" },
    Damage{ "its end is missing", [](const auto& file) { resize(file, 0.5); }, "is kept as " },
    Damage{ "one page is left", [](const auto& file) { std::filesystem::resize_file(file, 4096); },
            "is kept as " },
    Damage{ "a page within is garbage",
            [](const auto& file) {
                const auto page = SQLite::Database{ file.string() }
                                      .execAndGet("SELECT rootpage FROM sqlite_master WHERE name = 'journal'")
                                      .getInt();
                overwrite(file, 4096 * (static_cast<std::size_t>(page) - 1), 3000);
            },
            "is kept as " },
    Damage{ "its log is garbage",
            [](const auto& file) { std::ofstream{ file.string() + "-wal" } << std::string(100'000, 'x'); },
            "", true, false },
    Damage{ "it is empty", [](const auto& file) { std::filesystem::resize_file(file, 0); }, "", false,
            false },
    Damage{ "it is of a later version",
            [](const auto& file) {
                execute(file,
                        "ALTER TABLE call ADD COLUMN mood TEXT; CREATE TABLE tomorrow (a);"
                        "PRAGMA user_version = 99");
            },
            "was written by a later version of Carillon", true },
    Damage{ "it is a database of something else",
            [](const auto& file) { execute(file, "DROP TABLE call; CREATE TABLE call (a)"); },
            "is kept as " },
    Damage{ "the key is damaged",
            [](const auto& file) { execute(file, "UPDATE instance SET value = x'00' WHERE name = 'key'"); },
            "the instance's key in the store is damaged" },
};

}  // namespace

TEST_CASE("store: whatever is left of its file, it starts, uses what can be read and keeps the rest",
          "[component][store][damage]")
{
    const auto& damage = damages.at(GENERATE(range(std::size_t{ 0 }, damages.size())));
    CAPTURE(damage.name);
    Stage stage;
    const auto shop = link();
    std::string key;
    {
        Store store{ stage.io, stage.options() };
        key = store.instance_key();
        for (std::uint8_t i = 1; i <= 40; ++i) {
            store.put(record(i));
            store.put(component::JournalEntry{ { i }, "state" });
        }
        store.put(shop);
    }
    damage.harm(stage.file);
    const CapturedLog log;
    Store store{ stage.io, stage.options() };

    INFO(log.all());
    CHECK(store.lasts());
    CHECK(log.all().empty() == damage.said.empty());
    CHECK(log.has(damage.said) == !damage.said.empty());
    if (damage.keeps_all) {
        CHECK(store.instance_key() == key);
        CHECK(store.take_journal().size() == 40);
        CHECK(store.take_running().size() == 40);
        CHECK(store.take_rows().links == std::vector{ shop });
    }
    const auto kept = std::ranges::count_if(
        std::filesystem::directory_iterator{ stage.directory.path() }, [](const auto& entry) {
            return entry.path().filename().string().starts_with("carillon.sqlite3.unread-")
                && !entry.path().string().ends_with("-wal") && !entry.path().string().ends_with("-shm");
        });
    CHECK(kept == (damage.sets_aside ? 1 : 0));
    // And it is good for use.
    store.put(record(200));
    REQUIRE(stage.is_written(store));
    CHECK(stage.read().calls_of(CallKey{ 200 }).size() == 1);
}

TEST_CASE("store: where nothing can be written it goes on in memory, with what can be read",
          "[component][store][damage]")
{
    Stage stage;
    const CapturedLog log;

    SECTION("there is no such folder")
    {
        const Store store{ stage.io, { .file = stage.directory.path() / "none" / "x" } };
        CHECK_FALSE(store.lasts());
        CHECK(store.instance_key().size() == 32);
        CHECK(log.has("nothing of what happens from here on outlasts this process"));
    }
    SECTION("the disk is full")
    {
        std::string key;
        {
            Store store{ stage.io, stage.options() };
            key = store.instance_key();
            store.put(component::JournalEntry{ { 1 }, "state" });
        }
        const FullDisk full;
        Store store{ stage.io, stage.options() };
        CHECK(store.instance_key() == key);
        CHECK(store.take_journal().size() == 1);
        store.put(record(1));
    }
}

TEST_CASE("store: while another program locks the database calls go on and nothing is lost",
          "[component][store]")
{
    Stage stage;
    const CapturedLog log;
    Store store{ stage.io, stage.options() };
    REQUIRE(stage.is_written(store));
    SQLite::Database other{ stage.file, SQLite::OPEN_READWRITE, 5000 };
    other.exec("BEGIN IMMEDIATE");

    for (std::uint8_t i = 1; i <= 3; ++i)
        store.put(record(i));
    store.put(link());
    std::optional<Written> told;
    store.when_written([&](Written written) { told = written; });
    REQUIRE(stage.until([&] { return told.has_value(); }));
    CHECK(told == Written::not_yet);
    CHECK(stage.until([&] { return store.is_stuck(); }));
    CHECK(log.has("nothing can be written (database is locked); calls go on"));
    store.put(record(4));
    CHECK(stage.read().calls({}).empty());

    other.exec("ROLLBACK");

    CHECK(stage.is_written(store));
    CHECK(stage.until([&] { return !store.is_stuck(); }));
    CHECK(log.has("writable again, nothing is lost"));
    CHECK(stage.read().calls({}).size() == 4);
    CHECK(stage.read().links().size() == 1);
    // One line for each, however often it was tried.
    CHECK(log.all().find("nothing can be written") == log.all().rfind("nothing can be written"));
}

TEST_CASE("store: a full disk loses nothing", "[component][store]")
{
    Stage stage;
    const CapturedLog log;
    Store store{ stage.io, stage.options() };
    store.put(record(100));
    REQUIRE(stage.is_written(store));
    {
        const FullDisk full;
        for (std::uint8_t i = 1; i <= 50; ++i)
            store.put(record(i));
        CHECK(stage.until([&] { return store.is_stuck(); }));
        CHECK(log.has("nothing can be written"));
        // Reading goes on: who opens a link is answered.
        bool was_told = false;
        store.recent_calls(alice, 10, [&](const std::vector<CallRecord>& calls) {
            was_told = true;
            CHECK(calls.size() == 1);
        });
        CHECK(stage.until([&] { return was_told; }));
    }

    CHECK(stage.until([&] { return !store.is_stuck(); }));
    CHECK(stage.is_written(store));
    CHECK(log.has("writable again, nothing is lost"));
    CHECK(stage.read().calls({}).size() == 51);
}

TEST_CASE("store: when too much waits the rest is refused, counted and said", "[component][store]")
{
    Stage stage;
    const CapturedLog log;
    auto options = stage.options();
    options.max_waiting = 10;
    Store store{ stage.io, options };
    REQUIRE(stage.is_written(store));
    SQLite::Database other{ stage.file, SQLite::OPEN_READWRITE, 5000 };
    other.exec("BEGIN IMMEDIATE");
    store.put(record(200));  // the worker holds this one
    REQUIRE(stage.until([&] { return store.is_stuck(); }));

    const auto started = now();
    for (std::uint8_t i = 1; i <= 12; ++i)
        store.put(record(i, started));
    auto changed = record(1, started);
    changed.reason = "changed";
    store.put(changed);  // it waits already, and may change

    CHECK(store.waiting() == 10);
    CHECK(store.lost() == 2);
    CHECK(log.has("10 rows wait to be written, and no more are taken"));
    std::optional<Written> told;
    store.when_written([&](Written written) { told = written; });
    CHECK(told == Written::not_yet);

    other.exec("ROLLBACK");
    CHECK(stage.until([&] { return !store.is_stuck(); }));
    CHECK(log.has("writable again; 2 changes were not recorded"));
    CHECK(stage.is_written(store));
    CHECK(stage.read().calls({}).size() == 11);
}
