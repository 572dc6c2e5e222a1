#pragma once

#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace support {

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

inline std::string to_text(BIO* memory)
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

inline Identity make_identity(const std::string& name)
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

}  // namespace support
