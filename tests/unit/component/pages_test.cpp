#include <chrono>

#include "jingle/call/nick.hpp"
#include "unit/component/page_desk.hpp"
#include "unit/jingle/renegotiate/sample.hpp"
#include "xmpp/ns.hpp"

using namespace jingle::call;
using test::PageDesk;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

namespace {

PageInvite invite(std::string to, std::optional<std::string> offer = {})
{
    return { std::move(to), "", { true, false }, 60s, std::move(offer) };
}

/// A call between two pages that is taken up.
void connect(PageDesk& desk, const xmpp::Jid& from, const xmpp::Jid& to, const std::string& to_user,
             const std::string& call)
{
    REQUIRE(desk.says(from, call, invite(to_user, sample::one)));
    REQUIRE(desk.says(to, call, PageAccept{}));
    REQUIRE(desk.says(to, call,
                      PageNegotiate{ { PageDescription::Type::answer, sample::answered(sample::one) } }));
    REQUIRE(desk.pages.calls_of(to).front().state == component::web::LiveCall::State::active);
}

}  // namespace

TEST_CASE("pages: one page calls another, both are shown the call, and it ends at both", "[pages]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto bob = desk.open("bob");
    REQUIRE(desk.says(alice, "c1", invite("bob@a.test", sample::one)));
    CHECK(desk.take(bob).front().starts_with("c1 call.invite audio"));
    REQUIRE(desk.says(bob, "c1", PageRinging{}));
    CHECK(desk.take(alice) == Lines{ "c1 call.ringing" });

    auto live = desk.pages.calls_of(alice);
    REQUIRE(live.size() == 1);
    CHECK(live.front().address == "bob@a.test");
    CHECK(live.front().direction == component::web::LiveCall::Direction::outgoing);
    live = desk.pages.calls_of(bob);
    REQUIRE(live.size() == 1);
    CHECK(live.front().address == "alice@a.test");
    CHECK(live.front().state == component::web::LiveCall::State::ringing);

    REQUIRE(desk.says(bob, "c1", PageAccept{}));
    REQUIRE(desk.says(bob, "c1",
                      PageNegotiate{ { PageDescription::Type::answer, sample::answered(sample::one) } }));
    CHECK(desk.take(alice) == Lines{ "c1 call.answer" });
    REQUIRE(desk.says(alice, "c1", PageHangup{}));
    CHECK(desk.take(bob).back() == "c1 call.hangup user_hangup");
    CHECK(desk.pages.size() == 0);
    CHECK(desk.says(alice, "c1", PageHangup{}));  // it is over already
    CHECK(desk.sent.find("<propose") != std::string::npos);  // bob's XMPP clients rang too
}

TEST_CASE("pages: who is called is told what the caller calls himself, beside his address", "[pages]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto bob = desk.open("bob");
    auto named = invite("bob@a.test");
    named.display_name = "Alice\n<b>\u202E Liddell";
    REQUIRE(desk.says(alice, "c1", named));
    CHECK(desk.last_invite.address == "alice@a.test");
    CHECK(desk.last_invite.display_name == "Alice <b> Liddell");
    CHECK(desk.pages.calls_of(bob).front().display_name == "Alice <b> Liddell");
    // Beside the propose, as XEP-0172 has it.
    CHECK(desk.sent.find(
              "</propose><nick xmlns='http://jabber.org/protocol/nick'>Alice &lt;b&gt; Liddell</nick>")
          != std::string::npos);
    REQUIRE(desk.says(alice, "c1", PageHangup{}));

    auto offered = invite("bob@a.test", sample::one);
    offered.display_name = "Alice";
    REQUIRE(desk.says(alice, "c2", offered));
    CHECK(desk.last_invite.display_name == "Alice");
    REQUIRE(desk.says(alice, "c2", PageHangup{}));

    offered.display_name = "carol@a.test";
    REQUIRE(desk.says(alice, "c3", offered));
    CHECK(desk.last_invite.display_name == "alice@a.test");
}

