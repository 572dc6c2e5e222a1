#include "component/auth/subject.hpp"

#include <algorithm>

#include "roster/contact.hpp"

namespace component::auth {
namespace {

/// Any domain: only the local part counts.
constexpr std::string_view some_domain = "@component.invalid";

}  // namespace

std::optional<Subject> subject_of(std::string_view sub, std::span<const std::string> served_domains)
{
    if (sub.find('@') != std::string_view::npos) {
        const auto jid = xmpp::Jid::parse(sub);
        if (!jid || jid->is_full() || jid->local().empty()
            || std::ranges::find(served_domains, jid->domain()) == served_domains.end())
            return std::nullopt;
        return Subject{ jid, {} };
    }
    const auto address = xmpp::Jid::parse(std::string{ sub }.append(some_domain));
    // "bob\40b.example" is bob's contact address, and not a name that a site may give away.
    if (sub.empty() || !address || address->is_full() || roster::contact_of(*address)
        || address->local().find('\\') != std::string_view::npos)
        return std::nullopt;
    return Subject{ std::nullopt, std::string{ address->local() } };
}

}  // namespace component::auth
