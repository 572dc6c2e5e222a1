#include "roster/rules.hpp"

#include <algorithm>

namespace roster {
namespace {

bool matches_media(RuleMedia media, bool video)
{
    switch (media) {
    case RuleMedia::any: return true;
    case RuleMedia::audio: return !video;
    case RuleMedia::video: return video;
    }
    return false;
}

bool matches(const Rule& rule, const Attempt& attempt)
{
    return rule.from.matches(attempt.caller) && rule.to.matches(attempt.callee)
        && (!rule.domain || rule.domain->matches(attempt.caller) || rule.domain->matches(attempt.callee))
        && matches_media(rule.media, attempt.video);
}

template <class Map>
void append_found(const Map& map, std::string_view name, std::vector<std::uint32_t>& all)
{
    if (map.empty())
        return;
    if (const auto found = map.find(name); found != map.end())
        all.insert(all.end(), found->second.begin(), found->second.end());
}

}  // namespace

bool RuleSet::Side::add(const Pattern& pattern, std::uint32_t rule)
{
    switch (pattern.kind) {
    case Pattern::Kind::anybody: return false;
    case Pattern::Kind::address: addresses[pattern.name].push_back(rule); return true;
    case Pattern::Kind::domain: domains[pattern.name].push_back(rule); return true;
    case Pattern::Kind::subdomains: parents[pattern.name].push_back(rule); return true;
    }
    return false;
}

void RuleSet::Side::append(const xmpp::Jid& user, Indexes& found) const
{
    append_found(addresses, user.bare(), found);
    append_found(domains, user.domain(), found);
    if (parents.empty())
        return;
    for (auto parent = parent_of(user.domain()); !parent.empty(); parent = parent_of(parent))
        append_found(parents, parent, found);
}

RuleSet::RuleSet(std::vector<Rule> rules)
    : rules_{ std::move(rules) }
{
    for (std::uint32_t i = 0; i < rules_.size(); ++i) {
        const auto& rule = rules_[i];
        // One side is enough to find it; the rest is compared.
        if (!from_.add(rule.from, i) && !to_.add(rule.to, i)
            && !either_.add(rule.domain.value_or(Pattern{}), i))
            unnamed_.push_back(i);
    }
}

RuleSet::Match RuleSet::match(const Attempt& attempt) const
{
    auto candidates = unnamed_;
    from_.append(attempt.caller, candidates);
    to_.append(attempt.callee, candidates);
    either_.append(attempt.caller, candidates);
    either_.append(attempt.callee, candidates);
    std::ranges::sort(candidates);

    Match found;
    for (const auto index : candidates) {
        const auto& rule = rules_[index];
        if (!matches(rule, attempt))
            continue;
        if (rule.action != RuleAction::require_relay) {
            found.decides = index;
            break;
        }
        if (!found.relays)
            found.relays = index;
    }
    return found;
}

}  // namespace roster
