#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "component/net/asio.hpp"
#include "component/web/http_answer.hpp"
#include "component/web/server.hpp"
#include "component/web/stream.hpp"

namespace component::web {

class PageSocket;

/// The port, and every connection that came through it.
class WebListener final : public Wire, public std::enable_shared_from_this<WebListener> {
public:
    /// One of the connections there may be; with an address, one of those it may have.
    class Place {
    public:
        Place(std::weak_ptr<WebListener> listener, std::string address)
            : listener_{ std::move(listener) }
            , address_{ std::move(address) }
        {
        }
        Place(Place&& other) noexcept = default;
        Place& operator=(Place&&) = delete;
        ~Place();

    private:
        std::weak_ptr<WebListener> listener_;
        std::string address_;
    };

    WebListener(asio::io_context& io, std::string domain, WebOptions options, WebServer::Ports ports);

    [[nodiscard]] base::Result<void> open();
    [[nodiscard]] base::Result<std::function<void()>> prepare(const WebOptions& options);
    void stop(std::chrono::milliseconds spread);
    /// Everything is cut, and nobody is called any more.
    void abandon();

    void send(ConnectionId connection, std::string frame) override;
    void close(ConnectionId connection, CloseCode code) override;

    /// Empty when there are as many as there may be, in all or of this address. The connections of a proxy
    /// have no address until they say for whom.
    [[nodiscard]] std::optional<Place> take_place(const std::optional<asio::ip::address>& address);
    [[nodiscard]] ConnectionId add(const std::shared_ptr<PageSocket>& socket);
    void remove(ConnectionId connection);

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] Executor executor() { return io_.get_executor(); }
    [[nodiscard]] const WebOptions& options() const noexcept { return options_; }
    [[nodiscard]] const HttpSite& site() const noexcept { return site_; }
    /// Null once abandoned.
    [[nodiscard]] Sessions* sessions() noexcept { return sessions_.get(); }
    [[nodiscard]] HttpCounters& counters() noexcept { return counters_; }
    [[nodiscard]] bool is_open() const noexcept { return acceptor_.is_open(); }

private:
    using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;

    static Awaitable<void> accept_loop(std::shared_ptr<WebListener> self);
    static Awaitable<void> tick_loop(std::shared_ptr<WebListener> self);
    void admit(Socket socket);

    asio::io_context& io_;
    WebOptions options_;
    HttpSite site_;
    Acceptor acceptor_;
    Timer ticker_;
    Timer breather_;  ///< when there are no file descriptors left
    std::shared_ptr<asio::ssl::context> tls_;
    std::unique_ptr<Sessions> sessions_;
    std::unordered_map<ConnectionId, std::shared_ptr<PageSocket>> sockets_;
    std::unordered_map<std::string, std::size_t> by_address_;
    std::size_t places_ = 0;
    ConnectionId last_id_ = 0;
    HttpCounters counters_;
};

}  // namespace component::web
