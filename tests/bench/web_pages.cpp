// The load of a thousand pages: they connect, stay, lose their connections all at once and resume.
//   web_pages PORT SECRET COUNT    where a gateway listens whose key is the HS256 secret, kid "bench",
//   audience "bench"
// Prints one line of JSON when all are connected, waits for a line on stdin, cuts them, and prints another
// when all have resumed. Plain sockets, and no more of HTTP and WebSockets than is needed.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/base64url.hpp"

namespace {

[[noreturn]] void fail(const char* what)
{
    std::perror(what);
    std::exit(1);
}

std::string token_of(const std::string& subject, const std::string& secret)
{
    const auto body = base::to_base64url(R"({"alg":"HS256","kid":"bench"})") + "."
        + base::to_base64url(R"({"aud":"bench","exp":4000000000,"sub":")" + subject + "\"}");
    std::string mac(32, '\0');
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(body.data()), body.size(),
         reinterpret_cast<unsigned char*>(mac.data()), nullptr);
    return body + "." + base::to_base64url(mac);
}

/// A page: one blocking socket.
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

    /// Each from an address of its own, as the proxy says.
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
    void hello(const std::string& type, const std::string& proof) const
    {
        auto frame = R"({"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"auth":{"type":")" + type
            + R"(","token":")" + proof + R"("},"last_seq":0}})";
        frame.resize(std::max<std::size_t>(frame.size(), 126),
                     ' ');  // The short form of the length is not written.
        const auto size = frame.size();
        send(std::string{ "\x81\xFE" } + static_cast<char>(size >> 8U) + static_cast<char>(size & 255U)
             + std::string(4, '\0') + frame);
    }
    /// The resume token of the answer; whether the session goes on.
    bool take_token()
    {
        const auto text = read_until("\"calls\":[");
        const std::string key = R"("resume_token":")";
        const auto start = text.find(key) + key.size();
        token = text.substr(start, text.find('"', start) - start);
        return text.find(R"("resumed":true)") != std::string::npos;
    }
};

double seconds_since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 4) {
        std::cerr << "usage: web_pages PORT SECRET COUNT\n";
        return 64;
    }
    const auto port = static_cast<std::uint16_t>(std::stoi(argv[1]));
    const std::string secret = argv[2];
    std::vector<Page> pages(std::stoul(argv[3]));

    auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < pages.size(); ++i) {
        pages[i].connect(port, i);
        pages[i].read_until("\r\n\r\n");
        pages[i].hello("jwt", token_of("user" + std::to_string(i) + "@bench.test", secret));
        pages[i].take_token();
    }
    std::printf("{\"pages\": %zu, \"seconds\": %.3f}\n", pages.size(), seconds_since(start));
    std::fflush(stdout);
    std::string line;
    std::getline(std::cin, line);

    for (const auto& page : pages)
        close(page.socket);
    start = std::chrono::steady_clock::now();
    std::size_t resumed = 0;
    for (std::size_t i = 0; i < pages.size(); ++i)
        pages[i].connect(port, i);
    for (auto& page : pages)
        page.read_until("\r\n\r\n");
    for (auto& page : pages)
        page.hello("resume", page.token);
    for (auto& page : pages)
        resumed += page.take_token() ? 1 : 0;
    std::printf("{\"resumed\": %zu, \"seconds\": %.3f}\n", resumed, seconds_since(start));
    return resumed == pages.size() ? 0 : 1;
}
