#include <memory>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "fake_server.hpp"
#include "temporary_directory.hpp"

namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

std::string to_text(BIO* memory)
{
    char* bytes = nullptr;
    const auto size = BIO_ctrl(memory, BIO_CTRL_INFO, 0, static_cast<void*>(&bytes));
    return { bytes, static_cast<std::size_t>(size) };
}

/// A certificate that signs itself, and its key, both as PEM.
struct Identity {
    std::string certificate;
    std::string key;
};

Identity make_identity(const std::string& name)
{
    const Key key{ EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256") };
    const Certificate certificate{ X509_new() };
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    auto* subject = X509_get_subject_name(certificate.get());
    const std::string common_name = "test";
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    X509_set_pubkey(certificate.get(), key.get());
    const auto names = "DNS:" + name;
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(certificate.get(), key.get(), EVP_sha256());

    const Memory certificate_text{ BIO_new(BIO_s_mem()) };
    const Memory key_text{ BIO_new(BIO_s_mem()) };
    PEM_write_bio_X509(certificate_text.get(), certificate.get());
    PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return { to_text(certificate_text.get()), to_text(key_text.get()) };
}

/// The lab with ejabberd's `tls: true`: a listener of its own that starts TLS at once.
struct TlsLab {
    using TlsSocket = ssl::stream<component::Socket>;

    explicit TlsLab(const std::string& certified_name, std::optional<std::string> trusted = std::nullopt)
    {
        const auto identity = make_identity(certified_name);
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
        TlsLab tls{ "call.example.org", make_identity("call.example.org").certificate };
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
