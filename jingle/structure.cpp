#include "jingle/structure.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace jingle {
namespace {

// What each content of an action must have. An action without a row needs no content.
struct Need {
    Action action;
    bool description = false;  ///< or a transport with sctpmap
    bool transport = false;
    bool senders = false;
};
constexpr std::array needs{
    Need{ .action = Action::session_initiate, .description = true, .transport = true },
    Need{ .action = Action::session_accept, .description = true, .transport = true },
    Need{ .action = Action::content_add, .description = true, .transport = true },
    Need{ .action = Action::content_accept },
    Need{ .action = Action::content_modify, .senders = true },
    Need{ .action = Action::content_reject },
    Need{ .action = Action::content_remove },
    Need{ .action = Action::description_info, .description = true },
    Need{ .action = Action::transport_accept, .transport = true },
    Need{ .action = Action::transport_info, .transport = true },
    Need{ .action = Action::transport_reject },
    Need{ .action = Action::transport_replace, .transport = true },
};

bool has_description(const Content& content)
{
    const auto* ice = content.ice();
    return !std::holds_alternative<std::monostate>(content.description) || (ice != nullptr && ice->sctpmap);
}

bool has_transport(const Content& content)
{
    return !std::holds_alternative<std::monostate>(content.transport);
}

base::Result<void> missing(const Content& content, std::string_view part)
{
    return base::fail(base::Errc::missing,
                      std::string{ "content '" }.append(content.name).append("': ").append(part));
}

base::Result<void> check_content(const Content& content, const Need& need)
{
    if (need.description && !has_description(content))
        return missing(content, "description");
    if (need.transport && !has_transport(content))
        return missing(content, "transport");
    if (need.senders && !content.senders)
        return missing(content, "senders");
    return {};
}

base::Result<void> check_needs(const Jingle& jingle)
{
    const auto* need
        = std::find_if(needs.begin(), needs.end(), [&](const Need& n) { return n.action == jingle.action; });
    if (need == needs.end())
        return {};
    if (jingle.contents.empty())
        return base::fail(base::Errc::missing, "content");
    for (const auto& content : jingle.contents)
        TRY_VOID(check_content(content, *need));
    return {};
}

// How often `name` stands in groups of these semantics.
std::ptrdiff_t mentions(const Jingle& jingle, std::string_view semantics, std::string_view name)
{
    std::ptrdiff_t sum = 0;
    for (const auto& group : jingle.groups)
        if (group.semantics == semantics)
            sum += std::count(group.contents.begin(), group.contents.end(), name);
    return sum;
}

// RFC 9143, 7.2: one transport for each content.
base::Result<void> check_bundles(const Jingle& jingle)
{
    for (const auto& group : jingle.groups)
        if (group.semantics == "BUNDLE")
            for (const auto name : group.contents)
                if (mentions(jingle, group.semantics, name) > 1)
                    return base::fail(base::Errc::duplicate, "group 'BUNDLE': content name");
    return {};
}

}  // namespace

base::Result<void> check_structure(const Jingle& jingle)
{
    TRY_VOID(check_needs(jingle));
    return check_bundles(jingle);
}

}  // namespace jingle
