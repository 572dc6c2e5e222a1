#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "jingle/from_sdp.hpp"
#include "jingle/renegotiation_plan.hpp"

namespace jingle {

/// What the m-section says, or the session for it; data channels have none.
[[nodiscard]] inline sdp::Direction direction_of(const sdp::Description& description, std::size_t index)
{
    const auto& media = description.media[index];
    if (!is_live_rtp(media))
        return sdp::Direction::sendrecv;
    const auto inherited = description.transport.direction.value_or(sdp::Direction::sendrecv);
    return media.transport.direction.value_or(inherited);
}

/// What the plans for an offer and for an answer have in common.
class Planner {
public:
    Planner(const sdp::Description& description, const PlanFor& how, base::Arena& arena)
        : description_{ description }
        , how_{ how }
        , arena_{ arena }
        , slots_{ how.slots }
        , sid_{ arena.copy(how.sid) }
    {
    }

protected:
    [[nodiscard]] base::Result<Jingle> translate(Action action, std::span<const std::size_t> only,
                                                 const sdp::Description* offer = nullptr)
    {
        return from_sdp(description_,
                        { .action = action,
                          .writer = how_.writer,
                          .sid = sid_,
                          .slots = slots_,
                          .offer = offer,
                          .transport = how_.transport,
                          .only = only,
                          .notes = how_.notes },
                        arena_);
    }

    void add(Jingle request, std::size_t index, Expects expects = Expects::result)
    {
        steps_.push_back({ request, expects, index });
    }

    /// Credentials, options and candidates of one m-section, and its fingerprints if `with_dtls`.
    [[nodiscard]] base::Result<Jingle> transport_info(std::size_t index, bool with_dtls)
    {
        const std::array only{ index };
        TRY(auto info, translate(Action::transport_info, only));
        if (!with_dtls)
            info.contents.front().ice()->fingerprints.clear();
        return info;
    }

    const sdp::Description& description_;
    const PlanFor& how_;
    base::Arena& arena_;
    Slots slots_;
    std::string_view sid_;
    std::vector<Step> steps_;
};

}  // namespace jingle
