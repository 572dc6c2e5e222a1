#include <catch2/catch.hpp>

#include "roster/links.hpp"

using namespace std::chrono_literals;
using roster::CallLink;
using roster::Links;
using roster::WallTime;

namespace {

CallLink make(unsigned number, std::string_view owner = "bob@b.test")
{
    CallLink link;
    link.name = "link-" + std::to_string(number);
    link.owner = xmpp::Jid::parse(owner).value();
    link.secret_hash[0] = static_cast<std::uint8_t>(number);
    link.secret_hash[1] = static_cast<std::uint8_t>(number >> 8U);
    link.made = WallTime{ std::chrono::seconds{ number } };
    return link;
}

}  // namespace

TEST_CASE("links: usable until revoked, used up or too old", "[roster][links]")
{
    const WallTime now{ 1000s };
    CHECK(is_usable(make(1), now));
    auto link = make(1);
    link.uses_left = 1;
    CHECK(is_usable(link, now));
    link.uses_left = 0;
    CHECK_FALSE(is_usable(link, now));
    link = make(1);
    link.expires = now;
    CHECK_FALSE(is_usable(link, now));
    link.expires = now + 1ms;
    CHECK(is_usable(link, now));
    link.revoked = true;
    CHECK_FALSE(is_usable(link, now));
}

TEST_CASE("links: found by name, secret and owner", "[roster][links]")
{
    Links links;
    REQUIRE(links.put(make(1)));
    REQUIRE(links.put(make(2)));
    REQUIRE(links.put(make(3, "eve@b.test")));

    CHECK(links.find("link-2")->made == WallTime{ 2s });
    CHECK(links.find("link-9") == nullptr);
    CHECK(links.with_secret(make(3).secret_hash)->name == "link-3");
    CHECK(links.with_secret(make(9).secret_hash) == nullptr);
    REQUIRE(links.of("bob@b.test").size() == 2);
    CHECK(links.of("bob@b.test").front()->name == "link-2");

    links.erase("link-2");
    CHECK(links.with_secret(make(2).secret_hash) == nullptr);
    CHECK(links.of("bob@b.test").size() == 1);
}

TEST_CASE("links: nobody takes another's name or secret", "[roster][links]")
{
    Links links;
    REQUIRE(links.put(make(1)));
    CHECK_FALSE(links.put(make(1, "eve@b.test")));
    auto thief = make(2, "eve@b.test");
    thief.secret_hash = make(1).secret_hash;
    CHECK_FALSE(links.put(thief));
    CHECK(links.find("link-1")->owner.bare() == "bob@b.test");
}

TEST_CASE("links: a user has so many at most, and revoked ones are forgotten in the end", "[roster][links]")
{
    Links links;
    for (unsigned i = 0; i < Links::max_of_user; ++i)
        REQUIRE(links.put(make(i)));
    CHECK_FALSE(links.put(make(1000)));
    CHECK(links.put(make(1000, "eve@b.test")));

    for (unsigned i = 0; i < Links::max_kept_of_user - Links::max_of_user; ++i) {
        CHECK(links.surplus_of("bob@b.test") == nullptr);
        auto revoked = make(i);
        revoked.revoked = true;
        REQUIRE(links.put(revoked));
        REQUIRE(links.put(make(i + Links::max_of_user)));
    }
    REQUIRE(links.surplus_of("bob@b.test") != nullptr);
    CHECK(links.surplus_of("bob@b.test")->name == "link-0");
}
