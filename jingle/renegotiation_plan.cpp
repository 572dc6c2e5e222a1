#include "jingle/renegotiation_plan.hpp"

#include <algorithm>

#include "jingle/bundling.hpp"
#include "jingle/direction.hpp"
#include "jingle/renegotiation_planner.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

namespace {

/// Candidates in one transport-info (mapping 4.5).
constexpr std::size_t max_candidates = 10;

/// True for the m-section whose transport is in force for itself and what is bundled with it.
bool owns_transport(const sdp::Description& resolved, std::size_t index)
{
    const auto& media = resolved.media[index];
    const auto* tagged = find_tagged(resolved, media);
    return tagged == nullptr || tagged == &media;
}

void offer_both_roles(Jingle& jingle)
{
    for (auto& content : jingle.contents)
        if (auto* transport = content.ice())
            for (auto& fingerprint : transport->fingerprints)
                fingerprint.setup = Setup::actpass;
}

/// The plan for a new offer.
class OfferPlan : Planner {
public:
    OfferPlan(const sdp::Description& agreed, const sdp::Description& next, const Changes& changes,
              const PlanFor& how, base::Arena& arena)
        : Planner{ next, how, arena }
        , agreed_{ agreed }
        , changes_{ changes }
        , before_{ how.slots }
        , resolved_{ resolve(next, arena) }
    {
    }

    base::Result<std::vector<Step>> run()
    {
        if (std::all_of(description_.media.begin(), description_.media.end(), sdp::is_rejected))
            return base::fail(base::Errc::unsupported, "no m-line that is live");
        TRY_VOID(slots_.learn(description_, how_.writer));
        add_hold();
        for (const auto& change : changes_)
            if (change.stopped || is_remade(change))
                stop(change.index);
        for (const auto& change : changes_)
            if (is_remade(change) || came_back(change))
                slots_.renew(change.index, how_.writer);
        for (const auto& change : changes_)
            if (change.added || is_remade(change))
                TRY_VOID(add_content(change.index));
        for (const auto& change : changes_)
            TRY_VOID(add_description(change));
        for (const auto& change : changes_)
            add_direction(change);
        for (const auto& change : changes_)
            TRY_VOID(add_restart(change));
        how_.slots = std::move(slots_);
        return std::move(steps_);
    }

private:
    [[nodiscard]] bool is_remade(const MediaChange& change) const
    {
        return change.remade || (change.extended && how_.extension == Extension::remake);
    }

    /// Rejected before and live again as the same: its old content may still be known to the other side.
    [[nodiscard]] bool came_back(const MediaChange& change) const
    {
        return change.added && change.index < before_.size()
            && before_[change.index].name == slots_[change.index].name;
    }

    /// XEP-0167 has a word for all m-lines at once; the directions follow for those who know only them.
    void add_hold()
    {
        const auto wanted = is_on_hold(description_);
        if (wanted && how_.held == Hold::no && !is_on_hold(agreed_))
            steps_.push_back(hold_step(Hold::yes, sid_));
        else if (!wanted && how_.held == Hold::yes)
            steps_.push_back(hold_step(Hold::no, sid_));
    }

    void stop(std::size_t index)
    {
        const auto& slot = before_[index];
        steps_.push_back(how_.removal == Removal::remove
                             ? remove_step(slot, index, how_.transport, sid_, arena_)
                             : modify_step(slot, index, Senders::none, sid_, arena_));
    }

    base::Result<void> add_content(std::size_t index)
    {
        const std::array only{ index };
        TRY(auto added, translate(Action::content_add, only));
        offer_both_roles(added);
        add(added, index, Expects::content_answer);
        return {};
    }

    base::Result<void> add_description(const MediaChange& change)
    {
        const auto inform = change.informed || (change.extended && how_.extension == Extension::inform);
        if (!inform || is_remade(change))
            return {};
        const std::array only{ change.index };
        TRY(const auto info, translate(Action::description_info, only));
        add(info, change.index);
        return {};
    }

    void add_direction(const MediaChange& change)
    {
        if (!change.direction || is_remade(change))
            return;
        const auto limit = change.index < how_.limits.size() ? how_.limits[change.index] : Senders::both;
        const auto before = intersect(to_senders(direction_of(agreed_, change.index), how_.writer), limit);
        const auto now = intersect(to_senders(*change.direction, how_.writer), limit);
        if (now != before)
            steps_.push_back(modify_step(slots_[change.index], change.index, now, sid_, arena_));
    }

    base::Result<void> add_restart(const MediaChange& change)
    {
        if (!change.restarted || is_remade(change) || !owns_transport(resolved_, change.index))
            return {};
        if (change.new_association && how_.association == Association::refuse)
            return base::fail(base::Errc::unsupported, "another certificate in a running session");
        TRY(auto info, transport_info(change.index, change.new_association));
        auto& transport = *info.contents.front().ice();
        const auto candidates = transport.candidates;
        const auto complete = transport.gathering_complete;
        const auto extra = transport.extra;
        // Conversations takes new credentials with a candidate for the answer to a restart of its own.
        transport.candidates.clear();
        transport.gathering_complete = false;
        transport.extra = {};
        add(info, change.index, Expects::restart_answer);
        for (std::size_t at = 0; at < candidates.size(); at += max_candidates)
            add_candidates(info, candidates, at, complete, extra, change.index);
        return {};
    }

    void add_candidates(const Jingle& restart, const base::List<Candidate>& all, std::size_t at,
                        bool complete, const Extra& extra, std::size_t index)
    {
        auto info = restart;
        auto content = restart.contents.front();
        auto& transport = *content.ice();
        transport.fingerprints = {};
        transport.candidates = {};
        const auto end = std::min(at + max_candidates, all.size());
        for (auto i = at; i < end; ++i)
            transport.candidates.push_back(arena_, all[i]);
        transport.gathering_complete = complete && end == all.size();
        transport.extra = extra;
        info.contents = { arena_, { content } };
        add(info, index);
    }

    const sdp::Description& agreed_;
    const Changes& changes_;
    const Slots before_;
    sdp::Description resolved_;
};

}  // namespace

base::Result<std::vector<Step>> plan(const sdp::Description& agreed, const sdp::Description& next,
                                     const Changes& changes, const PlanFor& how, base::Arena& arena)
{
    return OfferPlan{ agreed, next, changes, how, arena }.run();
}

}  // namespace jingle
