// The table at the head of jingle/call/call.cpp, row by row.
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
constexpr auto to_bob_phone = Dialogue::bob_phone;
constexpr auto to_alice = Dialogue::alice_contact;

/// A call that alice starts without a propose, to all of bob's devices.
Dialogue proposed()
{
    Dialogue d;
    (void)d.jingle_as("start", alice, to_bob, "session-initiate");
    return d;
}
/// The same started by a propose and taken up by bob's phone.
Dialogue proceeding()
{
    Dialogue d;
    (void)d.message(alice, to_bob, "propose");
    (void)d.message(bob, to_alice, "proceed");
    return d;
}
Dialogue pending()
{
    auto d = proposed();
    (void)d.message(bob, to_alice, "proceed");
    return d;
}
Dialogue active()
{
    auto d = pending();
    (void)d.jingle_as("accept", bob, to_alice, "session-accept");
    return d;
}
Dialogue ended()
{
    auto d = active();
    (void)d.jingle_as("end", alice, to_bob, "session-terminate");
    return d;
}

/// What the other side hears of a request, and how the sender is answered.
enum class Outcome { passed, held, end_to_end, out_of_order, unknown_session };

Outcome outcome_of(const Lines& lines)
{
    REQUIRE_FALSE(lines.empty());
    const auto& first = lines.front();
    if (first.find("out-of-order") != std::string::npos)
        return Outcome::out_of_order;
    if (first.find("unknown-session") != std::string::npos)
        return Outcome::unknown_session;
    if (first.find("(end to end)") != std::string::npos)
        return Outcome::end_to_end;
    REQUIRE(first.find("<- result") != std::string::npos);
    return lines.size() == 1 ? Outcome::held : Outcome::passed;
}

}  // namespace

TEST_CASE("call: every action in every state is answered as the table says", "[call]")
{
    using enum Outcome;
    struct Row {
        std::string_view action;
        std::string_view inside;
        std::array<Outcome, 4> caller;  // proposed, pending, active, ended
        std::array<Outcome, 4> callee;
    };
    const auto row = GENERATE(values<Row>({
        { "session-initiate",
          "",
          { out_of_order, out_of_order, out_of_order, out_of_order },
          { out_of_order, out_of_order, out_of_order, out_of_order } },
        { "session-accept",
          "",
          { out_of_order, out_of_order, out_of_order, unknown_session },
          { unknown_session, passed, out_of_order, unknown_session } },
        { "session-terminate",
          "",
          { passed, passed, passed, unknown_session },
          { unknown_session, passed, passed, unknown_session } },
        { "transport-info",
          "",
          { held, passed, passed, unknown_session },
          { unknown_session, passed, passed, unknown_session } },
        { "transport-info",
          Dialogue::restart,
          { held, passed, end_to_end, unknown_session },
          { unknown_session, passed, end_to_end, unknown_session } },
        { "description-info",
          "",
          { held, passed, passed, unknown_session },
          { unknown_session, passed, passed, unknown_session } },
        { "session-info",
          "",
          { held, passed, passed, unknown_session },
          { unknown_session, passed, passed, unknown_session } },
        { "security-info",
          "",
          { held, passed, passed, unknown_session },
          { unknown_session, passed, passed, unknown_session } },
        { "content-add",
          "",
          { held, held, end_to_end, unknown_session },
          { unknown_session, held, end_to_end, unknown_session } },
        { "content-modify",
          "",
          { held, held, end_to_end, unknown_session },
          { unknown_session, held, end_to_end, unknown_session } },
        { "content-remove",
          "",
          { held, held, end_to_end, unknown_session },
          { unknown_session, held, end_to_end, unknown_session } },
        { "transport-replace",
          "",
          { held, held, end_to_end, unknown_session },
          { unknown_session, held, end_to_end, unknown_session } },
        { "content-accept",
          "",
          { out_of_order, out_of_order, end_to_end, unknown_session },
          { unknown_session, out_of_order, end_to_end, unknown_session } },
        { "content-reject",
          "",
          { out_of_order, out_of_order, end_to_end, unknown_session },
          { unknown_session, out_of_order, end_to_end, unknown_session } },
        { "transport-accept",
          "",
          { out_of_order, out_of_order, end_to_end, unknown_session },
          { unknown_session, out_of_order, end_to_end, unknown_session } },
        { "transport-reject",
          "",
          { out_of_order, out_of_order, end_to_end, unknown_session },
          { unknown_session, out_of_order, end_to_end, unknown_session } },
    }));
    CAPTURE(row.action, row.inside);

    const std::array<Dialogue (*)(), 4> states{ proposed, pending, active, ended };
    for (std::size_t i = 0; i < states.size(); ++i) {
        CAPTURE(i);
        auto as_caller = states[i]();
        CHECK(outcome_of(as_caller.jingle(alice, to_bob, row.action, "s1", row.inside)) == row.caller[i]);
        auto as_callee = states[i]();
        // In proposed no device of bob's has a session yet; a request of any of them is unknown.
        const auto lines = as_callee.jingle(bob, to_alice, row.action, "s1", row.inside);
        CHECK(outcome_of(lines) == row.callee[i]);
    }
}

