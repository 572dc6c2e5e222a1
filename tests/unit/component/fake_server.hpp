#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "captured_log.hpp"
#include "component/link.hpp"
#include "component/net/asio.hpp"
#include "component/stream.hpp"
#include "recorder.hpp"

/// The server's end of one connection: collects what comes in.
class Peer : public std::enable_shared_from_this<Peer> {
public:
    explicit Peer(component::Socket socket)
        : socket_{ std::move(socket) }
    {
    }

    void read()
    {
        socket_.async_read_some(boost::asio::buffer(buffer_),
                                [self = shared_from_this()](component::error_code error, std::size_t size) {
                                    self->received.append(self->buffer_.data(), size);
                                    self->is_over = static_cast<bool>(error);
                                    if (!error)
                                        self->read();
                                });
    }
    /// Blocks, which small texts on loopback do not.
    void send(std::string_view bytes)
    {
        component::error_code ignored;  // the other side may be gone: then what follows will fail
        boost::asio::write(socket_, boost::asio::buffer(bytes), ignored);
    }
    void close()
    {
        component::error_code ignored;
        socket_.close(ignored);
    }
    /// Cuts the connection with RST.
    void reset()
    {
        socket_.set_option(boost::asio::socket_base::linger{ true, 0 });
        close();
    }

    std::string received;
    bool is_over = false;

private:
    component::Socket socket_;
    std::array<char, 65536> buffer_{};
};

/// A Link and a server to go with it on one io_context. Nothing sleeps: the loop turns until a condition
/// holds.
class Lab {
public:
    static constexpr std::string_view stream_id = "3BF9";

    explicit Lab(component::LinkOptions changed = quick())
        : acceptor_{ io.get_executor(), { boost::asio::ip::make_address("127.0.0.1"), 0 } }
        , options_{ std::move(changed) }
    {
        options_.port = acceptor_.local_endpoint().port();
        link = std::make_unique<component::Link>(io, options_, recorder, [] { return 0U; });
    }

    /// Options whose times are short where they are waited for, and long where the test would be disturbed.
    static component::LinkOptions quick()
    {
        using namespace std::chrono_literals;
        component::LinkOptions options;
        options.domain = "call.example.org";
        options.secret = "secret";
        options.backoff_min = 1ms;
        options.backoff_max = 4ms;
        return options;
    }

    /// Turns the loop until the condition holds; false when it does not within ten seconds.
    template <class Condition>
    [[nodiscard]] bool until(Condition condition)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{ 10 };
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end)
                return false;
            io.restart();
            io.run_one_for(std::chrono::milliseconds{ 100 });
        }
        return true;
    }

    enum class Reading { yes, no };

    /// The next connection of the link.
    std::shared_ptr<Peer> accept(Reading reading = Reading::yes)
    {
        std::shared_ptr<Peer> peer;
        acceptor_.async_accept([&](component::error_code error, component::Socket socket) {
            REQUIRE_FALSE(error);
            peer = std::make_shared<Peer>(std::move(socket));
        });
        REQUIRE(until([&] { return peer != nullptr; }));
        if (reading == Reading::yes)
            peer->read();
        return peer;
    }

    /// Plays the server up to the component's handshake.
    std::shared_ptr<Peer> greet()
    {
        auto peer = accept();
        REQUIRE(until([&] { return peer->received.ends_with("to='call.example.org'>"); }));
        peer->send("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                   "xmlns:stream='http://etherx.jabber.org/streams' from='call.example.org' id='3BF9'>");
        REQUIRE(until([&] { return peer->received.ends_with("</handshake>"); }));
        return peer;
    }

    std::shared_ptr<Peer> go_online()
    {
        auto peer = greet();
        peer->send("<handshake/>");
        REQUIRE(until([&] { return link->online(); }));
        peer->received.clear();
        return peer;
    }

    [[nodiscard]] bool stop()
    {
        link->stop([this] { stopped = true; });
        return until([this] { return stopped; });
    }

    CapturedLog log;
    boost::asio::io_context io{ 1 };
    Recorder recorder;
    std::unique_ptr<component::Link> link;
    bool stopped = false;

private:
    boost::asio::basic_socket_acceptor<component::Tcp, component::Executor> acceptor_;
    component::LinkOptions options_;
};
