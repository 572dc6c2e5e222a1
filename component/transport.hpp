#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "component/net/asio.hpp"

namespace component {

/// Where to connect to, and whether with TLS from the first byte.
struct Destination {
    std::string host;
    std::uint16_t port = 0;
    bool direct_tls = false;
    std::optional<std::filesystem::path> tls_ca = std::nullopt;  ///< absent: the system's certificates
    std::string domain;  ///< its certificate is as good as one for `host`
};

/// A step of connecting that failed, for the log.
struct ConnectFailure {
    std::string_view step;
    std::string reason;
};

/// One TCP connection, with or without TLS: bytes in, bytes out, one write at a time. Made anew for each
/// attempt and kept alive by its own pending operations.
class Transport : public std::enable_shared_from_this<Transport> {
public:
    struct ReadResult {
        error_code error;
        std::size_t size = 0;
    };
    using Written = std::function<void(error_code)>;

    Transport(Executor executor, Destination destination);
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    ~Transport();

    /// Looks the name up, connects to the first address that takes us, sets TCP_NODELAY, verifies TLS.
    static Awaitable<std::optional<ConnectFailure>> connect(std::shared_ptr<Transport> self);
    /// The next bytes; an error at the end of the connection, close() included.
    static Awaitable<ReadResult> read(std::shared_ptr<Transport> self, std::span<char> buffer);

    /// Takes everything out of `bytes`, which gets the emptied buffer of the last write, and calls `written`
    /// afterwards. Only while unsent() is 0.
    void write(std::string& bytes, Written written);
    /// Bytes of the write that is under way.
    [[nodiscard]] std::size_t unsent() const noexcept { return writing_.size(); }

    /// Ends every pending operation with an error. Twice is no harm.
    void close();

private:
    struct Tls;

    Awaitable<std::optional<ConnectFailure>> connect_socket();
    Awaitable<std::optional<ConnectFailure>> start_tls();

    Destination destination_;
    Resolver resolver_;
    Socket socket_;
    std::unique_ptr<Tls> tls_;
    std::string writing_;
    bool closed_ = false;
};

}  // namespace component
