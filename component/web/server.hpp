#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include "base/result.hpp"
#include "component/web/asset.hpp"
#include "component/web/client_address.hpp"
#include "component/web/origin.hpp"
#include "component/web/sessions.hpp"

namespace component::web {

struct WebTls {
    std::filesystem::path certificate;  ///< PEM, with its chain
    std::filesystem::path key;
};

/// [http], and the limits of the listener. The times are there for the tests.
struct WebOptions {
    boost::asio::ip::address address;
    std::uint16_t port = 0;
    std::vector<Origin> origins = {};
    std::optional<Origin> own = {};  ///< of [http] public_url
    std::vector<Network> trusted_proxies = {};
    std::optional<WebTls> tls = {};
    std::span<const Asset> assets = embedded_assets();
    SessionLimits sessions = {};

    std::size_t max_connections = 10'000;
    std::size_t per_address = 256;  ///< connections of one address
    std::size_t max_header = std::size_t{ 16 } * 1024;
    std::size_t max_unsent = std::size_t{ 1024 } * 1024;  ///< of one socket: who reads slower is cut off
    std::chrono::milliseconds handshake{ 10'000 };  ///< TLS, or the upgrade
    std::chrono::milliseconds request{ 10'000 };  ///< for a whole request, and for reading its answer
    std::chrono::milliseconds idle{ 30'000 };  ///< between two requests
    std::chrono::milliseconds silence{ 40'000 };  ///< of a socket; a WebSocket ping goes out at half of it
    std::chrono::milliseconds closing{ 5'000 };  ///< for the other side to close too
};

/// What the metrics count of the listener.
struct HttpCounters {
    std::uint64_t connections = 0;
    std::uint64_t refused = 0;  ///< for being too many
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;  ///< answered with 4xx or 5xx
    std::uint64_t foreign_origins = 0;
    std::uint64_t slow_readers = 0;
    std::uint64_t tls_failures = 0;
};

/// The listener for pages: files over HTTP, sessions over the WebSocket /ws. One thread, that of the
/// io_context.
class WebServer {
public:
    struct Ports {
        Authenticator& authenticator;
        PagePort& calls;
        IceServers& ice;
        PresenceLookup presence = {};
    };

    WebServer(boost::asio::io_context& io, std::string domain, WebOptions options, Ports ports);
    WebServer(const WebServer&) = delete;
    WebServer& operator=(const WebServer&) = delete;
    /// Cuts every connection. No port is called any more.
    ~WebServer();

    /// Opens the port; the error says why that is not possible.
    [[nodiscard]] base::Result<void> start();
    /// Reads and checks what `options` say of origins, proxies and TLS, certificate and key above all. What
    /// it returns puts that in force for connections that come from then on; the port stays.
    [[nodiscard]] base::Result<std::function<void()>> prepare(const WebOptions& options);
    /// Closes the port, and every socket with 1012, after telling the pages to come back within `spread`.
    void stop(std::chrono::milliseconds spread);

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] Sessions& sessions() noexcept;
    [[nodiscard]] const HttpCounters& counters() const noexcept;

private:
    std::shared_ptr<class WebListener> listener_;
};

}  // namespace component::web
