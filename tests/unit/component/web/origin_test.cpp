#include <array>

#include <catch2/catch.hpp>

#include "component/web/client_address.hpp"
#include "component/web/origin.hpp"

namespace {

using namespace component::web;

boost::asio::ip::address address(const std::string& text)
{
    return boost::asio::ip::make_address(text);
}

std::string client(const std::string& peer, std::string_view forwarded_for, std::vector<std::string> trusted)
{
    std::vector<Network> networks;
    for (const auto& text : trusted)
        networks.push_back(Network::parse(text).value());
    return client_of(address(peer), forwarded_for, networks).to_string();
}

}  // namespace

TEST_CASE("origin: what a browser writes is read, and nothing else", "[web][origin]")
{
    CHECK(Origin::parse("https://WWW.Example.org") == Origin{ true, "www.example.org", 443 });
    CHECK(Origin::parse("http://localhost:8080") == Origin{ false, "localhost", 8080 });
    CHECK(Origin::parse("http://[::1]:90") == Origin{ false, "[::1]", 90 });
    CHECK(Origin::parse("https://a.test:443")->to_string() == "https://a.test");
    CHECK(Origin::parse("http://a.test:443")->to_string() == "http://a.test:443");
    for (const auto* bad : { "", "null", "https://", "ftp://a.test", "https://a.test/", "https://a.test:0",
                             "https://a.test:x", "https://a.test:99999", "https://u@a.test", "https://a b",
                             "https://a.test; script-src *", "https://a:b:c" })
        CHECK_FALSE(Origin::parse(bad));
}

TEST_CASE("origin: the list and our own are allowed", "[web][origin]")
{
    const std::array listed{ Origin::parse("https://www.test").value() };
    const auto allowed = [&](std::string_view origin, std::optional<Origin> own, std::string_view host) {
        return is_allowed(Origin::parse(origin).value(), listed, own, host);
    };
    const auto own = Origin::parse("https://call.test");

    CHECK(allowed("https://www.test", own, "call.test"));
    CHECK(allowed("https://call.test", own, "anything"));
    CHECK(allowed("https://call.test", std::nullopt, "call.test"));
    CHECK(allowed("http://127.0.0.1:5290", std::nullopt, "127.0.0.1:5290"));
    CHECK_FALSE(allowed("http://www.test", own, "call.test"));
    CHECK_FALSE(allowed("https://www.test:8443", own, "call.test"));
    CHECK_FALSE(allowed("https://evil.test", own, "evil.test"));
    CHECK_FALSE(allowed("https://evil.test", std::nullopt, "call.test"));
    CHECK_FALSE(allowed("https://evil.test", std::nullopt, ""));
}

TEST_CASE("client address: only a trusted proxy says who sent a request", "[web][client_address]")
{
    CHECK(client("198.51.100.9", "192.0.2.1", {}) == "198.51.100.9");
    CHECK(client("127.0.0.1", "192.0.2.1", { "127.0.0.1" }) == "192.0.2.1");
    CHECK(client("127.0.0.1", "6.6.6.6, 192.0.2.1", { "127.0.0.1" }) == "192.0.2.1");
    CHECK(client("127.0.0.1", "192.0.2.1 , 10.1.2.3", { "127.0.0.1", "10.0.0.0/8" }) == "192.0.2.1");
    CHECK(client("127.0.0.1", "", { "127.0.0.1" }) == "127.0.0.1");
    CHECK(client("127.0.0.1", "192.0.2.1, nonsense", { "127.0.0.1" }) == "127.0.0.1");
    CHECK(client("::ffff:127.0.0.1", "192.0.2.1", { "127.0.0.0/8" }) == "192.0.2.1");
    CHECK(client("fd00::2", "2001:db8::5", { "fd00::/8" }) == "2001:db8::5");
}

TEST_CASE("client address: networks", "[web][client_address]")
{
    for (const auto* bad : { "", "x", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::1/129", "10.0.0.1/8/8" })
        CHECK_FALSE(Network::parse(bad));
    CHECK(Network::parse("10.128.0.0/9")->contains(address("10.200.1.1")));
    CHECK_FALSE(Network::parse("10.128.0.0/9")->contains(address("10.127.1.1")));
    CHECK(Network::parse("0.0.0.0/0")->contains(address("10.127.1.1")));
    CHECK_FALSE(Network::parse("0.0.0.0/0")->contains(address("2001:db8::1")));
    CHECK(limit_name(address("192.0.2.7")) == "192.0.2.7");
    CHECK(limit_name(address("::ffff:192.0.2.7")) == "192.0.2.7");
    CHECK(limit_name(address("2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::");
}
