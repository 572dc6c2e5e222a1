#include "roster/roster.hpp"

#include <algorithm>
#include <iterator>

#include "roster/contact.hpp"

namespace roster {
namespace {

Decision refusal(Decision decision, const xmpp::StanzaError& error, std::string_view rule)
{
    decision.refused = error;
    decision.rule = rule;
    decision.stages.clear();
    return decision;
}

std::optional<std::string> device_in(const xmpp::Jid& address)
{
    if (!address.is_full() || address.resource() == any_device)
        return std::nullopt;
    return std::string{ address.resource() };
}

}  // namespace

/// Who calls, as policy and the callee see him.
struct Roster::Caller {
    xmpp::Jid user;  ///< bare; an address of ours for guests and web users
    xmpp::Jid shown;
    bool is_ours = false;
    const CallLink* link = nullptr;  ///< through which he came
};

/// Who is called.
struct Roster::Target {
    xmpp::Jid user;  ///< bare; an address of ours for lines, links and web users
    std::optional<std::string> device{};
    bool is_ours = false;
    const Line* line = nullptr;
    const CallLink* link = nullptr;  ///< whose guest is called
    bool proposed = false;  ///< the caller speaks Message Initiation
};

Roster::Roster(RosterSettings settings, RosterSources sources)
    : Book{ std::move(settings.domain), Lines{ std::move(settings.lines) }, sources.storage }
    , policy_{ std::move(settings.policy) }
    , ledger_{ settings.limits }
    , sources_{ std::move(sources) }
{
}

void Roster::configure(RosterSettings settings)
{
    policy_ = std::move(settings.policy);
    set_lines(Lines{ std::move(settings.lines) });
    ledger_.set_limits(settings.limits);
}

Decision Roster::decide(const Invitation& invitation, SteadyClock::time_point now)
{
    Decision decision;
    const auto caller = caller_of(invitation.caller);
    if (!caller)
        return refusal({}, xmpp::errors::service_unavailable, "no such caller");
    decision.shown = caller->shown;
    auto target = target_of(invitation.called, *caller);
    if (!target)
        return refusal(std::move(decision), xmpp::errors::service_unavailable, "nobody there");
    if (blocks({}, caller->user))
        return refusal(std::move(decision), xmpp::errors::service_unavailable, "blocked by operator");

    auto verdict
        = policy_.judge({ caller->user, target->user, invitation.video }, standing_of(*caller, *target));
    if (verdict.outcome == Verdict::Outcome::refused)
        return refusal(std::move(decision), xmpp::errors::service_unavailable, verdict.rule);
    decision.rule = std::move(verdict.rule);
    decision.relay_only = verdict.relay_only;
    if (const auto wish = wish_against(target->user, caller->user); !wish.empty())
        return refusal(std::move(decision), xmpp::errors::service_unavailable, wish);

    const auto names = names_of(invitation);
    if (const auto limit = ledger_.limit_reached(names, now); !limit.empty())
        return refusal(std::move(decision), xmpp::errors::resource_constraint, limit);
    if (verdict.outcome == Verdict::Outcome::rings_silently) {
        decision.silent = true;
        return decision;
    }
    if (!names.link.empty() && ledger_.is_busy(names.link)) {
        decision.busy = true;
        decision.rule = "link in use";
        return decision;
    }
    target->proposed = invitation.proposed;
    decision.stages = stages_of(*target, *caller);
    if (decision.stages.empty())
        return refusal(std::move(decision), xmpp::errors::service_unavailable, "nobody reachable");
    return decision;
}

bool Roster::may_call(const xmpp::Jid& caller_address, const xmpp::Jid& called) const
{
    const auto caller = caller_of(caller_address);
    const auto target = caller ? target_of(called, *caller) : std::nullopt;
    if (!target || blocks({}, caller->user))
        return false;
    const auto verdict = policy_.judge({ caller->user, target->user, false }, standing_of(*caller, *target));
    return verdict.outcome != Verdict::Outcome::refused && wish_against(target->user, caller->user).empty()
        && !stages_of(*target, *caller).empty();
}

std::string Roster::profile_of(const xmpp::Jid& device) const
{
    return sources_.profile_of ? sources_.profile_of(device) : std::string{};
}

std::vector<Device> Roster::instead_of_propose(const xmpp::Jid& user) const
{
    std::vector<Device> devices;
    for (const auto* source : sources_.devices)
        source->append_hearing(user, devices);
    return devices;
}

bool Roster::is_last_to_hear(const xmpp::Jid& device) const
{
    const auto resources = hearing(device);
    return resources.size() == 1 && resources.front() == device.resource();
}

std::vector<std::string> Roster::hearing(const xmpp::Jid& user) const
{
    std::vector<std::string> all;
    for (const auto* source : sources_.devices)
        std::ranges::move(source->hearing(user), std::back_inserter(all));
    return all;
}

std::optional<Roster::Caller> Roster::caller_of(const xmpp::Jid& address) const
{
    // A server or a service calls nobody, and could not be called back.
    if (address.local().empty())
        return std::nullopt;
    if (address.domain() != domain() || contact_of(address)) {
        auto user = user_behind(address, domain());
        auto shown = contact_address(user, domain());
        if (!shown)
            return std::nullopt;
        return Caller{ std::move(user), *std::move(shown) };
    }
    if (lines().find(address.local()) != nullptr)
        return std::nullopt;
    if (const auto* link = links().find(address.local())) {
        if (!is_usable(*link, sources_.wall_clock()))
            return std::nullopt;
        return Caller{ address.to_bare(), address, true, link };
    }
    auto shown = address.with_resource(any_device);
    if (!shown)
        return std::nullopt;
    return Caller{ address.to_bare(), *std::move(shown), true };
}

std::optional<Roster::Target> Roster::target_of(const xmpp::Jid& called, const Caller& caller) const
{
    if (called.local().empty() || called.domain() != domain())
        return std::nullopt;
    if (auto contact = contact_of(called)) {
        // A link leads to its owner and to nobody else.
        if (caller.link != nullptr && contact->user != caller.link->owner)
            return std::nullopt;
        return Target{ std::move(contact->user), std::move(contact->device) };
    }
    const auto* link = links().find(called.local());
    if (caller.link != nullptr) {
        if (link != caller.link)
            return std::nullopt;
        return Target{ link->owner };
    }
    if (link != nullptr) {
        if (caller.user != link->owner || link->revoked)
            return std::nullopt;
        return Target{ called.to_bare(), device_in(called), true, nullptr, link };
    }
    if (const auto* line = lines().find(called.local()))
        return Target{ called.to_bare(), std::nullopt, true, line };
    return Target{ called.to_bare(), device_in(called), true };
}

Standing Roster::standing_of(const Caller& caller, const Target& target) const
{
    Standing standing{ caller.is_ours, target.is_ours };
    if (policy_.by_default == Default::roster)
        standing.welcome = caller.link != nullptr || target.link != nullptr || target.line != nullptr
            || caller.user == target.user
            || (sources_.knows && sources_.knows(target.user, caller.shown.to_bare()));
    return standing;
}

std::string_view Roster::wish_against(const xmpp::Jid& user, const xmpp::Jid& caller) const
{
    if (blocks(user.bare(), caller))
        return "blocked by callee";
    const auto* settings = find_settings(user);
    if (settings == nullptr)
        return {};
    if (settings->do_not_disturb)
        return "do not disturb";
    if (settings->quiet && is_quiet(*settings, minute_of_day(sources_.wall_clock())))
        return "quiet hours";
    return {};
}

std::vector<Stage> Roster::stages_of(const Target& target, const Caller& caller) const
{
    if (target.line != nullptr)
        return stages_of(*target.line, caller);
    auto party = party_of(target.user, target.device, target.proposed);
    if (!party)
        return {};
    std::vector<Stage> stages(1);
    stages.front().parties.push_back(*std::move(party));
    return stages;
}

std::vector<Stage> Roster::stages_of(const Line& line, const Caller& caller) const
{
    std::vector<Stage> stages;
    for (const auto& member : line.members) {
        if (!wish_against(member, caller.user).empty())
            continue;
        auto party = party_of(member, std::nullopt, true);
        if (!party)
            continue;
        const bool in_order = line.strategy == LineStrategy::in_order;
        if (in_order || stages.empty())
            stages.emplace_back().ring = in_order ? line.ring : std::chrono::seconds{ 0 };
        stages.back().parties.push_back(*std::move(party));
    }
    return stages;
}

/// What rings of `user`: the device that was dialled, those he has chosen, or all.
std::optional<Party> Roster::party_of(const xmpp::Jid& user, const std::optional<std::string>& device,
                                      bool proposed) const
{
    Party party{ .user = user, .propose = false, .devices = devices_of(user) };
    const bool is_ours = user.domain() == domain();
    const auto* settings = find_settings(user);
    // A device that nothing is known of rings in the way its caller has chosen, or all would be guesswork.
    const auto ring_by_name = [&](const std::string& resource) {
        const auto how = proposed || !device ? Rings::by_message : Rings::by_initiate;
        if (auto address = user.with_resource(resource); address && !is_ours)
            party.devices.push_back({ *std::move(address), how, {} });
    };
    if (device) {
        std::erase_if(party.devices, [&](const Device& d) { return d.address.resource() != *device; });
        if (party.devices.empty())
            ring_by_name(*device);
    } else if (settings != nullptr && !settings->ring_only.empty()) {
        const auto& chosen = settings->ring_only;
        const auto by_propose = hearing(user);
        const bool sees_devices = !party.devices.empty() || !by_propose.empty();
        std::erase_if(party.devices, [&](const Device& d) {
            const bool is_page = d.address.domain() == domain();
            return std::ranges::find(chosen, is_page ? ring_pages : d.address.resource()) == chosen.end();
        });
        // Who shows us no presence has chosen them all the same. A propose to one that is away would ring
        // them all.
        for (const auto& resource : chosen)
            if (resource != ring_pages
                && (!sees_devices || std::ranges::find(by_propose, resource) != by_propose.end()))
                ring_by_name(resource);
    } else {
        party.propose = !is_ours;
        party.blind = party.propose && !party.devices.empty() && hearing(user).empty();
    }
    if (!party.propose && party.devices.empty())
        return std::nullopt;
    return party;
}

std::vector<Device> Roster::devices_of(const xmpp::Jid& user) const
{
    std::vector<Device> devices;
    for (const auto* source : sources_.devices)
        source->append_devices(user, devices);
    return devices;
}

std::optional<std::string> Roster::name_at(const xmpp::Jid& own) const
{
    const std::string local{ own.local() };
    if (own.domain() != domain() || local.empty() || contact_of(own))
        return std::nullopt;
    if (const auto* line = lines().find(local))
        return line->title.empty() ? local : line->title;
    if (const auto* link = links().find(local))
        return link->revoked ? std::nullopt : std::optional{ link->title.empty() ? local : link->title };
    return devices_of(own.to_bare()).empty() ? std::nullopt : std::optional{ local };
}

/// By addresses alone, so that what started() adds is what ended() takes away, whatever changed meanwhile.
CallNames Roster::names_of(const Invitation& invitation) const
{
    const auto caller = user_behind(invitation.caller, domain());
    const auto callee = user_behind(invitation.called, domain());
    CallNames names;
    names.pair.append(caller.bare()).append("\n").append(callee.bare());
    names.domain = caller.domain();
    names.served = caller.domain() == domain() || policy_.serves(caller.domain());
    for (const auto* party : { &caller, &callee })
        if (party->domain() == domain() && links().find(party->local()) != nullptr)
            names.link = party->bare();
    return names;
}

void Roster::started(const Invitation& invitation)
{
    ledger_.started(names_of(invitation));
}

void Roster::ended(const Invitation& invitation, Answered answered, SteadyClock::time_point now)
{
    ledger_.ended(names_of(invitation), answered, now);
    // A guest who reached nobody may try again.
    const auto* link
        = invitation.caller.domain() == domain() ? links().find(invitation.caller.local()) : nullptr;
    if (answered == Answered::no || link == nullptr || link->uses_left.value_or(0) == 0)
        return;
    auto used = *link;
    --*used.uses_left;
    add_link(used);
}

}  // namespace roster
