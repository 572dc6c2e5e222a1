#include "roster/pattern.hpp"

namespace roster {
namespace {

constexpr std::string_view any_user = "*@";
constexpr std::string_view any_below = "*.";

std::optional<Pattern> parse_domain(Pattern::Kind kind, std::string_view text)
{
    const auto jid = xmpp::Jid::parse(text);
    if (!jid || !jid->local().empty() || jid->is_full() || text.find('*') != std::string_view::npos)
        return std::nullopt;
    return Pattern{ kind, std::string{ jid->domain() } };
}

}  // namespace

std::optional<Pattern> Pattern::parse(std::string_view text)
{
    if (text == "*")
        return Pattern{};
    if (text.starts_with(any_user))
        return parse_domain(Kind::domain, text.substr(any_user.size()));
    if (text.starts_with(any_below))
        return parse_domain(Kind::subdomains, text.substr(any_below.size()));
    const auto jid = xmpp::Jid::parse(text);
    if (!jid || jid->is_full() || text.find('*') != std::string_view::npos)
        return std::nullopt;
    return Pattern{ jid->local().empty() ? Kind::domain : Kind::address, jid->full() };
}

std::string Pattern::to_string() const
{
    switch (kind) {
    case Kind::anybody: return "*";
    case Kind::address: return name;
    case Kind::domain: return std::string{ any_user } + name;
    case Kind::subdomains: return std::string{ any_below } + name;
    }
    return {};
}

bool Pattern::matches(const xmpp::Jid& user) const
{
    switch (kind) {
    case Kind::anybody: return true;
    case Kind::address: return user.bare() == name;
    case Kind::domain: return user.domain() == name;
    case Kind::subdomains: return is_below(user.domain(), name);
    }
    return false;
}

bool is_below(std::string_view domain, std::string_view parent) noexcept
{
    return domain.size() > parent.size() + 1 && domain.ends_with(parent)
        && domain[domain.size() - parent.size() - 1] == '.';
}

std::string_view parent_of(std::string_view domain) noexcept
{
    const auto dot = domain.find('.');
    return dot == std::string_view::npos ? std::string_view{} : domain.substr(dot + 1);
}

}  // namespace roster