TEST_CASE("call: while the caller's offer is awaited every other request has no session", "[call]")
{
    for (const auto& action : jingle::action_rows) {
        CAPTURE(action.token);
        auto d = proceeding();
        if (action.value == Action::session_initiate)
            CHECK(d.jingle(alice, to_bob, "session-initiate")
                  == Lines{ "alice <- result i1", "bob <- session-initiate" });
        else
            CHECK(outcome_of(d.jingle(alice, to_bob, action.token)) == Outcome::unknown_session);
    }
}

TEST_CASE("call: plain Jingle on both sides", "[call]")
{
    Dialogue d;
    CHECK(d.jingle(alice, to_bob_phone, "session-initiate")
          == Lines{ "alice <- result i1", "bob <- session-initiate" });
    CHECK(d.reply(bob, Action::session_initiate).empty());
    CHECK(d.jingle(bob, to_alice, "session-info", "s1", "<ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>")
          == Lines{ "bob <- result i2", "alice <- session-info ringing" });
    CHECK(d.jingle(alice, to_bob_phone, "transport-info")
          == Lines{ "alice <- result i3", "bob <- transport-info" });
    CHECK(d.jingle(bob, to_alice, "session-accept")
          == Lines{ "bob <- result i4", "alice <- session-accept" });
    CHECK(d.jingle(bob, to_alice, "session-terminate")
          == Lines{ "bob <- result i5", "alice <- session-terminate success" });
}

TEST_CASE("call: Message Initiation on both sides", "[call][jmi]")
{
    Dialogue d;
    CHECK(d.message(alice, to_bob, "propose") == Lines{ "bob (all) <- propose" });
    CHECK(d.message(bob, to_alice, "ringing") == Lines{ "alice <- ringing" });
    CHECK(d.message(bob, to_alice, "proceed") == Lines{ "alice <- proceed" });
    CHECK(d.message("bob@b.test/tablet", to_alice, "proceed").empty());
    CHECK(d.jingle(alice, to_bob, "session-initiate")
          == Lines{ "alice <- result i1", "bob <- session-initiate" });
    CHECK(d.jingle(bob, to_alice, "session-accept")
          == Lines{ "bob <- result i2", "alice <- session-accept" });
    CHECK(d.jingle(alice, to_bob, "session-terminate")
          == Lines{ "alice <- result i3", "bob <- session-terminate success", "bob <- finish success",
                    "alice <- finish success" });
    CHECK(d.message(alice, to_bob, "finish").empty());
}

TEST_CASE("call: a caller without Message Initiation reaches a callee who rings by it", "[call][jmi]")
{
    Dialogue d;
    CHECK(d.jingle(alice, to_bob, "session-initiate")
          == Lines{ "alice <- result i1", "bob (all) <- propose" });
    CHECK(d.jingle(alice, to_bob, "transport-info") == Lines{ "alice <- result i2" });
    CHECK(d.message(bob, to_alice, "ringing") == Lines{ "alice <- session-info ringing" });
    CHECK(d.message(bob, to_alice, "proceed") == Lines{ "bob <- session-initiate", "bob <- transport-info" });
    CHECK(d.jingle(bob, to_alice, "session-accept")
          == Lines{ "bob <- result i3", "alice <- session-accept" });
}

TEST_CASE("call: a proceed without a device is none", "[call][jmi]")
{
    auto d = proposed();
    CHECK(d.message("bob@b.test", to_alice, "proceed").empty());
    CHECK(d.message(bob, to_alice, "proceed") == Lines{ "bob <- session-initiate" });
}

