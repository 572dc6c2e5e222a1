#pragma once

#include <memory>
#include <utility>

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
};

/// What Beast does at the end of a WebSocket.
template <class Handler>
void async_teardown(boost::beast::role_type role, Stream& stream, Handler&& handler)
{
    if (auto* tls = stream.tls())
        tls->async_shutdown(std::forward<Handler>(handler));
    else
        boost::beast::websocket::async_teardown(role, stream.next_layer(), std::forward<Handler>(handler));
}

inline void teardown(boost::beast::role_type, Stream& stream, error_code& error)
{
    stream.next_layer().close(error);
}

}  // namespace component::web
