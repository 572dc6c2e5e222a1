#pragma once

#include <csignal>

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include "component/recorder.hpp"
#include "component/store.hpp"
#include "temporary_directory.hpp"

namespace test {

using component::CallKey;
using component::CallRecord;
using component::OpenFor;
using component::Store;
using component::StoreError;
using component::StoreFile;
using component::WallTime;
using component::Written;
using namespace std::chrono_literals;

inline const xmpp::Jid alice = *xmpp::Jid::parse("alice@example.org");
inline const xmpp::Jid bob = *xmpp::Jid::parse("bob@b.example");

inline WallTime now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

inline CallRecord record(std::uint8_t id = 1, WallTime started = now())
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

inline roster::CallLink link(std::string name = "shop-7f3k")
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

}  // namespace test
