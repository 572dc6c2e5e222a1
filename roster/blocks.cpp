#include "roster/blocks.hpp"

#include "roster/pattern.hpp"

namespace roster {

std::string_view owner_name(const Block& block) noexcept
{
    return block.owner ? block.owner->bare() : std::string_view{};
}

bool Blocks::add(const Block& block)
{
    const auto pattern = Pattern::parse(block.pattern);
    if (!pattern)
        return false;
    const auto owner = owner_name(block);
    auto found = by_owner_.find(owner);
    if (found == by_owner_.end()) {
        if (by_owner_.size() >= max_users)
            return false;
        found = by_owner_.try_emplace(std::string{ owner }).first;
    }
    auto& patterns = found->second;
    const auto text = pattern->to_string();
    if (patterns.contains(text))
        return true;
    if (patterns.size() >= (owner.empty() ? max_of_operator : max_of_user))
        return false;
    patterns.insert(text);
    return true;
}

bool Blocks::remove(const Block& block)
{
    const auto pattern = Pattern::parse(block.pattern);
    const auto found = by_owner_.find(owner_name(block));
    if (!pattern || found == by_owner_.end() || found->second.erase(pattern->to_string()) == 0)
        return false;
    if (found->second.empty())
        by_owner_.erase(found);
    return true;
}

std::vector<std::string> Blocks::of(std::string_view owner) const
{
    const auto found = by_owner_.find(owner);
    if (found == by_owner_.end())
        return {};
    return { found->second.begin(), found->second.end() };
}

bool Blocks::blocks(std::string_view owner, const xmpp::Jid& caller) const
{
    const auto found = by_owner_.find(owner);
    if (found == by_owner_.end())
        return false;
    const auto& patterns = found->second;
    const auto has = [&](Pattern::Kind kind, std::string_view name) {
        return patterns.contains(Pattern{ kind, std::string{ name } }.to_string());
    };
    if (has(Pattern::Kind::address, caller.bare()) || has(Pattern::Kind::domain, caller.domain())
        || patterns.contains("*"))
        return true;
    for (auto parent = parent_of(caller.domain()); !parent.empty(); parent = parent_of(parent))
        if (has(Pattern::Kind::subdomains, parent))
            return true;
    return false;
}

}  // namespace roster
