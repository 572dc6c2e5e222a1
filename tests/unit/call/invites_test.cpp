// Callers who ask by a call invite (XEP-0482).
#include <catch2/catch.hpp>

#include "jingle/call/xmpp_leg.hpp"
#include "support/dialogue.hpp"

using jingle::Action;
using test::Dialogue;
using test::Lines;
using namespace std::chrono_literals;

namespace {

constexpr auto alice = Dialogue::alice;
constexpr std::string_view tablet = "alice@a.test/tablet";
constexpr auto bob = Dialogue::bob;
constexpr auto to_bob = Dialogue::bob_contact;
constexpr auto to_alice = Dialogue::alice_contact;
constexpr std::string_view way = "<jingle sid='s1'/>";

}  // namespace

TEST_CASE("invites: a call is asked for, taken up, and left", "[call][invite]")
{
    Dialogue d;
    CHECK(d.invite(alice, to_bob, "invite", "c1", way) == Lines{ "bob (all) <- propose" });
    CHECK(d.message(bob, to_alice, "ringing") == Lines{ "alice <- ringing" });
    CHECK(d.message(bob, to_alice, "proceed") == Lines{ "alice <- proceed" });
    CHECK(d.jingle(alice, to_bob, "session-initiate")
          == Lines{ "alice <- result i1", "bob <- session-initiate" });
    CHECK(d.jingle(bob, to_alice, "session-accept").back() == "alice <- session-accept");
    CHECK(d.invite(alice, to_bob, "left", "c1").empty());  // The session is ended by its own word.
    CHECK(d.jingle(alice, to_bob, "session-terminate")
          == Lines{ "alice <- result i3", "bob <- session-terminate success", "bob <- finish success",
                    "alice <- finish success" });
    CHECK(d.noted().back() == "ended success");
}

TEST_CASE("invites: retract, and left before anybody has answered, give up", "[call][invite]")
{
    const auto word = GENERATE("retract", "left");
    Dialogue d;
    (void)d.invite(alice, to_bob, "invite", "c1", way);
    // Only who has invited, only under that id.
    CHECK(d.invite(alice, to_bob, word, "s1").empty());
    CHECK(d.invite(tablet, to_bob, word, "c1").empty());
    CHECK(d.invite("mallory@a.test/x", to_bob, word, "c1").empty());
    CHECK(d.invite(bob, to_alice, word, "c1").empty());
    CHECK(d.invite(alice, to_bob, word, "c1") == Lines{ "bob (all) <- retract cancel" });
    CHECK(d.invite(alice, to_bob, word, "c1").empty());
    CHECK(d.noted().back() == "ended cancel");
}

TEST_CASE("invites: the callee's answer is the caller's in his own words", "[call][invite]")
{
    Dialogue d;
    (void)d.invite(alice, to_bob, "invite", "c1", way);
    CHECK(d.message(bob, to_alice, "reject") == Lines{ "alice <- reject" });

    Dialogue unheard;
    (void)unheard.invite(alice, to_bob, "invite", "c1", way);
    CHECK(unheard.bounce("bob@b.test", to_alice) == Lines{ "alice <- message error service-unavailable" });
    // XEP-0353, 6: without it then.
    CHECK(unheard.jingle(alice, to_bob, "session-initiate").back() == "bob (all) <- propose");
}

TEST_CASE("invites: the session may come from another device of the inviter's, from nobody else's",
          "[call][invite]")
{
    Dialogue d;
    CHECK(d.invite(alice, to_bob, "invite", "c1", "<jingle sid='s1' jid='alice@a.test/tablet'/>")
          == Lines{ "bob (all) <- propose" });
    CHECK(d.message(bob, to_alice, "proceed") == Lines{ "alice <- proceed" });
    CHECK(d.jingle(alice, to_bob, "session-initiate") == Lines{ "alice <- error i1 out-of-order" });
    CHECK(d.jingle(tablet, to_bob, "session-initiate")
          == Lines{ "alice <- result i2", "bob <- session-initiate" });

    for (const auto jid : { "mallory@a.test/x", "alice@a.test", "bob\\40b.test@call.a.test/call", "@" }) {
        CAPTURE(jid);
        CHECK(d.invite(alice, to_bob, "invite", "c2", "<jingle sid='s2' jid='" + std::string{ jid } + "'/>")
              == Lines{ "alice <- message error bad-request" });
    }
    CHECK(d.calls() == 1);
}

