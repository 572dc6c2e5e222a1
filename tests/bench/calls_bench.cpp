// What the calls themselves cost, without a socket: the script of the relay bench is read, decided upon and
// written by the libraries alone, while ALIVE accepted calls are kept. Prints memory per live call (what the
// call engine has allocated) and CPU per stanza as JSON.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string>
#include <utility>

#include <malloc.h>

#include "fake_server/load.hpp"
#include "jingle/call/calls.hpp"
#include "jingle/call/xmpp_leg.hpp"
#include "jingle/message.hpp"
#include "support/simple_directory.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"

namespace {

bool counting = false;  ///< while the call engine is at work
std::int64_t allocated = 0;  ///< bytes it holds, with malloc's own word for each block

constexpr std::int64_t malloc_word = 8;

}  // namespace

void* operator new(std::size_t size)
{
    void* const block = std::malloc(size == 0 ? 1 : size);
    if (block == nullptr)
        throw std::bad_alloc{};
    if (counting)
        allocated += static_cast<std::int64_t>(malloc_usable_size(block)) + malloc_word;
    return block;
}

void operator delete(void* block) noexcept
{
    if (counting && block != nullptr)
        allocated -= static_cast<std::int64_t>(malloc_usable_size(block)) + malloc_word;
    std::free(block);
}

void operator delete(void* block, std::size_t) noexcept
{
    operator delete(block);
}

namespace {

using jingle::call::Calls;
using jingle::call::Turn;

constexpr const char* domain = "call.bench.test";
constexpr std::size_t window = 128;

double cpu_us()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

jingle::call::Settings settings()
{
    jingle::call::Settings s;
    s.domain = domain;
    s.key = "bench";
    s.served_domains = { "a.test", "b.test" };
    return s;
}

/// The relay without its process: stanzas in, stanzas out.
class Engine final : public xmpp::StreamHandler {
public:
    std::uint64_t refused = 0;
    double cpu = 0;  ///< microseconds

    Engine()
    {
        feed("<stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
             "xmlns='jabber:component:accept'>");
    }

    void feed(std::string_view bytes)
    {
        const auto start = cpu_us();
        if (!reader_.feed(bytes))
            ++refused;
        cpu += cpu_us() - start;
    }
    [[nodiscard]] std::string take_output() { return std::exchange(output_, {}); }

    void on_stream_open(const xmpp::Element&) override { }
    void on_stream_close() override { }
    void on_skipped(const xmpp::Element&, xmpp::SkipReason) override { ++refused; }

    void on_stanza(xmpp::Element& stanza) override
    {
        const auto own = xmpp::Jid::parse(stanza.attribute_or_empty("to"));
        const auto peer = xmpp::Jid::parse(stanza.attribute_or_empty("from"));
        const auto* const child = stanza.first_child();
        if (!own || !peer) {
            ++refused;
            return;
        }
        arena_.reset();
        Turn turn{ arena_, jingle::call::Clock::now() };
        counting = true;
        if (!handle(*own, *peer, stanza, child, turn))
            ++refused;
        counting = false;
        for (const auto& done : turn.outputs)
            jingle::call::append_stanza(output_, *done.call, done.output, arena_);
    }

private:
    bool handle(const xmpp::Jid& own, const xmpp::Jid& peer, const xmpp::Element& stanza,
                const xmpp::Element* child, Turn& turn)
    {
        const auto id = stanza.attribute_or_empty("id");
        if (stanza.attribute_or_empty("type") == "result") {
            if (const auto path = jingle::call::ReturnPath::parse(id))
                calls_.reply(peer, *path, std::nullopt, turn);
            return true;
        }
        if (child == nullptr)
            return false;
        if (child->is("jingle", xmpp::ns::jingle)) {
            const auto request = jingle::Jingle::from_element(*child, arena_);
            return request && !calls_.request(own, peer, *arena_.make<jingle::Jingle>(*request), id, turn);
        }
        const auto message = jingle::Message::from_stanza(stanza, arena_);
        return message && !calls_.message(own, peer, *arena_.make<jingle::Message>(*message), id, turn);
    }

    base::Arena arena_{ 256 * 1024 };
    test::SimpleDirectory directory_{ { roster::Default::local, { "a.test", "b.test" } }, domain };
    Calls calls_{ settings(), directory_ };
    xmpp::Reader reader_{ *this };
    std::string output_;
};

/// Plays calls through the engine, a window of them at a time.
void play(bench::Load& load, Engine& engine, bench::Scanner& scanner, std::size_t calls, bench::Until until)
{
    for (std::size_t started = 0; started < calls || load.calls_running() > 0;) {
        while (started < calls && load.calls_running() < window) {
            load.start_call(until, bench::Clock::now());
            ++started;
        }
        if (load.output().empty())
            break;  // A stanza was lost: the tally tells.
        engine.feed(std::exchange(load.output(), {}));
        scanner.append(engine.take_output());
        while (const auto stanza = scanner.next())
            load.take(*stanza, bench::Clock::now());
    }
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: calls_bench ALIVE CALLS\n");
        return 64;
    }
    const auto alive = std::strtoul(argv[1], nullptr, 10);
    const auto calls = std::strtoul(argv[2], nullptr, 10);
    bench::Load load{ bench::Flow::jmi, domain };
    Engine engine;
    bench::Scanner scanner;
    scanner.append("<stream>");
    if (!scanner.next())
        return 1;

    play(load, engine, scanner, 200, bench::Until::ended);
    const auto before = allocated;
    load.set_trickles(bench::Trickles::no);  // Candidates are not kept.
    play(load, engine, scanner, alive, bench::Until::accepted);
    load.set_trickles(bench::Trickles::yes);
    const double each = alive == 0 ? 0 : static_cast<double>(allocated - before) / static_cast<double>(alive);
    const auto early_errors = load.tally().errors;
    load.reset_tally();
    engine.cpu = 0;
    play(load, engine, scanner, calls, bench::Until::ended);

    const auto& tally = load.tally();
    const auto errors = early_errors + tally.errors + engine.refused;
    std::printf("{\"alive\": %lu, \"bytes_per_call\": %.0f, \"cpu_us_per_stanza\": %.3f, \"stanzas_in\": "
                "%lu, \"errors\": %lu, "
                "\"relayed\": %lu, \"owed\": %lu}\n",
                alive, each, engine.cpu / static_cast<double>(tally.stanzas_in), tally.stanzas_in, errors,
                tally.relayed, tally.owed);
    for (const auto& sample : tally.samples)
        std::fprintf(stderr, "not expected: %s\n", sample.c_str());
    return errors == 0 && tally.relayed == tally.owed && tally.calls_done == calls ? 0 : 1;
}
