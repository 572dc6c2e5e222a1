#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <functional>

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

#include "captured_log.hpp"
#include "component/recorder.hpp"
#include "component/store.hpp"
#include "temporary_directory.hpp"

using component::CallKey;
using component::CallRecord;
using component::OpenFor;
using component::Store;
using component::StoreError;
using component::StoreFile;
using component::WallTime;
using component::Written;
using namespace std::chrono_literals;

namespace {

const xmpp::Jid alice = *xmpp::Jid::parse("alice@example.org");
const xmpp::Jid bob = *xmpp::Jid::parse("bob@b.example");

WallTime now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

CallRecord record(std::uint8_t id = 1, WallTime started = now())
{
    CallRecord call;
    call.id = { id };
    call.started = started;
    call.sid = "sid" + std::to_string(id);
    call.caller = "alice@example.org/phone";
    call.callee = "bob@b.example/tablet";
    call.audio = true;
    call.rule = "default local";
    call.ringing = started + 1s;
    call.caller_candidates = { .host = true, .relay = true };
    component::DeviceRecord device;
    device.leg = 1;
    device.address = "bob@b.example/tablet";
    device.fate = component::DeviceFate::rang;
    device.asked = started;
    device.rang = started + 1s;
    call.devices.push_back(device);
    return call;
}

roster::CallLink link(std::string name = "shop-7f3k")
{
    roster::CallLink row;
    row.name = std::move(name);
    row.owner = bob;
    row.secret_hash.fill(static_cast<std::uint8_t>(row.name.size()));
    row.title = "The shop";
    row.uses_left = 2;
    row.expires = now() + 1h;
    row.origins = { "https://www.example.org", "https://example.net" };
    row.made = now();
    return row;
}

/// A store in a file of its own, with its loop.
struct Stage {
    TemporaryDirectory directory;
    std::filesystem::path file = directory.path() / "carillon.sqlite3";
    boost::asio::io_context io{ 1 };

    Store::Options options() const { return { .file = file, .retry = 5ms }; }

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

    /// Whether what was put is written.
    bool is_written(Store& store)
    {
        return until([&] {
            std::optional<Written> told;
            store.when_written([&](Written written) { told = written; });
            return until([&] { return told.has_value(); }) && *told == Written::yes;
        });
    }

