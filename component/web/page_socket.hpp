#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "component/web/http_connection.hpp"

namespace component::web {

/// A WebSocket: frames in to the sessions, frames out behind each other.
class PageSocket : public std::enable_shared_from_this<PageSocket> {
public:
    static constexpr std::string_view subprotocol_text = "carillon.v1";
    static inline const boost::beast::string_view subprotocol{ subprotocol_text.data(),
                                                               subprotocol_text.size() };

    PageSocket(std::shared_ptr<WebListener> listener, Stream stream, WebListener::Place place);

    /// Answers the upgrade and reads until the end. A page of a foreign origin is told so, and no more.
    static Awaitable<void> run(std::shared_ptr<PageSocket> self, HttpHead head, Peer peer, bool allowed);

    /// Too slow a reader is cut off: what it missed is with its session.
    void send(std::string frame);
    /// Behind what was sent.
    void close(CloseCode code);
    void abort();

private:
    Awaitable<void> read_loop(ConnectionId id);
    void write_next();
    void start_close();

    std::shared_ptr<WebListener> listener_;
    WebListener::Place place_;
    boost::beast::websocket::stream<Stream, false> socket_;
    boost::beast::flat_buffer buffer_;
    std::deque<std::string> unsent_;
    std::size_t unsent_bytes_ = 0;
    bool open_ = false;
    bool writing_ = false;
    bool closing_ = false;
    std::optional<CloseCode> close_code_;
    Timer close_timer_;
};

}  // namespace component::web
