#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "fake_server/load.hpp"

namespace bench {

/// A file descriptor with an owner.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) noexcept
        : fd_(fd)
    {
    }
    Descriptor(Descriptor&& other) noexcept
        : fd_(other.fd_)
    {
        other.fd_ = -1;
    }
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();
    [[nodiscard]] int get() const noexcept { return fd_; }

private:
    int fd_;
};

/// The server's end of a component stream (XEP-0114) on an unused port of the loopback address. Everything
/// throws std::runtime_error when the component does not do its part in time.
class Link {
public:
    Link();
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    /// Waits for the component while it is alive, checks its handshake and accepts it.
    void accept(std::string_view domain, std::string_view secret, std::chrono::seconds patience,
                const std::function<bool()>& is_alive);
    /// Moves bytes both ways once and hands each stanza to the load; waits at most this long for something to
    /// do.
    void turn(Load& load, std::chrono::milliseconds wait);
    /// Everything sent from now on is kept as well.
    void record_to(std::string* copy) noexcept { copy_ = copy; }

private:
    void write(std::string& bytes);
    /// False when nothing came.
    bool read();
    Envelope await(std::string_view name, Clock::time_point deadline);

    Descriptor listener_;
    Descriptor socket_;
    std::uint16_t port_ = 0;
    Scanner scanner_;
    std::string* copy_ = nullptr;
};

}  // namespace bench
