#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/compose.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include "component/net/asio.hpp"

namespace component::web {

/// A connection with or without TLS, of one type for Beast, so that its templates are compiled once.
class Stream {
public:
    using executor_type = Executor;
    using next_layer_type = Socket;
    using lowest_layer_type = Socket;
    using Tls = asio::ssl::stream<Socket&>;

    /// Without a context: no TLS.
    Stream(Socket socket, std::shared_ptr<asio::ssl::context> context)
        : socket_{ std::make_unique<Socket>(std::move(socket)) }
        , context_{ std::move(context) }
    {
        if (context_)
            tls_ = std::make_unique<Tls>(*socket_, *context_);
    }

    [[nodiscard]] executor_type get_executor() { return socket_->get_executor(); }
    [[nodiscard]] Socket& next_layer() noexcept { return *socket_; }
    [[nodiscard]] const Socket& next_layer() const noexcept { return *socket_; }
    [[nodiscard]] Socket& lowest_layer() noexcept { return *socket_; }
    /// Null without TLS.
    [[nodiscard]] Tls* tls() noexcept { return tls_.get(); }
    /// What is done as soon as nothing more of it is read: while it lingers, it keeps no more than it has to.
    void when_over(std::function<void()> release) { release_ = std::move(release); }
    void over()
    {
        if (auto release = std::exchange(release_, nullptr))
            release();
    }

    template <class Buffers, class Handler>
    void async_read_some(const Buffers& buffers, Handler&& handler)
    {
        if (tls_)
            tls_->async_read_some(buffers, std::forward<Handler>(handler));
        else
            socket_->async_read_some(buffers, std::forward<Handler>(handler));
    }

    template <class Buffers, class Handler>
    void async_write_some(const Buffers& buffers, Handler&& handler)
    {
        if (tls_)
            tls_->async_write_some(buffers, std::forward<Handler>(handler));
        else
            socket_->async_write_some(buffers, std::forward<Handler>(handler));
    }

private:
    std::unique_ptr<Socket> socket_;  ///< where it is does not change when the stream moves
    std::shared_ptr<asio::ssl::context> context_;
    std::unique_ptr<Tls> tls_;
    std::function<void()> release_;
};

/// How long the other side has to end its half of a connection once we have ended ours. Until then what it
/// sends is read and thrown away: a socket that is closed with bytes unread takes back what was said last
/// (RFC 9112, 9.6), be it an answer or a close frame.
inline constexpr std::chrono::seconds linger{ 2 };

/// The steps of async_teardown().
class Teardown {
public:
    explicit Teardown(Stream& stream)
        : state_{ std::make_shared<State>(stream) }
    {
    }

    template <class Self>
    void operator()(Self& self, error_code error = {}, std::size_t = 0)
    {
        auto& state = *state_;
        if (!state.started) {
            state.started = true;
            state.stream.over();
            state.deadline.expires_after(linger);
            state.deadline.async_wait([weak = std::weak_ptr{ state_ }](error_code cancelled) {
                const auto alive = weak.lock();
                error_code ignored;
                if (alive && !cancelled)
                    alive->stream.next_layer().close(ignored);
            });
            if (auto* tls = state.stream.tls())
                return tls->async_shutdown(std::move(self));
            state.stream.next_layer().shutdown(Tcp::socket::shutdown_send, error);
        }
        if (!error && state.stream.tls() == nullptr)
            return state.stream.next_layer().async_read_some(asio::buffer(state.thrown_away),
                                                             std::move(self));
        error_code ignored;
        state.stream.next_layer().close(ignored);
        state_.reset();
        self.complete({});
    }

private:
    struct State {
        explicit State(Stream& ended)
            : stream{ ended }
            , deadline{ ended.get_executor() }
        {
        }
        Stream& stream;
        Timer deadline;
        std::array<char, 4096> thrown_away{};
        bool started = false;
    };
    std::shared_ptr<State> state_;
};

/// What Beast does at the end of a WebSocket. Its own for TCP reads once, whatever is there.
template <class Handler>
void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler)
{
    auto& socket = stream.next_layer();
    asio::async_compose<Handler, void(error_code)>(Teardown{ stream }, handler, socket);
}

inline void teardown(boost::beast::role_type, Stream& stream, error_code& error)
{
    stream.next_layer().close(error);
}

}  // namespace component::web
