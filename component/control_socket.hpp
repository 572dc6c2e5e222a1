#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "component/commands.hpp"
#include "component/net/asio.hpp"

namespace component {

/// What came of an order: an exit code for `carillon ctl`, and words.
struct OrderResult {
    ExitCode code = exit_ok;
    std::string words;  ///< lines
};

/// Where `carillon ctl` reaches the running service: a socket beside its database, FILE.ctl, its owner's
/// alone. One line in, an answer out. The file goes with the object.
class ControlSocket {
public:
    using Handler = std::function<OrderResult(std::string_view order)>;

    static constexpr std::size_t max_order = 256;  ///< bytes
    static constexpr std::size_t max_clients = 8;  ///< at once; more are cut off
    static constexpr std::chrono::seconds patience{ 5 };  ///< for the order, and for its answer to be read

    /// An empty `database` has no socket. One that cannot be made is a line in the log.
    ControlSocket(asio::io_context& io, const std::filesystem::path& database, Handler handler);
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;
    ~ControlSocket();

    /// For the other side: hands `order` to the service of `database` and waits for what comes of it.
    [[nodiscard]] static base::Result<OrderResult> ask(const std::filesystem::path& database,
                                                       std::string_view order);

private:
    class Listener;
    std::shared_ptr<Listener> listener_;
};

}  // namespace component
