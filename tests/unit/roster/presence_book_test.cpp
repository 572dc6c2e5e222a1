#include <catch2/catch.hpp>

#include "roster/presence_book.hpp"

using roster::PresenceBook;
using xmpp::Jid;

namespace {
Jid jid(std::string_view text)
{
    return Jid::parse(text).value();
}
}  // namespace

TEST_CASE("presence book: an entry is new once", "[roster][presence]")
{
    PresenceBook book;
    CHECK(book.shown(jid("bob\\40b.test@call.test"), jid("alice@a.test")));
    CHECK_FALSE(book.shown(jid("bob\\40b.test@call.test/call"), jid("alice@a.test")));
    CHECK(book.shown(jid("bob\\40b.test@call.test"), jid("alice@a.test/pc")));
    CHECK(book.size() == 2);

    book.forget(jid("bob\\40b.test@call.test/call"), jid("alice@a.test"));
    CHECK(book.size() == 1);
}

TEST_CASE("presence book: each entry is due once after starting over", "[roster][presence]")
{
    PresenceBook book;
    CHECK_FALSE(book.next_due());
    for (const auto peer : { "a@x.test", "b@x.test", "c@x.test" })
        book.shown(jid("bob\\40b.test@call.test"), jid(peer));
    CHECK_FALSE(book.next_due());

    book.start_over();
    std::vector<std::string> due;
    while (const auto entry = book.next_due())
        due.push_back(entry->peer.full());
    CHECK(due == std::vector<std::string>{ "a@x.test", "b@x.test", "c@x.test" });
    CHECK_FALSE(book.next_due());
}
