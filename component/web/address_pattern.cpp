#include "component/web/address_pattern.hpp"

namespace component::web {

bool matches(std::string_view pattern, const xmpp::Jid& address)
{
    if (pattern == "*")
        return true;
    if (pattern.starts_with("*@"))
        return address.domain() == pattern.substr(2);
    if (pattern.starts_with("*."))
        return address.domain().ends_with(pattern.substr(1));
    const auto meant = xmpp::Jid::parse(pattern);
    return meant && meant->bare() == address.bare();
}

}  // namespace component::web
