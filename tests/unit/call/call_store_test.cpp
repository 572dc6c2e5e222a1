// Calls as bytes. That each call of every other scenario here can be read back, and goes on after it, is what
// Dialogue and the test call_tests_restarted see to.
#include <algorithm>

#include <catch2/catch.hpp>

#include "support/dialogue.hpp"

using jingle::Action;
using test::Dialogue;
using test::Lines;
using namespace std::chrono_literals;

namespace {

constexpr auto alice = Dialogue::alice;
constexpr auto bob = Dialogue::bob;
constexpr auto to_bob = Dialogue::bob_contact;
constexpr auto to_alice = Dialogue::alice_contact;

constexpr jingle::call::Moment now{ jingle::call::Time{ 1h }, roster::WallTime{ 500'001h } };

/// A ringing call that holds an offer and candidates.
Dialogue ringing()
{
    Dialogue d;
    (void)d.jingle(alice, to_bob, "session-initiate");
    (void)d.jingle(alice, to_bob, "transport-info");
    return d;
}
Dialogue active()
{
    auto d = ringing();
    (void)d.message(bob, to_alice, "ringing");
    (void)d.message(bob, to_alice, "proceed");
    (void)d.jingle(bob, to_alice, "session-accept");
    (void)d.reply(alice, Action::session_accept);
    return d;
}

bool can_read(std::string_view bytes)
{
    Dialogue d;
    return d.set().restore(bytes, now).has_value();
}

}  // namespace

TEST_CASE("call store: whatever is cut off or added, no call comes of it", "[call][store]")
{
    for (const auto& call : { ringing(), active() }) {
        const auto bytes = call.journal().at(0);
        REQUIRE(can_read(bytes));
        for (std::size_t size = 0; size < bytes.size(); ++size)
            CHECK_FALSE(can_read(std::string_view{ bytes }.substr(0, size)));
        CHECK_FALSE(can_read(bytes + "x"));
    }
}

TEST_CASE("call store: another version is another thing", "[call][store]")
{
    auto bytes = active().journal().at(0);
    bytes[1] = 2;
    CHECK_FALSE(can_read(bytes));

    // What the first version wrote of a call lacks fields of this one.
    auto earlier = active().journal().at(0);
    const auto head = earlier.find("C\2");
    REQUIRE(head != std::string::npos);
    earlier[head + 1] = 1;
    CHECK_FALSE(can_read(earlier));
}

TEST_CASE("call store: bytes that were changed are refused or give a call that goes on", "[call][store]")
{
    for (const auto& call : { ringing(), active() }) {
        const auto bytes = call.journal().at(0);
        for (std::size_t at = 0; at < bytes.size(); ++at)
            for (const char flipped : { '\x01', '\x20', '\x7f', '\xff' }) {
                auto changed = bytes;
                changed[at] = static_cast<char>(changed[at] ^ flipped);
                Dialogue d;
                if (!d.set().restore(changed, now))
                    continue;
                base::Arena arena;
                jingle::call::Turn turn{ arena, now.steady };
                d.set().say_again(now.steady);
                d.set().pass_time(turn);
                turn.now += 24h;
                d.set().pass_time(turn);
            }
    }
}

TEST_CASE("call store: the same call is not taken up twice", "[call][store]")
{
    auto d = active();
    CHECK_FALSE(d.set().restore(d.journal().at(0), now).has_value());
}

TEST_CASE("call store: a live call of the usual kind takes few bytes", "[call][store]")
{
    CHECK(active().journal().at(0).size() < 400);
}

TEST_CASE("call store: who rang when the process ended rings until his time is over", "[call][store]")
{
    auto d = ringing();
    (void)d.pass(20s);
    d.restart_process();
    CHECK(d.pass(39s).empty());
    CHECK(d.pass(1s) == Lines{ "bob (all) <- retract timeout", "alice <- session-terminate timeout" });
}

TEST_CASE("call store: after a restart each side of a call is asked, and what may be lost is said again",
          "[call][store][process]")
{
    SECTION("a call that is up")
    {
        auto d = active();
        d.restart_process();
        CHECK(d.reconnected() == Lines{ "alice <- session-info", "bob <- session-info" });
        CHECK(d.reply(alice, Action::session_info).empty());
        CHECK(d.reply(bob, Action::session_info).empty());
        CHECK(d.pass(59s).empty());
        CHECK(d.pass(1s) == Lines{ "alice <- session-info", "bob <- session-info" });
    }
    SECTION("a side that does not know it any more ends it at the other")
    {
        auto d = active();
        d.restart_process();
        (void)d.reconnected();
        CHECK(d.reply(bob, Action::session_info, xmpp::errors::unknown_session)
              == Lines{ "alice <- session-terminate gone" });
    }
    SECTION("a propose that nobody has answered")
    {
        auto d = ringing();
        d.restart_process();
        CHECK(d.reconnected() == Lines{ "bob (all) <- propose", "alice <- session-info" });
    }
    SECTION("not to who has said that he rings")
    {
        auto d = ringing();
        (void)d.message(bob, to_alice, "ringing");
        d.restart_process();
        CHECK(d.reconnected() == Lines{ "alice <- session-info" });
    }
    SECTION("that it is over")
    {
        auto d = ringing();
        (void)d.jingle(alice, to_bob, "session-terminate");
        d.restart_process();
        CHECK(d.reconnected() == Lines{ "bob (all) <- retract success" });
        (void)d.pass(60s);
        CHECK(d.calls() == 0);
    }
    SECTION("until it was heard")
    {
        auto d = active();
        (void)d.jingle(alice, to_bob, "session-terminate");
        d.restart_process();
        CHECK(d.reconnected() == Lines{ "bob <- session-terminate success" });
        (void)d.reply(bob, Action::session_terminate);
        CHECK(d.reconnected().empty());
    }
}

TEST_CASE("call store: an accept that the caller has not answered is said again once he is there",
          "[call][store][accept][process]")
{
    auto d = ringing();
    (void)d.message(bob, to_alice, "proceed");
    CHECK(d.jingle(bob, to_alice, "session-accept").at(1) == "alice <- session-accept");

    SECTION("after the stream or this process was lost")
    {
        d.restart_process();
        CHECK(d.reconnected() == Lines{ "alice <- session-info", "bob <- session-info" });
        CHECK(d.reply(bob, Action::session_info).empty());
        CHECK(d.reply(alice, Action::session_info) == Lines{ "alice <- session-accept" });
        CHECK(d.reply(alice, Action::session_info).empty());
        // He had it, or has it now.
        if (GENERATE(true, false))
            CHECK(d.reply(alice, Action::session_accept, xmpp::errors::out_of_order).empty());
        else
            CHECK(d.reply(alice, Action::session_accept).empty());
        CHECK(d.reconnected() == Lines{ "alice <- session-info", "bob <- session-info" });
        CHECK(d.reply(alice, Action::session_info).empty());
    }
    SECTION("his answer comes before that to the question: it was only late")
    {
        CHECK(d.reconnected().size() == 2);
        CHECK(d.reply(alice, Action::session_accept).empty());
        CHECK(d.reply(alice, Action::session_info).empty());
    }
    SECTION("he was away for a moment")
    {
        CHECK(d.reply(alice, Action::session_accept, xmpp::errors::service_unavailable).empty());
        CHECK(d.pass(10s) == Lines{ "alice <- session-info" });
        CHECK(d.reply(alice, Action::session_info) == Lines{ "alice <- session-accept" });
    }
    SECTION("he ends the call on the second: both hear it")
    {
        (void)d.reconnected();
        (void)d.reply(alice, Action::session_info);
        CHECK(d.jingle_as("end", alice, to_bob, "session-terminate", "s1",
                          "<reason><failed-application/></reason>")
              == Lines{ "alice <- result end", "bob <- session-terminate failed-application",
                        "bob <- finish failed-application" });
    }
    SECTION("no ping of every day repeats it")
    {
        (void)d.pass(60s);
        CHECK(d.reply(alice, Action::session_info).empty());
    }
}

TEST_CASE("call store: who refuses the accept is in no call, and nobody talks to him", "[call][accept]")
{
    const auto [error, reason] = GENERATE(table<xmpp::StanzaError, std::string>({
        { xmpp::errors::bad_request, "general-error" },
        { { xmpp::ErrorType::wait, xmpp::Condition::remote_server_timeout, {} }, "connectivity-error" },
        { xmpp::errors::unknown_session, "gone" },
    }));
    auto d = ringing();
    (void)d.message(bob, to_alice, "proceed");
    (void)d.jingle(bob, to_alice, "session-accept");
    const auto lines = d.reply(alice, Action::session_accept, error);
    CHECK(std::ranges::count(lines, "bob <- session-terminate " + reason) == 1);
    CHECK(d.noted().back() == "ended " + reason);
}

TEST_CASE("call store: many calls are asked one after the other", "[call][store][process]")
{
    Dialogue d;
    for (std::size_t i = 0; i < 3 * jingle::call::Calls::again_portion; ++i)
        (void)d.message(alice, to_bob, "propose", "s" + std::to_string(i));
    CHECK(d.reconnected().size() == jingle::call::Calls::again_portion);
    CHECK(d.pass(99ms).empty());
    CHECK(d.pass(1ms).size() == jingle::call::Calls::again_portion);
    CHECK(d.pass(100ms).size() == jingle::call::Calls::again_portion);
    CHECK(d.pass(100ms).empty());
}
