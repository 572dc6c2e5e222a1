#include "component/recorder.hpp"

#include <algorithm>

namespace component {
namespace {

/// What a record is looked up for, and what nothing but the record tells after a crash. The rest can wait.
bool is_milestone(RecordStep step)
{
    return step == RecordStep::started || step == RecordStep::accepted || step == RecordStep::resumed;
}

}  // namespace

Recorder::Recorder(asio::io_context& io, Store& store)
    : store_{ store }
    , timer_{ io.get_executor() }
{
    auto running = store.take_running();
    records_.reserve(running.size());
    for (; !running.empty(); running.pop_front())
        records_.resume(std::move(running.front()));
}

void Recorder::note(const RecordEvent& event)
{
    const auto* record = records_.apply(event);
    if (record == nullptr)
        return;
    if (event.step == RecordStep::started)
        untold_.insert(event.call);
    if (event.step == RecordStep::ended) {
        write(*record);  // It is forgotten with the next event.
        untold_.erase(event.call);
    } else if (is_milestone(event.step))
        due_.push_back(event.call);
    else
        put_off(event.call);
}

void Recorder::note_candidates(const CallKey& call, unsigned leg, CandidateKinds kinds)
{
    if (records_.offered(call, leg, kinds) != nullptr)
        put_off(call);
}

bool Recorder::note(const jingle::call::NotLetIn& refusal, WallTime now)
{
    const auto* record = refusals_.note(refusal, now);
    if (record != nullptr)
        store_.put(*record);
    return record != nullptr;
}

void Recorder::commit()
{
    for (const auto& call : std::exchange(due_, {}))
        if (const auto* record = records_.find(call); record != nullptr && !record->ended)
            write(*record);
}

void Recorder::write_all()
{
    commit();
    for (const auto& call : std::exchange(put_off_, {}))
        if (const auto* record = records_.find(call))
            store_.put(*record);
    queue_.clear();
}

void Recorder::write(const CallRecord& record)
{
    const auto is_first = untold_.contains(record.id);
    if (store_.put(record, record.ended && !is_first ? Room::always : Room::limited) && is_first)
        untold_.erase(record.id);
    put_off_.erase(record.id);
}

void Recorder::put_off(const CallKey& call)
{
    if (std::ranges::find(due_, call) != due_.end() || !put_off_.insert(call).second)
        return;
    queue_.emplace_back(Clock::now() + delay, call);
    if (queue_.size() == 1)
        arm(queue_.front().first);
}

void Recorder::arm(Clock::time_point at)
{
    timer_.expires_at(at);
    timer_.async_wait([this](error_code error) {
        if (!error)
            write_some();
    });
}

/// What has waited long enough, in portions, so that nothing waits for it.
void Recorder::write_some()
{
    const auto now = Clock::now();
    for (std::size_t count = 0; !queue_.empty() && queue_.front().first <= now && count < portion; ++count) {
        const auto call = queue_.front().second;
        queue_.pop_front();
        // It may have been written since.
        if (put_off_.erase(call) != 0)
            if (const auto* record = records_.find(call))
                store_.put(*record);
    }
    if (!queue_.empty())
        arm(std::max(queue_.front().first, now + pause));
}

}  // namespace component
