#pragma once

#include <memory>
#include <optional>
#include <string>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include "component/web/listener.hpp"

namespace component::web {

using HttpHead = boost::beast::http::request<boost::beast::http::empty_body>;

/// A connection until it becomes a WebSocket: TLS, requests and their answers.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
public:
    HttpConnection(std::shared_ptr<WebListener> listener, Stream stream, asio::ip::address peer,
                   WebListener::Place place);

    static Awaitable<void> run(std::shared_ptr<HttpConnection> self);

private:
    Awaitable<bool> start_tls();
    /// Reads a request and answers it; whether another one may follow.
    Awaitable<bool> serve_one();
    Awaitable<bool> write(HttpAnswer answer, bool head_only);
    Awaitable<void> end();
    [[nodiscard]] std::optional<HttpAnswer> upgrade(const HttpHead& head, const HttpRequest& request);
    /// Cuts the connection after so long, unless it is armed again or disarmed.
    void arm(std::chrono::milliseconds time);

    std::shared_ptr<WebListener> listener_;
    Stream stream_;
    asio::ip::address peer_;
    std::optional<WebListener::Place> place_;  ///< until a WebSocket takes it over
    Timer deadline_;
    boost::beast::flat_buffer buffer_;
    bool first_ = true;
    bool upgraded_ = false;
};

}  // namespace component::web