TEST_CASE("invites: what nobody here can join, or is asked for twice, starts no call", "[call][invite]")
{
    Dialogue d;
    CHECK(d.invite(alice, to_bob, "invite", "c1", "<external uri='https://x.test/'/>")
          == Lines{ "alice <- message error feature-not-implemented" });
    for (const auto word : { "accept", "reject", "retract", "left" })
        CHECK(d.invite(alice, to_bob, word, "c1").empty());
    CHECK(d.calls() == 0);

    (void)d.invite(alice, to_bob, "invite", "c1", way);
    CHECK(d.invite(alice, to_bob, "invite", "c1", way).empty());
    CHECK(d.invite(alice, to_bob, "invite", "c2", way) == Lines{ "alice <- message error out-of-order" });
    CHECK(d.message(alice, to_bob, "propose").empty());  // the same call, in other words
    CHECK(d.calls() == 1);
    CHECK(d.invite("eve@e.test/x", to_bob, "invite", "c1", way)
          == Lines{ "eve <- message error service-unavailable" });
}

TEST_CASE("invites: a call is forgotten with its invite", "[call][invite]")
{
    Dialogue d;
    (void)d.invite(alice, to_bob, "invite", "s1", way);  // some clients use one id for both
    CHECK(d.message(alice, to_bob, "retract") == Lines{ "bob (all) <- retract" });
    (void)d.pass(60s);
    CHECK(d.calls() == 0);
    CHECK(d.invite(alice, to_bob, "retract", "s1").empty());
    CHECK(d.invite(alice, to_bob, "invite", "s1", way) == Lines{ "bob (all) <- propose" });
}

TEST_CASE("invites: on the wire the caller hears of his invite, at the address he wrote from",
          "[call][invite][xmpp-leg]")
{
    using namespace jingle::call;
    base::Arena arena;
    RingPlan plan;
    plan.legs.push_back(
        Leg{ .own = Dialogue::jid(to_alice), .peer = Dialogue::jid(bob), .sid = std::string{ "s1" } });
    Call call{ CallId::make("key", "alice@a.test", "bob@b.test", "s1"),
               Leg{ .own = Dialogue::jid(Dialogue::bob_phone), .peer = Dialogue::jid(tablet), .sid = "s1" },
               std::move(plan), std::make_shared<const Settings>() };
    call.set_invite({ "c1", Dialogue::jid(alice), true });
    const auto on_the_wire = [&](const Output& output) {
        std::string out;
        append_stanza(out, call, output, arena);
        return out;
    };
    const auto say = [&](jingle::MessageKind kind) {
        jingle::Message message;
        message.kind = kind;
        return on_the_wire(Say{ caller_leg, message });
    };

    CHECK(
        say(jingle::MessageKind::proceed)
        == "<message from='bob\\40b.test@call.a.test/phone' to='alice@a.test/pc' id='accept.s1' type='chat'>"
           "<accept xmlns='urn:xmpp:call-invites:0' id='c1'><jingle sid='s1' jid='alice@a.test/tablet'/>"
           "</accept><store xmlns='urn:xmpp:hints'/></message>");
    CHECK(say(jingle::MessageKind::reject).find("<reject xmlns='urn:xmpp:call-invites:0' id='c1'/>")
          != std::string::npos);
    CHECK(say(jingle::MessageKind::finish).find("<left xmlns='urn:xmpp:call-invites:0' id='c1'/>")
          != std::string::npos);
    CHECK(say(jingle::MessageKind::ringing).empty());
    CHECK(on_the_wire(Refuse{ caller_leg, "m1", xmpp::errors::service_unavailable })
              .find("to='alice@a.test/pc'")
          != std::string::npos);
    // The callee is spoken to as ever.
    CHECK(on_the_wire(Say{ callee_leg, {} }).find("urn:xmpp:jingle-message:0") != std::string::npos);
}
