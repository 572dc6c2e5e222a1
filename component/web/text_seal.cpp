#include "component/web/text_seal.hpp"

#include <algorithm>
#include <memory>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/base64url.hpp"

// nonce (12) | ciphertext | tag (16), as base64url without padding

namespace component::web {
namespace {

constexpr std::string_view purpose = "carillon.v1 resume";
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t max_sealed = std::size_t{ 16 } * 1024;

struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

const unsigned char* bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

TextSeal::TextSeal(std::string_view instance_key)
{
    HMAC(EVP_sha256(), instance_key.data(), static_cast<int>(instance_key.size()), bytes(purpose),
         purpose.size(), key_.data(), nullptr);
}

std::string TextSeal::seal(std::string_view text) const
{
    std::string out(nonce_size + text.size() + tag_size, '\0');
    const Context context{ EVP_CIPHER_CTX_new() };
    int size = 0;
    auto* body = bytes(out) + nonce_size;
    if (!context || RAND_bytes(bytes(out), nonce_size) != 1
        || EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes(out)) != 1
        || EVP_EncryptUpdate(context.get(), body, &size, bytes(text), static_cast<int>(text.size())) != 1
        || EVP_EncryptFinal_ex(context.get(), body + size, &size) != 1
        || EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, body + text.size()) != 1)
        return {};
    return base::to_base64url(out);
}

std::optional<std::string> TextSeal::unseal(std::string_view sealed) const
{
    auto data = sealed.size() <= max_sealed ? base::from_base64url(sealed) : std::nullopt;
    if (!data || data->size() < nonce_size + tag_size)
        return std::nullopt;
    const auto text_size = data->size() - nonce_size - tag_size;
    std::string out(text_size, '\0');
    const Context context{ EVP_CIPHER_CTX_new() };
    int size = 0;
    auto* body = bytes(*data) + nonce_size;
    if (!context
        || EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes(*data)) != 1
        || EVP_DecryptUpdate(context.get(), bytes(out), &size, body, static_cast<int>(text_size)) != 1
        || EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, body + text_size) != 1
        || EVP_DecryptFinal_ex(context.get(), bytes(out) + size, &size) != 1)
        return std::nullopt;
    return out;
}

}  // namespace component::web
