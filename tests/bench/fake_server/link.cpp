#include "fake_server/link.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace bench {
namespace {

constexpr std::string_view stream_id = "bench-3f9c21";
constexpr std::size_t read_size = 65'536;

int checked(int result, const char* what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

bool wait_for(int fd, short events, std::chrono::milliseconds wait)
{
    pollfd entry{ .fd = fd, .events = events, .revents = 0 };
    return poll(&entry, 1, static_cast<int>(wait.count())) > 0;
}

std::chrono::milliseconds left(Clock::time_point deadline)
{
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (rest.count() <= 0)
        throw std::runtime_error{ "the component did not connect in time" };
    return rest;
}

std::string sha1_hex(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
    std::string hex;
    for (unsigned i = 0; i < size; ++i)
        hex.append({ "0123456789abcdef"[digest[i] >> 4], "0123456789abcdef"[digest[i] & 15] });
    return hex;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept
{
    std::swap(fd_, other.fd_);
    return *this;
}

Descriptor::~Descriptor()
{
    if (fd_ >= 0)
        close(fd_);
}

Link::Link()
    : listener_(checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"))
{
    sockaddr_in address{
        .sin_family = AF_INET, .sin_port = 0, .sin_addr = { htonl(INADDR_LOOPBACK) }, .sin_zero = {}
    };
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    checked(bind(listener_.get(), generic, size), "bind");
    checked(listen(listener_.get(), 1), "listen");
    checked(getsockname(listener_.get(), generic, &size), "getsockname");
    port_ = ntohs(address.sin_port);
}

void Link::accept(std::string_view domain, std::string_view secret, std::chrono::seconds patience,
                  const std::function<bool()>& is_alive)
{
    const auto deadline = Clock::now() + patience;
    while (!wait_for(listener_.get(), POLLIN, std::min(left(deadline), 50ms)))
        if (!is_alive())
            throw std::runtime_error{ "the component ended before it connected" };
    socket_ = Descriptor{ checked(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK),
                                  "accept") };
    const int on = 1;
    setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);

    const auto header = await("stream:stream", deadline);
    if (header.to != domain)
        throw std::runtime_error{ "the component asked for the domain " + std::string{ header.to } };
    std::string reply = "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
                        "xmlns='jabber:component:accept' from='";
    reply.append(domain).append("' id='").append(stream_id).append("'>");
    write(reply);

    const auto handshake = await("handshake", deadline);
    if (handshake.text.find(sha1_hex(std::string{ stream_id }.append(secret))) == std::string_view::npos)
        throw std::runtime_error{ "the component's handshake is wrong" };
    reply = "<handshake/>";
    write(reply);
}

Envelope Link::await(std::string_view name, Clock::time_point deadline)
{
    for (;;) {
        if (const auto stanza = scanner_.next()) {
            if (stanza->name != name)
                throw std::runtime_error{ "expected " + std::string{ name } + ", got "
                                          + std::string{ stanza->text } };
            return *stanza;
        }
        if (wait_for(socket_.get(), POLLIN, left(deadline)))
            read();
    }
}

bool Link::read()
{
    std::array<char, read_size> bytes;
    const auto size = recv(socket_.get(), bytes.data(), bytes.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (size <= 0 || scanner_.at_end())
        throw std::runtime_error{ "the component closed the stream" };
    scanner_.append({ bytes.data(), static_cast<std::size_t>(size) });
    return true;
}

void Link::write(std::string& bytes)
{
    const auto size = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size < 0 && errno != EAGAIN && errno != EINTR)
        throw std::system_error(errno, std::generic_category(), "the component went away");
    if (size <= 0)
        return;
    if (copy_ != nullptr)
        copy_->append(bytes, 0, static_cast<std::size_t>(size));
    bytes.erase(0, static_cast<std::size_t>(size));
}

void Link::turn(Load& load, std::chrono::milliseconds wait)
{
    auto& output = load.output();
    if (!output.empty())
        write(output);
    const auto events = static_cast<short>(output.empty() ? POLLIN : POLLIN | POLLOUT);
    if (!wait_for(socket_.get(), events, wait) || !read())
        return;
    const auto now = Clock::now();
    while (const auto stanza = scanner_.next())
        load.take(*stanza, now);
    if (scanner_.at_end())
        throw std::runtime_error{ "the component closed the stream" };
}

}  // namespace bench
