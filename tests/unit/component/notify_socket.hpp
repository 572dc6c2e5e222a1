#pragma once

#include <array>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "temporary_directory.hpp"

/// Listens as a service manager does: a datagram socket, whose name is in $NOTIFY_SOCKET as long as this
/// lives.
class NotifySocket {
public:
    NotifySocket()
        : path_{ (directory_.path() / "notify").string() }
        , socket_{ socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) }
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path_.data(), path_.size());
        if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error{ "bind" };
        setenv("NOTIFY_SOCKET", path_.c_str(), 1);
    }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;
    ~NotifySocket()
    {
        unsetenv("NOTIFY_SOCKET");
        close(socket_);
    }

    /// The next message; "" when none comes in time.
    [[nodiscard]] std::string receive(int milliseconds = 5000) const
    {
        pollfd waiting{ socket_, POLLIN, 0 };
        if (poll(&waiting, 1, milliseconds) <= 0)
            return {};
        std::array<char, 4096> buffer{};
        const auto size = recv(socket_, buffer.data(), buffer.size(), 0);
        return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : std::string{};
    }

    /// Reads on until `message` comes; false when it does not.
    [[nodiscard]] bool wait_for(std::string_view message) const
    {
        for (auto got = receive(); !got.empty(); got = receive())
            if (got == message)
                return true;
        return false;
    }

private:
    TemporaryDirectory directory_;
    std::string path_;
    int socket_;
};