TEST_CASE("call: an offer that comes before the proceed waits for it", "[call][jmi]")
{
    Dialogue d;
    (void)d.message(alice, to_bob, "propose");
    CHECK(d.jingle(alice, to_bob, "session-initiate") == Lines{ "alice <- result i1" });
    CHECK(d.message(bob, to_alice, "proceed") == Lines{ "alice <- proceed", "bob <- session-initiate" });
}

TEST_CASE("call: a reject reaches the caller in his own words", "[call][jmi]")
{
    Dialogue jmi;
    (void)jmi.message(alice, to_bob, "propose");
    CHECK(jmi.message(bob, to_alice, "reject") == Lines{ "alice <- reject" });

    auto plain = proposed();
    CHECK(plain.message(bob, to_alice, "reject") == Lines{ "alice <- session-terminate decline" });

    auto late = proceeding();
    CHECK(late.message("bob@b.test/tablet", to_alice, "reject").empty());
    CHECK(late.message(bob, to_alice, "reject") == Lines{ "alice <- reject" });
}

TEST_CASE("call: giving up while it rings retracts", "[call][jmi]")
{
    Dialogue jmi;
    (void)jmi.message(alice, to_bob, "propose");
    CHECK(jmi.message(alice, to_bob, "retract") == Lines{ "bob (all) <- retract" });

    auto plain = proposed();
    CHECK(plain.jingle(alice, to_bob, "session-terminate")
          == Lines{ "alice <- result i1", "bob (all) <- retract success" });

    auto late = pending();
    CHECK(late.message(alice, to_bob, "retract").front() == "bob <- session-terminate cancel");
}

TEST_CASE("call: who gives up after the proceed and before his offer retracts", "[call][jmi]")
{
    auto d = proceeding();
    CHECK(d.message(alice, to_bob, "retract") == Lines{ "bob <- retract" });
    CHECK(d.jingle(alice, to_bob, "session-initiate") == Lines{ "alice <- error i1 out-of-order" });
}

TEST_CASE("call: what the wrong side, the wrong device or a stranger says of it is not even answered",
          "[call][jmi][forged]")
{
    const std::array<Dialogue (*)(), 5> states{ proposed, proceeding, pending, active, ended };
    for (const auto& make : states) {
        const auto unheard = [&](std::string_view from, std::string_view to, std::string_view kind) {
            CAPTURE(&make - states.data(), from, kind);
            auto d = make();
            CHECK(d.message(from, to, kind).empty());
            CHECK(d.calls() == 1);
        };
        for (const auto kind : { "ringing", "proceed", "reject", "accept" })
            unheard(alice, to_bob, kind);
        for (const auto kind : { "retract", "accept" })
            unheard(bob, to_alice, kind);
        for (const auto kind : { "ringing", "proceed", "reject", "retract", "finish", "accept" })
            for (const auto& [from, to] : { std::pair{ "mallory@b.test/x", to_alice },
                                            { "mallory@a.test/x", to_bob },
                                            { "alice@a.test/other", to_bob } })
                unheard(from, to, kind);
    }
}

TEST_CASE("call: of an ended call only a late proceed is answered, once each time", "[call][jmi][forged]")
{
    auto d = ended();
    for (const auto kind : { "ringing", "reject", "retract", "finish", "accept", "propose" })
        CHECK(d.message(bob, to_alice, kind).empty());
    for (const auto kind : { "retract", "finish", "propose" })
        CHECK(d.message(alice, to_bob, kind).empty());
    CHECK(d.message(bob, to_alice, "proceed") == Lines{ std::string{ bob } + " <- retract cancel" });
    CHECK(d.bounce(bob, to_alice).empty());
    CHECK(d.reply(bob, Action::session_terminate, xmpp::errors::unknown_session).empty());
    CHECK(d.reply(bob, Action::session_initiate, xmpp::errors::service_unavailable).empty());
}

TEST_CASE("call: a propose that bounces is an unavailable callee", "[call][jmi]")
{
    Dialogue jmi;
    (void)jmi.message(alice, to_bob, "propose");
    CHECK(jmi.bounce("bob@b.test", to_alice) == Lines{ "alice <- message error service-unavailable" });

    auto plain = proposed();
    CHECK(plain.bounce("bob@b.test", to_alice) == Lines{ "alice <- session-terminate gone" });
    CHECK(plain.bounce("bob@b.test", to_alice).empty());
}

