#include "roster/links.hpp"

#include <algorithm>

namespace roster {

bool is_usable(const CallLink& link, WallTime now) noexcept
{
    return !link.revoked && (!link.uses_left || *link.uses_left > 0)
        && (!link.expires || now < *link.expires);
}

bool Links::put(CallLink link)
{
    const auto same_secret = by_secret_.find(link.secret_hash);
    if (same_secret != by_secret_.end() && same_secret->second != link.name)
        return false;
    if (const auto known = by_name_.find(link.name); known != by_name_.end()) {
        if (known->second.owner != link.owner)
            return false;
        by_secret_.erase(known->second.secret_hash);
        by_secret_.emplace(link.secret_hash, link.name);
        known->second = std::move(link);
        return true;
    }
    if (by_name_.size() >= max_links || of(link.owner.bare()).size() >= max_of_user)
        return false;
    by_secret_.emplace(link.secret_hash, link.name);
    by_owner_[std::string{ link.owner.bare() }].push_back(link.name);
    auto name = link.name;
    by_name_.emplace(std::move(name), std::move(link));
    return true;
}

void Links::erase(std::string_view name)
{
    const auto found = by_name_.find(name);
    if (found == by_name_.end())
        return;
    by_secret_.erase(found->second.secret_hash);
    const auto names = by_owner_.find(found->second.owner.bare());
    std::erase(names->second, name);
    if (names->second.empty())
        by_owner_.erase(names);
    by_name_.erase(found);
}

const CallLink* Links::find(std::string_view name) const
{
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &found->second;
}

const CallLink* Links::with_secret(const SecretHash& hash) const
{
    const auto found = by_secret_.find(hash);
    return found == by_secret_.end() ? nullptr : find(found->second);
}

const CallLink* Links::surplus_of(std::string_view owner) const
{
    const auto names = by_owner_.find(owner);
    if (names == by_owner_.end() || names->second.size() < max_kept_of_user)
        return nullptr;
    const CallLink* oldest = nullptr;
    for (const auto& name : names->second)
        if (const auto* link = find(name); link->revoked && (oldest == nullptr || link->made < oldest->made))
            oldest = link;
    return oldest;
}

std::vector<const CallLink*> Links::of(std::string_view owner) const
{
    std::vector<const CallLink*> links;
    if (const auto names = by_owner_.find(owner); names != by_owner_.end())
        for (const auto& name : names->second)
            if (const auto* link = find(name); link != nullptr && !link->revoked)
                links.push_back(link);
    std::ranges::stable_sort(links, std::greater{}, [](const CallLink* link) { return link->made; });
    return links;
}

}  // namespace roster
