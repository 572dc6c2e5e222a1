// {JMI, plain, both} callers x {JMI, plain, mixed} callees x what may come of it.
#include <algorithm>

#include <catch2/catch.hpp>

#include "support/dialogue.hpp"

using jingle::Action;
using test::Dialogue;
using test::Lines;
using namespace std::chrono_literals;

namespace {

constexpr auto alice = Dialogue::alice;
constexpr auto to_bob = Dialogue::bob_contact;
constexpr auto to_alice = Dialogue::alice_contact;
constexpr std::string_view phone = "bob@b.test/phone";  // Message Initiation
constexpr std::string_view tablet = "bob@b.test/tablet";  // the same
constexpr std::string_view kaidan = "bob@b.test/kaidan";  // plain Jingle
constexpr std::string_view gajim = "bob@b.test/gajim";  // the same

/// How alice calls: by a propose, by a session-initiate, or by both without waiting for an answer.
enum class Caller { jmi, plain, both };
enum class Callee { jmi, plain, mixed };
enum class Event { answer, reject, busy, no_answer, retract, vanishes, elsewhere };

struct Scene {
    Dialogue d;
    Caller caller;
    Callee callee;
    Lines heard{};

    [[nodiscard]] bool has_jmi() const { return callee != Callee::plain; }
    [[nodiscard]] bool has_plain() const { return callee != Callee::jmi; }
    /// A caller who proposes is asked for the offer before anybody has answered when somebody needs it.
    [[nodiscard]] bool has_session() const { return caller != Caller::jmi || has_plain(); }

    void hear(const Lines& lines) { heard.insert(heard.end(), lines.begin(), lines.end()); }
    [[nodiscard]] bool heard_line(std::string_view line) const
    {
        return std::ranges::find(heard, line) != heard.end();
    }
    [[nodiscard]] long count(std::string_view line) const { return std::ranges::count(heard, line); }

    void call()
    {
        if (caller != Caller::plain)
            hear(d.message(alice, to_bob, "propose"));
        if (caller != Caller::jmi || heard_line("alice <- proceed"))
            hear(d.jingle(alice, to_bob, "session-initiate"));
        CHECK(count("bob (all) <- propose") == (has_jmi() ? 1 : 0));
        CHECK(count("bob/kaidan <- session-initiate") == (has_plain() ? 1 : 0));
        CHECK(count("bob/gajim <- session-initiate") == (has_plain() ? 1 : 0));
        heard.clear();
    }

    /// The phone takes it by Message Initiation, or Kaidan by a session-accept.
    void answer(bool by_jmi)
    {
        if (!by_jmi)
            return hear(d.jingle(kaidan, to_alice, "session-accept"));
        hear(d.message(phone, to_alice, "proceed"));
        if (!has_session())
            hear(d.jingle(alice, to_bob, "session-initiate"));
        CHECK(heard_line("bob/phone <- session-initiate"));
        hear(d.jingle(phone, to_alice, "session-accept"));
    }
    void refuse(bool by_jmi, std::string_view reason)
    {
        const auto inside = "<reason xmlns='urn:xmpp:jingle:1'><" + std::string{ reason } + "/></reason>";
        const auto plain = "<reason><" + std::string{ reason } + "/></reason>";
        if (by_jmi)
            hear(d.message(phone, to_alice, "reject", "s1", inside));
        else
            hear(d.jingle(kaidan, to_alice, "session-terminate", "s1", plain));
    }
};

Scene scene(Caller caller, Callee callee)
{
    roster::Party bob{ .user = Dialogue::jid("bob@b.test"),
                       .propose = callee != Callee::plain,
                       .devices = {} };
    if (callee != Callee::jmi)
        bob.devices = { { Dialogue::jid(kaidan), roster::Rings::by_initiate, {} },
                        { Dialogue::jid(gajim), roster::Rings::by_initiate, {} } };
    Scene made{ Dialogue{
                    Dialogue::default_settings(),
                    std::make_unique<test::StagedDirectory>(std::vector<roster::Stage>{ { { bob }, {} } }) },
                caller, callee };
    made.d.name_devices();
    return made;
}

/// The one thing the caller hears of the end, whatever the callee's devices speak.
std::string end_for(const Scene& s, std::string_view reason)
{
    return (s.has_session() ? "alice <- session-terminate " : "alice <- reject ") + std::string{ reason };
}

}  // namespace

