#include "component/turn.hpp"

#include <algorithm>
#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace component {
namespace {

std::string base64(const unsigned char* bytes, unsigned size)
{
    std::string text((size + 2) / 3 * 4 + 1, '\0');
    const auto length
        = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

}  // namespace

TurnCredentials mint_turn_credentials(std::string_view secret, std::string_view user, roster::WallTime now,
                                      std::chrono::seconds ttl)
{
    const auto expires = std::chrono::floor<std::chrono::seconds>(now) + ttl;
    auto username = std::to_string(expires.time_since_epoch().count()) + ":";
    username += user.substr(0, max_turn_user);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(username.data()), username.size(), digest.data(), &size);
    return { std::move(username), base64(digest.data(), size), expires };
}

IceServers ice_servers(const Relays& relays)
{
    IceServers all;
    all.renew_at = relays.renew_at;
    for (const auto& service : relays.services) {
        if (service.expires && (!all.expires || *service.expires < *all.expires))
            all.expires = service.expires;
        const auto same = std::ranges::find_if(all.servers, [&](const IceServer& server) {
            return server.username == service.username && server.credential == service.password;
        });
        if (same != all.servers.end())
            same->urls.push_back(service.uri.to_string());
        else
            all.servers.push_back({ { service.uri.to_string() }, service.username, service.password });
    }
    return all;
}

}  // namespace component
