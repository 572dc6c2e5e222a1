#include "component/journal.hpp"

#include <algorithm>
#include <utility>

#include "component/log.hpp"
#include "jingle/call/bytes.hpp"

namespace component {
namespace {

constexpr std::string_view head{ "J\1", 2 };
constexpr std::size_t max_bytes = std::size_t{ 8 } * 1024 * 1024;

}  // namespace

std::string JournalRow::write() const
{
    jingle::call::BytesOut out{ head };
    out.text(call);
    out.number(pages.size());
    for (const auto& page : pages) {
        out.number(page.leg);
        out.text(page.bytes);
    }
    return std::move(out.bytes);
}

base::Result<JournalRow> JournalRow::read(std::string_view bytes)
{
    jingle::call::BytesIn in{ bytes, head };
    JournalRow row;
    row.call = in.text(max_bytes);
    for (auto count = in.number(1 + jingle::call::max_callee_legs); count > 0 && in.is_good(); --count) {
        const auto leg = static_cast<jingle::call::LegIndex>(in.number(jingle::call::max_callee_legs));
        row.pages.push_back({ leg, in.text(max_bytes) });
    }
    if (!in.is_at_end())
        return base::fail(base::Errc::malformed, "a journal row");
    return row;
}

void Journal::changed(const CallId& call)
{
    if (store_ == nullptr)
        return;
    const auto end = open_.calls.begin() + static_cast<std::ptrdiff_t>(open_.changed);
    if (std::find(open_.calls.begin(), end, call) != end)
        return;
    hold(call);
    std::swap(open_.calls[open_.changed++], open_.calls.back());
}

void Journal::forget(const CallId& call)
{
    if (store_ != nullptr)
        open_.gone.push_back(call);
}

void Journal::hold(const CallId& call)
{
    open_.calls.push_back(call);
    ++held_[call];
}

std::string& Journal::stanzas(const CallId& call)
{
    // Behind those of an earlier group: its stanzas go first.
    if (std::ranges::find(open_.calls, call) == open_.calls.end())
        hold(call);
    return open_.stanzas;
}

void Journal::commit(const RowOf& row_of, std::function<void(std::string)> release)
{
    if (!has_news())
        return;
    // First: a call may have begun anew under the id of one that is forgotten.
    for (const auto& call : open_.gone)
        store_->erase_journal(call.bytes);
    for (std::size_t i = 0; i < open_.changed; ++i) {
        const auto& call = open_.calls[i];
        if (auto row = row_of(call))
            store_->put(JournalEntry{ call.bytes, *std::move(row) });
        else
            store_->erase_journal(call.bytes);
    }
    auto group = std::exchange(open_, {});
    if (group.calls.empty())
        return;
    group.release = std::move(release);
    waiting_.push_back(std::move(group));
    store_->when_written([this](Written written) { released(written); });
}

void Journal::released(Written written)
{
    if (waiting_.empty())
        return;  // release_all() had it.
    if (written == Written::not_yet)
        ++late_;
    if (written == Written::not_yet && !std::exchange(is_late_, true))
        log::warning(log::no_call,
                     "journal: the disk does not follow; what calls say goes out before it is written");
    if (written == Written::yes && std::exchange(is_late_, false))
        log::info(log::no_call, "journal: the disk follows again");
    auto group = std::move(waiting_.front());
    waiting_.pop_front();
    unhold(group);
    group.release(std::move(group.stanzas));
}

void Journal::unhold(const Group& group)
{
    for (const auto& call : group.calls)
        if (const auto held = held_.find(call); --held->second == 0)
            held_.erase(held);
}

std::string Journal::release_all()
{
    std::string all;
    for (auto& group : waiting_) {
        all += group.stanzas;
        unhold(group);
    }
    waiting_.clear();
    return all;
}

}  // namespace component
