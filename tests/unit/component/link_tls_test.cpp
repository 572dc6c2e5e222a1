#include <memory>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "fake_server.hpp"
#include "support/self_signed.hpp"
#include "temporary_directory.hpp"

namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;

/// The lab with ejabberd's `tls: true`: a listener of its own that starts TLS at once.
struct TlsLab {
    using TlsSocket = ssl::stream<component::Socket>;

    explicit TlsLab(const std::string& certified_name, std::optional<std::string> trusted = std::nullopt)
    {
        const auto identity = support::make_identity(certified_name);
        context.use_certificate(asio::buffer(identity.certificate), ssl::context::pem);
        context.use_private_key(asio::buffer(identity.key), ssl::context::pem);
        options.host = "127.0.0.1";
        options.port = acceptor.local_endpoint().port();
        options.direct_tls = true;
        options.tls_ca = directory.write("ca.pem", trusted.value_or(identity.certificate));
        link = std::make_unique<component::Link>(lab.io, options, lab.recorder, [] { return 0U; });
        link->start();
    }

    /// True when the link has trusted us.
    bool shake_hands()
    {
        std::optional<component::error_code> shaken;
        acceptor.async_accept([&](component::error_code error, component::Socket socket) {
            REQUIRE_FALSE(error);
            stream = std::make_unique<TlsSocket>(std::move(socket), context);
            stream->async_handshake(ssl::stream_base::server,
                                    [&](component::error_code result) { shaken = result; });
        });
        REQUIRE(lab.until([&] { return shaken.has_value(); }));
        return !*shaken;
    }

    std::string read_until(std::string_view end)
    {
        std::string text;
        std::array<char, 4096> buffer{};
        bool reading = false;
        REQUIRE(lab.until([&] {
            if (!reading && !text.ends_with(end)) {
                reading = true;
                stream->async_read_some(asio::buffer(buffer),
                                        [&](component::error_code error, std::size_t size) {
                                            REQUIRE_FALSE(error);
                                            text.append(buffer.data(), size);
                                            reading = false;
                                        });
            }
            return !reading && text.ends_with(end);
        }));
        return text;
    }

    TemporaryDirectory directory;
    Lab lab;
    ssl::context context{ ssl::context::tls_server };
    asio::basic_socket_acceptor<component::Tcp, component::Executor> acceptor{
        lab.io.get_executor(), { asio::ip::make_address("127.0.0.1"), 0 }
    };
    component::LinkOptions options = Lab::quick();
    std::unique_ptr<component::Link> link;
    std::unique_ptr<TlsSocket> stream;
};

}  // namespace

TEST_CASE("link: TLS to a server that it trusts", "[component][link]")
{
    TlsLab tls{ "call.example.org" };
    REQUIRE(tls.shake_hands());

    CHECK(tls.read_until("to='call.example.org'>").starts_with("<?xml"));
    asio::write(
        *tls.stream,
        asio::buffer(std::string_view{ "<stream:stream xmlns='jabber:component:accept' "
                                       "xmlns:stream='http://etherx.jabber.org/streams' id='3BF9'>" }));
    CHECK(tls.read_until("</handshake>").starts_with("<handshake>"));
    asio::write(*tls.stream, asio::buffer(std::string_view{ "<handshake/><iq id='1'/>" }));
    CHECK(tls.lab.until([&] { return tls.lab.recorder.count("iq 1") == 1; }));
    tls.link->out() += "<iq id='2'/>";
    tls.link->flush();
    CHECK(tls.read_until("/>") == "<iq id='2'/>");
}

TEST_CASE("link: TLS to a server that it does not trust is refused", "[component][link]")
{
    SECTION("a name that is neither the host's nor the domain's")
    {
        TlsLab tls{ "other.example.org" };
        CHECK_FALSE(tls.shake_hands());
        CHECK(tls.lab.until([&] { return tls.lab.log.has("cannot start TLS with 127.0.0.1"); }));
    }
    SECTION("an authority that it does not know")
    {
        TlsLab tls{ "call.example.org", support::make_identity("call.example.org").certificate };
        CHECK_FALSE(tls.shake_hands());
        CHECK(tls.lab.until([&] { return tls.lab.log.has("certificate verify failed"); }));
    }
}

TEST_CASE("link: without the authorities there is no TLS, and a line that says so", "[component][link]")
{
    TlsLab tls{ "call.example.org", "no certificate" };
    auto& lab = tls.lab;

    CHECK(lab.until([&] { return lab.log.has("cannot set up TLS with"); }));
}