TEST_CASE("pages: a page is told what an XMPP client's user calls himself", "[pages]")
{
    PageDesk desk;
    const auto bob = desk.open("bob");
    const auto phone = test::jid("alice@a.test/phone");
    const auto own = test::jid("bob\\40a.test@call.test");
    base::Arena arena;
    jingle::Message propose;
    propose.id = "n1";
    propose.descriptions.push_back(arena, { xmpp::ns::rtp, "audio", {} });
    propose.extra = with_nick({}, "Alice", arena);
    desk.with_calls(
        [&](auto& calls, auto& turn) { CHECK_FALSE(calls.message(own, phone, propose, "i1", turn)); });
    REQUIRE(desk.take(bob).size() == 1);
    CHECK(desk.last_invite.address == "alice@a.test");
    CHECK(desk.last_invite.display_name == "Alice");
}

TEST_CASE("pages: the pages of a user ring together and stop together", "[pages]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto one = desk.open("bob", "1");
    const auto two = desk.open("bob", "2");
    REQUIRE(desk.says(alice, "c1", invite("bob@a.test", sample::one)));
    CHECK(desk.take(one).size() == 1);
    CHECK(desk.take(two).size() == 1);
    REQUIRE(desk.says(two, "c1", PageAccept{}));
    CHECK(desk.take(one) == Lines{ "c1 call.select_answer" });
    CHECK(desk.pages.calls_of(one).empty());
    CHECK(desk.pages.calls_of(two).size() == 1);
}

TEST_CASE("pages: what a page says out of place is refused, and nobody else hears of it", "[pages][hostile]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto bob = desk.open("bob");
    const auto eve = desk.open("eve");
    connect(desk, alice, bob, "bob@a.test", "c1");
    (void)desk.take(alice);
    (void)desk.take(bob);

    const std::vector<PageSays> all{ PageRinging{},
                                     PageAccept{},
                                     PageAccept{ sample::answered(sample::one) },
                                     PageReject{},
                                     PageNegotiate{ { PageDescription::Type::offer, sample::two } },
                                     PageCandidates{
                                         { { "candidate:1 1 udp 1 192.0.2.1 5000 typ host", "0", {}, {} } } },
                                     PageInfo{ true, {}, {} } };
    for (const auto& each : all) {
        const auto refused = desk.says(eve, "c1", each);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == PageError::Code::wrong_state);
    }
    CHECK(desk.says(eve, "c1", PageHangup{}));
    CHECK(desk.take(alice).empty());
    CHECK(desk.take(bob).empty());
    CHECK(desk.pages.calls_of(alice).size() == 1);

    CHECK(desk.says(alice, "x", invite("")).error().code == PageError::Code::unavailable);
    CHECK(desk.says(alice, "x", invite("@@")).error().code == PageError::Code::unavailable);
    CHECK(desk.says(alice, "x", invite("bob@a.test", "v=0\r\nnonsense")).error().code
          == PageError::Code::bad_sdp);
    CHECK(desk.pages.calls_of(alice).size() == 1);  // nothing of them is left
    CHECK(desk.pages.size() == 2);
}

TEST_CASE("pages: nobody gets into another's call by its id", "[pages][hostile]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto bob = desk.open("bob");
    const auto eve = desk.open("eve");
    connect(desk, alice, bob, "bob@a.test", "c1");
    for (const auto& [victim, user] :
         { std::pair{ bob, "bob@a.test" }, std::pair{ alice, "alice@a.test" } }) {
        CAPTURE(user);
        (void)desk.take(victim);
        REQUIRE(desk.says(eve, "c1", invite(user)));
        const auto heard = desk.take(victim);
        REQUIRE(heard.size() == 1);
        const auto other = heard.front().substr(0, heard.front().find(' '));
        CHECK(other != "c1");
        REQUIRE(desk.says(eve, "c1", PageHangup{}));
        CHECK(desk.take(victim) == Lines{ other + " call.hangup cancelled" });
        CHECK(desk.pages.calls_of(victim).front().state == component::web::LiveCall::State::active);
        desk.pages.forget_ended();
    }
    // What is called cannot be called by its id.
    CHECK(desk.says(bob, "c1", invite("eve@a.test")).error().code == PageError::Code::wrong_state);
    CHECK(desk.says(alice, "c1", PageInfo{ true, {}, {} }));
    CHECK(desk.take(bob).back().starts_with("c1 call.info"));
}

TEST_CASE("pages: an invitation that is said twice is one call", "[pages]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto bob = desk.open("bob");
    REQUIRE(desk.says(alice, "c1", invite("bob@a.test")));
    REQUIRE(desk.says(alice, "c1", invite("bob@a.test")));
    CHECK(desk.take(bob).size() == 1);
    CHECK(desk.pages.size() == 2);
}

