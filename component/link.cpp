#include "component/link.hpp"

#include <array>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "component/backoff.hpp"
#include "component/link_end.hpp"
#include "component/log.hpp"
#include "component/outgoing.hpp"
#include "component/stream.hpp"
#include "component/transport.hpp"
#include "xmpp/ns.hpp"

namespace component {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t read_size = std::size_t{ 64 } * 1024;
/// Of a read that is longer than this the first answers go out before all of it has been looked at.
constexpr std::size_t long_read = std::size_t{ 2 } * 1024;

Destination destination_of(const LinkOptions& options)
{
    return { options.host, options.port, options.direct_tls, options.tls_ca, options.domain };
}

}  // namespace

/// Shared with its own pending operations, so that a Link may go at any time.
class Link::Connection final : public std::enable_shared_from_this<Connection>, private LinkHandler {
public:
    Connection(asio::io_context& io, LinkOptions options, LinkHandler& handler, Random random)
        : options_{ std::move(options) }
        , executor_{ io.get_executor() }
        , handler_{ &handler }
        , random_{ std::move(random) }
        , backoff_{ options_.backoff_min, options_.backoff_max }
        , stream_{ options_, *this, control_ }
        , deadline_{ executor_ }
        , idle_{ executor_ }
    {
    }

    void start()
    {
        // What a handler throws has to come out of io_context::run(), not to vanish in here.
        asio::co_spawn(executor_, run(shared_from_this()), [](const std::exception_ptr& thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    }

    void stop(std::function<void()> stopped)
    {
        stopping_ = true;
        stopped_ = std::move(stopped);
        const auto had_stream = stream_.state() != Stream::State::closed;
        leave_online();
        stream_.close();
        if (had_stream) {
            send();
            arm(deadline_, options_.close_timeout, &Connection::cut);
        } else {  // a name look-up cannot be interrupted: do not wait for it
            cut();
            disarm(deadline_);
            report_stopped();
        }
    }

    void drop(std::string_view why)
    {
        log::warning(log::no_call, "xmpp: cutting the connection: {}", why);
        stream_.abandon();
        cut();
        discard(out_);
        leave_online();
        control_.clear();
    }

    void abandon()
    {
        handler_ = nullptr;
        stopping_ = true;
        online_ = false;
        stopped_ = {};
        stream_.abandon();
        cut();
        disarm(deadline_);
        disarm(idle_);
    }

    void flush()
    {
        if (!online_)
            return discard(out_);
        if (unsent() > options_.max_unsent)
            return drop("the server does not read what we send");
        send();
    }

    std::size_t unsent() const noexcept { return online_ ? out_.size() + transport_->unsent() : 0; }

    bool online_ = false;
    std::string out_;
    std::uint64_t dropped_bytes_ = 0;
    Clock::time_point last_received_;

private:
    static Awaitable<void> run(std::shared_ptr<Connection> self)
    {
        while (!self->stopping_) {
            co_await connect_once(self);
            if (self->stopping_)
                break;
            const auto delay = self->backoff_.next(self->random_());
            log::info(log::no_call, "xmpp: next attempt in {} ms", delay.count());
            self->deadline_.expires_after(delay);
            co_await self->deadline_.async_wait(as_result);
        }
        disarm(self->deadline_);
        self->report_stopped();
    }

    /// One connection from its first step to its last byte.
    static Awaitable<void> connect_once(std::shared_ptr<Connection> self)
    {
        const auto transport = std::make_shared<Transport>(self->executor_, destination_of(self->options_));
        self->transport_ = transport;
        self->timed_out_ = false;
        self->arm(self->deadline_, self->options_.setup_timeout, &Connection::give_up_setup);
        const auto failed = co_await Transport::connect(transport);
        if (!failed && !self->stopping_) {
            self->stream_.open();
            self->send();
            co_await read_loop(self, transport);
        }
        self->end_connection(failed);
    }

    static Awaitable<void> read_loop(std::shared_ptr<Connection> self, std::shared_ptr<Transport> transport)
    {
        for (;;) {
            const auto [error, size] = co_await Transport::read(transport, self->buffer_);
            if (error)
                break;
            self->last_received_ = Clock::now();
            self->take({ self->buffer_.data(), size });
        }
    }

    void take(std::string_view bytes)
    {
        if (stream_.state() == Stream::State::ended)
            return;  // only the end of the connection is waited for
        is_long_read_ = bytes.size() > long_read;
        stream_.feed(bytes);
        if (online_)
            handler_->on_batch_end();
        if (stream_.state() == Stream::State::ended) {
            leave_online();
            arm(deadline_, options_.close_timeout, &Connection::cut);
        }
        if (online_)
            flush();
        else
            send();
    }

    // From the stream, while it is fed.

    void on_online() override
    {
        online_ = true;
        online_since_ = last_received_;
        last_sent_ = last_received_;
        discard(out_);
        disarm(deadline_);
        log::info(log::no_call, "xmpp: online as {} at {}:{}", options_.domain, options_.host, options_.port);
        watch_idle();
        handler_->on_online();
    }

    void on_stanza(xmpp::Element& stanza) override
    {
        if (is_pong(stanza))
            return;
        handler_->on_stanza(stanza);
        // What is said beside somebody's large stanzas does not wait for them. That is one more write a read
        // at most: further ones wait until it is done.
        if (is_long_read_ && online_)
            send();
    }

    void on_skipped(const xmpp::Element& envelope, xmpp::SkipReason reason) override
    {
        handler_->on_skipped(envelope, reason);
    }

    void on_offline() override { }
    void on_batch_end() override { }

    // The end of a connection.

    void leave_online()
    {
        if (!online_)
            return;
        online_ = false;
        control_.insert(0, out_);  // what the handler has written goes before anything that ends the stream
        out_.clear();
        disarm(idle_);
        ping_sent_.reset();
        if (Clock::now() - online_since_ >= options_.stable_after)
            backoff_.reset();
        handler_->on_offline();
    }

    void end_connection(const std::optional<ConnectFailure>& failed)
    {
        cut();
        disarm(deadline_);
        discard(out_);
        leave_online();
        control_.clear();
        if (!stopping_)
            log_connection_end(options_, { timed_out_, failed, stream_ });
        stream_.abandon();
    }

    void report_stopped()
    {
        if (stopped_)
            asio::post(executor_, std::exchange(stopped_, {}));
    }

    void give_up_setup()
    {
        timed_out_ = true;
        cut();
    }

    void cut()
    {
        if (transport_)
            transport_->close();
    }

    void discard(std::string& bytes)
    {
        dropped_bytes_ += bytes.size();
        bytes.clear();
    }

    // Output: what the stream says goes before what the handler says, but for the goodbye (leave_online).

    void send()
    {
        if (!transport_ || transport_->unsent() != 0)
            return;  // on_written goes on
        auto& bytes = control_.empty() && online_ ? out_ : control_;
        if (bytes.empty())
            return;
        last_sent_ = Clock::now();
        transport_->write(bytes, [self = shared_from_this(), transport = transport_](error_code error) {
            if (error)
                transport->close();
            else if (self->transport_ == transport)
                self->send();
        });
    }

    // Keep-alive and ping.

    void watch_idle()
    {
        const auto next = std::min(last_sent_ + options_.keep_alive,
                                   ping_sent_ ? *ping_sent_ + options_.ping_timeout
                                              : last_received_ + options_.ping_after);
        idle_.expires_at(next);
        wait(idle_, &Connection::on_idle);
    }

    void on_idle()
    {
        const auto now = Clock::now();
        if (ping_sent_ && last_received_ > *ping_sent_)
            ping_sent_.reset();
        if (ping_sent_ && now >= *ping_sent_ + options_.ping_timeout)
            return drop("no answer to a ping");
        if (!ping_sent_ && now >= last_received_ + options_.ping_after)
            ping(now);
        else if (now >= last_sent_ + options_.keep_alive) {
            out_ += ' ';
            flush();
        }
        if (online_)
            watch_idle();
    }

    void ping(Clock::time_point now)
    {
        ping_sent_ = now;
        ping_id_ = "ping-" + std::to_string(++pings_);
        xmpp::Writer writer{ out_, xmpp::ns::component };
        open_stanza(writer,
                    { "iq", options_.domain, options_.ping_to.empty() ? options_.domain : options_.ping_to,
                      ping_id_, "get" });
        writer.open("ping", xmpp::ns::ping).close().close();
        flush();
    }

    /// The answer to our ping; that the domain pings itself does not make the request one.
    bool is_pong(const xmpp::Element& stanza) const
    {
        return ping_sent_ && stanza.name == "iq" && stanza.attribute_or_empty("id") == ping_id_
            && (stanza.attribute_or_empty("type") == "result"
                || stanza.attribute_or_empty("type") == "error");
    }

    // Timers.

    void arm(Timer& timer, LinkOptions::Duration after, void (Connection::*then)())
    {
        timer.expires_after(after);
        wait(timer, then);
    }

    /// cancel() would not do: a wait that is over already, and only not called yet, would still count.
    static void disarm(Timer& timer) { timer.expires_at(Clock::time_point::max()); }

    void wait(Timer& timer, void (Connection::*then)())
    {
        timer.async_wait([self = shared_from_this(), then, &timer](error_code error) {
            // A timer that was armed anew after it had fired is not due.
            if (!error && timer.expiry() <= Clock::now())
                ((*self).*then)();
        });
    }

    const LinkOptions options_;
    Executor executor_;
    LinkHandler* handler_;
    Random random_;
    Backoff backoff_;
    std::string control_;  ///< what the stream itself has to say
    Stream stream_;
    std::shared_ptr<Transport> transport_;
    Timer deadline_;  ///< of setting up, of closing, of waiting for the next attempt
    Timer idle_;
    std::function<void()> stopped_;
    std::optional<Clock::time_point> ping_sent_;
    std::string ping_id_;
    std::uint64_t pings_ = 0;
    Clock::time_point online_since_;
    Clock::time_point last_sent_;
    bool is_long_read_ = false;
    bool stopping_ = false;
    bool timed_out_ = false;
    std::array<char, read_size>
        buffer_;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
};

Link::Link(asio::io_context& io, LinkOptions options, LinkHandler& handler, Random random)
    : connection_{ std::make_shared<Connection>(io, std::move(options), handler, std::move(random)) }
{
}

Link::~Link()
{
    connection_->abandon();
}

void Link::start()
{
    connection_->start();
}

void Link::stop(std::function<void()> stopped)
{
    connection_->stop(std::move(stopped));
}

void Link::drop(std::string_view why)
{
    connection_->drop(why);
}

bool Link::online() const noexcept
{
    return connection_->online_;
}

std::string& Link::out() noexcept
{
    return connection_->out_;
}

void Link::flush()
{
    connection_->flush();
}

std::size_t Link::unsent() const noexcept
{
    return connection_->unsent();
}

std::uint64_t Link::dropped_bytes() const noexcept
{
    return connection_->dropped_bytes_;
}

std::chrono::steady_clock::time_point Link::last_received() const noexcept
{
    return connection_->last_received_;
}

}  // namespace component