TEST_CASE("call: an error to the offer ends the call with its meaning", "[call]")
{
    using xmpp::Condition;
    using xmpp::ErrorType;
    const auto [error, line] = GENERATE(table<xmpp::StanzaError, std::string>({
        { xmpp::errors::service_unavailable, "alice <- session-terminate gone" },
        { { ErrorType::wait, Condition::remote_server_timeout, {} },
          "alice <- session-terminate connectivity-error" },
        { xmpp::errors::security_required, "alice <- session-terminate security-error" },
        { xmpp::errors::feature_not_implemented, "alice <- session-terminate unsupported-applications" },
        { xmpp::errors::bad_request, "alice <- session-terminate general-error" },
    }));
    Dialogue d;
    (void)d.jingle(alice, to_bob_phone, "session-initiate");
    CHECK(d.reply(bob, Action::session_initiate, error) == Lines{ line });
}

TEST_CASE("call: replies to what negotiates go back end to end", "[call]")
{
    auto d = active();
    CHECK(d.jingle(alice, to_bob, "content-add") == Lines{ "bob <- content-add (end to end)" });
    CHECK(d.reply(bob, Action::content_add) == Lines{ "alice <- result i1" });
    CHECK(d.jingle(bob, to_alice, "content-modify") == Lines{ "alice <- content-modify (end to end)" });
    CHECK(d.reply(alice, Action::content_modify, xmpp::errors::bad_request)
          == Lines{ "bob <- error i2 bad-request" });
}

TEST_CASE("call: late errors to what was acknowledged are absorbed, unknown-session is not", "[call]")
{
    auto d = active();
    (void)d.jingle(alice, to_bob, "session-info");
    CHECK(d.reply(bob, Action::session_info, xmpp::errors::unsupported_info).empty());
    (void)d.jingle(alice, to_bob, "transport-info");
    CHECK(d.reply(bob, Action::transport_info, xmpp::errors::bad_request).empty());
    CHECK(d.reply(bob, Action::transport_info, xmpp::errors::unknown_session)
          == Lines{ "alice <- session-terminate gone" });
}

TEST_CASE("call: of two actions that cross the initiator's stands", "[call][tie-break]")
{
    auto d = active();
    (void)d.jingle(alice, to_bob, "content-add");
    CHECK(d.jingle(bob, to_alice, "content-add") == Lines{ "bob <- error i2 tie-break" });

    auto e = active();
    (void)e.jingle(bob, to_alice, "content-add");
    CHECK(e.jingle(alice, to_bob, "content-add")
          == Lines{ "bob <- error i1 tie-break", "bob <- content-add (end to end)" });
    // alice answers bob's lost action with tie-break herself: bob has heard it already.
    CHECK(e.reply(alice, Action::content_add, xmpp::errors::tie_break).empty());
    CHECK(e.reply(bob, Action::content_add) == Lines{ "alice <- result i2" });
}

TEST_CASE("call: actions on different contents do not cross", "[call][tie-break]")
{
    auto d = active();
    (void)d.jingle(alice, to_bob, "content-modify");
    CHECK(d.jingle(bob, to_alice, "content-modify", "s1",
                   "<content creator='initiator' name='video' senders='none'/>")
          == Lines{ "alice <- content-modify (end to end)" });
}

TEST_CASE("call: a negotiation that nobody answers is answered after its time", "[call]")
{
    auto d = active();
    (void)d.jingle(alice, to_bob, "content-add");
    CHECK(d.pass(29s).empty());
    CHECK(d.pass(1s) == Lines{ "alice <- error i1 remote-server-timeout" });
    CHECK(d.reply(bob, Action::content_add).empty());  // An IQ has one answer (RFC 6120, 8.2.3).
}

TEST_CASE("call: what negotiates before the accept waits for it", "[call]")
{
    auto d = pending();
    CHECK(d.jingle(alice, to_bob, "content-add") == Lines{ "alice <- result i1" });
    CHECK(d.jingle(bob, to_alice, "content-modify") == Lines{ "bob <- result i2" });
    CHECK(d.jingle(bob, to_alice, "session-accept")
          == Lines{ "bob <- result i3", "alice <- session-accept", "bob <- content-add",
                    "alice <- content-modify" });
}

