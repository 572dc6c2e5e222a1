// Idle pages and a storm of them: what a thousand sessions hold in memory, and how long they take to resume.
//   web_pages [COUNT]
// The server runs in a process of its own, the pages are plain sockets of this one.

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "component/web/server.hpp"

namespace {

namespace web = component::web;

struct Authenticator final : web::Authenticator {
    void check(const web::Credentials& credentials, web::WallTime, Done done) override
    {
        web::Identity identity;
        identity.user = xmpp::Jid::parse(credentials.token + "@example.org");
        identity.display_name = credentials.token;
        done(identity);
    }
    bool still_good(const web::Identity&, web::WallTime) const override { return true; }
    std::string seal(std::string_view text) const override { return std::string{ text }; }
    std::optional<std::string> unseal(std::string_view sealed) const override
    {
        return std::string{ sealed };
    }
};

struct Calls final : web::PagePort {
    tl::expected<void, jingle::call::PageError> says(const xmpp::Jid&, const web::PageCallRef&,
                                                     const jingle::call::PageSays&) override
    {
        return {};
    }
    void reports(const xmpp::Jid&, const web::PageCallRef&, const web::PageStats&) override { }
    std::vector<web::LiveCall> calls_of(const xmpp::Jid&) const override { return {}; }
    void reloaded(const xmpp::Jid&) override { }
    void left(const xmpp::Jid&) override { }
};

struct Ice final : web::IceServers {
    std::optional<web::IceConfig> servers_for(const xmpp::Jid&, web::WallTime) override
    {
        return web::IceConfig{ { { { "turn:turn.test:3478?transport=udp" }, "1700000000:user", "c2VjcmV0" } },
                               std::chrono::seconds{ 86'400 } };
    }
};

[[noreturn]] void fail(const char* what)
{
    std::perror(what);
    std::exit(1);
}

[[noreturn]] void serve(int port_out)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    boost::asio::io_context io;
    Authenticator authenticator;
    Calls calls;
    Ice ice;
    web::WebOptions options{ .address = boost::asio::ip::make_address("127.0.0.1") };
    options.trusted_proxies = { *web::Network::parse("127.0.0.1") };
    web::WebServer server{ io, "call.example.org", std::move(options), { authenticator, calls, ice } };
    if (const auto started = server.start(); !started)
        fail(started.error().what.c_str());
    const auto port = server.port();
    if (write(port_out, &port, sizeof port) != sizeof port)
        fail("write");
    io.run();
    std::exit(0);
}

/// One page: a blocking socket.
struct Page {
    int socket = -1;
    std::string token;

    void send(const std::string& bytes) const
    {
        if (::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
            fail("send");
    }
    std::string read_until(const std::string& end) const
    {
        std::string text;
        std::string buffer(4096, '\0');
        while (text.find(end) == std::string::npos) {
            const auto size = recv(socket, buffer.data(), buffer.size(), 0);
            if (size <= 0)
                fail("recv");
            text.append(buffer, 0, static_cast<std::size_t>(size));
        }
        return text;
    }

    void connect(std::uint16_t port, std::size_t number)
    {
        socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            fail("connect");
        send("GET /ws HTTP/1.1\r\nHost: call.test\r\nOrigin: http://call.test\r\nConnection: Upgrade\r\n"
             "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
             "dGhlIHNhbXBsZSBub25jZQ==\r\n"
             "Sec-WebSocket-Protocol: carillon.v1\r\nX-Forwarded-For: 10.0."
             + std::to_string(number / 256) + "." + std::to_string(number % 256) + "\r\n\r\n");
    }
    void hello(const std::string& auth) const
    {
        auto frame = R"({"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"auth":)" + auth
            + R"(,"last_seq":0}})";
        frame.resize(std::max<std::size_t>(frame.size(), 126),
                     ' ');  // The short form of the length is not written.
        const auto size = frame.size();
        send(std::string{ "\x81\xFE" } + static_cast<char>(size >> 8U) + static_cast<char>(size & 255U)
             + std::string(4, '\0') + frame);
    }
    /// The resume token of the answer, still escaped as JSON.
    bool take_token()
    {
        const auto text = read_until("\"calls\":[");
        const std::string key = R"("resume_token":")";
        const auto start = text.find(key) + key.size();
        const auto end = text.find(R"(","resumed":)", start);
        token = text.substr(start, end - start);
        return text.find(R"("resumed":true)") != std::string::npos;
    }
};

long kilobytes(pid_t process, const std::string& field)
{
    std::ifstream status{ "/proc/" + std::to_string(process) + "/status" };
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(field + ":"))
            return std::stol(line.substr(field.size() + 1));
    return 0;
}

double seconds_since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv)
{
    const auto count = static_cast<std::size_t>(argc > 1 ? std::atoi(argv[1]) : 1000);
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0)
        fail("pipe");
    const auto server = fork();
    if (server == 0)
        serve(ends[1]);
    std::uint16_t port = 0;
    if (read(ends[0], &port, sizeof port) != sizeof port)
        fail("read");
    std::printf("empty: %ld kB\n", kilobytes(server, "VmRSS"));

    std::vector<Page> pages(count);
    auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; ++i) {
        pages[i].connect(port, i);
        pages[i].read_until("\r\n\r\n");
        pages[i].hello(R"({"type":"jwt","token":"u)" + std::to_string(i) + R"("})");
        pages[i].take_token();
    }
    std::printf("%zu hellos: %.2f s\n", count, seconds_since(start));
    std::printf("%zu idle pages: %ld kB\n", count, kilobytes(server, "VmRSS"));

    for (const auto& page : pages)
        close(page.socket);
    start = std::chrono::steady_clock::now();
    std::size_t resumed = 0;
    for (std::size_t i = 0; i < count; ++i)
        pages[i].connect(port, i);
    for (auto& page : pages)
        page.read_until("\r\n\r\n");
    for (auto& page : pages)
        page.hello(R"({"type":"resume","token":")" + page.token + "\"}");
    for (auto& page : pages)
        resumed += page.take_token() ? 1 : 0;
    std::printf("storm: %zu of %zu resumed in %.2f s\n", resumed, count, seconds_since(start));
    std::printf("peak: %ld kB\n", kilobytes(server, "VmHWM"));
    kill(server, SIGTERM);
    waitpid(server, nullptr, 0);
    return resumed == count ? 0 : 1;
}
