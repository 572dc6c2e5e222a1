#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "xmpp/jid.hpp"

namespace roster {

/// The resource of a contact address that presence comes from; it means any device, as the bare address does.
inline constexpr std::string_view any_device = "call";

/// Who an address under the component's domain stands for.
struct Contact {
    xmpp::Jid user;  ///< bare
    std::optional<std::string> device;  ///< the resource dialled; absent = any device

    friend bool operator==(const Contact&, const Contact&) = default;
};

/// The user behind `bob\40b.example@call.example.org/R` (XEP-0106); empty when the local part is no bare JID
/// of a user or is one of our own domain, which would be a loop.
[[nodiscard]] std::optional<Contact> contact_of(const xmpp::Jid& address);

/// The address that stands for `user` under `domain`, with the resource any_device. Empty when it would be
/// too long.
[[nodiscard]] std::optional<xmpp::Jid> contact_address(const xmpp::Jid& user, std::string_view domain);

/// The contact's user, or the address itself without its resource: who is behind it, as calls are counted.
[[nodiscard]] xmpp::Jid user_behind(const xmpp::Jid& address, std::string_view domain);

}  // namespace roster
