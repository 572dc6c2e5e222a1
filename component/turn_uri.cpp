#include "component/turn_uri.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace component {
namespace {

using base::Errc;

constexpr std::string_view wanted = "wants addresses like \"turn:turn.example.org:3478?transport=udp\"; \"";

struct Scheme {
    std::string_view name;
    std::uint16_t port;
    std::string_view transport;
};
constexpr std::array schemes{
    Scheme{ "stun", 3478, "udp" },
    Scheme{ "stuns", 5349, "tcp" },
    Scheme{ "turn", 3478, "udp" },
    Scheme{ "turns", 5349, "tcp" },
};

bool is_host_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

bool is_address_character(char c)
{
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

/// Takes the host off the front; empty when there is none.
std::string_view take_host(std::string_view& rest)
{
    const auto is_literal = rest.starts_with('[');
    const auto end = is_literal ? rest.find(']') : std::min(rest.find(':'), rest.size());
    if (end == std::string_view::npos)
        return {};
    const auto host = rest.substr(is_literal ? 1 : 0, is_literal ? end - 1 : end);
    rest.remove_prefix(is_literal ? end + 1 : end);
    return std::ranges::all_of(host, is_literal ? is_address_character : is_host_character)
        ? host
        : std::string_view{};
}

}  // namespace

base::Result<TurnUri> TurnUri::parse(std::string_view text)
{
    const auto wrong = [text] {
        return base::fail(Errc::malformed, std::string{ wanted } + std::string{ text } + "\" is none");
    };
    const auto colon = text.find(':');
    const auto* scheme = std::ranges::find(schemes, text.substr(0, colon), &Scheme::name);
    if (colon == std::string_view::npos || scheme == schemes.end())
        return wrong();
    TurnUri uri{ std::string{ scheme->name }, {}, scheme->port, std::string{ scheme->transport } };
    auto rest = text.substr(colon + 1);
    if (const auto question = rest.find('?'); question != std::string_view::npos) {
        const auto query = rest.substr(question);
        // RFC 7064: a STUN URI has no transport.
        if (!uri.is_relay() || (query != "?transport=udp" && query != "?transport=tcp"))
            return wrong();
        uri.transport = query.substr(query.size() - 3);
        rest = rest.substr(0, question);
    }
    uri.host = take_host(rest);
    if (uri.host.empty())
        return wrong();
    if (!rest.empty()) {
        const auto digits = rest.substr(1);
        const auto* last = digits.data() + digits.size();
        const auto [end, error] = std::from_chars(digits.data(), last, uri.port);
        if (rest.front() != ':' || error != std::errc{} || end != last || uri.port == 0)
            return wrong();
    }
    return uri;
}

std::string TurnUri::to_string() const
{
    const auto is_literal = host.find(':') != std::string::npos;
    auto text = scheme + ":" + (is_literal ? "[" + host + "]" : host) + ":" + std::to_string(port);
    if (is_relay())
        text += "?transport=" + transport;
    return text;
}

}  // namespace component
