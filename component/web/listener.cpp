#include "component/web/listener.hpp"

#include <array>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <openssl/rand.h>

#include "component/web/http_connection.hpp"
#include "component/web/page_socket.hpp"

namespace component::web {
namespace {

namespace ssl = asio::ssl;
constexpr std::chrono::seconds tick{ 1 };
constexpr std::chrono::milliseconds breath{ 100 };

Now read_clock()
{
    const auto wall = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return { std::chrono::steady_clock::now(), wall };
}

std::string random_id()
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error{ "no random bytes" };  // Nothing here can go on without.
    std::string text;
    for (const auto byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::string where(const WebOptions& options)
{
    return options.address.to_string() + " port " + std::to_string(options.port);
}

/// Null without TLS.
base::Result<std::shared_ptr<ssl::context>> load_tls(const std::optional<WebTls>& tls)
{
    if (!tls)
        return nullptr;
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    error_code error;
    context->set_options(
        ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
    SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
    if (!error)
        context->use_certificate_chain_file(tls->certificate.string(), error);
    if (error)
        return base::fail(base::Errc::malformed,
                          "cannot use the certificate " + tls->certificate.string() + ": " + error.message());
    context->use_private_key_file(tls->key.string(), ssl::context::pem, error);
    if (error)
        return base::fail(base::Errc::malformed,
                          "cannot use the key " + tls->key.string() + ": " + error.message());
    return context;
}

HttpSite site_of(const WebOptions& options)
{
    return { options.assets, options.origins, options.tls || (options.own && options.own->secure) };
}

}  // namespace

WebListener::Place::~Place()
{
    const auto listener = listener_.lock();
    if (!listener)
        return;
    --listener->places_;
    const auto found = listener->by_address_.find(address_);
    if (found != listener->by_address_.end() && --found->second == 0)
        listener->by_address_.erase(found);
}

WebListener::WebListener(asio::io_context& io, std::string domain, WebOptions options, WebServer::Ports ports)
    : io_{ io }
    , options_{ std::move(options) }
    , site_{ site_of(options_) }
    , acceptor_{ io.get_executor() }
    , ticker_{ io.get_executor() }
    , breather_{ io.get_executor() }
{
    SessionPorts session_ports{ *this,     ports.authenticator,       ports.calls,
                                ports.ice, std::move(ports.presence), read_clock,
                                random_id };
    sessions_ = std::make_unique<Sessions>(std::move(domain), options_.sessions, std::move(session_ports));
}

base::Result<std::function<void()>> WebListener::prepare(const WebOptions& options)
{
    TRY(auto tls, load_tls(options.tls));
    return [self = shared_from_this(), options, held = std::move(tls)] {
        self->options_.origins = options.origins;
        self->options_.own = options.own;
        self->options_.trusted_proxies = options.trusted_proxies;
        self->options_.tls = options.tls;
        self->tls_ = held;
        self->site_ = site_of(self->options_);
    };
}

base::Result<void> WebListener::open()
{
    TRY(tls_, load_tls(options_.tls));
    const Tcp::endpoint endpoint{ options_.address, options_.port };
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error)
        acceptor_.set_option(Tcp::acceptor::reuse_address{ true }, error);
    if (!error)
        acceptor_.bind(endpoint, error);
    if (!error)
        acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return base::fail(base::Errc::unsupported,
                          "cannot listen on " + where(options_) + ": " + error.message());
    asio::co_spawn(io_.get_executor(), accept_loop(shared_from_this()), asio::detached);
    asio::co_spawn(io_.get_executor(), tick_loop(shared_from_this()), asio::detached);
    return {};
}

Awaitable<void> WebListener::accept_loop(std::shared_ptr<WebListener> self)
{
    while (self->acceptor_.is_open()) {
        auto [error, socket] = co_await self->acceptor_.async_accept(as_result);
        if (!error) {
            self->admit(std::move(socket));
        } else if (self->acceptor_.is_open()) {
            self->breather_.expires_after(breath);
            co_await self->breather_.async_wait(as_result);
        }
    }
}

void WebListener::admit(Socket socket)
{
    ++counters_.connections;
    error_code error;
    const auto peer = socket.remote_endpoint(error).address();
    if (!error)
        socket.set_option(Tcp::no_delay{ true }, error);
    if (error)
        return;
    const auto proxied = is_trusted(peer, options_.trusted_proxies);
    auto place = take_place(proxied ? std::nullopt : std::optional{ peer });
    if (!place) {
        ++counters_.refused;
        return;  // Closed, without a word that would cost more than it is worth.
    }
    auto connection = std::make_shared<HttpConnection>(shared_from_this(), Stream{ std::move(socket), tls_ },
                                                       peer, *std::move(place));
    asio::co_spawn(io_.get_executor(), HttpConnection::run(std::move(connection)), asio::detached);
}

Awaitable<void> WebListener::tick_loop(std::shared_ptr<WebListener> self)
{
    while (self->acceptor_.is_open() && self->sessions_) {
        self->ticker_.expires_after(tick);
        const auto [error] = co_await self->ticker_.async_wait(as_result);
        if (!error && self->sessions_)
            self->sessions_->tick();
    }
}

std::optional<WebListener::Place> WebListener::take_place(const std::optional<asio::ip::address>& address)
{
    if (places_ >= options_.max_connections)
        return std::nullopt;
    auto name = address ? limit_name(*address) : std::string{};
    if (address) {
        const auto found = by_address_.find(name);
        if (found != by_address_.end() && found->second >= options_.per_address)
            return std::nullopt;
        ++by_address_[name];
    }
    ++places_;
    return Place{ weak_from_this(), std::move(name) };
}

ConnectionId WebListener::add(const std::shared_ptr<PageSocket>& socket)
{
    sockets_.emplace(++last_id_, socket);
    return last_id_;
}

void WebListener::remove(ConnectionId connection)
{
    sockets_.erase(connection);
    if (sessions_)
        sessions_->closed(connection);
}

void WebListener::send(ConnectionId connection, std::string frame)
{
    if (const auto found = sockets_.find(connection); found != sockets_.end())
        found->second->send(std::move(frame));
}

void WebListener::close(ConnectionId connection, CloseCode code)
{
    if (const auto found = sockets_.find(connection); found != sockets_.end())
        found->second->close(code);
}

void WebListener::stop(std::chrono::milliseconds spread)
{
    error_code ignored;
    acceptor_.close(ignored);
    ticker_.cancel();
    breather_.cancel();
    if (sessions_)
        sessions_->restart(spread);
}

void WebListener::abandon()
{
    error_code ignored;
    acceptor_.close(ignored);
    ticker_.cancel();
    breather_.cancel();
    sessions_.reset();
    for (const auto& [id, socket] : std::exchange(sockets_, {}))
        socket->abort();
}

std::uint16_t WebListener::port() const
{
    error_code error;
    const auto endpoint = acceptor_.local_endpoint(error);
    return error ? std::uint16_t{ 0 } : endpoint.port();
}

}  // namespace component::web
