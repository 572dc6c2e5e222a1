#include <catch2/catch.hpp>

#include "jingle/call/nick.hpp"
#include "xmpp/ns.hpp"

using namespace jingle::call;

TEST_CASE("nick: a name is one plain line of bounded length", "[call][nick]")
{
    CHECK(plain_nick("Alice") == "Alice");
    CHECK(plain_nick("  Alice \n\t Liddell ") == "Alice Liddell");
    CHECK(plain_nick("José 👩‍💻") == "José 👩‍💻");
    CHECK(plain_nick("<b>Bob</b> & co") == "<b>Bob</b> & co");  // escaped by who writes it
    CHECK(plain_nick("").empty());
    CHECK(plain_nick(" \n ").empty());
    CHECK(plain_nick(std::string(1000, 'a')).size() == max_nick);
    std::string wide(1, 'x');
    for (int i = 0; i < 100; ++i)
        wide += "é";
    CHECK(plain_nick(wide).size() == max_nick - 1);  // not half a character
}

TEST_CASE("nick: nothing in it acts on the text around it, or looks like an address", "[call][nick][hostile]")
{
    CHECK(plain_nick("a\x01"
                     "b\x7F"
                     "c\xC2\x9B"
                     "d")
          == "abcd");
    CHECK(plain_nick("evil\u202Egnp.exe\u2066\u200B") == "evilgnp.exe");
    CHECK(plain_nick("bob@example.org").empty());
    CHECK(plain_nick("bob\uFF20example.org").empty());
    CHECK(plain_nick("\xED\xA0\x80").empty());  // half a surrogate pair
    CHECK(plain_nick("\xF0\x9F").empty());
    CHECK(plain_nick("a\xFF").empty());
    CHECK(plain_nick("a\uFFFE").empty());
}

TEST_CASE("nick: one takes the place of the other and leaves the rest", "[call][nick]")
{
    base::Arena arena;
    jingle::Extra extra;
    extra.children.push_back(arena, xmpp::Element::create(arena, "via", xmpp::ns::via));
    CHECK(nick_in(extra).empty());
    const auto named = with_nick(with_nick(extra, "Alice", arena), "Bob", arena);
    CHECK(nick_in(named) == "Bob");
    CHECK(named.children.size() == 2);
    const auto none = with_nick(named, {}, arena);
    CHECK(none.children.size() == 1);
    CHECK(nick_in(none).empty());
}
