#include <algorithm>

#include "jingle/direction.hpp"
#include "jingle/renegotiation_planner.hpp"

namespace jingle {

namespace {

/// The plan for an answer.
class AnswerPlan : Planner {
public:
    AnswerPlan(const sdp::Description& offer, const sdp::Description& answer, std::span<const Asked> asked,
               const PlanFor& how, base::Arena& arena)
        : Planner{ answer, how, arena }
        , offer_{ offer }
        , asked_{ asked }
    {
    }

    base::Result<std::vector<Step>> run()
    {
        if (offer_.media.size() != description_.media.size())
            return base::fail(base::Errc::malformed,
                              "an answer with another number of m-lines than its offer");
        TRY_VOID(slots_.learn(description_, other(how_.writer)));
        for (std::size_t i = 0; i < asked_.size(); ++i)
            if (is_first_of_request(i))
                TRY_VOID(answer_contents(asked_[i].request));
        for (const auto& asked : asked_)
            if (asked.expects == Expects::restart_answer)
                TRY_VOID(answer_restart(asked.index));
        how_.slots = std::move(slots_);
        return std::move(steps_);
    }

private:
    [[nodiscard]] bool is_first_of_request(std::size_t at) const
    {
        const auto same = [&](const Asked& asked) {
            return asked.request == asked_[at].request && asked.expects == Expects::content_answer;
        };
        return asked_[at].expects == Expects::content_answer
            && std::find_if(asked_.begin(), asked_.end(), same) == asked_.begin() + std::ptrdiff_t(at);
    }

    base::Result<void> answer_contents(std::size_t number)
    {
        std::vector<std::size_t> accepted;
        std::vector<std::size_t> rejected;
        for (const auto& asked : asked_)
            if (asked.request == number && asked.expects == Expects::content_answer)
                (slots_[asked.index].state == SlotState::active ? accepted : rejected).push_back(asked.index);
        TRY_VOID(answer_with(Action::content_accept, accepted));
        TRY_VOID(answer_with(Action::content_reject, rejected));
        for (const auto& asked : asked_)
            if (asked.request == number && slots_[asked.index].state == SlotState::active)
                narrow(asked);
        return {};
    }

    base::Result<void> answer_with(Action action, const std::vector<std::size_t>& indices)
    {
        if (indices.empty())
            return {};
        TRY(auto answer, translate(action, indices, &offer_));
        for (auto& content : answer.contents)
            content.senders = offered_senders(content);
        add(answer, indices.front());
        return {};
    }

    [[nodiscard]] std::optional<Senders> offered_senders(const Content& content) const
    {
        for (const auto& asked : asked_)
            if (slots_[asked.index].name == content.name && slots_[asked.index].creator == content.creator)
                return asked.offered == Senders::both ? std::nullopt : std::optional{ asked.offered };
        return std::nullopt;
    }

    void narrow(const Asked& asked)
    {
        if (!is_live_rtp(description_.media[asked.index]))
            return;
        const auto answered = to_senders(direction_of(description_, asked.index), how_.writer);
        const auto now = intersect(asked.offered, answered);
        if (now != asked.offered)
            steps_.push_back(modify_step(slots_[asked.index], asked.index, now, sid_, arena_));
    }

    base::Result<void> answer_restart(std::size_t index)
    {
        TRY(const auto info, transport_info(index, how_.association == Association::restart));
        add(info, index);
        return {};
    }

    const sdp::Description& offer_;
    std::span<const Asked> asked_;
};

}  // namespace

base::Result<std::vector<Step>> plan_answer(const sdp::Description& offer, const sdp::Description& answer,
                                            std::span<const Asked> asked, const PlanFor& how,
                                            base::Arena& arena)
{
    return AnswerPlan{ offer, answer, asked, how, arena }.run();
}

}  // namespace jingle
