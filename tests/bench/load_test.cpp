#include <algorithm>
#include <utility>

#include <catch2/catch.hpp>

#include "fake_server/load.hpp"

using bench::Clock;
using bench::Flow;
using bench::Load;
using bench::Scanner;
using bench::Until;

namespace {

constexpr std::string_view domain = "call.bench.test";

std::string replaced(std::string text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

/// The smallest relay: rewrites the addresses of everything the load sends, until it has nothing more to say.
/// `loses` is an action that does not arrive.
void relay(Load& load, std::string_view loses = "none")
{
    Scanner towards_relay;
    Scanner towards_load;
    towards_relay.append("<stream>");
    towards_load.append("<stream>");
    REQUIRE(towards_relay.next().has_value());
    REQUIRE(towards_load.next().has_value());
    while (!load.output().empty()) {
        towards_relay.append(std::exchange(load.output(), {}));
        std::string relayed;
        while (const auto stanza = towards_relay.next()) {
            auto from = "@" + std::string{ domain };
            auto text = replaced(std::string{ stanza->text }, from, "!");
            text = replaced(replaced(text, "@a.test", "\\40a.test" + from), "@b.test", "\\40b.test" + from);
            text = replaced(replaced(text, "\\40a.test!", "@a.test"), "\\40b.test!", "@b.test");
            if (stanza->action != loses)
                relayed += text;
        }
        towards_load.append(relayed);
        while (const auto stanza = towards_load.next())
            load.take(*stanza, Clock::now());
    }
}

}  // namespace

TEST_CASE("load: users who are free call again, in a session of their own", "[bench][load]")
{
    Load load{ Flow::jmi, std::string{ domain }, 2 };
    for (int call = 0; call < 5; ++call) {
        load.start_call(Until::ended, Clock::now());
        const auto round = call < 2 ? "'" : "-" + std::to_string(call / 2) + "'";
        CHECK(load.output().find("id='b5f0c1a2-7d3e-49000000" + std::to_string(call % 2) + round)
              != std::string::npos);
        relay(load);
    }
    CHECK(load.tally().calls_done == 5);

    load.start_call(Until::ended, Clock::now());
    load.start_call(Until::ended, Clock::now());
    load.start_call(Until::ended, Clock::now());
    CHECK(load.output().find("a0000002@") != std::string::npos);  // nobody was free
}

TEST_CASE("load: a call is played to its end", "[bench][load]")
{
    const auto [flow, stanzas] = GENERATE(table<Flow, unsigned>({ { Flow::jmi, 34 }, { Flow::direct, 30 } }));
    Load load{ flow, std::string{ domain } };

    load.start_call(Until::ended, Clock::now());
    relay(load);

    const auto& tally = load.tally();
    for (const auto& sample : tally.samples)
        UNSCOPED_INFO(sample);
    CHECK(tally.errors == 0);
    CHECK(tally.calls_done == 1);
    CHECK(load.calls_running() == 0);
    CHECK(tally.stanzas_in == stanzas);
    CHECK(tally.stanzas_out == stanzas);
    CHECK(tally.relayed == tally.owed);
}

TEST_CASE("load: an accepted call stays and another one goes through beside it", "[bench][load]")
{
    Load load{ Flow::jmi, std::string{ domain } };
    load.start_call(Until::accepted, Clock::now());
    relay(load);
    REQUIRE(load.tally().calls_done == 1);
    load.reset_tally();

    load.start_call(Until::ended, Clock::now());
    relay(load);

    CHECK(load.tally().stanzas_in == 34);
    CHECK(load.tally().errors == 0);
}

TEST_CASE("load: a stanza that does not arrive leaves the call open", "[bench][load]")
{
    const auto* action
        = GENERATE("session-initiate", "transport-info", "session-accept", "session-terminate");
    Load load{ Flow::jmi, std::string{ domain } };

    load.start_call(Until::ended, Clock::now());
    relay(load, action);

    CHECK(load.calls_running() == 1);
    CHECK(load.tally().relayed < load.tally().owed);
}

TEST_CASE("load: a stanza error and a stanza to nobody count as errors", "[bench][load]")
{
    const auto* stanza
        = GENERATE("<iq type='error' id='1' to='a0000000@a.test/x'/>", "<iq type='result' id='1' to='c@d'/>",
                   "<iq type='result' id='never-99' to='a0000000@a.test/x'/>");
    Load load{ Flow::jmi, std::string{ domain } };
    load.start_call(Until::ended, Clock::now());
    Scanner scanner;
    scanner.append("<stream>" + std::string{ stanza });
    REQUIRE(scanner.next().has_value());

    load.take(scanner.next().value(), Clock::now());

    CHECK(load.tally().errors == 1);
    CHECK(load.tally().samples.size() == 1);
}

TEST_CASE("load: a call that is asked to wait is over, one that has begun is not", "[bench][load]")
{
    Load load{ Flow::direct, std::string{ domain } };
    load.start_call(Until::ended, Clock::now());
    Scanner scanner;
    scanner.append("<stream><iq type='error' id='Kx2Qw9aPzR7bLm0000000-13' "
                   "to='a0000000@a.test/Conversations.4tXe'><error type='wait'><resource-constraint "
                   "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    REQUIRE(scanner.next().has_value());
    const auto error = scanner.next().value();

    load.take(error, Clock::now());
    CHECK(load.calls_running() == 0);
    CHECK(load.tally().turned_away == 1);
    CHECK(load.tally().owed == 0);
    CHECK(load.tally().errors == 0);

    load.take(error, Clock::now());
    CHECK(load.tally().errors == 1);
}

TEST_CASE("load: the mix is the size it is meant to be", "[bench][load]")
{
    Load load{ Flow::jmi, std::string{ domain } };

    load.start_call(Until::ended, Clock::now());
    relay(load);

    auto sizes = load.tally().sizes;
    std::ranges::sort(sizes);
    CHECK(sizes.front() == 149);  // the result of an IQ
    CHECK(sizes[sizes.size() - 3] == 620);  // a transport-info
    CHECK(sizes[sizes.size() - 2] / 100 == 61);  // the session-accept
    CHECK(sizes.back() / 100 == 85);  // the session-initiate
    CHECK(load.tally().bytes_in / sizes.size() == Approx(750).margin(15));
}
