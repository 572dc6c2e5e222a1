#include <algorithm>
#include <array>

#include "jingle/adapt.hpp"
#include "jingle/ascii.hpp"
#include "jingle/mirroring.hpp"

namespace jingle {
namespace {

/// One run of normalise().
struct Mending {
    const Profile& profile;
    Jingle& jingle;
    const Incoming& leg;
    base::Arena& arena;
    bool changed = false;

    void note(Trait trait, const Content* content, std::string_view what)
    {
        changed = true;
        if (leg.adjustments != nullptr)
            leg.adjustments->push_back(arena, { trait, content != nullptr ? content->name : "", what });
    }
};

struct Mend {
    Trait trait;
    void (*run)(Mending&);
};

bool is_answer(Action action)
{
    return action == Action::session_accept || action == Action::content_accept;
}

// COMPAT(Movim): Jingle.php answers a content-add with session-accept.
void read_accept_as_content_accept(Mending& work)
{
    if (work.jingle.action != Action::session_accept || !work.leg.active)
        return;
    work.jingle.action = Action::content_accept;
    work.note(Trait::accept_answers_content_add, nullptr, "session-accept");
}

// COMPAT(stanza.js 12.22): an fmtp without '=' becomes <parameter name='111/111'/>.
void move_values(Mending& work)
{
    for (auto& content : work.jingle.contents) {
        if (content.rtp() == nullptr)
            continue;
        for (auto& type : content.rtp()->payload_types)
            for (auto& parameter : type.parameters) {
                if (parameter.value || parameter.name.empty())
                    continue;
                work.note(Trait::value_as_parameter_name, &content, parameter.name);
                parameter = { "", parameter.name };
            }
    }
}

const Source* find_source(const RtpDescription& description, std::uint32_t ssrc)
{
    const auto& all = description.sources;
    const auto found
        = std::find_if(all.begin(), all.end(), [&](const Source& one) { return one.ssrc == ssrc; });
    return found == all.end() ? nullptr : &*found;
}

// COMPAT(stanza.js 12.22): an answer has one source, and a FID group of it and another. Chromium takes no
// description whose group has a source without a line of its own.
void name_sources(Mending& work)
{
    for (auto& content : work.jingle.contents) {
        auto* description = content.rtp();
        if (description == nullptr)
            continue;
        for (const auto& group : description->source_groups) {
            const auto* first
                = group.ssrcs.empty() ? nullptr : find_source(*description, group.ssrcs.front());
            if (first == nullptr)
                continue;
            const auto parameters = first->parameters;
            for (const auto ssrc : group.ssrcs) {
                if (find_source(*description, ssrc) != nullptr
                    || description->sources.size() == limits::sources)
                    continue;
                Source added;
                added.ssrc = ssrc;
                added.parameters = parameters;
                description->sources.push_back(work.arena, added);
                work.note(Trait::bare_sources_in_groups, &content, group.semantics);
            }
        }
    }
}

bool has_hyphened_parameters(const PayloadType& type)
{
    constexpr std::array<std::string_view, 4> names{ "H264", "VP8", "VP9", "opus" };
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return is_same_word(name, type.name.value_or("")); });
}

// COMPAT(Monal, October 2024): xep_0167.rs writes the names of its struct's fields and booleans. Real names
// with an underscore do not exist in these four formats (RFC 6184, 7741, 9628, 7587).
void hyphenate(Mending& work)
{
    for (auto& content : work.jingle.contents) {
        if (content.rtp() == nullptr)
            continue;
        for (auto& type : content.rtp()->payload_types) {
            if (!has_hyphened_parameters(type))
                continue;
            for (auto& parameter : type.parameters) {
                const auto before = parameter;
                if (parameter.name.find('_') != std::string_view::npos) {
                    auto* bytes = work.arena.make_array<char>(parameter.name.size());
                    std::replace_copy(parameter.name.begin(), parameter.name.end(), bytes, '_', '-');
                    parameter.name = { bytes, parameter.name.size() };
                }
                if (parameter.value == "true" || parameter.value == "false")
                    parameter.value = parameter.value == "true" ? "1" : "0";
                if (parameter != before)
                    work.note(Trait::underscored_parameters, &content, before.name);
            }
        }
    }
}

/// Media first, then what depends on it or fills gaps.
int rank(const PayloadType& type)
{
    constexpr std::array<std::string_view, 7> preferred{
        "opus", "VP8", "H264", "VP9", "AV1", "G722", "PCMU"
    };
    constexpr std::array<std::string_view, 7> auxiliary{ "rtx",        "red", "ulpfec",
                                                         "flexfec-03", "CN",  "telephone-event",
                                                         "t140" };
    constexpr int middle = static_cast<int>(preferred.size());
    for (std::size_t i = 0; i < preferred.size(); ++i)
        if (is_same_word(preferred[i], type.name.value_or("")))
            return static_cast<int>(i);
    for (std::size_t i = 0; i < auxiliary.size(); ++i)
        if (is_same_word(auxiliary[i], type.name.value_or("")))
            return middle + 1 + static_cast<int>(i);
    return middle;
}

