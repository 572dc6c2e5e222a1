#include "component/web/outbox.hpp"

#include "component/web/events.hpp"

namespace component::web {

std::string Outbox::push(std::string_view frame, Time now)
{
    auto whole = with_seq(++seq_, frame);
    kept_.push_back({ seq_, now, whole });
    bytes_ += whole.size();
    while (!kept_.empty()
           && (kept_.size() > max_frames || bytes_ > max_bytes || now - kept_.front().pushed > max_age))
        drop_first();
    return whole;
}

void Outbox::acknowledge(std::uint64_t seq)
{
    while (!kept_.empty() && kept_.front().seq <= seq)
        drop_first();
}

std::optional<std::vector<std::string>> Outbox::since(std::uint64_t last_seq) const
{
    const auto first_kept = kept_.empty() ? seq_ + 1 : kept_.front().seq;
    if (last_seq > seq_ || last_seq + 1 < first_kept)
        return std::nullopt;
    std::vector<std::string> frames;
    for (const auto& kept : kept_)
        if (kept.seq > last_seq)
            frames.push_back(kept.frame);
    return frames;
}

void Outbox::clear()
{
    kept_.clear();
    kept_.shrink_to_fit();
    bytes_ = 0;
}

void Outbox::drop_first()
{
    bytes_ -= kept_.front().frame.size();
    kept_.pop_front();
}

}  // namespace component::web
