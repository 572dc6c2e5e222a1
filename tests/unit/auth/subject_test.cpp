#include <array>

#include <catch2/catch.hpp>

#include "component/auth/subject.hpp"

using component::auth::Subject;
using component::auth::subject_of;

TEST_CASE("subject: a user of a served domain, or a name of the site's", "[auth][subject]")
{
    const std::array<std::string, 2> served{ "example.org", "example.net" };

    CHECK(subject_of("Alice@Example.org", served) == Subject{ xmpp::Jid::parse("alice@example.org"), {} });
    CHECK(subject_of("customer-17", served) == Subject{ std::nullopt, "customer-17" });
    CHECK(subject_of("Customer", served) == Subject{ std::nullopt, "customer" });

    for (const auto* refused :
         { "", "alice@other.example", "alice@example.org/phone", "@example.org", "example.org@", "a b", "a/b",
           "bob\\40b.example", "a\\20b", "a&b", "alice@", "a@b@example.org" }) {
        CAPTURE(refused);
        CHECK_FALSE(subject_of(refused, served));
    }
    CHECK_FALSE(subject_of("alice@example.org", {}));
    CHECK_FALSE(subject_of(std::string(1024, 'a'), served));
}
