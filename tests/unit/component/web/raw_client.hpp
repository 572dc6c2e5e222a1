#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "component/net/asio.hpp"

namespace fake {

namespace asio = boost::asio;
using component::error_code;

/// Runs an io_context on this thread, until something holds.
class Loop {
public:
    template <class Condition>
    bool until(Condition condition)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{ 10 };
        while (!condition()) {
            if (std::chrono::steady_clock::now() >= end)
                return false;
            io.restart();
            io.run_one_for(std::chrono::milliseconds{ 100 });
        }
        return true;
    }
    asio::io_context io;
};

/// A client that knows as much of HTTP and of WebSockets as it needs to misbehave.
class RawClient {
public:
    struct Frame {
        unsigned opcode = 0;
        std::string payload;
    };
    using Tls = asio::ssl::stream<component::Socket&>;

    RawClient(Loop& loop, std::uint16_t port, bool tls = false)
        : loop_{ loop }
        , socket_{ loop.io.get_executor() }
    {
        bool connected = false;
        socket_.async_connect({ asio::ip::make_address("127.0.0.1"), port }, [&](error_code error) {
            REQUIRE_FALSE(error);
            connected = true;
        });
        REQUIRE(loop_.until([&] { return connected; }));
        if (tls)
            shake_hands();
        read();
    }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient()
    {
        error_code ignored;
        socket_.close(ignored);
        loop_.until([&] { return !reading_; });
    }

    void send(const std::string& bytes)
    {
        bool sent = false;
        const auto done = [&](error_code, std::size_t) { sent = true; };
        if (tls_)
            asio::async_write(*tls_, asio::buffer(bytes), done);
        else
            asio::async_write(socket_, asio::buffer(bytes), done);
        REQUIRE(loop_.until([&] { return sent; }));
    }
    /// Up to and with `end`; what has come when the server closes first.
    std::string read_until(std::string_view end)
    {
        REQUIRE(loop_.until([&] { return closed_ || received_.find(end) != std::string::npos; }));
        const auto found = received_.find(end);
        return take(found == std::string::npos ? received_.size() : found + end.size());
    }
    std::string read(std::size_t size)
    {
        REQUIRE(loop_.until([&] { return closed_ || received_.size() >= size; }));
        return take(std::min(size, received_.size()));
    }
    /// The head of the answer; its body is body().
    std::string get(const std::string& target, const std::string& more = "",
                    const std::string& method = "GET")
    {
        send(method + " " + target + " HTTP/1.1\r\nHost: call.test\r\n" + more + "\r\n");
        auto head = read_until("\r\n\r\n");
        const auto at = head.find("Content-Length: ");
        body_ = at == std::string::npos || method == "HEAD" ? "" : read(std::stoul(head.substr(at + 16)));
        return head;
    }
    const std::string& body() const { return body_; }
    std::string upgrade(const std::string& more = "")
    {
        return get("/ws",
                   "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: x, carillon.v1\r\n"
                       + more);
    }

    /// Masked with zeros (RFC 6455, 5.3 asks for a mask, and not for a good one).
    void send_frame(const std::string& payload, unsigned first_byte = 0x81)
    {
        std::string bytes{ static_cast<char>(first_byte) };
        const auto size = payload.size();
        if (size < 126) {
            bytes += static_cast<char>(0x80U | size);
        } else {
            const auto wide = size > 65535;
            bytes += static_cast<char>(wide ? 0xFF : 0xFE);
            for (int shift = wide ? 56 : 8; shift >= 0; shift -= 8)
                bytes += static_cast<char>(static_cast<std::uint64_t>(size) >> static_cast<unsigned>(shift));
        }
        send(bytes + std::string(4, '\0') + payload);
    }
    Frame next_frame()
    {
        const auto head = read(2);
        if (head.size() < 2)
            return {};
        std::size_t size = static_cast<unsigned char>(head[1]);
        if (size >= 126) {
            const auto bytes = read(size == 126 ? 2 : 8);
            size = 0;
            for (const auto c : bytes)
                size = size << 8U | static_cast<unsigned char>(c);
        }
        return { static_cast<unsigned char>(head[0]) & 15U, read(size) };
    }
    /// The code the server closes with; text before it is skipped.
    unsigned close_code()
    {
        for (;;) {
            const auto frame = next_frame();
            if (frame.opcode == 8 && frame.payload.size() >= 2)
                return static_cast<unsigned char>(frame.payload[0]) << 8U
                    | static_cast<unsigned char>(frame.payload[1]);
            if (frame.opcode == 0)
                return 0;
        }
    }
    bool is_closed()
    {
        return loop_.until([&] { return closed_; });
    }
    void pause() { paused_ = true; }
    void resume()
    {
        paused_ = false;
        read();
    }
    void cut()
    {
        error_code ignored;
        socket_.close(ignored);
    }

private:
    void shake_hands()
    {
        tls_ = std::make_unique<Tls>(socket_, context_);
        bool done = false;
        tls_->async_handshake(asio::ssl::stream_base::client, [&](error_code error) {
            REQUIRE_FALSE(error);
            done = true;
        });
        REQUIRE(loop_.until([&] { return done; }));
    }
    void read()
    {
        if (reading_ || paused_ || closed_)
            return;
        reading_ = true;
        const auto done = [this](error_code error, std::size_t size) {
            reading_ = false;
            received_.append(buffer_.data(), size);
            closed_ = closed_ || error;
            read();
        };
        if (tls_)
            tls_->async_read_some(asio::buffer(buffer_), done);
        else
            socket_.async_read_some(asio::buffer(buffer_), done);
    }
    std::string take(std::size_t size)
    {
        auto text = received_.substr(0, size);
        received_.erase(0, size);
        return text;
    }

    Loop& loop_;
    asio::ssl::context context_{ asio::ssl::context::tls_client };
    component::Socket socket_;
    std::unique_ptr<Tls> tls_;
    std::array<char, 65536> buffer_{};
    std::string received_;
    std::string body_;
    bool reading_ = false;
    bool closed_ = false;
    bool paused_ = false;
};

}  // namespace fake
