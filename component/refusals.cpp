#include "component/refusals.hpp"

#include <bit>

#include <fmt/format.h>

#include "component/records.hpp"

namespace component {

const CallRecord* Refusals::note(const jingle::call::NotLetIn& refusal, WallTime now)
{
    begin_window(now);
    const auto bare = refusal.caller.substr(0, refusal.caller.find('/'));
    auto at = callers_.find(bare);
    if (at != callers_.end() && (at->second.rows >= rows_of_caller || rows_ >= rows_of_all))
        return count(at->second);
    if (rows_ >= rows_of_all || (at == callers_.end() && callers_.size() >= max_callers)) {
        ++counted_only_;
        return nullptr;
    }
    if (at == callers_.end())
        at = callers_.emplace(std::string{ bare }, Caller{}).first;
    auto& caller = at->second;
    ++rows_;
    ++caller.rows;
    caller.times = 1;
    caller.rule = refusal.rule;
    caller.last = {};
    auto& record = caller.last;
    record.id = refusal.id.bytes;
    record.started = now;
    (void)apply(record,
                { .call = record.id,
                  .at = now,
                  .step = RecordStep::started,
                  .address = refusal.caller,
                  .callee = refusal.callee,
                  .sid = refusal.sid,
                  .rule = refusal.rule,
                  .audio = refusal.audio,
                  .video = refusal.video });
    (void)apply(record, { .call = record.id, .at = now, .step = RecordStep::ended, .reason = not_let_in });
    return &record;
}

void Refusals::begin_window(WallTime now)
{
    // A clock that was set back begins a new one as well.
    if (now >= began_ && now < began_ + window)
        return;
    began_ = now;
    rows_ = 0;
    callers_.clear();
}

/// One more that the caller's last row stands for.
const CallRecord* Refusals::count(Caller& caller)
{
    ++caller.times;
    ++counted_only_;
    if (!std::has_single_bit(caller.times))
        return nullptr;
    caller.last.rule = fmt::format("{} ({} or more times within a minute)", caller.rule, caller.times);
    return &caller.last;
}

}  // namespace component
