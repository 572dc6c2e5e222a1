#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "xmpp/element.hpp"
#include "xmpp/reader.hpp"

namespace component {

/// How to reach the server, and the limits of the connection. The times are there for the tests.
struct LinkOptions {
    using Duration = std::chrono::milliseconds;

    std::string domain;
    std::string ping_to
        = {};  ///< a domain of the server's; empty: our own, and the server hands us our own ping
    std::string host = "127.0.0.1";
    std::uint16_t port = 5347;
    std::string secret;
    bool direct_tls = false;
    std::optional<std::filesystem::path> tls_ca = std::nullopt;  ///< absent: the system's certificates

    xmpp::ReaderLimits reader = {};
    std::size_t max_unsent
        = std::size_t{ 16 } * 1024 * 1024;  ///< a server that reads slower than this is given up
    Duration backoff_min = std::chrono::seconds{ 1 };
    Duration backoff_max = std::chrono::seconds{ 30 };
    Duration stable_after = std::chrono::seconds{ 10 };  ///< online this long, and the back-off starts over
    Duration setup_timeout = std::chrono::seconds{ 15 };  ///< name, connection, TLS and handshake together
    Duration keep_alive = std::chrono::seconds{ 60 };  ///< a space after so long without output
    Duration ping_after = std::chrono::seconds{ 60 };  ///< XEP-0199 after so long without input
    Duration ping_timeout
        = std::chrono::seconds{ 20 };  ///< no byte since the ping: the connection is given up
    Duration close_timeout = std::chrono::seconds{ 1 };
};

/// Who hears from a Link. Nothing of this is called from within a member of Link, except on_offline from
/// drop().
class LinkHandler {
public:
    /// The server has taken the handshake: from now on out() is sent.
    virtual void on_online() = 0;
    /// Called once after each on_online(). What had not been written yet is lost.
    virtual void on_offline() = 0;
    /// An iq, message or presence; valid until the call returns and may be changed in place.
    virtual void on_stanza(xmpp::Element& stanza) = 0;
    /// A stanza past a limit: `envelope` has its name and attributes and no children.
    virtual void on_skipped(const xmpp::Element& envelope, xmpp::SkipReason reason) = 0;
    /// All stanzas of one read have been handed over: time to commit and to flush().
    virtual void on_batch_end() = 0;

protected:
    LinkHandler() = default;
    ~LinkHandler() = default;
    LinkHandler(const LinkHandler&) = default;
    LinkHandler& operator=(const LinkHandler&) = default;
};

/// The component's connection to its server (XEP-0114): connects, keeps connecting for ever, reads stanzas
/// into the handler, writes what is appended to out(). Lives on one thread, that of the io_context.
class Link {
public:
    /// Uniformly random bits: the jitter of the back-off.
    using Random = std::function<std::uint32_t()>;

    Link(boost::asio::io_context& io, LinkOptions options, LinkHandler& handler, Random random);
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    /// Cuts the connection. The handler is not called any more.
    ~Link();

    /// Starts connecting; once.
    void start();
    /// Says </stream:stream>, waits for the server to do so too for at most close_timeout, closes, and calls
    /// `stopped` then; on_offline() comes at once. While not connected `stopped` is called at the next turn.
    void stop(std::function<void()> stopped);
    /// Cuts the connection and connects anew, after the back-off. `why` goes to the log.
    void drop(std::string_view why);

    [[nodiscard]] bool online() const noexcept;

    /// Append whole stanzas here and flush(). Namespace in force: xmpp::ns::component. Nothing is sent before
    /// flush(), but for what on_stanza() has appended.
    [[nodiscard]] std::string& out() noexcept;
    /// Sends what was appended, behind what is still being written; happens by itself after on_batch_end().
    /// While offline it is dropped and counted.
    void flush();

    /// Bytes that were appended and that the connection has not taken yet; 0 while offline.
    [[nodiscard]] std::size_t unsent() const noexcept;
    /// Bytes that were appended and that no connection took.
    [[nodiscard]] std::uint64_t dropped_bytes() const noexcept;
    /// When bytes last came in.
    [[nodiscard]] std::chrono::steady_clock::time_point last_received() const noexcept;

private:
    class Connection;
    std::shared_ptr<Connection> connection_;
};

}  // namespace component