TEST_CASE("matrix: each caller reaches each callee, and hears one end", "[call][matrix][process]")
{
    const auto caller = GENERATE(Caller::jmi, Caller::plain, Caller::both);
    const auto callee = GENERATE(Callee::jmi, Callee::plain, Callee::mixed);
    const auto event = GENERATE(Event::answer, Event::reject, Event::busy, Event::no_answer, Event::retract,
                                Event::vanishes, Event::elsewhere);
    const bool by_jmi = GENERATE(true, false);
    CAPTURE(static_cast<int>(caller), static_cast<int>(callee), static_cast<int>(event), by_jmi);
    auto s = scene(caller, callee);
    if (by_jmi ? !s.has_jmi() : !s.has_plain())
        return;  // Nobody there to do it.
    s.call();

    switch (event) {
    case Event::answer:
    case Event::elsewhere:
        s.answer(by_jmi);
        CHECK(s.count("alice <- session-accept") == 1);
        // Who rings on is told at once, and only he.
        CHECK(s.count("bob/gajim <- session-terminate cancel") == (s.has_plain() ? 1 : 0));
        CHECK(s.count("bob/kaidan <- session-terminate cancel") == (s.has_plain() && by_jmi ? 1 : 0));
        CHECK(s.count("bob (all) <- retract cancel") == (s.has_jmi() && !by_jmi ? 1 : 0));
        if (event == Event::elsewhere) {
            // Late answers change nothing.
            s.heard.clear();
            if (s.has_plain())
                CHECK(s.d.jingle_as("late", gajim, to_alice, "session-accept")
                      == Lines{ "bob/gajim <- error late unknown-session" });
            if (s.has_jmi() && by_jmi)
                CHECK(s.d.message(tablet, to_alice, "proceed").empty());  // It has heard of it by carbon.
            if (s.has_jmi() && !by_jmi)
                CHECK(s.d.message(tablet, to_alice, "proceed")
                      == Lines{ std::string{ tablet } + " <- retract cancel" });
        }
        CHECK(s.d.jingle(alice, to_bob, "session-terminate").size() >= 2);
        CHECK(s.d.noted().back() == "ended success");
        return;
    case Event::reject:
        s.refuse(by_jmi, "decline");
        CHECK(s.count(end_for(s, "decline")) == 1);
        CHECK(s.count("bob/gajim <- session-terminate cancel") == (s.has_plain() ? 1 : 0));
        CHECK(s.count("bob (all) <- retract cancel") == (s.has_jmi() && !by_jmi ? 1 : 0));
        CHECK(s.d.noted().back() == "ended decline");
        return;
    case Event::busy:
        s.refuse(by_jmi, "busy");
        if (by_jmi) {
            CHECK(s.count(end_for(s, "busy")) == 1);
            CHECK(s.d.noted().back() == "ended busy");
            return;
        }
        // One plain device is busy: that is not yet its user.
        CHECK(s.heard.size() == 1);
        s.hear(s.d.jingle(gajim, to_alice, "session-terminate", "s1", "<reason><busy/></reason>"));
        if (s.has_jmi())
            s.hear(s.d.message(phone, to_alice, "reject", "s1",
                               "<reason xmlns='urn:xmpp:jingle:1'><busy/></reason>"));
        CHECK(s.count(end_for(s, "busy")) == 1);
        return;
    case Event::no_answer:
        for (const auto device : { kaidan, gajim })
            if (s.has_plain())
                s.hear(s.d.reply(device, Action::session_initiate));
        s.hear(s.d.pass(60s));
        CHECK(s.count(end_for(s, "timeout")) == 1);
        CHECK(s.count("bob (all) <- retract timeout") == (s.has_jmi() ? 1 : 0));
        CHECK(s.count("bob/kaidan <- session-terminate timeout") == (s.has_plain() ? 1 : 0));
        CHECK(s.d.noted().back() == "ended timeout");
        return;
    case Event::retract:
        if (caller == Caller::jmi && !s.has_session())
            s.hear(s.d.message(alice, to_bob, "retract"));
        else
            s.hear(s.d.jingle(alice, to_bob, "session-terminate", "s1", "<reason><cancel/></reason>"));
        CHECK(s.count("bob (all) <- retract") + s.count("bob (all) <- retract cancel")
              == (s.has_jmi() ? 1 : 0));
        CHECK(s.count("bob/gajim <- session-terminate cancel") == (s.has_plain() ? 1 : 0));
        CHECK(s.count("bob/kaidan <- session-terminate cancel") == (s.has_plain() ? 1 : 0));
        CHECK(s.d.noted().back() == "ended cancel");
        return;
    case Event::vanishes:
        if (s.has_jmi())
            s.hear(s.d.bounce("bob@b.test", to_alice));
        if (s.has_plain()) {
            (void)s.d.gone(kaidan);
            s.hear(s.d.reply(gajim, Action::session_initiate, xmpp::errors::service_unavailable));
            CHECK(s.heard.empty());
            s.hear(s.d.pass(10s));
        }
        CHECK(s.count(s.has_session() ? "alice <- session-terminate gone"
                                      : "alice <- message error service-unavailable")
              == 1);
        CHECK(s.d.noted().back() == "ended gone");
        return;
    }
}
