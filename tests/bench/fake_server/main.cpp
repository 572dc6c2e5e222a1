// The server's side of XEP-0114 for one component that is measured: starts it, checks its handshake, plays
// calls through it and prints one line of JSON with what that cost. See docs/performance.md for what is
// counted.

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <thread>

#include <CLI/CLI.hpp>

#include "fake_server/link.hpp"
#include "fake_server/load.hpp"
#include "fake_server/process.hpp"

using namespace bench;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view domain = "call.bench.test";
constexpr std::string_view secret = "bench-secret";
constexpr auto stall = 20s;  ///< this long without a stanza means that the component lost one
constexpr auto quiet = 50ms;  ///< this long without a stanza means that it has nothing more to say

struct Options {
    std::size_t calls = 500;
    std::size_t warm_up = 50;
    std::size_t window = 128;  ///< calls at a time; about two stanzas of each are on their way
    std::size_t alive = 0;  ///< accepted calls that stay while the others are measured
    double rate = 0;  ///< stanzas a second; 0: as fast as the window allows
    std::size_t flood = 0;  ///< proposes of one JID beside the calls, in half of the phases
    double flood_rate = 2'000;  ///< of them a second
    std::size_t pairs = 0;  ///< of users who call again and again; 0: everybody calls once
    bool direct = false;
    bool no_trickle = false;
    bool only_connect = false;
    unsigned patience = 10;
    std::string record;
    std::vector<std::string> command;
};

/// What other people's calls are like with and without a flood.
struct FloodOutcome {
    struct Side {
        std::vector<float> latency_us;
        double cpu_us = 0;
        std::uint64_t stanzas = 0;
    };
    Side calm, flooded;
    std::uint64_t proposes = 0, refused = 0, lost = 0, grown_kb = 0;
};

struct Outcome {
    double connected_ms = 0;
    std::uint64_t idle_kb = 0, warm_kb = 0, resident_kb = 0, peak_kb = 0, bytes_per_call = 0;
    double cpu_us = 0, wall_s = 0;
    Tally tally;
    std::optional<FloodOutcome> flood;
};

Options read_options(int argc, char** argv)
{
    Options o;
    CLI::App app{ "Plays calls through an XMPP component and measures it" };
    app.add_option("--calls", o.calls, "Calls to measure")->capture_default_str();
    app.add_option("--warm-up", o.warm_up, "Calls before those")->capture_default_str();
    app.add_option("--window", o.window, "Calls at a time")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    app.add_option("--alive", o.alive, "Accepted calls to keep meanwhile")->capture_default_str();
    app.add_option("--rate", o.rate, "Open loop: stanzas a second towards the component");
    app.add_option("--flood", o.flood,
                   "Proposes of one JID beside the calls, in every other phase of the open loop");
    app.add_option("--flood-rate", o.flood_rate, "Of them a second")->capture_default_str();
    app.add_option("--pairs", o.pairs, "Pairs of users, who call again and again; else everybody calls once");
    app.add_flag("--direct", o.direct, "No Message Initiation: session-initiate to the callee's device");
    app.add_flag("--no-trickle", o.no_trickle, "Only what changes the state of a call");
    app.add_flag("--only-connect", o.only_connect, "Nothing but the start is measured");
    app.add_option("--patience", o.patience, "Seconds to wait for the connection")->capture_default_str();
    app.add_option("--record", o.record, "File for the measured bytes as the component got them");
    app.add_option("command", o.command,
                   "Program; {port}, {domain}, {secret} and {config} (a TOML file) are replaced")
        ->required();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        std::exit(app.exit(e));
    }
    return o;
}

std::string write_config(PrivateDirectory& directory, std::uint16_t port, bool same_users)
{
    directory.write("secret", std::string{ secret } + "\n");
    return directory.write("carillon.toml",
                           "[xmpp]\ndomain = \"" + std::string{ domain }
                               + "\"\nhost = \"127.0.0.1\"\nport = " + std::to_string(port)
                               + "\nsecret_file = \"secret\"\nserved_domains = [\"a.test\", \"b.test\"]\n"
                               + (same_users ? "[limits]\ninvites_per_minute = 100000\n" : ""));
}

void replace(std::string& text, std::string_view what, std::string_view with)
{
    if (const auto at = text.find(what); at != std::string::npos)
        text.replace(at, what.size(), with);
}

