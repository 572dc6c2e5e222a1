#include <algorithm>
#include <array>
#include <atomic>
#include <future>

#include <sys/stat.h>

#include "store_stage.hpp"

using namespace test;

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

TEST_CASE("store: each call that the journal holds comes back with its own devices, in order",
          "[component][store]")
{
    Stage stage;
    std::vector<CallRecord> held;
    {
        Store store{ stage.io, stage.options() };
        for (const auto id : std::to_array<std::uint8_t>({ 9, 2, 200, 4 })) {
            auto call = record(id);
            call.devices.push_back(call.devices.front());
            call.devices.back().address = "bob@b.example/phone-" + std::to_string(id);
            store.put(call);
            if (id == 4)
                continue;  // The journal has nothing of it.
            store.put(component::JournalEntry{ { id }, "state" });
            held.push_back(call);
        }
        auto earlier = record(9, now() - 1h);
        earlier.ended = earlier.started;
        earlier.devices.clear();
        store.put(earlier);
        held.push_back(earlier);
    }

    Store store{ stage.io, stage.options() };

    const auto running = store.take_running();
    CHECK(std::ranges::is_permutation(running, held));
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

TEST_CASE("store: what a turn of the loop has put is one transaction, and nothing of it is written before",
          "[component][store]")
{
    Stage stage;
    std::atomic<int> transactions = 0;
    component::StoreWorker worker{ StoreFile{ stage.file, OpenFor::service },
                                   5000,
                                   5ms,
                                   { .written = [&](std::uint64_t) { ++transactions; },
                                     .stuck = [](const std::string&) {},
                                     .writable = [] {},
                                     .dropped = [](const std::string&) {} } };
    for (unsigned i = 0; i < 2000; ++i)
        REQUIRE(worker.add({ std::to_string(i),
                             [i](StoreFile& file) {
                                 file.write(component::JournalEntry{
                                     { static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8U) },
                                     "state" });
                             } },
                           component::Room::limited));
    std::array<std::promise<void>, 2> reads;  // what is read meanwhile wakes the thread too
    for (auto& read : reads) {
        worker.run([&](StoreFile&) { read.set_value(); });
        read.get_future().wait();
    }
    CHECK(worker.waiting() == 2000);
    CHECK(transactions == 0);

    worker.wake();
    CHECK(worker.stop(5s) == 0);
    CHECK(transactions == 1);
    CHECK(stage.read().journal().size() == 2000);
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
