#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "xmpp/jid.hpp"

namespace component::auth {

/// Whom a token stands for: a user of a served domain, whose contact address the page calls from and rings
/// with; or a web user, who is NAME under the component's own domain.
struct Subject {
    std::optional<xmpp::Jid> user;  ///< bare
    std::string name;  ///< local part of a web user's address, prepared; empty with `user`

    friend bool operator==(const Subject&, const Subject&) = default;
};

/// Empty for what is neither: a user of another domain, a name that would be somebody's contact address. That
/// a name is no line and no link is the caller's to check.
[[nodiscard]] std::optional<Subject> subject_of(std::string_view sub,
                                                std::span<const std::string> served_domains);

}  // namespace component::auth
