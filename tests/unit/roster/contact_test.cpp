#include <catch2/catch.hpp>

#include "roster/contact.hpp"

using xmpp::Jid;

TEST_CASE("contact: an escaped address stands for its user", "[roster][contact]")
{
    const auto [address, user, device] = GENERATE(table<std::string, std::string, std::string>({
        { "bob\\40b.example@call.a.test", "bob@b.example", "" },
        { "bob\\40b.example@call.a.test/call", "bob@b.example", "" },
        { "bob\\40b.example@call.a.test/phone", "bob@b.example", "phone" },
        { "o\\27hara\\40b.example@call.a.test", "", "" },  // no user may be called o'hara
        { "d\\5c27a\\40b.example@call.a.test", "d\\27a@b.example", "" },
    }));
    CAPTURE(address);
    const auto contact = roster::contact_of(Jid::parse(address).value());
    REQUIRE(contact.has_value() == !user.empty());
    if (contact) {
        CHECK(contact->user.full() == user);
        CHECK(contact->device.value_or("") == device);
    }
}

TEST_CASE("contact: what is no user, or one of ours, stands for nobody", "[roster][contact]")
{
    const auto address = GENERATE("call.a.test", "call.a.test/x", "bob@call.a.test",
                                  "\\40b.example@call.a.test", "bob\\40@call.a.test",
                                  "bob\\40b.example\\2fx@call.a.test", "x\\40call.a.test@call.a.test");
    CAPTURE(address);
    const auto jid = Jid::parse(address);
    CHECK((!jid || !roster::contact_of(*jid)));
}

TEST_CASE("contact: the address of a user leads back to the user", "[roster][contact]")
{
    const auto user = GENERATE("bob@b.example", "d\\27artagnan@musketeers.test", "ж@пример.test");
    const auto address = roster::contact_address(Jid::parse(user).value(), "call.a.test");
    REQUIRE(address);
    CHECK(address->domain() == "call.a.test");
    CHECK(address->resource() == "call");
    CHECK(roster::contact_of(*address)->user.full() == user);
}

TEST_CASE("contact: an address that would be too long is none", "[roster][contact]")
{
    const auto user = Jid::parse(std::string(1015, 'a') + "@b.example").value();
    CHECK_FALSE(roster::contact_address(user, "call.a.test"));
}
