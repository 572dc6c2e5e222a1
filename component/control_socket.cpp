#include "component/control_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "component/log.hpp"

namespace component {
namespace {

using Local = asio::local::stream_protocol;
using LocalSocket = asio::basic_stream_socket<Local, Executor>;
using Acceptor = asio::basic_socket_acceptor<Local, Executor>;
constexpr std::size_t longest_path = 107;  // sun_path, unix(7)
/// Of an answer; a configuration has no more mistakes than this.
constexpr std::size_t max_answer = std::size_t{ 1024 } * 1024;
constexpr std::chrono::milliseconds breath{ 100 };
/// A service that is busy for so long does not work.
constexpr std::chrono::seconds answer_within{ 20 };

struct Descriptor {
    explicit Descriptor(int opened)
        : number{ opened }
    {
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (number >= 0)
            ::close(number);
    }
    int number;
};

/// The name of the socket, by way of its folder where the whole path is too long for one.
class Place {
public:
    explicit Place(const std::filesystem::path& database)
        : path_{ database.string() + ".ctl" }
    {
        if (path_.native().size() <= longest_path)
            return;
        folder_ = ::open(path_.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        path_ = fmt::format("/proc/self/fd/{}/{}", folder_, path_.filename().string());
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place()
    {
        if (folder_ >= 0)
            ::close(folder_);
    }

    [[nodiscard]] const std::string& name() const noexcept { return path_.native(); }
    [[nodiscard]] bool fits() const noexcept { return path_.native().size() <= longest_path; }

private:
    std::filesystem::path path_;
    int folder_ = -1;
};

std::string to_text(const OrderResult& result)
{
    return fmt::format("{}\n{}", static_cast<int>(result.code), result.words);
}

base::Result<OrderResult> read_answer(std::string_view text)
{
    const auto line_end = text.find('\n');
    int code = -1;
    const auto parsed = std::from_chars(text.data(), text.data() + std::min(line_end, text.size()), code);
    if (line_end == std::string_view::npos || parsed.ec != std::errc{})
        return base::fail(base::Errc::malformed, "the service gave no answer");
    return OrderResult{ static_cast<ExitCode>(code), std::string{ text.substr(line_end + 1) } };
}

}  // namespace

class ControlSocket::Listener : public std::enable_shared_from_this<Listener> {
public:
    Listener(asio::io_context& io, const std::filesystem::path& database, Handler handler)
        : io_{ io }
        , place_{ database }
        , acceptor_{ io.get_executor() }
        , breather_{ io.get_executor() }
        , handler_{ std::move(handler) }
    {
    }

    void open()
    {
        if (!place_.fits())
            return log::warning(log::no_call,
                                "carillon ctl cannot be used: the path of the database is too long");
        ::unlink(place_.name()
                     .c_str());  // Of a process that was killed: whoever has the database's lock is alone.
        error_code error;
        acceptor_.open(Local{}, error);
        // The mode of the file that bind() makes.
        if (!error)
            ::fchmod(acceptor_.native_handle(), S_IRUSR | S_IWUSR);
        if (!error)
            acceptor_.bind(Local::endpoint{ place_.name() }, error);
        if (!error)
            acceptor_.listen(asio::socket_base::max_listen_connections, error);
        if (error)
            return log::warning(log::no_call, "carillon ctl cannot be used: {}: {}", place_.name(),
                                error.message());
        asio::co_spawn(io_.get_executor(), accept_loop(shared_from_this()), asio::detached);
    }

    void close()
    {
        if (acceptor_.is_open())
            ::unlink(place_.name().c_str());
        error_code ignored;
        acceptor_.close(ignored);
        handler_ = {};
    }

private:
    static Awaitable<void> accept_loop(std::shared_ptr<Listener> self)
    {
        while (self->acceptor_.is_open()) {
            auto [error, socket] = co_await self->acceptor_.async_accept(as_result);
            if (!error && self->clients_ < max_clients) {
                asio::co_spawn(self->io_.get_executor(), serve(self, std::move(socket)), asio::detached);
                continue;
            }
            self->breather_.expires_after(breath);
            co_await self->breather_.async_wait(as_result);
        }
    }

    static Awaitable<void> serve(std::shared_ptr<Listener> self, LocalSocket accepted)
    {
        auto socket = std::make_shared<LocalSocket>(std::move(accepted));
        ++self->clients_;
        Timer deadline{ self->io_.get_executor() };
        deadline.expires_after(patience);
        deadline.async_wait([socket](error_code error) {
            error_code ignored;
            if (!error)
                socket->close(ignored);
        });
        std::string line;
        auto input = asio::dynamic_buffer(line, max_order);
        const auto [error, size] = co_await asio::async_read_until(*socket, input, '\n', as_result);
        if (!error && self->handler_) {
            const auto answer = to_text(self->handler_(std::string_view{ line }.substr(0, size - 1)));
            const auto output = asio::buffer(answer);
            (void)co_await asio::async_write(*socket, output, as_result);
        }
        deadline.cancel();
        --self->clients_;
    }

    asio::io_context& io_;
    Place place_;
    Acceptor acceptor_;
    Timer breather_;
    Handler handler_;
    std::size_t clients_ = 0;
};

ControlSocket::ControlSocket(asio::io_context& io, const std::filesystem::path& database, Handler handler)
{
    if (database.empty())
        return;
    listener_ = std::make_shared<Listener>(io, database, std::move(handler));
    listener_->open();
}

ControlSocket::~ControlSocket()
{
    if (listener_)
        listener_->close();
}

base::Result<OrderResult> ControlSocket::ask(const std::filesystem::path& database, std::string_view order)
{
    const Place place{ database };
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (!place.fits())
        return base::fail(base::Errc::too_long, "the path of the database is too long");
    std::memcpy(address.sun_path, place.name().data(), place.name().size());
    const auto broken = [&] {
        return base::fail(base::Errc::missing, database.string() + ".ctl: " + std::strerror(errno));
    };
    const auto wait = timeval{ answer_within.count(), 0 };
    const auto line = std::string{ order } + "\n";
    const Descriptor socket{ ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    if (socket.number < 0 || ::setsockopt(socket.number, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0
        || ::connect(socket.number, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0
        || ::send(socket.number, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size()))
        return broken();
    std::string answer;
    std::array<char, 4096> part{};
    while (answer.size() < max_answer) {
        const auto size = ::recv(socket.number, part.data(), part.size(), 0);
        if (size < 0)
            return broken();
        if (size == 0)
            break;
        answer.append(part.data(), static_cast<std::size_t>(size));
    }
    return read_answer(answer);
}

}  // namespace component
