// Deciding a call with 1,000 rules and 100,000 contacts, devices included: its time, how many times that of
// preparing the two addresses of the invitation, and what the contacts cost in memory.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <unistd.h>

#include "roster/roster.hpp"

namespace {

using xmpp::Jid;

constexpr unsigned rules = 1'000;
constexpr unsigned rounds = 200'000;

Jid jid(const std::string& text)
{
    return Jid::parse(text).value();
}

std::string user(unsigned number)
{
    return "user" + std::to_string(number) + "@d" + std::to_string(number % 500) + ".example.test";
}

/// Two devices for everybody, made up when asked: their memory is their book's to show.
struct TwoDevices final : roster::DeviceSource {
    void append_devices(const Jid& bare, std::vector<roster::Device>& all) const override
    {
        all.push_back({ bare.with_resource("phone").value(), roster::Rings::by_message, {} });
        all.push_back({ bare.with_resource("laptop").value(), roster::Rings::by_initiate, "gajim" });
    }
};

roster::RuleSet make_rules()
{
    using namespace roster;
    std::vector<Rule> all;
    for (unsigned i = 0; i < rules; ++i) {
        const auto pattern
            = i % 3 == 0 ? user(i) : (i % 3 == 1 ? "*@x" : "*.y") + std::to_string(i) + ".test";
        all.push_back({ i % 2 == 0 ? Pattern::parse(pattern).value() : Pattern{},
                        i % 2 == 1 ? Pattern::parse(pattern).value() : Pattern{}, std::nullopt,
                        RuleMedia::any, i % 7 == 0 ? RuleAction::require_relay : RuleAction::allow });
    }
    return RuleSet{ std::move(all) };
}

double resident_megabytes()
{
    std::ifstream in{ "/proc/self/statm" };
    std::size_t size = 0;
    std::size_t resident = 0;
    in >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

double cpu_us()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// CPU time of a round of `work`, in microseconds.
template <class Work>
double measure(Work work)
{
    const auto start = cpu_us();
    for (unsigned i = 0; i < rounds; ++i)
        work(i);
    return (cpu_us() - start) / rounds;
}

}  // namespace

int main(int argc, char** argv)
{
    const auto contacts = argc > 1 ? static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10)) : 100'000U;
    const TwoDevices devices;
    const auto before = resident_megabytes();
    roster::RosterSettings settings{
        "call.test", { roster::Default::local, { "d1.example.test" }, make_rules() }, {}, {}
    };
    for (unsigned i = 0; i < 500; ++i)
        settings.policy.served_domains.push_back("d" + std::to_string(i) + ".example.test");
    roster::Roster book{ std::move(settings),
                         { [] { return roster::WallTime{}; }, { &devices }, {}, {}, nullptr } };
    for (unsigned i = 0; i < contacts; ++i) {  // Everybody has said something, and blocks somebody.
        roster::UserSettings row;
        row.user = jid(user(i));
        row.ring_only = { "phone", "laptop" };
        row.quiet = i % 2 == 0 ? std::optional<std::array<std::uint16_t, 2>>{}
                               : std::array<std::uint16_t, 2>{ 1, 2 };
        book.change(row);
        book.block({ row.user, "spam" + std::to_string(i) + "@x.test" });
    }
    const auto after = resident_megabytes();

    std::vector<std::pair<std::string, std::string>> pairs;
    for (unsigned i = 0; i < 4096; ++i)
        pairs.emplace_back(user(i * 7919 % contacts) + "/phone", [&] {
            auto local = user(i * 104'729 % contacts);
            return local.replace(local.find('@'), 1, "\\40") + "@call.test";
        }());

    std::size_t sum = 0;
    const auto parse = measure([&](unsigned i) {
        const auto& [from, to] = pairs[i % pairs.size()];
        sum += jid(from).full().size() + jid(to).full().size();
    });
    std::size_t let_through = 0;
    const auto both = measure([&](unsigned i) {
        const auto& [from, to] = pairs[i % pairs.size()];
        const auto decision
            = book.decide({ jid(from), jid(to), true, i % 2 == 0 }, roster::SteadyClock::time_point{});
        let_through += decision.refused ? 0 : 1;
    });
    if (let_through == 0 || sum == 0)
        return 1;
    const auto decide = both - parse;
    std::printf("{\"rules\": %u, \"contacts\": %u, \"decide_us\": %.2f, \"parse_two_addresses_us\": %.2f, "
                "\"ratio\": %.1f, \"let_through\": %.3f, \"megabytes\": %.1f}\n",
                rules, contacts, decide, parse, decide / parse,
                static_cast<double>(let_through) / static_cast<double>(rounds), after - before);
    return 0;
}
