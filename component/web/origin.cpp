#include "component/web/origin.hpp"

#include <algorithm>
#include <charconv>

namespace component::web {
namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;
constexpr std::size_t max_host = 255;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_host_character(char c)
{
    const auto l = lower(c);
    return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9')
        || std::string_view{ ".-_[]:" }.find(c) != std::string_view::npos;
}

/// "host" or "host:port".
std::optional<Origin> parse_authority(std::string_view text, bool secure)
{
    Origin origin{ .secure = secure, .host = {}, .port = secure ? https_port : http_port };
    const auto bracket = text.rfind(']');
    const auto colon = text.rfind(':');
    const auto has_port
        = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    const auto host = text.substr(0, has_port ? colon : text.size());
    if (host.empty() || host.size() > max_host || !std::ranges::all_of(host, is_host_character))
        return std::nullopt;
    if (host.front() != '[' && host.find_first_of(":[]") != std::string_view::npos)
        return std::nullopt;
    if (has_port) {
        const auto digits = text.substr(colon + 1);
        const auto* last = digits.data() + digits.size();
        const auto [end, error] = std::from_chars(digits.data(), last, origin.port);
        if (error != std::errc{} || end != last || origin.port == 0)
            return std::nullopt;
    }
    std::ranges::transform(host, std::back_inserter(origin.host), lower);
    return origin;
}

}  // namespace

std::optional<Origin> Origin::parse(std::string_view text)
{
    constexpr std::string_view http = "http://";
    constexpr std::string_view https = "https://";
    if (text.starts_with(https))
        return parse_authority(text.substr(https.size()), true);
    if (text.starts_with(http))
        return parse_authority(text.substr(http.size()), false);
    return std::nullopt;
}

std::string Origin::to_string() const
{
    auto text = (secure ? "https://" : "http://") + host;
    if (port != (secure ? https_port : http_port))
        text.append(":").append(std::to_string(port));
    return text;
}

bool is_authority(std::string_view text)
{
    return parse_authority(text, false).has_value();
}

bool is_allowed(const Origin& origin, std::span<const Origin> listed, const std::optional<Origin>& own,
                std::string_view host_header)
{
    if (std::ranges::find(listed, origin) != listed.end())
        return true;
    if (own)
        return origin == *own;
    // Behind a proxy we do not see the scheme: the page's own stands in, and with it the usual port.
    return parse_authority(host_header, origin.secure) == origin;
}

}  // namespace component::web
