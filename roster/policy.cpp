#include "roster/policy.hpp"

#include <algorithm>

namespace roster {
namespace {

using Outcome = Verdict::Outcome;

std::string name_of(std::size_t rule)
{
    return "rule " + std::to_string(rule + 1);  // People count from one.
}

Outcome outcome_of(RuleAction action)
{
    switch (action) {
    case RuleAction::allow: return Outcome::rings;
    case RuleAction::reject: return Outcome::refused;
    case RuleAction::ring_silently: return Outcome::rings_silently;
    case RuleAction::require_relay: break;  // decides nothing
    }
    return Outcome::refused;
}

Verdict judge_by_default(Default by_default, bool welcome)
{
    switch (by_default) {
    case Default::open: return { Outcome::rings, "default open" };
    case Default::local: return { Outcome::rings, "default local" };
    case Default::roster: return { welcome ? Outcome::rings : Outcome::refused, "default roster" };
    case Default::allowlist: return { Outcome::refused, "default allowlist" };
    }
    return {};
}

}  // namespace

bool Policy::serves(std::string_view domain) const
{
    return std::ranges::find(served_domains, domain) != served_domains.end();
}

Verdict Policy::judge(const Attempt& attempt, const Standing& standing) const
{
    const bool one_is_ours = standing.caller_is_ours || standing.callee_is_ours
        || serves(attempt.caller.domain()) || serves(attempt.callee.domain());
    if (by_default != Default::open && !one_is_ours)
        return { Outcome::refused, "foreign to foreign" };

    const auto match = rules.match(attempt);
    auto verdict = match.decides
        ? Verdict{ outcome_of(rules[*match.decides].action), name_of(*match.decides) }
        : judge_by_default(by_default, standing.welcome);
    if (match.relays && verdict.outcome == Outcome::rings) {
        verdict.relay_only = true;
        verdict.rule += ", relayed by " + name_of(*match.relays);
    }
    return verdict;
}

bool Policy::allows(const xmpp::Jid& caller, const xmpp::Jid& callee) const
{
    return judge({ caller, callee }, {}).outcome == Outcome::rings;
}

}  // namespace roster
