#include "component/auth/link_check.hpp"

#include <algorithm>
#include <array>

#include "base/enum_table.hpp"

namespace component::auth {
namespace {

constexpr std::array refusal_rows{
    base::EnumRow<LinkRefusal>{ LinkRefusal::revoked, "revoked" },
    base::EnumRow<LinkRefusal>{ LinkRefusal::expired, "expired" },
    base::EnumRow<LinkRefusal>{ LinkRefusal::used_up, "used up" },
    base::EnumRow<LinkRefusal>{ LinkRefusal::wrong_origin, "not for this site" },
};

}  // namespace

std::string_view to_string(LinkRefusal refusal) noexcept
{
    return base::find_token(refusal_rows, refusal);
}

std::optional<LinkRefusal> check_link(const roster::CallLink& link, std::string_view origin,
                                      std::span<const std::string> default_origins, roster::WallTime now)
{
    if (link.revoked)
        return LinkRefusal::revoked;
    if (link.expires && now >= *link.expires)
        return LinkRefusal::expired;
    if (link.uses_left == 0U)
        return LinkRefusal::used_up;
    const auto allowed = link.origins.empty() ? default_origins : std::span{ link.origins };
    if (!allowed.empty() && std::ranges::find(allowed, origin) == allowed.end()
        && !(origin.empty() && link.origins.empty()))
        return LinkRefusal::wrong_origin;
    return std::nullopt;
}

}  // namespace component::auth
