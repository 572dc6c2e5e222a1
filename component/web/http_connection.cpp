#include "component/web/http_connection.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "component/web/page_socket.hpp"

namespace component::web {
namespace {

namespace http = boost::beast::http;
using Parser = http::request_parser<http::empty_body>;

constexpr std::string_view socket_path = "/ws";

std::string_view view(boost::beast::string_view text)
{
    return { text.data(), text.size() };
}

/// A request has one Host, and only an old one has none (RFC 9112, 3.2): what stands behind a proxy that
/// reads another one of two is not asked.
bool has_one_host(const HttpHead& head)
{
    const auto count = head.count(http::field::host);
    return count == 1 ? is_authority(view(head[http::field::host])) : count == 0 && head.version() < 11;
}

/// All lines of it: some proxies add one of their own behind the client's.
std::string forwarded_for(const HttpHead& head)
{
    std::string all;
    const auto [first, last] = head.equal_range("X-Forwarded-For");
    for (auto line = first; line != last; ++line)
        (all += all.empty() ? "" : ",") += view(line->value());
    return all;
}

/// A coding that we do not know may hide one (RFC 9112, 6.1).
bool has_body(const Parser& parser)
{
    return parser.content_length().value_or(0) > 0
        || parser.get().find(http::field::transfer_encoding) != parser.get().end();
}

bool speaks_our_protocol(const HttpHead& head)
{
    const auto [first, last] = head.equal_range(http::field::sec_websocket_protocol);
    return std::any_of(first, last, [](const auto& line) {
        const http::token_list names{ line.value() };
        return std::find(names.begin(), names.end(), PageSocket::subprotocol) != names.end();
    });
}

HttpAnswer refuse_head(const error_code& error)
{
    if (error == http::error::header_limit)
        return refuse(431, "The header is too large.\n");
    return refuse(400, "This is no request.\n");
}

/// The first line, the headers and the empty line (RFC 9112).
std::string print_head(const HttpAnswer& answer, bool keep_alive)
{
    std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " ";
    out += view(http::obsolete_reason(http::int_to_status(answer.status)));
    out += "\r\n";
    for (const auto& [name, value] : answer.headers)
        ((out += name) += ": ").append(value) += "\r\n";
    if (answer.status != 304)
        out.append("Content-Length: ").append(std::to_string(answer.body.size())).append("\r\n");
    out += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
    return out;
}

}  // namespace

HttpConnection::HttpConnection(std::shared_ptr<WebListener> listener, Stream stream, asio::ip::address peer,
                               WebListener::Place place)
    : listener_{ std::move(listener) }
    , stream_{ std::move(stream) }
    , peer_{ std::move(peer) }
    , place_{ std::move(place) }
    , deadline_{ listener_->executor() }
{
}

Awaitable<void> HttpConnection::run(std::shared_ptr<HttpConnection> self)
{
    auto goes_on = co_await self->start_tls();
    while (goes_on)
        goes_on = co_await self->serve_one();
    self->deadline_.cancel();
}

Awaitable<bool> HttpConnection::start_tls()
{
    auto* tls = stream_.tls();
    if (tls == nullptr)
        co_return true;
    arm(listener_->options().handshake);
    const auto [error] = co_await tls->async_handshake(asio::ssl::stream_base::server, as_result);
    if (error)
        ++listener_->counters().tls_failures;
    co_return !error;
}

void HttpConnection::arm(std::chrono::milliseconds time)
{
    deadline_.expires_after(time);
    deadline_.async_wait([weak = weak_from_this()](error_code error) {
        const auto self = weak.lock();
        error_code ignored;
        if (self && !error && !self->upgraded_)
            self->stream_.next_layer().close(ignored);
    });
}

Awaitable<bool> HttpConnection::serve_one()
{
    const auto& options = listener_->options();
    arm(first_ ? options.request : options.idle);
    first_ = false;
    Parser parser;
    parser.body_limit(boost::none);  // It is refused, not read.
    parser.header_limit(static_cast<std::uint32_t>(options.max_header));
    const auto [error, size] = co_await http::async_read_header(stream_, buffer_, parser, as_result);
    if (error == http::error::end_of_stream
        || (error && error.category() != http::make_error_code(http::error::bad_method).category()))
        co_return false;
    ++listener_->counters().requests;
    arm(options.request);
    if (error) {
        auto refusal = refuse_head(error);
        co_return co_await write(std::move(refusal), false);
    }

    const auto& head = parser.get();
    const auto target = target_of(view(head.target()), view(head[http::field::host]));
    const HttpRequest request{ .method = view(head.method_string()),
                               .target = target.path,
                               .host = target.host,
                               .if_none_match = view(head[http::field::if_none_match]),
                               .has_body = has_body(parser) };
    // In the absolute form the target's own counts: one that is none, or names a user, is refused.
    const bool has_host
        = has_one_host(head) && (target.host == view(head[http::field::host]) || is_authority(target.host));
    auto result = has_host ? std::nullopt : std::optional{ refuse(400, "A request has one host.\n") };
    if (!result && request.target.substr(0, request.target.find('?')) == socket_path)
        result = upgrade(head, request);
    if (upgraded_)
        co_return false;
    if (!result)
        result = answer(request, listener_->site());
    // An HTTP/1.0 client would want to be told that the connection stays.
    result->close = result->close || !head.keep_alive() || head.version() < 11 || !listener_->is_open();
    const auto head_only = head.method() == http::verb::head;
    auto whole = *std::move(result);
    co_return co_await write(std::move(whole), head_only);
}

Awaitable<bool> HttpConnection::write(HttpAnswer answer, bool head_only)
{
    if (answer.status >= 400)
        ++listener_->counters().errors;
    const auto head = print_head(answer, !answer.close);
    const auto body = head_only ? std::string_view{} : answer.body;
    const std::array<asio::const_buffer, 2> buffers{ asio::buffer(head), asio::buffer(body) };
    const auto [error, size] = co_await asio::async_write(stream_, buffers, as_result);
    if (answer.close && !error)
        co_await end();
    co_return !answer.close && !error;
}

/// Ends our half, and lets the other side read the answer before it ends its own.
Awaitable<void> HttpConnection::end()
{
    arm(linger);
    auto& socket = stream_.next_layer();
    error_code error;
    socket.shutdown(Tcp::socket::shutdown_send, error);
    std::array<char, 4096> thrown_away{};
    while (!error) {
        const auto [failed, size] = co_await socket.async_read_some(asio::buffer(thrown_away), as_result);
        error = failed;
    }
}

/// Hands the connection over to a PageSocket; or the answer that says why not.
std::optional<HttpAnswer> HttpConnection::upgrade(const HttpHead& head, const HttpRequest& request)
{
    const auto& options = listener_->options();
    if (!boost::beast::websocket::is_upgrade(head))
        return refuse(426, "This address is for WebSockets.\n");
    if (!listener_->is_open() || listener_->sessions() == nullptr)
        return refuse(503, "About to stop.\n");
    if (!speaks_our_protocol(head))
        return refuse(400, "The subprotocol is carillon.v1.\n");
    if (request.has_body || buffer_.size() > 0)
        return refuse(400, "Wait for the answer.\n");
    const auto client = client_of(peer_, forwarded_for(head), options.trusted_proxies);
    const auto proxied = is_trusted(peer_, options.trusted_proxies);
    auto own = std::move(place_);
    place_.reset();
    if (proxied)
        own.reset();
    auto place = proxied ? listener_->take_place(client) : std::move(own);
    if (!place) {
        ++listener_->counters().refused;
        return refuse(429, "Too many connections.\n");
    }

    Peer peer{ .address = limit_name(client), .origin = std::nullopt };
    auto allowed = true;
    if (const auto sent = head.find(http::field::origin); sent != head.end()) {
        const auto origin = Origin::parse(view(sent->value()));
        allowed = origin && head.count(http::field::origin) == 1
            && is_allowed(*origin, options.origins, options.own, request.host);
        if (origin)
            peer.origin = origin->to_string();
    }
    upgraded_ = true;
    deadline_.cancel();
    auto socket = std::make_shared<PageSocket>(listener_, std::move(stream_), *std::move(place));
    asio::co_spawn(listener_->executor(), PageSocket::run(std::move(socket), head, std::move(peer), allowed),
                   asio::detached);
    return std::nullopt;
}

}  // namespace component::web