TEST_CASE("call: each wait ends in its time", "[call][time]")
{
    auto ringing = proposed();
    CHECK(ringing.pass(59999ms).empty());
    CHECK(ringing.pass(1ms) == Lines{ "bob (all) <- retract timeout", "alice <- session-terminate timeout" });

    auto waiting = proceeding();
    CHECK(waiting.pass(19999ms).empty());
    CHECK(waiting.pass(1ms) == Lines{ "alice <- reject timeout", "bob <- retract timeout" });

    auto offered = pending();
    CHECK(offered.pass(19999ms).empty());
    CHECK(offered.pass(1ms)
          == Lines{ "alice <- session-terminate timeout", "bob <- session-terminate timeout",
                    "bob <- finish timeout" });

    Dialogue plain;
    (void)plain.jingle(alice, to_bob_phone, "session-initiate");
    (void)plain.reply(bob, Action::session_initiate);
    CHECK(plain.pass(59999ms).empty());
    CHECK(plain.pass(1ms).size() == 2);
}

TEST_CASE("call: a running call is asked whether it is there, and stays", "[call][time]")
{
    auto d = active();
    CHECK(d.pass(60s) == Lines{ "alice <- session-info", "bob <- session-info" });
    CHECK(d.reply(alice, Action::session_info).empty());
    CHECK(d.reply(bob, Action::session_info).empty());
    CHECK(d.pass(60s).size() == 2);
    CHECK(d.reply(bob, Action::session_info, xmpp::errors::service_unavailable)
          == Lines{ "alice <- session-terminate gone" });
}

TEST_CASE("call: who waits for the far side's answer when the call ends gets one", "[call]")
{
    const bool caller_ends = GENERATE(true, false);
    auto d = active();
    CHECK(d.jingle_as("open", alice, to_bob, "transport-info", "s1", Dialogue::restart)
          == Lines{ "bob <- transport-info (end to end)" });
    const auto lines = caller_ends ? d.jingle(alice, to_bob, "session-terminate")
                                   : d.jingle(bob, to_alice, "session-terminate");
    CHECK(std::ranges::count(lines, "alice <- error open unknown-session") == 1);
    // Its late answer goes nowhere.
    CHECK(d.reply(bob, jingle::Action::transport_info).empty());
}

TEST_CASE("call: a session-info that is refused ends no call, whatever the error", "[call][time][process]")
{
    auto d = active();
    (void)d.jingle(alice, to_bob, "session-info", "s1", "<dtmf xmlns='urn:xmpp:jingle:dtmf:0' code='1'/>");
    CHECK(d.reply(bob, Action::session_info, xmpp::errors::service_unavailable).empty());
    // It may also mean that bob is gone, so he is asked, and answers.
    CHECK(d.pass(10s) == Lines{ "bob <- session-info" });
    CHECK(d.reply(bob, Action::session_info).empty());
    CHECK(d.pass(10s).empty());
}

TEST_CASE("call: a device that goes away is waited for, asked, and given up", "[call][time][process]")
{
    auto d = active();
    CHECK(d.gone(bob).empty());
    CHECK(d.pass(9999ms).empty());
    CHECK(d.pass(1ms) == Lines{ "bob <- session-info" });
    CHECK(
        d.pass(10s)
        == Lines{ "alice <- session-terminate gone", "bob <- session-terminate gone", "bob <- finish gone" });

    auto back = active();
    (void)back.gone(bob);
    (void)back.pass(10s);
    CHECK(back.reply(bob, Action::session_info).empty());
    CHECK(back.pass(10s).empty());

    Dialogue ringing;
    (void)ringing.message(alice, to_bob, "propose");
    CHECK(ringing.gone(alice).empty());
    CHECK(ringing.pass(10s) == Lines{ "alice <- reject gone", "bob (all) <- retract gone" });
}

TEST_CASE("call: a request that bounces starts the wait for the device", "[call][time][process]")
{
    auto d = active();
    (void)d.jingle(alice, to_bob, "transport-info");
    CHECK(d.reply(bob, Action::transport_info, xmpp::errors::service_unavailable).empty());
    CHECK(d.pass(10s) == Lines{ "bob <- session-info" });
    CHECK(d.reply(bob, Action::session_info, xmpp::errors::service_unavailable)
          == Lines{ "alice <- session-terminate gone" });
}

TEST_CASE("call: an ended call is remembered for a minute and then forgotten", "[call][time]")
{
    auto d = ended();
    CHECK(d.calls() == 1);
    CHECK(d.pass(59999ms).empty());
    CHECK(d.calls() == 1);
    CHECK(d.pass(1ms).empty());
    CHECK(d.calls() == 0);
    CHECK(d.deadline() == std::nullopt);
}