    StoreFile read() const { return { file, OpenFor::reading }; }
};

/// Lets no file of this process grow beyond what it is now: as a disk that is full.
class FullDisk {
public:
    FullDisk()
    {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        auto none = before_;
        none.rlim_cur = 1;
        setrlimit(RLIMIT_FSIZE, &none);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("store: what is put is there after a restart", "[component][store]")
{
    Stage stage;
    const roster::Subscription subscription{ *xmpp::Jid::parse("bob\\40b.example@call.example.org"), alice,
                                             true, false, true };
    roster::UserSettings settings;
    settings.user = alice;
    settings.do_not_disturb = true;
    settings.quiet = { 1320, 360 };
    settings.ring_only = { "phone", "with blank" };
    settings.missed_call_notice = false;
    const roster::Block own{ alice, "*@spam.example" };
    const roster::Block operators{ std::nullopt, "*.evil.example" };
    const auto shop = link();
    std::string key;
    {
        Store store{ stage.io, stage.options() };
        key = store.instance_key();
        store.put(subscription);
        store.put(settings);
        store.put(own);
        store.put(operators);
        store.put(shop);
        store.put(component::JournalEntry{ { 7 }, std::string("state\0with zero", 15) });
    }

    Store store{ stage.io, stage.options() };

    CHECK(key.size() == 32);
    CHECK(store.instance_key() == key);
    const auto rows = store.take_rows();
    CHECK(rows.subscriptions == std::vector{ subscription });
    CHECK(rows.settings == std::vector{ settings });
    CHECK(rows.blocks == std::vector{ operators, own });
    CHECK(rows.links == std::vector{ shop });
    CHECK(store.take_journal()
          == std::vector{ component::JournalEntry{ { 7 }, std::string("state\0with zero", 15) } });
    CHECK(store.take_rows().links.empty());
}

TEST_CASE("store: what is erased is gone after a restart", "[component][store]")
{
    Stage stage;
    const roster::Subscription subscription{ bob, alice, true, true, false };
    const roster::UserSettings settings{ alice, true, {}, {}, true };
    const roster::Block block{ alice, "bob@b.example" };
    {
        Store store{ stage.io, stage.options() };
        store.put(subscription);
        store.put(settings);
        store.put(block);
        store.put(link());
        store.put(component::JournalEntry{ { 7 }, "state" });
        REQUIRE(stage.is_written(store));
        store.erase(subscription);
        store.erase(settings);
        store.erase(block);
        store.erase(link());
        store.erase_journal({ 7 });
    }

    Store store{ stage.io, stage.options() };

    const auto rows = store.take_rows();
    CHECK(rows.subscriptions.empty());
    CHECK(rows.settings.empty());
    CHECK(rows.blocks.empty());
    CHECK(rows.links.empty());
    CHECK(store.take_journal().empty());
}

TEST_CASE("store: its files are their owner's alone", "[component][store]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    store.put(link());
    REQUIRE(stage.is_written(store));

    for (const auto* suffix : { "", "-wal", "-shm" }) {
        struct stat status { };
        REQUIRE(stat((stage.file.string() + suffix).c_str(), &status) == 0);
        CHECK((status.st_mode & 077) == 0);
    }
}

TEST_CASE("store: a call record is written as it changes, devices included", "[component][store]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    auto call = record();
    store.put(call);
    REQUIRE(stage.is_written(store));
    call.accepted = call.started + 5s;
    call.ended = call.started + 65s;
    call.reason = "success";
    call.video = true;
    call.callee_candidates = { .srflx = true };
    call.devices.front().fate = component::DeviceFate::answered;
    call.devices.front().settled = call.accepted;
    call.devices.push_back(call.devices.front());
    call.devices.back().address = "bob@b.example/phone";
    store.put(call);
    REQUIRE(stage.is_written(store));

    auto file = stage.read();

    CHECK(file.calls({}) == std::vector{ call });
    CHECK(file.calls_of("sid1") == std::vector{ call });
    CHECK(file.calls_of(call.id) == std::vector{ call });
    CHECK(file.calls_of("other").empty());
}

TEST_CASE("store: calls are found by time and by party, newest first", "[component][store]")
{
    Stage stage;
    StoreFile file{ stage.file, OpenFor::service };
    const auto noon = now();
    for (std::uint8_t i = 1; i <= 5; ++i) {
        auto call = record(i, noon + std::chrono::minutes{ i });
        if (i == 3)
            call.caller = "carol_x@example.org";
        file.write(call);
    }
    const auto ids = [&](const component::CallQuery& query) {
        std::vector<int> found;
        for (const auto& call : file.calls(query))
            found.push_back(call.id.front());
        return found;
    };

    CHECK(ids({}) == std::vector{ 5, 4, 3, 2, 1 });
    CHECK(ids({ .limit = 2 }) == std::vector{ 5, 4 });
    CHECK(ids({ .since = noon + 4min }) == std::vector{ 5, 4 });
    CHECK(ids({ .party = alice }) == std::vector{ 5, 4, 2, 1 });
    CHECK(ids({ .party = *xmpp::Jid::parse("carol_x@example.org") }) == std::vector{ 3 });
    CHECK(ids({ .party = *xmpp::Jid::parse("carolyx@example.org") }).empty());
}

TEST_CASE("store: a call is found by everybody who had to do with it, by whichever address",
          "[component][store]")
{
    Stage stage;
    StoreFile file{ stage.file, OpenFor::service };
    auto call = record(1);
    call.caller = "alice@example.org/pc";
    call.callee = "dave\\40b.test@call.example.org/call";
    call.devices.resize(2);
    call.devices[0].address = "erin@b.test";
    call.devices[1].address = "frank@b.test/phone";
    file.write(call);
    file.write(call);

    for (const auto* const user : { "alice@example.org", "dave@b.test", "erin@b.test", "frank@b.test" }) {
        CAPTURE(user);
        CHECK(file.calls({ .party = *xmpp::Jid::parse(user) }).size() == 1);
    }
    CHECK(file.calls({ .party = *xmpp::Jid::parse("b.test") }).empty());

    CHECK(file.forget(*xmpp::Jid::parse("frank@b.test")) == 1);
    CHECK(file.calls({ .party = *xmpp::Jid::parse("alice@example.org") }).empty());
}

TEST_CASE("store: a call that was running when it was killed is closed, unless the journal has it",
          "[component][store]")
{
    Stage stage;
    {
        Store store{ stage.io, stage.options() };
        store.put(record(1));
        store.put(record(2));
        store.put(component::JournalEntry{ { 2 }, "state" });
        // The end of its record came to disk, the end of the call did not.
        auto ended = record(3);
        ended.ended = ended.started;
        store.put(ended);
        store.put(component::JournalEntry{ { 3 }, "state" });
    }

    Store store{ stage.io, stage.options() };
    REQUIRE(stage.is_written(store));

    auto file = stage.read();
    const auto lost = file.calls_of(CallKey{ 1 });
    REQUIRE(lost.size() == 1);
    CHECK(lost.front().ended.has_value());
    CHECK(lost.front().reason == component::interrupted);
    CHECK_FALSE(file.calls_of(CallKey{ 2 }).front().ended);
    const auto running = store.take_running();
    REQUIRE(running.size() == 2);
    const auto has = [&](const CallKey& id) {
        return std::ranges::any_of(running, [&](const auto& call) { return call.id == id; });
    };
    CHECK(has(CallKey{ 2 }));
    CHECK(has(CallKey{ 3 }));
}

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

TEST_CASE("store: without a file it keeps for as long as it lives", "[component][store]")
{
    Stage stage;
    Store store{ stage.io, {} };
    store.put(link());
    std::optional<roster::CallLink> found;
    store.find_link(link().secret_hash,
                    [&](std::optional<roster::CallLink> known) { found = std::move(known); });

    CHECK(store.instance_key().size() == 32);
    CHECK(stage.until([&] { return found.has_value(); }));
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

TEST_CASE("store: the last state of a row is what waits, once", "[component][store]")
{
    component::StoreQueue queue{ 2 };
    const auto nothing = [](StoreFile&) {};

    CHECK(queue.add({ "a", nothing }));
    CHECK(queue.add({ "b", nothing }));
    CHECK(queue.add({ "a", nothing }));
    CHECK_FALSE(queue.add({ "c", nothing }));
    CHECK(queue.size() == 2);
    CHECK(queue.added() == 3);
    CHECK(queue.taken_up_to() == 0);
    CHECK(queue.take(1).front().row == "a");
    CHECK(queue.taken_up_to() == 1);
    CHECK(queue.take(9).front().row == "b");
    CHECK(queue.taken_up_to() == 3);
}

TEST_CASE("store: who waits for the journal is told in order, once it is written", "[component][store]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    std::vector<int> order;
    for (int i = 0; i < 20; ++i) {
        store.put(component::JournalEntry{ { static_cast<std::uint8_t>(i) }, "state" });
        store.when_written([&order, i, &stage](Written written) {
            CHECK(written == Written::yes);
            CHECK(stage.read().journal().size() > static_cast<std::size_t>(i));
            order.push_back(i);
        });
    }

    CHECK(stage.until([&] { return order.size() == 20; }));
    CHECK(std::ranges::is_sorted(order));
    bool at_once = false;
    store.when_written([&](Written written) { at_once = written == Written::yes; });
    CHECK(at_once);
}

TEST_CASE("store: a link that the command line made or revoked is seen at the look-up", "[component][store]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    REQUIRE(stage.is_written(store));
    const auto look_up = [&](const component::SecretHash& hash) {
        std::optional<std::optional<roster::CallLink>> found;
        store.find_link(hash, [&](std::optional<roster::CallLink> known) { found = std::move(known); });
        REQUIRE(stage.until([&] { return found.has_value(); }));
        return *found;
    };
    auto made = link();
    CHECK_FALSE(look_up(made.secret_hash));

    StoreFile{ stage.file, OpenFor::writing }.write(made);
    CHECK(look_up(made.secret_hash) == made);

    made.uses_left = 1;  // a guest came
    store.put(made);
    REQUIRE(stage.is_written(store));
    auto revoked = link();
    revoked.revoked = true;
    StoreFile{ stage.file, OpenFor::writing }.write(revoked);
    made.uses_left = 0;
    store.put(made);  // knows nothing of the revocation yet
    REQUIRE(stage.is_written(store));
    const auto found = look_up(made.secret_hash);
    REQUIRE(found);
    CHECK(found->revoked);
    CHECK(found->uses_left == 0);

    StoreFile{ stage.file, OpenFor::writing }.erase(made);
    CHECK_FALSE(look_up(made.secret_hash));
}

TEST_CASE("store: uses that are not written yet count", "[component][store]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    store.put(link());
    REQUIRE(stage.is_written(store));
    SQLite::Database other{ stage.file, SQLite::OPEN_READWRITE, 5000 };
    other.exec("BEGIN IMMEDIATE");
    auto used = link();
    used.uses_left = 0;
    store.put(used);
    auto fresh = link("fresh");
    store.put(fresh);

    std::vector<std::optional<roster::CallLink>> found;
    const auto keep = [&](std::optional<roster::CallLink> known) { found.push_back(std::move(known)); };
    store.find_link(used.secret_hash, keep);
    store.find_link(fresh.secret_hash, keep);

    REQUIRE(stage.until([&] { return found.size() == 2; }));
    REQUIRE((found[0] && found[1]));
    CHECK(found[0]->uses_left == 0);
    CHECK(found[1]->name == "fresh");
}

TEST_CASE("store: what is older than the retention goes", "[component][store]")
{
    Stage stage;
    {
        StoreFile file{ stage.file, OpenFor::service };
        file.begin();
        for (std::size_t i = 0; i < Store::expiry_portion + 20; ++i) {
            auto old = record(1, now() - 48h + std::chrono::milliseconds{ i });
            old.ended = old.started + 1min;
            file.write(old);
        }
        file.write(record(2, now() - 48h));  // still running
        file.write(component::JournalEntry{ { 2 }, "state" });
        file.write(record(3));
        auto used_up = link("old-used-up");
        used_up.made = now() - 48h;
        used_up.uses_left = 0;
        file.write(used_up);
        auto open_ended = link("old");
        open_ended.made = now() - 48h;
        open_ended.uses_left.reset();
        open_ended.expires.reset();
        file.write(open_ended);
        file.commit();
    }
    auto options = stage.options();
    options.retention = 24h;

    Store store{ stage.io, options };

    CHECK(stage.until([&] { return stage.read().calls({ .limit = 1000 }).size() == 2; }));
    const auto links = stage.read().links();
    REQUIRE(links.size() == 1);
    CHECK(links.front().name == "old");
    SQLite::Database file{ stage.file, SQLite::OPEN_READONLY };
    CHECK(file.execAndGet("SELECT count(*) FROM call_device").getInt() == 2);
}

TEST_CASE("store: a user is forgotten everywhere, and nobody else", "[component][store]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    const auto contact = *xmpp::Jid::parse("bob\\40b.example@call.example.org");
    const auto other = *xmpp::Jid::parse("alicia@example.org");
    store.put(roster::Subscription{ contact, alice, true, false, false });
    store.put(roster::Subscription{ contact, other, true, false, false });
    store.put(roster::Subscription{ *xmpp::Jid::parse("carol\\40c.example@call.example.org"), bob, true, true,
                                    false });
    store.put(roster::UserSettings{ bob, true, {}, {}, true });
    store.put(roster::Block{ bob, "x@y" });
    store.put(roster::Block{ alice, "x@y" });
    store.put(link());
    store.put(record(1));
    auto between_others = record(2);
    between_others.callee = "carol@example.org/x";
    between_others.devices.clear();
    store.put(between_others);
    auto tried_only = record(3);
    tried_only.callee = "line@call.example.org";
    store.put(tried_only);
    REQUIRE(stage.is_written(store));

    store.forget(bob);
    REQUIRE(stage.is_written(store));

    auto file = stage.read();
    const auto rows = file.rows();
    CHECK(rows.subscriptions.empty());
    CHECK(rows.settings.empty());
    CHECK(rows.blocks == std::vector{ roster::Block{ alice, "x@y" } });
    CHECK(rows.links.empty());
    REQUIRE(file.calls({}).size() == 1);
    CHECK(file.calls({}).front().id == CallKey{ 2 });
}

TEST_CASE("store: what names itself in SQL is data", "[component][store]")
{
    Stage stage;
    StoreFile file{ stage.file, OpenFor::service };
    auto call = record();
    call.sid = "'; DROP TABLE call; --";
    call.reason = std::string("zero\0inside", 11);
    file.write(call);

    CHECK(file.calls_of(call.sid) == std::vector{ call });
    CHECK(file.calls_of("%").empty());
}

TEST_CASE("recorder: each change of a call is written, and goes on after a restart",
          "[component][store][records]")
{
    Stage stage;
    component::RecordEvent event;
    event.call = { 9 };
    event.at = now();
    event.address = "alice@example.org/phone";
    event.callee = "bob@b.example";
    event.sid = "s9";
    {
        Store store{ stage.io, stage.options() };
        component::Recorder recorder{ stage.io, store };
        store.put(component::JournalEntry{ { 9 }, "state" });
        recorder.note(event);
        recorder.commit();
        REQUIRE(stage.is_written(store));
        CHECK(stage.read().calls_of("s9").size() == 1);
        recorder.note_candidates({ 9 }, 0, { .host = true });
        recorder.write_all();
    }
    Store store{ stage.io, stage.options() };
    component::Recorder recorder{ stage.io, store };
    event.step = component::RecordStep::ended;
    event.at += 5s;
    event.reason = "cancel";
    recorder.note(event);
    REQUIRE(stage.is_written(store));

    const auto calls = stage.read().calls_of("s9");
    REQUIRE(calls.size() == 1);
    CHECK(calls.front().reason == "cancel");
    CHECK(calls.front().caller_candidates.host);
    CHECK(calls.front().ended == event.at);
}

TEST_CASE("recorder: steps between are written soon, and many of them once", "[component][store][records]")
{
    Stage stage;
    Store store{ stage.io, stage.options() };
    component::Recorder recorder{ stage.io, store };
    component::RecordEvent event;
    event.call = { 9 };
    event.at = now();
    event.sid = "s9";
    recorder.note(event);
    recorder.commit();
    REQUIRE(stage.is_written(store));
    event.step = component::RecordStep::ringing;
    event.leg = 1;
    recorder.note(event);
    recorder.note_candidates({ 9 }, 0, { .host = true });
    recorder.note_candidates({ 9 }, 1, { .relay = true });
    recorder.commit();
    CHECK(store.waiting() == 0);

    CHECK(stage.until([&] { return stage.read().calls_of("s9").front().ringing.has_value(); }));
    CHECK(stage.read().calls_of("s9").front().callee_candidates.relay);

    event.step = component::RecordStep::accepted;
    recorder.note(event);
    recorder.commit();
    CHECK(store.waiting() == 1);
    event.step = component::RecordStep::ended;
    recorder.note(event);
    REQUIRE(stage.is_written(store));
    CHECK(stage.read().calls_of("s9").front().ended.has_value());
}
