#include <algorithm>

#include <catch2/catch.hpp>

#include "roster/subscriptions.hpp"

using roster::Reply;
using roster::Request;
using roster::Subscription;
using roster::Subscriptions;
using xmpp::Jid;

namespace {

const auto alice = *Jid::parse("alice@a.test");
const auto bob = *Jid::parse("bob\\40b.test@call.test");
const auto carol = *Jid::parse("carol\\40c.test@call.test");
const auto dave = *Jid::parse("dave\\40d.test@call.test");

/// Keeps rows in memory, as the database does on disk.
struct FakeStorage final : roster::Storage {
    std::vector<Subscription> rows;

    void put(const Subscription& row) override
    {
        erase(row);
        rows.push_back(row);
    }
    void erase(const Subscription& row) override
    {
        std::erase_if(rows, [&](const auto& r) { return r.contact == row.contact && r.user == row.user; });
    }
    void put(const roster::UserSettings&) override { FAIL("not ours"); }
    void put(const roster::Block&) override { FAIL("not ours"); }
    void put(const roster::CallLink&) override { FAIL("not ours"); }
    void erase(const roster::UserSettings&) override { FAIL("not ours"); }
    void erase(const roster::Block&) override { FAIL("not ours"); }
    void erase(const roster::CallLink&) override { FAIL("not ours"); }
};

using Replies = std::vector<Reply>;

Replies replies(const Subscriptions::Answers& answers)
{
    Replies all;
    for (const auto& answer : answers.all)
        all.push_back(answer.reply);
    return all;
}

struct Row {
    Subscriptions::State before;
    Request request;
    Subscriptions::State after;
    Replies answers;
};

using enum Reply;
constexpr auto no = false;
constexpr auto yes = true;

/// The table at the head of subscriptions.cpp, each state with each request.
const std::vector<Row> transitions{
    // before            request               after              answers
    { { no, no, no }, Request::subscribe, { yes, no, yes }, { subscribed, presence, subscribe } },
    { { no, no, yes }, Request::subscribe, { yes, no, yes }, { subscribed, presence } },
    { { no, yes, no }, Request::subscribe, { yes, yes, no }, { subscribed, presence } },
    { { yes, no, no }, Request::subscribe, { yes, no, yes }, { subscribed, presence, subscribe } },
    { { yes, no, yes }, Request::subscribe, { yes, no, yes }, { subscribed, presence } },
    { { yes, yes, no }, Request::subscribe, { yes, yes, no }, { subscribed, presence } },

    { { no, no, no }, Request::subscribed, { no, no, no }, {} },
    { { no, no, yes }, Request::subscribed, { no, yes, no }, {} },
    { { no, yes, no }, Request::subscribed, { no, yes, no }, {} },
    { { yes, no, no }, Request::subscribed, { yes, no, no }, {} },
    { { yes, no, yes }, Request::subscribed, { yes, yes, no }, {} },
    { { yes, yes, no }, Request::subscribed, { yes, yes, no }, {} },

    { { no, no, no }, Request::unsubscribe, { no, no, no }, { unsubscribed, unavailable } },
    { { no, no, yes }, Request::unsubscribe, { no, no, no }, { unsubscribed, unavailable, unsubscribe } },
    { { no, yes, no }, Request::unsubscribe, { no, yes, no }, { unsubscribed, unavailable } },
    { { yes, no, no }, Request::unsubscribe, { no, no, no }, { unsubscribed, unavailable } },
    { { yes, no, yes }, Request::unsubscribe, { no, no, no }, { unsubscribed, unavailable, unsubscribe } },
    { { yes, yes, no }, Request::unsubscribe, { no, yes, no }, { unsubscribed, unavailable } },

    { { no, no, no }, Request::unsubscribed, { no, no, no }, {} },
    { { no, no, yes }, Request::unsubscribed, { no, no, yes }, {} },
    { { no, yes, no }, Request::unsubscribed, { no, no, no }, {} },
    { { yes, no, no }, Request::unsubscribed, { yes, no, no }, {} },
    { { yes, no, yes }, Request::unsubscribed, { yes, no, yes }, {} },
    { { yes, yes, no }, Request::unsubscribed, { yes, no, yes }, {} },

    { { no, no, no }, Request::probe, { yes, no, no }, { presence } },
    { { no, no, yes }, Request::probe, { yes, no, yes }, { presence } },
    { { no, yes, no }, Request::probe, { yes, yes, no }, { presence } },
    { { yes, no, no }, Request::probe, { yes, no, no }, { presence } },
    { { yes, no, yes }, Request::probe, { yes, no, yes }, { presence } },
    { { yes, yes, no }, Request::probe, { yes, yes, no }, { presence } },
};

}  // namespace

