#include "component/web/server.hpp"

#include "component/web/listener.hpp"

namespace component::web {

WebServer::WebServer(boost::asio::io_context& io, std::string domain, WebOptions options, Ports ports)
    : listener_{ std::make_shared<WebListener>(io, std::move(domain), std::move(options), std::move(ports)) }
{
}

WebServer::~WebServer()
{
    listener_->abandon();
}

base::Result<void> WebServer::start()
{
    return listener_->open();
}

base::Result<std::function<void()>> WebServer::prepare(const WebOptions& options)
{
    return listener_->prepare(options);
}

void WebServer::stop(std::chrono::milliseconds spread)
{
    listener_->stop(spread);
}

std::uint16_t WebServer::port() const
{
    return listener_->port();
}

Sessions& WebServer::sessions() noexcept
{
    return *listener_->sessions();
}

const HttpCounters& WebServer::counters() const noexcept
{
    return listener_->counters();
}

}  // namespace component::web
