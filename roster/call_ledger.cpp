#include "roster/call_ledger.hpp"

namespace roster {
namespace {

unsigned count_of(const TextMap<unsigned>& counts, std::string_view name)
{
    const auto found = counts.find(name);
    return found == counts.end() ? 0 : found->second;
}

void add(TextMap<unsigned>& counts, const std::string& name)
{
    if (!name.empty())
        ++counts[name];
}

void subtract(TextMap<unsigned>& counts, const std::string& name)
{
    const auto found = counts.find(name);
    if (found != counts.end() && --found->second == 0)
        counts.erase(found);
}

}  // namespace

std::string_view CallLedger::limit_reached(const CallNames& names, SteadyClock::time_point now) const
{
    if (count_of(live_pairs_, names.pair) >= limits_.calls_per_pair)
        return "limit calls_per_pair";
    if (!names.served && count_of(live_domains_, names.domain) >= limits_.calls_per_domain)
        return "limit calls_per_domain";
    const auto pair = unanswered_.find(names.pair);
    if (pair != unanswered_.end() && pair->second.count >= limits_.unanswered_calls
        && now - pair->second.last < limits_.unanswered_pause)
        return "limit unanswered_calls";
    return {};
}

void CallLedger::started(const CallNames& names)
{
    add(live_pairs_, names.pair);
    add(live_domains_, names.domain);
    add(live_links_, names.link);
}

void CallLedger::ended(const CallNames& names, Answered answered, SteadyClock::time_point now)
{
    subtract(live_pairs_, names.pair);
    subtract(live_domains_, names.domain);
    subtract(live_links_, names.link);
    if (answered == Answered::yes)
        unanswered_.erase(names.pair);
    else
        count_unanswered(names.pair, now);
}

void CallLedger::count_unanswered(const std::string& pair, SteadyClock::time_point now)
{
    const auto is_over
        = [&](const auto& entry) { return now - entry.second.last >= limits_.unanswered_pause; };
    // At most once a second, or a flood of new pairs would pay for a scan each.
    if (unanswered_.size() >= max_pairs && now - forgotten_ >= std::chrono::seconds{ 1 }) {
        forgotten_ = now;
        std::erase_if(unanswered_, is_over);
    }
    auto found = unanswered_.find(pair);
    if (found == unanswered_.end()) {
        if (unanswered_.size() >= max_pairs)
            return;  // The limits per user and domain still hold.
        found = unanswered_.try_emplace(pair).first;
    } else if (is_over(*found)) {
        found->second.count = 0;
    }
    ++found->second.count;
    found->second.last = now;
}

}  // namespace roster
