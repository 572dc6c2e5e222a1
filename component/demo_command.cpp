#include "component/demo_command.hpp"

#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <thread>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/socket.h>

#include "base/base64url.hpp"
#include "component/app.hpp"
#include "component/link_command.hpp"
#include "component/lone_stream.hpp"
#include "component/net/asio.hpp"
#include "component/settings.hpp"
#include "component/store.hpp"

namespace component {
namespace {

using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;

constexpr std::string_view domain = "demo.localhost";
constexpr std::string_view component_domain = "call.demo.localhost";
constexpr std::uint16_t usual_port = 5290;
constexpr std::array users{ std::string_view{ "alice" }, std::string_view{ "bob" } };

std::string random_bytes(std::size_t count)
{
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
        throw std::runtime_error{ "no random bytes from the system" };
    return bytes;
}

/// Gone with everything in it when it goes.
class Directory {
public:
    Directory()
    {
        auto name = (std::filesystem::temp_directory_path() / "carillon-demo-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr)
            throw std::runtime_error{ "no temporary directory" };
        path_ = name;
    }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
    ~Directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::filesystem::path write(const std::string& name, std::string_view text) const
    {
        const auto file = path_ / name;
        std::ofstream{ file } << text;
        std::filesystem::permissions(
            file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        return file;
    }

private:
    std::filesystem::path path_;
};

/// What stands where the XMPP server would: a thread that takes one connection at a time.
class LonePeer {
public:
    explicit LonePeer(std::string secret)
        : secret_{ std::move(secret) }
        , acceptor_{ io_.get_executor(), { asio::ip::address_v4::loopback(), 0 } }
        , port_{ acceptor_.local_endpoint().port() }
        , thread_{ [this] { serve(); } }
    {
    }
    LonePeer(const LonePeer&) = delete;
    LonePeer& operator=(const LonePeer&) = delete;
    /// After the component has gone.
    ~LonePeer()
    {
        shutdown(acceptor_.native_handle(), SHUT_RDWR);  // wakes accept(), which close() does not
        thread_.join();
    }

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    void serve()
    {
        for (;;) {
            error_code error;
            Socket socket{ io_.get_executor() };
            acceptor_.accept(socket, error);
            if (error)
                return;
            LoneStream stream{ secret_, base::to_base64url(random_bytes(12)) };
            std::array<char, 16'384> buffer{};
            for (bool open = true; open;) {
                const auto size = socket.read_some(asio::buffer(buffer), error);
                if (error)
                    break;
                open = stream.feed({ buffer.data(), size });
                asio::write(socket, asio::buffer(stream.out()), error);
                stream.out().clear();
                open = open && !error;
            }
        }
    }

    std::string secret_;
    asio::io_context io_{ 1 };
    Acceptor acceptor_;
    std::uint16_t port_;
    std::thread thread_;
};

/// The usual port if nobody has it, else any.
std::uint16_t free_port()
{
    asio::io_context io{ 1 };
    for (const std::uint16_t port : { usual_port, std::uint16_t{ 0 } }) {
        error_code error;
        Acceptor probe{ io.get_executor() };
        probe.open(Tcp::v4(), error);
        probe.set_option(asio::socket_base::reuse_address{ true }, error);
        probe.bind({ asio::ip::address_v4::loopback(), port }, error);
        if (!error)
            return probe.local_endpoint().port();
    }
    throw std::runtime_error{ "no free port" };
}

/// A token of HS256 (RFC 7519), good for a day.
std::string token_of(std::string_view user, std::string_view key)
{
    const auto expires = std::time(nullptr) + 24 * 3600;
    const auto body = base::to_base64url(R"({"alg":"HS256","kid":"demo"})") + "."
        + base::to_base64url(fmt::format(R"({{"aud":"{}","sub":"{}@{}","name":"{}","exp":{}}})",
                                         component_domain, user, domain, user, expires));
    std::string mac(32, '\0');
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(body.data()), body.size(),
         reinterpret_cast<unsigned char*>(mac.data()), nullptr);
    return body + "." + base::to_base64url(mac);
}

std::string configuration(std::uint16_t server, std::uint16_t pages)
{
    return fmt::format(R"([xmpp]
domain = "{0}"
port = {2}
secret_file = "secret"
served_domains = ["{1}"]
[http]
listen = "127.0.0.1:{3}"
public_url = "http://127.0.0.1:{3}"
[auth.jwt]
audience = "{0}"
keys = [{{ kid = "demo", alg = "HS256", file = "jwt.key" }}]
[auth.xmpp]
enabled = false
[store]
path = "carillon.sqlite3"
[log]
level = "warning"
)",
                       component_domain, domain, server, pages);
}

/// Until the service listens for it: Ctrl-C removes what was made whenever it comes.
void hold_back_ctrl_c()
{
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    pthread_sigmask(SIG_BLOCK, &held, nullptr);
}

int run(const Arguments& arguments)
{
    if (!arguments.has("--embedded")) {
        std::cerr << "scripts/demo shows calls with a private Prosody; without an XMPP server there is\n"
                     "carillon demo --embedded, where pages call each other and nobody else\n";
        return exit_usage;
    }
    hold_back_ctrl_c();
    const Directory directory;
    const auto secret = base::to_base64url(random_bytes(18));
    const auto key = base::to_base64url(random_bytes(32));
    const LonePeer peer{ secret };
    const auto port = free_port();
    (void)directory.write("secret", secret);
    (void)directory.write("jwt.key", key);
    const auto file = directory.write("carillon.toml", configuration(peer.port(), port));
    const auto store_file = file.parent_path() / "carillon.sqlite3";
    auto settings = load_settings(file);
    if (!settings)
        return exit_config;

    std::cout << "There is no XMPP server behind this: pages call each other, through the same Jingle path "
                 "as any call,\n"
                 "and no XMPP client can log in or be called. Open each in a tab of its own:\n\n";
    for (const auto user : users)
        std::cout << fmt::format("{:<7} http://127.0.0.1:{}/#token={}\n", user, port, token_of(user, key));
    {
        asio::io_context io{ 1 };
        Store::Options options;
        options.file = store_file;
        Store{ io, options }.close();  // The link goes into it before the service opens it.
    }
    Arguments link{ file, { { "ACTION", "new" }, { "--ttl", "1d" }, { "--uses", "unlimited" } }, {} };
    link.values.emplace("--to", fmt::format("bob@{}", domain));
    const auto made = new_link(link);
    if (!made)
        return made.error();
    std::cout << "a guest calls bob: " << made->url << '\n';
    std::cout << "\nCtrl-C ends it and removes everything." << std::endl;
    return run_app(*std::move(settings), file);
}

constexpr std::array parameters{
    Parameter{ "--embedded", "Without an XMPP server: pages call each other", Parameter::Kind::flag },
};

}  // namespace

const Command demo_command{ "demo", "Show calls in your browser, on this machine alone", parameters, run };

}  // namespace component
