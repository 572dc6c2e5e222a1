#include "component/transport.hpp"

#include <cassert>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace component {
namespace {

namespace ssl = asio::ssl;

/// A buffer that grew in a burst is given back, not carried along for ever.
constexpr std::size_t kept_buffer = std::size_t{ 1024 } * 1024;

std::optional<ConnectFailure> failure(std::string_view step, const error_code& error)
{
    return ConnectFailure{ step, error.message() };
}

/// Which certificates are good: those of the host, or of the domain since that is what a server has one for.
class Verifier {
public:
    explicit Verifier(const Destination& destination)
        : host_{ destination.host }
        , domain_{ destination.domain }
    {
    }
    bool operator()(bool preverified, ssl::verify_context& context) const
    {
        return host_(preverified, context) || domain_(preverified, context);
    }

private:
    ssl::host_name_verification host_;
    ssl::host_name_verification domain_;
};

error_code set_up(ssl::context& context, const Destination& destination)
{
    error_code error;
    context.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1,
                        error);
    if (!error && destination.tls_ca)
        context.load_verify_file(destination.tls_ca->string(), error);
    else if (!error)
        context.set_default_verify_paths(error);
    if (!error)
        context.set_verify_mode(ssl::verify_peer, error);
    if (!error)
        context.set_verify_callback(Verifier{ destination }, error);
    return error;
}

}  // namespace

struct Transport::Tls {
    Tls(Socket& socket, ssl::context verified_by)
        : context{ std::move(verified_by) }
        , stream{ socket, context }
    {
    }

    ssl::context context;
    ssl::stream<Socket&> stream;
};

Transport::Transport(Executor executor, Destination destination)
    : destination_{ std::move(destination) }
    , resolver_{ executor }
    , socket_{ executor }
{
}

Transport::~Transport() = default;

Awaitable<std::optional<ConnectFailure>> Transport::connect(std::shared_ptr<Transport> self)
{
    auto failed = co_await self->connect_socket();
    if (!failed && self->destination_.direct_tls)
        failed = co_await self->start_tls();
    co_return failed;
}

Awaitable<std::optional<ConnectFailure>> Transport::connect_socket()
{
    error_code error;
    const auto address = asio::ip::make_address(destination_.host, error);
    if (!error) {  // an address needs no look-up, and no thread for it
        const Tcp::endpoint endpoint{ address, destination_.port };
        const auto [connect_error] = co_await socket_.async_connect(endpoint, as_result);
        error = connect_error;
    } else {
        const auto port = std::to_string(destination_.port);
        const auto [resolve_error, endpoints]
            = co_await resolver_.async_resolve(destination_.host, port, Resolver::numeric_service, as_result);
        if (resolve_error)
            co_return failure("look up", resolve_error);
        const auto [connect_error, endpoint] = co_await asio::async_connect(socket_, endpoints, as_result);
        error = connect_error;
    }
    if (!error && closed_)
        error = asio::error::operation_aborted;
    if (error)
        co_return failure("connect to", error);
    socket_.set_option(Tcp::no_delay{ true }, error);
    co_return std::nullopt;
}

Awaitable<std::optional<ConnectFailure>> Transport::start_tls()
{
    ssl::context context{ ssl::context::tls_client };
    if (const auto error = set_up(context, destination_))
        co_return failure("set up TLS with", error);
    tls_ = std::make_unique<Tls>(socket_, std::move(context));
    // SSL_set_tlsext_host_name() without the cast in it
    SSL_ctrl(tls_->stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             destination_.domain.data());
    const auto [handshake_error] = co_await tls_->stream.async_handshake(ssl::stream_base::client, as_result);
    if (handshake_error)
        co_return failure("start TLS with", handshake_error);
    co_return std::nullopt;
}

Awaitable<Transport::ReadResult> Transport::read(std::shared_ptr<Transport> self, std::span<char> buffer)
{
    const auto into = asio::buffer(buffer.data(), buffer.size());
    if (self->closed_)
        co_return ReadResult{ asio::error::operation_aborted, 0 };
    if (self->tls_) {
        const auto [error, size] = co_await self->tls_->stream.async_read_some(into, as_result);
        co_return ReadResult{ error, size };
    }
    const auto [error, size] = co_await self->socket_.async_read_some(into, as_result);
    co_return ReadResult{ error, size };
}

// A callback and no coroutine: one step per write, and no frame to allocate for it.
void Transport::write(std::string& bytes, Written written)
{
    assert(writing_.empty());
    writing_.swap(bytes);
    auto done = [self = shared_from_this(), written = std::move(written)](error_code error, std::size_t) {
        self->writing_.clear();
        if (self->writing_.capacity() > kept_buffer)
            self->writing_.shrink_to_fit();
        written(error);
    };
    if (tls_)
        asio::async_write(tls_->stream, asio::buffer(writing_), std::move(done));
    else
        asio::async_write(socket_, asio::buffer(writing_), std::move(done));
}

void Transport::close()
{
    closed_ = true;
    error_code ignored;
    resolver_.cancel();
    socket_.close(ignored);
}

}  // namespace component