TEST_CASE("pages: nobody who can be reached is told at once", "[pages]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    for (const auto* to : { "nobody@call.test", "call.test", "support" }) {
        CAPTURE(to);
        for (const auto& offer :
             { std::optional<std::string>{}, std::optional{ std::string{ sample::one } } }) {
            const auto said = desk.says(alice, "c1", invite(to, offer));
            REQUIRE_FALSE(said);
            CHECK(said.error().code == PageError::Code::unavailable);
            CHECK(desk.take(alice).empty());
            CHECK(desk.pages.size() == 0);
        }
    }
}

TEST_CASE("pages: what refuses an invitation is its answer, and the page may try again", "[pages][limits]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto bob = desk.open("bob");
    desk.calls.set_new_calls(NewCalls::refused);
    const auto drained = desk.says(alice, "c1", invite("bob@a.test", sample::one));
    REQUIRE_FALSE(drained);
    CHECK(drained.error().code == PageError::Code::draining);
    desk.calls.set_new_calls(NewCalls::let_in);
    desk.calls.set_pace(jingle::call::Pace::lags);
    const auto lagging = desk.says(alice, "c1", invite("bob@a.test", sample::one));
    REQUIRE_FALSE(lagging);
    CHECK(lagging.error().code == PageError::Code::rate_limited);
    CHECK(desk.pages.size() == 0);
    desk.calls.set_pace(jingle::call::Pace::keeps_up);

    std::optional<PageError> refused;
    int let_in = 0;
    for (; !refused && let_in < 100; ++let_in)
        if (const auto said = desk.says(alice, "c" + std::to_string(let_in), invite("bob@a.test")); !said)
            refused = said.error();
    REQUIRE(refused);
    CHECK(refused->code == PageError::Code::rate_limited);
    CHECK(let_in > 1);
    CHECK(desk.take(alice).empty());
    CHECK(desk.pages.calls_of(alice).size() + 1 == static_cast<std::size_t>(let_in));
    CHECK(desk.take(bob).size() + 1 == static_cast<std::size_t>(let_in));
}

TEST_CASE("pages: who leaves ends his calls, and only his", "[pages]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto other = desk.open("alice", "2");
    const auto bob = desk.open("bob");
    const auto eve = desk.open("eve");
    connect(desk, alice, bob, "bob@a.test", "c1");
    connect(desk, other, eve, "eve@a.test", "c2");
    desk.pages.left(alice);
    CHECK(desk.take(bob).back() == "c1 call.hangup gone");
    CHECK(desk.pages.calls_of(bob).empty());
    CHECK(desk.pages.calls_of(other).size() == 1);
    CHECK(desk.pages.calls_of(eve).size() == 1);
    CHECK(desk.pages.size() == 2);
}

TEST_CASE("pages: a page that is not there any more ends its call when it is to hear something", "[pages]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto bob = desk.open("bob");
    connect(desk, alice, bob, "bob@a.test", "c1");
    desk.deaf.insert(bob.full());
    REQUIRE(desk.says(alice, "c1", PageInfo{ {}, { { "audio" } }, {} }));
    CHECK(desk.take(alice).back() == "c1 call.hangup gone");
    CHECK(desk.pages.size() == 0);
}

TEST_CASE("pages: a page that was loaded anew owes an offer, and has a minute for it", "[pages]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto bob = desk.open("bob");
    connect(desk, alice, bob, "bob@a.test", "c1");
    (void)desk.take(bob);
    desk.pages.reloaded(alice);
    REQUIRE(desk.pages.deadline());
    CHECK(*desk.pages.deadline() == desk.now + page_answer_limit);

    SECTION("it makes one")
    {
        const auto fresh = sample::replaced(sample::replaced(sample::one, "aaaa", "cccc"), "52:2B", "AA:BB");
        REQUIRE(desk.says(alice, "c1", PageNegotiate{ { PageDescription::Type::offer, fresh } }));
        desk.pass(1s);
        CHECK(desk.take(bob) == Lines{ "c1 call.negotiate offer" });
        CHECK(desk.pages.size() == 2);
    }
    SECTION("it does not")
    {
        desk.pass(page_answer_limit);
        CHECK(desk.take(bob).back() == "c1 call.hangup gone");
        CHECK(desk.pages.size() == 0);
        CHECK_FALSE(desk.pages.deadline());
    }
}