TEST_CASE("subscriptions: each request in each state", "[roster][subscriptions]")
{
    const auto& row = GENERATE(from_range(transitions));
    FakeStorage storage;
    Subscriptions subscriptions{ &storage };
    const std::vector<Subscription> before{ { bob, alice, row.before.user_sees_contact,
                                              row.before.contact_sees_user, row.before.asked } };
    if (row.before != Subscriptions::State{}) {
        subscriptions.load(before);
        storage.rows = before;
    }

    const auto answers
        = subscriptions.handle(row.request, *bob.with_resource("call"), *alice.with_resource("phone"));

    CAPTURE(row.before.user_sees_contact, row.before.contact_sees_user, row.before.asked,
            static_cast<int>(row.request));
    CHECK(subscriptions.find(bob, alice) == row.after);
    CHECK(replies(answers) == row.answers);
    CHECK(answers.changed == (row.before != row.after));
    // What is kept is what is so.
    const bool kept = row.after != Subscriptions::State{};
    CHECK(subscriptions.size() == (kept ? 1 : 0));
    REQUIRE(storage.rows.size() == (kept ? 1 : 0));
    if (kept)
        CHECK(storage.rows.front()
              == Subscription{ bob, alice, row.after.user_sees_contact, row.after.contact_sees_user,
                               row.after.asked });
}

TEST_CASE("subscriptions: one question at a time; the next follows a yes", "[roster][subscriptions]")
{
    Subscriptions subscriptions;
    CHECK(replies(subscriptions.handle(Request::subscribe, bob, alice))
          == Replies{ subscribed, presence, subscribe });
    CHECK(replies(subscriptions.handle(Request::subscribe, carol, alice)) == Replies{ subscribed, presence });
    CHECK(replies(subscriptions.handle(Request::subscribe, dave, alice)) == Replies{ subscribed, presence });

    using Answer = Subscriptions::Answer;
    CHECK(subscriptions.handle(Request::subscribed, bob, alice).all
          == std::vector<Answer>{ { subscribe, std::string{ carol.bare() } } });
    CHECK(subscriptions.handle(Request::subscribed, carol, alice).all
          == std::vector<Answer>{ { subscribe, std::string{ dave.bare() } } });
    CHECK(subscriptions.handle(Request::subscribed, dave, alice).all.empty());
}

TEST_CASE("subscriptions: who says no is not asked again, also not after a restart",
          "[roster][subscriptions]")
{
    FakeStorage storage;
    Subscriptions subscriptions{ &storage };
    subscriptions.handle(Request::subscribe, bob, alice);
    CHECK(subscriptions.handle(Request::unsubscribed, bob, alice).all.empty());
    CHECK(replies(subscriptions.handle(Request::subscribe, bob, alice)) == Replies{ subscribed, presence });
    CHECK(replies(subscriptions.handle(Request::subscribe, carol, alice)) == Replies{ subscribed, presence });

    Subscriptions restarted{ &storage };
    restarted.load(storage.rows);
    CHECK(restarted.size() == 2);
    CHECK(replies(restarted.handle(Request::subscribe, dave, alice)) == Replies{ subscribed, presence });
    // He may change his mind by himself.
    restarted.handle(Request::subscribed, bob, alice);
    CHECK(restarted.find(bob, alice).contact_sees_user);
}

