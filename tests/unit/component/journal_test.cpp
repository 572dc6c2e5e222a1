#include <catch2/catch.hpp>
#include <unistd.h>

#include "captured_log.hpp"
#include "component/file_lock.hpp"
#include "component/journal.hpp"
#include "temporary_directory.hpp"

using component::Journal;
using component::JournalRow;
using component::Store;
using jingle::call::CallId;
using namespace std::chrono_literals;

namespace {

struct Stage {
    TemporaryDirectory directory;
    std::filesystem::path file = directory.path() / "carillon.sqlite3";
    boost::asio::io_context io{ 1 };

    Store::Options options() const { return { .file = file, .retry = 5ms }; }
    component::StoreFile read() const { return { file, component::OpenFor::reading }; }

    template <class Condition>
    bool until(Condition condition)
    {
        const auto end = std::chrono::steady_clock::now() + 10s;
        while (!condition() && std::chrono::steady_clock::now() < end) {
            io.restart();
            io.run_one_for(50ms);
        }
        return condition();
    }
};

constexpr CallId first{ { 1 } };
constexpr CallId second{ { 2 } };

std::optional<std::string> state(const CallId& id)
{
    return "state " + std::to_string(id.bytes[0]);
}

}  // namespace

TEST_CASE("journal: a row is read as it was written, and nothing else is", "[component][journal]")
{
    const JournalRow row{ "call", { { 0, "page" }, { 3, "other" } } };
    const auto bytes = row.write();
    const auto again = JournalRow::read(bytes);
    REQUIRE(again);
    CHECK(again->call == row.call);
    REQUIRE(again->pages.size() == 2);
    CHECK(again->pages[1].leg == 3);
    CHECK(again->pages[1].bytes == "other");
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK_FALSE(JournalRow::read(std::string_view{ bytes }.substr(0, size)));
    CHECK_FALSE(JournalRow::read(bytes + "x"));
}

TEST_CASE("journal: what a call says waits until its row is written, in order; others do not wait",
          "[component][journal]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    Journal journal{ &store };
    std::string sent;
    const auto release = [&](const std::string& stanzas) {
        CHECK(stage.read().journal().size() == 1);
        sent += stanzas;
    };

    journal.changed(first);
    journal.changed(first);
    CHECK(journal.holds(first));
    CHECK_FALSE(journal.holds(second));
    journal.stanzas(first) += "1";
    journal.commit(state, release);
    CHECK_FALSE(journal.has_news());
    // Nothing has changed, but it must not overtake.
    REQUIRE(journal.holds(first));
    journal.stanzas(first) += "2";
    journal.commit(state, release);
    CHECK(sent.empty());

    CHECK(stage.until([&] { return sent == "12"; }));
    CHECK_FALSE(journal.holds(first));
    CHECK(journal.late() == 0);
}

TEST_CASE("journal: a call that is over leaves no row", "[component][journal]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    Journal journal{ &store };
    bool is_written = false;
    journal.changed(first);
    journal.changed(second);
    journal.commit(state, [](const std::string&) {});
    journal.changed(first);
    journal.forget(second);
    journal.commit([](const CallId&) { return std::nullopt; },
                   [&](const std::string&) { is_written = true; });
    CHECK(stage.until([&] { return is_written; }));
    CHECK(stage.read().journal().empty());
}

TEST_CASE("journal: a call that begins anew under the id of one that is forgotten has its row",
          "[component][journal]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    Journal journal{ &store };
    bool is_written = false;
    journal.forget(first);
    journal.changed(first);
    journal.commit(state, [&](const std::string&) { is_written = true; });
    CHECK(stage.until([&] { return is_written; }));
    CHECK(stage.read().journal().size() == 1);
}

TEST_CASE("journal: a disk that does not follow holds up nothing for long, and is named once",
          "[component][journal]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    Journal journal{ &store };
    CapturedLog log;
    SQLite::Database other{ stage.file.string(), SQLite::OPEN_READWRITE, 5000 };
    other.exec("BEGIN IMMEDIATE");
    std::string sent;
    for (int i = 0; i < 2; ++i) {
        journal.changed(first);
        journal.stanzas(first) += "x";
        journal.commit(state, [&](const std::string& stanzas) { sent += stanzas; });
    }
    CHECK(stage.until([&] { return sent == "xx"; }));
    CHECK(journal.late() == 2);
    CHECK(log.has("what calls say goes out before it is written"));
    other.exec("ROLLBACK");
    CHECK(stage.until([&] { return !store.is_stuck() && store.waiting() == 0; }));
}

TEST_CASE("journal: at the end all that is held goes at once", "[component][journal]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    Journal journal{ &store };
    bool is_released = false;
    journal.changed(first);
    journal.stanzas(first) += "bye";
    journal.commit(state, [&](const std::string&) { is_released = true; });
    CHECK(journal.release_all() == "bye");
    CHECK_FALSE(journal.holds(first));
    store.close();
    CHECK_FALSE(is_released);
    CHECK(stage.read().journal().size() == 1);
}

TEST_CASE("journal: without a store nothing is held", "[component][journal]")
{
    Journal journal{ nullptr };
    journal.changed(first);
    journal.forget(second);
    CHECK_FALSE(journal.holds(first));
    CHECK_FALSE(journal.has_news());
}

TEST_CASE("journal: a row that cannot be read is set aside", "[component][journal]")
{
    Stage stage;
    {
        Store store{ stage.io, stage.options() };
        store.put(component::JournalEntry{ first.bytes, "garbage" });
    }
    {
        Store store{ stage.io, stage.options() };
        store.set_aside(first.bytes);
    }
    CHECK(stage.read().journal().empty());
    SQLite::Database database{ stage.file.string(), SQLite::OPEN_READONLY };
    CHECK(database.execAndGet("SELECT count(*) FROM journal_unread WHERE state = x'67617262616765'").getInt()
          == 1);
}

TEST_CASE("file lock: two services do not share a database", "[component][journal]")
{
    TemporaryDirectory directory;
    const auto file = directory.path() / "carillon.sqlite3";
    {
        const component::FileLock one{ file };
        CHECK(component::FileLock::holder(file) == ::getpid());
        CHECK_THROWS_WITH((component::FileLock{ file, 0ms }), Catch::Contains("in use by another carillon"));
    }
    CHECK_FALSE(component::FileLock::holder(file).has_value());
    CHECK_NOTHROW(component::FileLock{ file, 0ms });
}