TEST_CASE("pages: a page that missed something owes nothing", "[pages]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto bob = desk.open("bob");
    connect(desk, alice, bob, "bob@a.test", "c1");
    (void)desk.take(alice);
    (void)desk.take(bob);
    desk.pages.missed(alice);
    desk.pages.missed(bob);
    CHECK_FALSE(desk.pages.deadline());
    desk.pass(page_answer_limit);
    CHECK(desk.take(alice) == Lines{ "c1 call.answer", "c1 call.info unhold muted:" });
    CHECK(desk.take(bob) == Lines{ "c1 call.info unhold muted:" });
    CHECK(desk.pages.size() == 2);
}

TEST_CASE("pages: a call that nobody answers ends in time, with the server or without", "[pages]")
{
    PageDesk desk;
    desk.server = GENERATE(Server::there, Server::away);
    const auto alice = desk.open("alice");
    const auto bob = desk.open("bob");
    REQUIRE(desk.says(alice, "c1", invite("bob@a.test", sample::one)));
    REQUIRE(desk.says(bob, "c1", PageRinging{}));
    desk.pass(59s);
    CHECK(desk.pages.size() == 2);
    REQUIRE(desk.calls.deadline(desk.server));
    desk.pass(1s);
    CHECK(desk.take(alice).back() == "c1 call.hangup invite_timeout");
    CHECK(desk.take(bob).back().starts_with("c1 call.hangup"));
    CHECK(desk.pages.size() == 0);
}

TEST_CASE("parking: while the server is away pages call pages, and nobody behind it", "[pages][parking]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    const auto bob = desk.open("bob");
    desk.server = Server::away;
    connect(desk, alice, bob, "bob@a.test", "c1");

    REQUIRE(desk.says(alice, "c2", invite("carol@a.test", sample::one)));
    CHECK(desk.take(alice).back() == "c2 call.reject unavailable");
    CHECK(desk.pages.calls_of(alice).size() == 1);
    CHECK(desk.sent.empty());
    CHECK(desk.parking.release().find("<propose") == std::string::npos);
}

TEST_CASE("parking: a hang-up waits for the server", "[pages][parking]")
{
    PageDesk desk;
    const auto alice = desk.open("alice");
    REQUIRE(desk.says(alice, "c1", invite("carol@a.test", sample::one)));
    CHECK(desk.sent.find("<propose") != std::string::npos);
    desk.server = Server::away;
    REQUIRE(desk.says(alice, "c1", PageHangup{ PageReason::cancelled, "" }));
    const auto waiting = desk.parking.release();
    CHECK(waiting.find("<retract") != std::string::npos);
    CHECK(waiting.find("carol@a.test") != std::string::npos);
    CHECK(desk.parking.release().empty());
}

TEST_CASE("parking: what waits is bounded", "[parking][limits]")
{
    PageDesk desk;
    std::vector<xmpp::Jid> all;
    std::size_t said = 0;
    const auto alice = desk.open("alice");
    while (said < component::Parking::max_bytes) {
        const auto call = "c" + std::to_string(desk.dice);
        desk.server = Server::there;
        REQUIRE(desk.says(alice, call, invite("u" + std::to_string(desk.dice) + "@a.test", sample::one)));
        said += 500;
        desk.server = Server::away;
        REQUIRE(desk.says(alice, call, PageHangup{ PageReason::cancelled, std::string(2000, 'x') }));
        said += 100;
    }
    CHECK(desk.parking.release().size() <= component::Parking::max_bytes);
}

TEST_CASE("pages: many calls are kept apart", "[pages][limits]")
{
    PageDesk desk;
    constexpr int count = 500;
    for (int i = 0; i < count; ++i) {
        const auto n = std::to_string(i);
        const auto from = desk.open("a" + n);
        const auto to = desk.open("b" + n);
        connect(desk, from, to, "b" + n + "@a.test", "c" + n);
    }
    CHECK(desk.pages.size() == 2 * count);
    const auto page = desk.page("a7");
    CHECK(desk.pages.calls_of(page).size() == 1);
    desk.pages.left(page);
    CHECK(desk.pages.size() == 2 * count - 2);
}