/// Moves stanzas until `done`, and gives up when none has come for a while.
template <class Done, class Before>
void run(Link& link, Load& load, Done&& done, Before&& before)
{
    auto last_count = load.tally().stanzas_out;
    auto last_time = Clock::now();
    while (before(), !done()) {
        link.turn(load, 5ms);
        if (load.tally().stanzas_out != last_count) {
            last_count = load.tally().stanzas_out;
            last_time = Clock::now();
        } else if (Clock::now() - last_time > stall) {
            const auto& tally = load.tally();
            throw std::runtime_error{ "no stanza for 20 s with " + std::to_string(load.calls_running())
                                      + " calls open; " + std::to_string(tally.errors) + " errors"
                                      + (tally.samples.empty() ? "" : ", like " + tally.samples.front()) };
        }
    }
}

/// What is still on its way when the last call is over: finishes, and the results of the last
/// transport-infos.
void drain(Link& link, Load& load)
{
    auto last = Clock::now();
    auto count = load.tally().stanzas_out;
    const auto deadline = last + 2s;
    while (Clock::now() - last < quiet && Clock::now() < deadline) {
        link.turn(load, 5ms);
        if (std::exchange(count, load.tally().stanzas_out) != load.tally().stanzas_out)
            last = Clock::now();
    }
}

/// Proposes of one JID that come by the clock, beside the calls.
struct Flood {
    std::size_t proposes = 0;
    double rate = 0;
};

/// Plays this many calls: in the closed loop each starts when another ends, in the open loop by the clock
/// alone.
void play(Link& link, Load& load, const Options& o, std::size_t calls, Until until, double rate = 0,
          Flood flood = {})
{
    std::size_t started = 0;
    std::size_t flooded = 0;
    const auto begin = Clock::now();
    const double calls_per_second = rate / (o.direct ? 30 : 34);
    run(
        link, load,
        [&] { return started == calls && flooded == flood.proposes && load.calls_running() == 0; },
        [&] {
            const auto now = Clock::now();
            const auto elapsed = std::chrono::duration<double>(now - begin).count();
            const auto wave = std::min(flood.proposes, static_cast<std::size_t>(elapsed * flood.rate));
            load.flood(wave - std::exchange(flooded, wave));
            const auto due = rate == 0 ? calls : static_cast<std::size_t>(elapsed * calls_per_second) + 1;
            while (started < std::min(calls, due) && (rate != 0 || load.calls_running() < o.window)) {
                load.start_call(until, now);
                ++started;
            }
        });
    drain(link, load);
}

constexpr std::size_t phases = 10;  ///< with and without the flood in turn

template <class T>
double percentile(std::vector<T> values, double part)
{
    if (values.empty())
        return 0;
    const auto nth
        = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
}

FloodOutcome measure_flood(const Options& o, Link& link, Load& load, const Process& process)
{
    FloodOutcome outcome;
    const auto resident = process.resident_kb();
    for (std::size_t phase = 0; phase < phases; ++phase) {
        const bool floods = phase % 2 == 1;
        load.reset_tally();
        const auto cpu = process.cpu_ns();
        play(link, load, o, o.calls / phases, Until::ended, o.rate,
             floods ? Flood{ o.flood / (phases / 2), o.flood_rate } : Flood{});
        auto& side = floods ? outcome.flooded : outcome.calm;
        const auto& tally = load.tally();
        side.cpu_us += static_cast<double>(process.cpu_ns() - cpu) / 1000;
        side.stanzas += tally.stanzas_in;
        side.latency_us.insert(side.latency_us.end(), tally.latency_us.begin(), tally.latency_us.end());
        outcome.proposes += floods ? o.flood / (phases / 2) : 0;
        outcome.refused += tally.refused;
        outcome.lost += tally.errors + tally.owed - tally.relayed;
    }
    outcome.grown_kb = std::max(process.resident_kb(), resident) - resident;
    return outcome;
}

