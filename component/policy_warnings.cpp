#include "component/policy_warnings.hpp"

#include <algorithm>

#include "roster/contact.hpp"

namespace component {
namespace {

using roster::Pattern;
using roster::Rule;
using roster::RuleAction;
using roster::RuleMedia;

bool covers(const Pattern& earlier, const Pattern& later)
{
    return earlier.kind == Pattern::Kind::anybody || earlier == later;
}

/// Whether every call that `later` matches is decided by `earlier` before.
bool covers(const Rule& earlier, const Rule& later)
{
    return earlier.action != RuleAction::require_relay && covers(earlier.from, later.from)
        && covers(earlier.to, later.to) && (!earlier.domain || earlier.domain == later.domain)
        && (earlier.media == RuleMedia::any || earlier.media == later.media);
}

/// Whether somebody the pattern means may belong to us.
bool may_be_ours(const Pattern& pattern, const XmppConfig& xmpp)
{
    const auto is_meant = [&](const std::string& domain) {
        switch (pattern.kind) {
        case Pattern::Kind::anybody: return true;
        case Pattern::Kind::address: {
            const auto jid = xmpp::Jid::parse(pattern.name);
            return jid && jid->domain() == domain;
        }
        case Pattern::Kind::domain: return domain == pattern.name;
        case Pattern::Kind::subdomains: return roster::is_below(domain, pattern.name);
        }
        return false;
    };
    return is_meant(xmpp.domain) || std::ranges::any_of(xmpp.served_domains, is_meant);
}

bool allows(const Rule& rule)
{
    return rule.action == RuleAction::allow || rule.action == RuleAction::ring_silently;
}

void resolve(Pattern& pattern, const std::string& domain)
{
    if (pattern.kind != Pattern::Kind::address)
        return;
    if (const auto jid = xmpp::Jid::parse(pattern.name))
        pattern.name = roster::user_behind(*jid, domain).full();
}

}  // namespace

std::vector<PolicyWarning> policy_warnings(const Config& config)
{
    std::vector<PolicyWarning> all;
    const auto& [by_default, rules] = config.policy;
    const auto& xmpp = config.xmpp;
    if (by_default == DefaultPolicy::open)
        all.push_back({ std::nullopt,
                        "the policy \"open\" lets anybody call anybody, strangers strangers too: an open "
                        "relay" });
    if (by_default == DefaultPolicy::allowlist && std::ranges::none_of(rules, allows))
        all.push_back({ std::nullopt,
                        "the policy \"allowlist\" lets nobody call without a [[policy.rule]] that allows it, "
                        "and there is none" });
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto decided = std::find_if(rules.begin(), rules.begin() + static_cast<std::ptrdiff_t>(i),
                                          [&](const Rule& earlier) { return covers(earlier, rules[i]); });
        if (decided != rules.begin() + static_cast<std::ptrdiff_t>(i))
            all.push_back({ i,
                            "rule " + std::to_string(i + 1) + " is never reached: rule "
                                + std::to_string(decided - rules.begin() + 1)
                                + " decides all its calls before" });
        else if (by_default != DefaultPolicy::open && allows(rules[i]) && !may_be_ours(rules[i].from, xmpp)
                 && !may_be_ours(rules[i].to, xmpp))
            all.push_back({ i,
                            "rule " + std::to_string(i + 1)
                                + " allows nothing: neither side is of a served domain, and only the policy "
                                  "\"open\" lets strangers call strangers" });
    }
    return all;
}

void resolve_contacts(Config& config)
{
    for (auto& rule : config.policy.rules) {
        resolve(rule.from, config.xmpp.domain);
        resolve(rule.to, config.xmpp.domain);
    }
}

}  // namespace component
