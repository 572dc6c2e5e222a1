#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "../temporary_directory.hpp"
#include "component/web/server.hpp"
#include "fake_ports.hpp"
#include "raw_client.hpp"
#include "support/self_signed.hpp"

namespace {

using namespace fake;
using component::web::Network;
using component::web::Origin;
using component::web::WebOptions;

WebOptions loopback()
{
    WebOptions options{ .address = asio::ip::make_address("127.0.0.1") };
    options.origins = { Origin::parse("https://www.test").value() };
    return options;
}

const std::string with_origin = "Origin: https://www.test\r\n";

std::string hello_with(const std::string& type, const std::string& token)
{
    return request("session.hello",
                   R"({"auth":{"type":")" + type + R"(","token":)" + json::serialize(json::string{ token })
                       + R"(},"last_seq":0})",
                   1);
}

/// A server on loopback, with everything around it, and clients of it.
struct Server {
    explicit Server(WebOptions options = loopback())
        : server{ loop.io, "call.example.org", std::move(options), { authenticator, calls, ice } }
    {
        const auto started = server.start();
        REQUIRE(started);
        tls = false;
    }
    std::unique_ptr<RawClient> connect() { return std::make_unique<RawClient>(loop, server.port(), tls); }
    std::unique_ptr<RawClient> connect_page(const std::string& headers = with_origin)
    {
        auto client = connect();
        REQUIRE(client->upgrade(headers).starts_with("HTTP/1.1 101"));
        return client;
    }
    static json::value next(RawClient& client)
    {
        const auto frame = client.next_frame();
        INFO(frame.payload);
        REQUIRE(frame.opcode == 1);
        CHECK(support::protocol().problem(frame.payload, "ServerFrame") == "");
        return json::parse(frame.payload);
    }
    std::pair<std::unique_ptr<RawClient>, json::value> page(const std::string& type, const std::string& token)
    {
        auto client = connect_page();
        client->send_frame(hello_with(type, token));
        auto hello = next(*client);
        return { std::move(client), std::move(hello) };
    }

    Loop loop;
    fake::Authenticator authenticator;
    fake::Calls calls;
    fake::Ice ice;
    web::WebServer server;
    bool tls = false;
};

}  // namespace