Outcome measure(const Options& o)
{
    Link link;
    PrivateDirectory directory;
    auto command = o.command;
    const auto config = write_config(directory, link.port(), o.pairs > 0);
    for (auto& word : command) {
        replace(word, "{port}", std::to_string(link.port()));
        replace(word, "{domain}", domain);
        replace(word, "{secret}", secret);
        replace(word, "{config}", config);
    }

    Outcome outcome;
    const auto begin = Clock::now();
    Process process{ command };
    link.accept(domain, secret, std::chrono::seconds{ o.patience }, [&] { return process.is_running(); });
    outcome.connected_ms = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();

    if (o.only_connect) {
        outcome.resident_kb = process.resident_kb();
        if (process.stop(30s) == -1)
            throw std::runtime_error{ "the component did not end when asked to" };
        return outcome;
    }
    const auto trickles = o.no_trickle ? Trickles::no : Trickles::yes;
    Load load{ o.direct ? Flow::direct : Flow::jmi, std::string{ domain }, o.pairs, trickles };
    drain(link, load);
    std::this_thread::sleep_for(200ms);
    outcome.idle_kb = process.resident_kb();
    play(link, load, o, o.warm_up, Until::ended);
    if (o.alive > 0) {
        const auto before = process.resident_kb();
        load.set_trickles(Trickles::no);  // Candidates are not kept.
        play(link, load, o, o.alive, Until::accepted);
        load.set_trickles(trickles);
        const auto grown = std::max(process.resident_kb(), before) - before;
        outcome.bytes_per_call = grown * 1024 / o.alive;
    }

    if (o.flood > 0)
        outcome.flood = measure_flood(o, link, load, process);

    if (load.tally().errors != 0)
        std::fprintf(stderr, "error before the measurement: %s\n", load.tally().samples.front().c_str());
    load.reset_tally();
    std::string record;
    if (!o.record.empty())
        link.record_to(&record);
    outcome.warm_kb = process.resident_kb();
    const auto cpu = process.cpu_ns();
    const auto start = Clock::now();
    play(link, load, o, o.calls, Until::ended, o.rate);
    outcome.wall_s = std::chrono::duration<double>(Clock::now() - start - quiet).count();
    outcome.cpu_us = static_cast<double>(process.cpu_ns() - cpu) / 1000;
    outcome.resident_kb = process.resident_kb();
    outcome.peak_kb = process.peak_kb();
    outcome.tally = load.tally();
    if (!o.record.empty())
        std::ofstream{ o.record, std::ios::binary } << record;
    if (process.stop(30s) == -1)
        throw std::runtime_error{ "the component did not end when asked to" };
    return outcome;
}

void print(const Outcome& o)
{
    const auto& t = o.tally;
    const auto stanzas = static_cast<double>(std::max<std::uint64_t>(t.stanzas_in, 1));
    const auto per_second = o.wall_s > 0 ? stanzas / o.wall_s : 0;  // JSON has no infinity
    std::printf(
        "{\"connected_ms\": %.1f, \"idle_kb\": %lu, \"warm_kb\": %lu, \"resident_kb\": %lu, \"peak_kb\": "
        "%lu, "
        "\"bytes_per_call\": %lu, "
        "\"calls\": %lu, \"stanzas_in\": %lu, \"bytes_in\": %lu, \"stanzas_out\": %lu, \"bytes_out\": %lu, "
        "\"mean_size\": %.0f, \"median_size\": %.0f, "
        "\"relayed\": %lu, \"owed\": %lu, \"extra\": %lu, \"errors\": %lu, "
        "\"turned_away\": %lu, "
        "\"cpu_us\": %.0f, \"cpu_us_per_stanza\": %.3f, \"stanzas_per_s\": %.0f, \"p50_us\": %.0f, "
        "\"p99_us\": %.0f",
        o.connected_ms, o.idle_kb, o.warm_kb, o.resident_kb, o.peak_kb, o.bytes_per_call, t.calls_done,
        t.stanzas_in, t.bytes_in, t.stanzas_out, t.bytes_out, static_cast<double>(t.bytes_in) / stanzas,
        percentile(t.sizes, 0.5), t.relayed, t.owed, t.extra, t.errors, t.turned_away, o.cpu_us,
        o.cpu_us / stanzas, per_second, percentile(t.latency_us, 0.5), percentile(t.latency_us, 0.99));
    if (o.flood) {
        const auto& [calm, flooded, proposes, refused, lost, grown_kb] = *o.flood;
        std::printf(", \"flood\": {\"proposes\": %lu, \"refused\": %lu, \"lost\": %lu, \"grown_kb\": %lu, "
                    "\"calm_p50_us\": %.0f, \"calm_p99_us\": %.0f, \"flooded_p50_us\": %.0f, "
                    "\"flooded_p99_us\": %.0f, \"relay_us\": %.2f, \"refuse_us\": %.2f}",
                    proposes, refused, lost, grown_kb, percentile(calm.latency_us, 0.5),
                    percentile(calm.latency_us, 0.99), percentile(flooded.latency_us, 0.5),
                    percentile(flooded.latency_us, 0.99), calm.cpu_us / static_cast<double>(calm.stanzas),
                    (flooded.cpu_us - calm.cpu_us) / static_cast<double>(proposes));
    }
    std::printf("}\n");
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        const auto options = read_options(argc, argv);
        const auto outcome = measure(options);
        print(outcome);
        for (const auto& sample : outcome.tally.samples)
            std::cerr << "not expected: " << sample << '\n';
        const bool lost = outcome.flood && outcome.flood->lost != 0;
        return outcome.tally.errors == 0 && outcome.tally.relayed == outcome.tally.owed && !lost ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "fake_server: " << e.what() << '\n';
        return 1;
    }
}
