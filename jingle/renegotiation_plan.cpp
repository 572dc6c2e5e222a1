#include "jingle/renegotiation_plan.hpp"

#include <algorithm>

#include "jingle/bundling.hpp"
#include "jingle/direction.hpp"
#include "jingle/from_sdp.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

namespace {

/// Candidates in one transport-info (mapping 4.5).
constexpr std::size_t max_candidates = 10;

unsigned bits(Senders senders) noexcept
{
    switch (senders) {
    case Senders::both: return 3;
    case Senders::initiator: return 1;
    case Senders::responder: return 2;
    case Senders::none:
    case Senders::rejected: return 0;
    }
    return 0;
}

Senders from_bits(unsigned value) noexcept
{
    constexpr std::array all{ Senders::none, Senders::initiator, Senders::responder, Senders::both };
    return all[value & 3U];
}

Jingle request(Action action, std::string_view sid)
{
    Jingle out;
    out.action = action;
    out.sid = sid;
    return out;
}

Content content_of(const Slot& slot, base::Arena& arena)
{
    Content content;
    content.creator = slot.creator;
    content.name = arena.copy(slot.name);
    return content;
}

sdp::Direction direction_of(const sdp::Description& description, std::size_t index)
{
    const auto& media = description.media[index];
    if (!is_live_rtp(media))
        return sdp::Direction::sendrecv;
    const auto inherited = description.transport.direction.value_or(sdp::Direction::sendrecv);
    return media.transport.direction.value_or(inherited);
}

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

/// What both plans have in common.
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

base::Result<std::vector<Step>> plan(const sdp::Description& agreed, const sdp::Description& next,
                                     const Changes& changes, const PlanFor& how, base::Arena& arena)
{
    return OfferPlan{ agreed, next, changes, how, arena }.run();
}

base::Result<std::vector<Step>> plan_answer(const sdp::Description& offer, const sdp::Description& answer,
                                            std::span<const Asked> asked, const PlanFor& how,
                                            base::Arena& arena)
{
    return AnswerPlan{ offer, answer, asked, how, arena }.run();
}

Step modify_step(const Slot& slot, std::size_t index, Senders senders, std::string_view sid,
                 base::Arena& arena)
{
    auto out = request(Action::content_modify, sid);
    auto content = content_of(slot, arena);
    content.senders = senders;
    out.contents.push_back(arena, content);
    return { out, Expects::result, index };
}

/// With a stub and an empty transport: Conversations refuses a content without either.
Step remove_step(const Slot& slot, std::size_t index, TransportKind transport, std::string_view sid,
                 base::Arena& arena)
{
    auto out = request(Action::content_remove, sid);
    auto content = content_of(slot, arena);
    RtpDescription stub;
    stub.media = arena.copy(slot.media);
    content.description = stub;
    Transport empty;
    empty.kind = transport;
    content.transport = empty;
    out.contents.push_back(arena, content);
    return { out, Expects::result, index };
}

Step hold_step(Hold hold, std::string_view sid)
{
    auto out = request(Action::session_info, sid);
    RtpInfo info;
    info.kind = hold == Hold::yes ? InfoKind::hold : InfoKind::unhold;
    out.info = info;
    return { out, Expects::result, 0 };
}

Senders intersect(Senders a, Senders b) noexcept
{
    return from_bits(bits(a) & bits(b));
}

Senders unite(Senders a, Senders b) noexcept
{
    return from_bits(bits(a) | bits(b));
}

}  // namespace jingle
