#include "component/web/page_socket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/websocket/error.hpp>

namespace component::web {
namespace {

namespace websocket = boost::beast::websocket;

/// A buffer that grew with a large frame is given back: most pages are idle most of the time.
constexpr std::size_t kept_buffer = 2048;

}  // namespace

PageSocket::PageSocket(std::shared_ptr<WebListener> listener, Stream stream, WebListener::Place place)
    : listener_{ std::move(listener) }
    , place_{ std::move(place) }
    , socket_{ std::move(stream) }
    , close_timer_{ listener_->executor() }
{
    const auto& options = listener_->options();
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = options.handshake;
    timeout.idle_timeout = options.silence;
    timeout.keep_alive_pings = true;
    socket_.set_option(timeout);
    socket_.set_option(websocket::stream_base::decorator{ [](websocket::response_type& response) {
        response.set(boost::beast::http::field::sec_websocket_protocol, subprotocol);
    } });
    socket_.read_message_max(max_frame);
    socket_.auto_fragment(false);  // A page gets each frame as one: there are clients that read no others.
    socket_.text(true);
}

Awaitable<void> PageSocket::run(std::shared_ptr<PageSocket> self, HttpHead head, Peer peer, bool allowed)
{
    const auto [error] = co_await self->socket_.async_accept(head, as_result);
    auto* sessions = self->listener_->sessions();
    if (error || sessions == nullptr)
        co_return;
    self->open_ = true;
    self->socket_.next_layer().when_over([raw = self.get()] {
        raw->buffer_.clear();
        raw->buffer_.shrink_to_fit();
    });
    const auto id = self->listener_->add(self);
    if (allowed) {
        sessions->opened(id, std::move(peer));
    } else {
        ++self->listener_->counters().foreign_origins;
        self->close(CloseCode::origin);
    }
    co_await self->read_loop(id);
    self->open_ = false;
    self->close_timer_.cancel();
    self->listener_->remove(id);
}

Awaitable<void> PageSocket::read_loop(ConnectionId id)
{
    for (;;) {
        const auto [error, size] = co_await socket_.async_read(buffer_, as_result);
        auto* sessions = listener_->sessions();
        if (error || sessions == nullptr)
            co_return;
        if (close_code_) {
            // It was told to go: what it still says is not heard.
        } else if (!socket_.got_text()) {
            close(CloseCode::not_text);
        } else {
            const auto frame = buffer_.cdata();
            sessions->received(id, { static_cast<const char*>(frame.data()), frame.size() });
        }
        buffer_.clear();
        if (buffer_.capacity() > kept_buffer)
            buffer_.shrink_to_fit();
    }
}

void PageSocket::send(std::string frame)
{
    if (!open_ || close_code_)
        return;
    unsent_bytes_ += frame.size();
    unsent_.push_back(std::move(frame));
    if (unsent_bytes_ > listener_->options().max_unsent) {
        ++listener_->counters().slow_readers;
        unsent_.resize(1);  // The one that is being written has to stay.
        close(CloseCode::slow_reader);
    }
    write_next();
}

// A callback and no coroutine: one step per frame, and no frame to allocate for it.
void PageSocket::write_next()
{
    if (writing_ || !open_)
        return;
    if (unsent_.empty())
        return start_close();
    writing_ = true;
    socket_.async_write(
        asio::buffer(unsent_.front()), [self = shared_from_this()](error_code error, std::size_t) {
            self->writing_ = false;
            self->unsent_bytes_ -= std::min(self->unsent_bytes_, self->unsent_.front().size());
            self->unsent_.pop_front();
            if (!error)
                self->write_next();
        });
}

void PageSocket::close(CloseCode code)
{
    if (close_code_)
        return;
    close_code_ = code;
    close_timer_.expires_after(listener_->options().closing);
    close_timer_.async_wait([weak = weak_from_this()](error_code error) {
        const auto self = weak.lock();
        if (self && !error)
            self->abort();
    });
    write_next();
}

void PageSocket::start_close()
{
    if (!close_code_ || closing_)
        return;
    closing_ = true;
    const websocket::close_reason reason{ static_cast<websocket::close_code>(*close_code_) };
    socket_.async_close(reason, [self = shared_from_this()](error_code) {});
}

void PageSocket::abort()
{
    error_code ignored;
    socket_.next_layer().next_layer().close(ignored);
}

}  // namespace component::web
