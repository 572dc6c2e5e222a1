#include "component/iq_tracker.hpp"

#include <utility>

namespace component {

IqTracker::IqTracker(std::string prefix, std::size_t limit)
    : prefix_{ std::move(prefix) }
    , limit_{ limit }
{
}

std::optional<std::string> IqTracker::track(const xmpp::Jid& to, Clock::time_point deadline, Done done)
{
    if (waiting_.size() >= limit_)
        return std::nullopt;
    auto id = prefix_ + std::to_string(next_++);
    const auto at = deadlines_.emplace(deadline, id);
    waiting_.emplace(id, Waiting{ to, std::move(done), at });
    return id;
}

bool IqTracker::take(const xmpp::Element& iq)
{
    const auto type = iq.attribute_or_empty("type");
    if (iq.name != "iq" || (type != "result" && type != "error"))
        return false;
    const auto id = iq.attribute_or_empty("id");
    if (!id.starts_with(prefix_))
        return false;
    const auto at = waiting_.find(std::string{ id });
    if (at == waiting_.end() || xmpp::Jid::parse(iq.attribute_or_empty("from")) != at->second.from)
        return false;
    finish(at, &iq);
    return true;
}

std::optional<IqTracker::Clock::time_point> IqTracker::deadline() const noexcept
{
    if (deadlines_.empty())
        return std::nullopt;
    return deadlines_.begin()->first;
}

void IqTracker::expire(Clock::time_point now)
{
    while (!deadlines_.empty() && deadlines_.begin()->first <= now)
        finish(waiting_.find(deadlines_.begin()->second), nullptr);
}

void IqTracker::expire_all()
{
    // What a continuation tracks meanwhile is not among those that were lost.
    auto lost = std::exchange(waiting_, {});
    deadlines_.clear();
    for (auto& [id, waiting] : lost)
        waiting.done(nullptr);
}

void IqTracker::finish(ById::iterator at, const xmpp::Element* reply)
{
    const auto done = std::move(at->second.done);
    deadlines_.erase(at->second.deadline);
    waiting_.erase(at);
    done(reply);
}

}  // namespace component