// COMPAT(Monal, October 2024): payload types come out of a hash map. The first one of an answer is what the
// other side sends; an offer is left as it is, since the answer chooses.
void order_payload_types(Mending& work)
{
    if (!is_answer(work.jingle.action))
        return;
    const auto before = [](const PayloadType& a, const PayloadType& b) { return rank(a) < rank(b); };
    for (auto& content : work.jingle.contents) {
        if (content.rtp() == nullptr)
            continue;
        auto& types = content.rtp()->payload_types;
        if (std::is_sorted(types.begin(), types.end(), before))
            continue;
        std::stable_sort(types.begin(), types.end(), before);
        work.note(Trait::random_payload_order, &content, "order of the payload types");
    }
}

// COMPAT(Monal): groups name m-lines that were left out.
void clean_groups(Mending& work)
{
    const auto action = work.jingle.action;
    if (action != Action::session_initiate && action != Action::session_accept)
        return;
    for (auto& group : work.jingle.groups)
        group.contents.erase_if([&](std::string_view name) {
            const auto is_it = [&](const Content& content) { return content.name == name; };
            if (std::any_of(work.jingle.contents.begin(), work.jingle.contents.end(), is_it))
                return false;
            work.note(Trait::group_of_absent_contents, nullptr, name);
            return true;
        });
    work.jingle.groups.erase_if([](const Group& group) { return group.contents.empty(); });
}

void read_senders_by_initiator(Mending& work)
{
    if (work.leg.peer_role == Role::responder)
        mirror_content_senders(work);
}

void read_extension_senders_by_initiator(Mending& work)
{
    if (work.leg.peer_role == Role::responder)
        mirror_extension_senders(work);
}

constexpr std::array mends{
    Mend{ Trait::accept_answers_content_add, read_accept_as_content_accept },
    Mend{ Trait::value_as_parameter_name, move_values },
    Mend{ Trait::bare_sources_in_groups, name_sources },
    Mend{ Trait::underscored_parameters, hyphenate },
    Mend{ Trait::random_payload_order, order_payload_types },
    Mend{ Trait::group_of_absent_contents, clean_groups },
    Mend{ Trait::senders_by_initiator, read_senders_by_initiator },
    Mend{ Trait::extension_senders_by_initiator, read_extension_senders_by_initiator },
};

/// The far side's names again; the creator as it is known, where the client always writes initiator.
void restore_names(Mending& work)
{
    auto& jingle = work.jingle;
    const auto original = [&](Role creator, std::string_view name) -> std::string_view {
        const auto* known = work.leg.contents->find_alias(creator, name);
        return known == nullptr ? name : work.arena.copy(known->name);
    };
    for (auto& content : jingle.contents) {
        const auto* known = work.leg.contents->find_alias(content.creator, content.name);
        if (known == nullptr || jingle.action == Action::content_add
            || jingle.action == Action::session_initiate)
            continue;
        if (known->name != content.name)
            work.note(Trait::short_names, &content, content.name);
        work.changed = work.changed || known->creator != content.creator;
        content.name = work.arena.copy(known->name);
        content.creator = known->creator;
    }
    for (auto& group : jingle.groups)
        for (auto& name : group.contents)
            name = original(work.leg.peer_role, name);
    if (auto* info = jingle.info ? std::get_if<RtpInfo>(&*jingle.info) : nullptr;
        info != nullptr && info->name)
        info->name = original(info->creator.value_or(Role::initiator), *info->name);
}

/// What the client offers, for the stubs that answer it.
void remember_offer(const Mending& work)
{
    if (work.jingle.action != Action::content_add && work.jingle.action != Action::session_initiate)
        return;
    for (const auto& content : work.jingle.contents)
        if (auto* known = work.leg.contents->note(content.creator, content.name)) {
            known->media = content.rtp() != nullptr ? content.rtp()->media.value_or("") : "";
            known->senders = work.jingle.action == Action::content_add
                ? std::optional{ content.senders.value_or(Senders::both) }
                : std::nullopt;
        }
}

}  // namespace

bool normalise(const Profile& profile, Jingle& jingle, const Incoming& leg, base::Arena& arena)
{
    Mending work{ profile, jingle, leg, arena };
    if (leg.contents != nullptr)
        restore_names(work);
    for (const auto& mend : mends)
        if (profile.has(mend.trait))
            mend.run(work);
    if (leg.contents != nullptr)
        remember_offer(work);
    return work.changed;
}

}  // namespace jingle