TEST_CASE("subscriptions: removal cleans up in either order", "[roster][subscriptions]")
{
    FakeStorage storage;
    Subscriptions subscriptions{ &storage };
    subscriptions.handle(Request::subscribe, bob, alice);
    subscriptions.handle(Request::subscribed, bob, alice);
    const auto first = GENERATE(Request::unsubscribe, Request::unsubscribed);
    subscriptions.handle(first, bob, alice);
    CHECK(subscriptions.size() == 1);
    subscriptions.handle(first == Request::unsubscribe ? Request::unsubscribed : Request::unsubscribe, bob,
                         alice);
    CHECK(subscriptions.size() == 0);
    CHECK(storage.rows.empty());
    // Whoever adds it anew is asked anew.
    CHECK(subscriptions.handle(Request::subscribe, bob, alice).all.size() == 3);
}

TEST_CASE("subscriptions: a link asks its owner, once", "[roster][subscriptions]")
{
    Subscriptions subscriptions;
    CHECK(subscriptions.ask(bob, alice));
    CHECK_FALSE(subscriptions.ask(bob, alice));
    subscriptions.handle(Request::unsubscribed, bob, alice);
    CHECK_FALSE(subscriptions.ask(bob, alice));
    subscriptions.handle(Request::subscribed, bob, alice);
    CHECK(subscriptions.find(bob, alice) == Subscriptions::State{ no, yes, no });
    CHECK_FALSE(subscriptions.ask(bob, alice));
}

TEST_CASE("subscriptions: two gateways that answer each other come to an end",
          "[roster][subscriptions][hostile]")
{
    // Each has the other's address as its user; what one says is what the other hears.
    Subscriptions ours;
    Subscriptions theirs;
    const auto here = *Jid::parse("x\\40other.test@call.test");
    const auto there = *Jid::parse("y@other.test");
    const auto heard_as = [](Reply reply) -> std::optional<Request> {
        switch (reply) {
        case Reply::subscribed: return Request::subscribed;
        case Reply::unsubscribed: return Request::unsubscribed;
        case Reply::subscribe: return Request::subscribe;
        case Reply::unsubscribe: return Request::unsubscribe;
        case Reply::presence:
        case Reply::unavailable: return std::nullopt;
        }
        return std::nullopt;
    };
    const auto first = GENERATE(Request::subscribe, Request::unsubscribe, Request::unsubscribed,
                                Request::subscribed, Request::probe);
    std::vector<std::pair<bool, Request>> queue{ { true, first } };
    std::size_t said = 0;
    while (!queue.empty() && said < 100) {
        const auto [to_us, request] = queue.front();
        queue.erase(queue.begin());
        ++said;
        const auto answers = to_us ? ours.handle(request, here, there) : theirs.handle(request, there, here);
        for (const auto& answer : answers.all)
            if (const auto heard = heard_as(answer.reply))
                queue.emplace_back(!to_us, *heard);
    }
    CHECK(said < 10);
}

TEST_CASE("subscriptions: thousands of one user are bounded, and still answered",
          "[roster][subscriptions][hostile]")
{
    Subscriptions subscriptions;
    for (std::size_t i = 0; i < Subscriptions::max_per_user + 100; ++i) {
        const auto answers = subscriptions.handle(Request::subscribe,
                                                  *Jid::parse("c" + std::to_string(i) + "@call.test"), alice);
        REQUIRE(answers.all.size() == (i == 0 ? 3 : 2));
    }
    CHECK(subscriptions.size() == Subscriptions::max_per_user);
}

TEST_CASE("subscriptions: after starting over each user is due once", "[roster][subscriptions]")
{
    Subscriptions subscriptions;
    CHECK_FALSE(subscriptions.next_due());
    for (const auto user : { "c@x.test", "a@x.test", "b@x.test" })
        subscriptions.handle(Request::probe, bob, *Jid::parse(user));
    subscriptions.handle(Request::probe, carol, *Jid::parse("a@x.test"));
    CHECK_FALSE(subscriptions.next_due());

    subscriptions.start_over();
    std::vector<std::string> due;
    while (const auto user = subscriptions.next_due()) {
        due.push_back(user->full());
        if (due.size() == 1)  // going meanwhile
            subscriptions.handle(Request::unsubscribe, bob, *Jid::parse("b@x.test"));
    }
    CHECK(due == std::vector<std::string>{ "a@x.test", "c@x.test" });
}
