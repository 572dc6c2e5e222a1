#include "roster/contact.hpp"

namespace roster {

std::optional<Contact> contact_of(const xmpp::Jid& address)
{
    if (address.local().empty())
        return std::nullopt;
    auto user = xmpp::Jid::parse(xmpp::unescape_local(address.local()));
    if (!user || user->local().empty() || user->is_full() || user->domain() == address.domain())
        return std::nullopt;
    Contact contact{ *std::move(user), std::nullopt };
    if (address.is_full() && address.resource() != any_device)
        contact.device = address.resource();
    return contact;
}

std::optional<xmpp::Jid> contact_address(const xmpp::Jid& user, std::string_view domain)
{
    auto text = xmpp::escape_local(user.bare());
    text.append("@").append(domain).append("/").append(any_device);
    return xmpp::Jid::parse(text);
}

xmpp::Jid user_behind(const xmpp::Jid& address, std::string_view domain)
{
    if (address.domain() != domain)
        return address.to_bare();
    const auto contact = contact_of(address);
    return contact ? contact->user : address.to_bare();
}

}  // namespace roster
