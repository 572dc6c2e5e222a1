#include <array>
#include <chrono>
#include <set>

#include <catch2/catch.hpp>

#include "component/auth/link_check.hpp"
#include "component/auth/link_secret.hpp"

using component::auth::check_link;
using component::auth::LinkRefusal;
using component::auth::LinkSecret;
using namespace std::chrono_literals;

namespace {

const roster::WallTime now{ 1'800'000'000s };
const std::vector<std::string> none;

roster::CallLink link()
{
    roster::CallLink row;
    row.name = "link-x";
    row.uses_left = 1;
    row.expires = now + 15min;
    return row;
}

}  // namespace

TEST_CASE("link: a one-time link is good once", "[auth][link]")
{
    auto once = link();
    once.uses_left = 1;
    CHECK_FALSE(check_link(once, "https://a.example", none, now));
    once.uses_left = 0;
    CHECK(check_link(once, "https://a.example", none, now) == LinkRefusal::used_up);
}

TEST_CASE("link: an open-ended one stays good", "[auth][link]")
{
    auto open = link();
    open.uses_left.reset();
    open.expires.reset();

    CHECK_FALSE(check_link(open, "https://a.example", none, now + 24h * 10'000));
}

TEST_CASE("link: expired at its very second, revoked before anything else", "[auth][link]")
{
    CHECK_FALSE(check_link(link(), "", none, now + 15min - 1ms));
    CHECK(check_link(link(), "", none, now + 15min) == LinkRefusal::expired);
    auto revoked = link();
    revoked.revoked = true;
    revoked.uses_left = 0;
    CHECK(check_link(revoked, "", none, now + 1h) == LinkRefusal::revoked);
}

TEST_CASE("link: bound to origins, its own before those of the service", "[auth][link]")
{
    const std::vector<std::string> site{ "https://www.example.org" };
    auto bound = link();
    bound.origins = { "https://shop.example" };

    CHECK_FALSE(check_link(bound, "https://shop.example", site, now));
    CHECK(check_link(bound, "https://www.example.org", site, now) == LinkRefusal::wrong_origin);
    CHECK(check_link(bound, "https://shop.example.evil.example", site, now) == LinkRefusal::wrong_origin);
    CHECK(check_link(bound, "http://shop.example", site, now) == LinkRefusal::wrong_origin);
    CHECK(check_link(bound, "", site, now) == LinkRefusal::wrong_origin);
    CHECK(check_link(bound, "null", none, now) == LinkRefusal::wrong_origin);
    CHECK_FALSE(check_link(link(), "https://www.example.org", site, now));
    CHECK(check_link(link(), "https://evil.example", site, now) == LinkRefusal::wrong_origin);
    CHECK_FALSE(check_link(link(), "", site, now));
    CHECK_FALSE(check_link(link(), "https://anywhere.example", none, now));
}

TEST_CASE("link: the secret is 22 characters, and only they", "[auth][link]")
{
    LinkSecret secret{};
    for (std::size_t i = 0; i < secret.size(); ++i)
        secret[i] = static_cast<std::uint8_t>(i * 16 + 3);

    const auto text = component::auth::to_text(secret);

    CHECK(text.size() == 22);
    CHECK(component::auth::link_secret_of(text) == secret);
    CHECK_FALSE(component::auth::link_secret_of(text.substr(1)));
    CHECK_FALSE(component::auth::link_secret_of(text + "A"));
    CHECK_FALSE(component::auth::link_secret_of(""));
    CHECK_FALSE(component::auth::link_secret_of(std::string(21, 'A') + "="));
}

TEST_CASE("link: the hash is SHA-256", "[auth][link]")
{
    const auto hash = component::auth::hash_of(LinkSecret{});

    // printf '\0%.0s' {1..16} | sha256sum
    CHECK(hash[0] == 0x37);
    CHECK(hash[1] == 0x47);
    CHECK(hash[31] == 0xbb);
    CHECK(component::auth::is_same(hash, hash));
    for (std::size_t i = 0; i < hash.size(); ++i) {
        auto other = hash;
        other[i] ^= 1;
        CHECK_FALSE(component::auth::is_same(hash, other));
    }
}

TEST_CASE("link: a name is an address's local part", "[auth][link]")
{
    std::set<std::string> names;
    for (int i = 0; i < 256; ++i) {
        std::array<std::uint8_t, 8> random{};
        random.fill(static_cast<std::uint8_t>(i));
        const auto name = component::auth::link_name(random);
        CHECK(name.size() == 13);
        CHECK(xmpp::Jid::parse(name + "@call.example.org")->local() == name);
        names.insert(name);
    }
    CHECK(names.size() == 27);
}