TEST_CASE("server: HTTP, several requests on a connection", "[web][server]")
{
    Server lab;
    const auto client = lab.connect();
    CHECK(client->get("/healthz").starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(client->body() == "ok\n");
    CHECK(client->get("/healthz", "", "HEAD").find("Content-Length: 3\r\n") != std::string::npos);
    CHECK(client->get("/none").starts_with("HTTP/1.1 404"));
    const auto head = client->get("/client/carillon.v1.schema.json");
    CHECK(head.find("Access-Control-Allow-Origin: *\r\n") != std::string::npos);
    CHECK(head.find("Content-Type: application/json\r\n") != std::string::npos);
    std::ostringstream schema;
    schema << std::ifstream{ PROTOCOL_SCHEMA }.rdbuf();
    CHECK(client->body() == schema.str());
    const auto etag = head.substr(head.find("ETag: ") + 6, 18);
    CHECK(client->get("/client/carillon.v1.schema.json", "If-None-Match: " + etag + "\r\n")
              .starts_with("HTTP/1.1 304"));
    CHECK(client->get("/healthz", "Connection: close\r\n").find("Connection: close") != std::string::npos);
    CHECK(client->is_closed());
}

TEST_CASE("server: what is no proper request is refused, and the connection closed", "[web][server][hostile]")
{
    Server lab;
    struct Row {
        std::string request;
        std::string status;
    };
    const auto row = GENERATE(values<Row>({
        { "hello\r\n\r\n", "400" },
        { "GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n", "400" },
        { "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n", "431" },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "405" },
        { "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", "413" },
        { "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "413" },
        { "GET / HTTP/1.1\r\n\r\n", "400" },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400" },
        { "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400" },
        { "GET /ws HTTP/1.1\r\nHost: a\r\n\r\n", "426" },
        { "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: "
          "websocket\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: carillon.v1\r\n"
          "Content-Length: 2\r\n\r\n",
          "400" },
        { "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: "
          "websocket\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat\r\n\r\n",
          "400" },
    }));
    INFO(row.request.substr(0, 60));
    const auto client = lab.connect();
    client->send(row.request);
    CHECK(client->read_until("\r\n\r\n").starts_with("HTTP/1.1 " + row.status));
    CHECK(client->is_closed());
}

TEST_CASE("server: a client of before HTTP/1.1 needs no host, and its connection does not stay",
          "[web][server]")
{
    Server lab;
    const auto client = lab.connect();
    client->send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(client->read_until("ok\n").starts_with("HTTP/1.1 200"));
    CHECK(client->is_closed());
}

TEST_CASE("server: a page says hello, calls and hears", "[web][server]")
{
    Server lab;
    auto client = lab.connect();
    const auto head = client->upgrade(with_origin);
    CHECK(head.starts_with("HTTP/1.1 101"));
    CHECK(head.find("Sec-WebSocket-Protocol: carillon.v1\r\n") != std::string::npos);
    client->send_frame(hello_with("jwt", "alice"));
    const auto hello = Server::next(*client);
    CHECK(hello.at("result").at("display_name") == "alice");
    CHECK(lab.authenticator.checked.front().origin == "https://www.test");

    client->send_frame(request("call.invite", R"({"call_id":"c","to":"bob@example.org","media":["audio"]})"));
    CHECK(Server::next(*client).at("result").at("state") == "trying");
    lab.server.sessions().hears(lab.calls.said.at(0).page, { "c", "phone" }, jingle::call::PageRinging{});
    CHECK(Server::next(*client).at("method") == "call.ringing");

    client->send_frame(request("session.bye"));
    CHECK(client->close_code() == 1000);
    CHECK(lab.server.sessions().size() == 0);
}

TEST_CASE("server: the origin of a page is checked", "[web][server]")
{
    Server lab;
    struct Row {
        std::string headers;
        bool allowed;
    };
    const auto row = GENERATE(values<Row>({
        { "Origin: https://www.test\r\n", true },
        { "Origin: https://call.test\r\n", true },
        { "", true },
        { "Origin: https://evil.test\r\n", false },
        { "Origin: null\r\n", false },
        { "Origin: http://www.test\r\n", false },
        { "Origin: https://www.test\r\nOrigin: https://www.test\r\n", false },
    }));
    INFO(row.headers);
    const auto client = lab.connect_page(row.headers);
    if (row.allowed) {
        client->send_frame(hello_with("jwt", "alice"));
        CHECK(Server::next(*client).as_object().contains("result"));
    } else {
        CHECK(client->close_code() == 4403);
        CHECK(lab.authenticator.checked.empty());
        CHECK(lab.server.counters().foreign_origins == 1);
    }
}

TEST_CASE("server: no hello, no connection", "[web][server]")
{
    auto options = loopback();
    options.sessions.hello = 0s;
    Server lab{ std::move(options) };
    const auto client = lab.connect_page();
    REQUIRE(lab.loop.until([&] { return lab.server.sessions().connections() == 1; }));
    lab.server.sessions().tick();
    CHECK(client->close_code() == 4408);
}

TEST_CASE("server: a wrong token is answered and shut out", "[web][server]")
{
    Server lab;
    const auto [client, answer] = lab.page("jwt", "mallory");
    CHECK(code_of(answer) == 1001);
    CHECK(client->close_code() == 4401);
}

TEST_CASE("server: a cut connection is resumed, and one that lives is replaced", "[web][server]")
{
    Server lab;
    auto [first, hello] = lab.page("jwt", "alice");
    const auto address = xmpp::Jid::parse(address_of(hello)).value();
    first->cut();
    REQUIRE(lab.loop.until([&] { return lab.server.sessions().connections() == 0; }));
    lab.server.sessions().hears(address, { "c", "p" }, jingle::call::PageRinging{});

    auto [second, resumed] = lab.page("resume", token_of(hello));
    CHECK(resumed.at("result").at("resumed") == true);
    CHECK(Server::next(*second).at("method") == "call.ringing");

    auto [third, again] = lab.page("resume", token_of(resumed));
    CHECK(again.at("result").at("resumed") == true);
    CHECK(Server::next(*second).at("params").at("reason") == "replaced");
    CHECK(second->close_code() == 4409);
}

TEST_CASE("server: frames up to 128 KiB, whole or in pieces, and not a byte more", "[web][server][hostile]")
{
    Server lab;
    auto [client, hello] = lab.page("jwt", "alice");
    const auto ping = request("ping");
    client->send_frame(ping + std::string(web::max_frame - ping.size(), ' '));
    CHECK(Server::next(*client).as_object().contains("result"));
    client->send_frame(ping.substr(0, 10), 0x01);
    client->send_frame(ping.substr(10), 0x80);
    CHECK(Server::next(*client).as_object().contains("result"));
    SECTION("one frame")
    {
        client->send_frame(ping + std::string(web::max_frame - ping.size() + 1, ' '));
    }
    SECTION("in pieces")
    {
        client->send_frame(std::string(web::max_frame, ' '), 0x01);
        client->send_frame(" ", 0x80);
    }
    CHECK(client->close_code() == 1009);
    client->cut();
    REQUIRE(lab.loop.until([&] { return lab.server.sessions().connections() == 0; }));
    CHECK(lab.server.sessions().size() == 1);
}

TEST_CASE("server: text that is no UTF-8, and what is no text, ends the connection", "[web][server][hostile]")
{
    Server lab;
    auto [client, hello] = lab.page("jwt", "alice");
    SECTION("binary")
    {
        client->send_frame("x", 0x82);
        CHECK(client->close_code() == 1003);
    }
    SECTION("bad UTF-8")
    {
        client->send_frame("\xff");
        CHECK(client->close_code() == 1007);
    }
}

TEST_CASE("server: who does not read is cut off, and can resume", "[web][server][limits]")
{
    auto options = loopback();
    options.max_unsent = 64 * 1024;
    options.closing = 50ms;
    Server lab{ std::move(options) };
    auto [client, hello] = lab.page("jwt", "alice");
    const auto address = xmpp::Jid::parse(address_of(hello)).value();
    client->pause();
    const std::string sdp(60'000, 'a');
    for (int i = 0; i < 2000 && lab.server.counters().slow_readers == 0; ++i) {
        lab.server.sessions().hears(address, { "c", "p" }, jingle::call::PageAnswer{ sdp });
        lab.loop.io.restart();
        lab.loop.io.poll();
    }
    CHECK(lab.server.counters().slow_readers == 1);
    REQUIRE(lab.loop.until([&] { return lab.server.sessions().connections() == 0; }));
    CHECK(lab.server.sessions().size() == 1);
    const auto [again, resumed] = lab.page("resume", token_of(hello));
    CHECK(resumed.as_object().contains("result"));
}

TEST_CASE("server: connections of an address are limited", "[web][server][limits]")
{
    auto options = loopback();
    options.per_address = 1;
    SECTION("direct")
    {
        Server lab{ std::move(options) };
        const auto first = lab.connect();
        CHECK(first->get("/healthz").starts_with("HTTP/1.1 200"));
        const auto second = lab.connect();
        CHECK(second->is_closed());
        CHECK(lab.server.counters().refused == 1);
        first->cut();
        const auto counted = [&] { return lab.connect()->get("/healthz").starts_with("HTTP/1.1 200"); };
        CHECK(lab.loop.until(counted));
    }
    SECTION("behind a proxy")
    {
        options.trusted_proxies = { Network::parse("127.0.0.1").value() };
        Server lab{ std::move(options) };
        const auto first = lab.connect_page(with_origin + "X-Forwarded-For: 192.0.2.1\r\n");
        const auto other
            = lab.connect_page(with_origin + "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n");
        const auto second = lab.connect();
        CHECK(second->upgrade(with_origin + "X-Forwarded-For: 192.0.2.1\r\n").starts_with("HTTP/1.1 429"));
        other->send_frame(hello_with("jwt", "alice"));
        Server::next(*other);
        CHECK(lab.authenticator.checked.front().address == "192.0.2.2");
    }
}

TEST_CASE("server: connections are limited in all, a proxy's too", "[web][server][limits]")
{
    auto options = loopback();
    options.max_connections = 2;
    options.trusted_proxies = { Network::parse("127.0.0.1").value() };
    Server lab{ std::move(options) };
    const auto first = lab.connect();
    CHECK(first->get("/healthz").starts_with("HTTP/1.1 200"));
    const auto page = lab.connect_page(with_origin + "X-Forwarded-For: 192.0.2.1\r\n");
    CHECK(lab.connect()->is_closed());
    page->cut();
    CHECK(lab.loop.until([&] { return lab.connect()->get("/healthz").starts_with("HTTP/1.1 200"); }));
}

TEST_CASE("server: half a request and a dead peer do not stay", "[web][server][limits]")
{
    auto options = loopback();
    options.request = 50ms;
    options.silence = 60ms;
    Server lab{ std::move(options) };
    const auto half = lab.connect();
    half->send("GET / HTT");
    CHECK(half->is_closed());
    auto [page, hello] = lab.page("jwt", "alice");
    CHECK(page->is_closed());  // It was pinged, and never answered.
    CHECK(lab.server.sessions().size() == 1);
}

TEST_CASE("server: TLS of its own", "[web][server][tls]")
{
    const TemporaryDirectory directory;
    const auto identity = support::make_identity("call.test");
    auto options = loopback();
    options.tls = web::WebTls{ directory.write("cert.pem", identity.certificate),
                               directory.write("key.pem", identity.key) };
    Server lab{ options };
    lab.tls = true;

    const auto browser = lab.connect();
    CHECK(browser->get("/healthz").find("Strict-Transport-Security: ") != std::string::npos);
    auto [client, hello] = lab.page("jwt", "alice");
    CHECK(hello.at("result").at("display_name") == "alice");
    client->send_frame(request("session.bye"));
    CHECK(client->close_code() == 1000);

    directory.write("cert.pem", "nonsense");
    CHECK_FALSE(lab.server.prepare(options));
    CHECK(lab.connect()->get("/healthz").starts_with("HTTP/1.1 200"));

    const auto renewed = support::make_identity("call.test");
    directory.write("cert.pem", renewed.certificate);
    CHECK_FALSE(lab.server.prepare(options));  // The key is the old one's.
    directory.write("key.pem", renewed.key);
    options.origins = { *web::Origin::parse("https://shop.test") };
    const auto change = lab.server.prepare(options);
    REQUIRE(change);
    const std::string shown = "frame-ancestors 'self' https://shop.test";
    CHECK(lab.connect()->get("/c").find(shown) == std::string::npos);
    (*change)();
    CHECK(lab.connect()->get("/c").find(shown) != std::string::npos);
    CHECK(browser->get("/healthz").starts_with("HTTP/1.1 200"));  // It has the old certificate, and stays.

    lab.tls = false;
    const auto plain = lab.connect();
    plain->send("GET / HTTP/1.1\r\n\r\n");
    CHECK(plain->is_closed());
    CHECK(lab.server.counters().tls_failures == 1);
}

TEST_CASE("server: when it stops pages are told to come back", "[web][server]")
{
    Server lab;
    auto [client, hello] = lab.page("jwt", "alice");
    const auto port = lab.server.port();
    lab.server.stop(1s);
    CHECK(Server::next(*client).at("params").at("reason") == "drain");
    CHECK(client->close_code() == 1012);
    CHECK(lab.calls.gone.empty());
    component::Socket socket{ lab.loop.io.get_executor() };
    error_code refused;
    socket.connect({ asio::ip::make_address("127.0.0.1"), port }, refused);
    CHECK(refused);
}

TEST_CASE("server: a port that is taken is told", "[web][server]")
{
    Server lab;
    auto options = loopback();
    options.port = lab.server.port();
    web::WebServer other{
        lab.loop.io, "call.example.org", std::move(options), { lab.authenticator, lab.calls, lab.ice }
    };
    const auto started = other.start();
    REQUIRE_FALSE(started);
    CHECK(started.error().what.find("cannot listen on 127.0.0.1 port") != std::string::npos);
}
