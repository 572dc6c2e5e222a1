#include "jingle/adapt.hpp"

#include <algorithm>
#include <array>

#include "jingle/adaptation.hpp"
#include "jingle/ascii.hpp"

namespace jingle {
namespace {

struct Step {
    Trait trait;
    void (*run)(Adaptation&);
};

// In the order in which they must run: what ends the matter first, then what chooses contents, then what
// fills and rewrites them, names and splitting last.
constexpr std::array steps{
    Step{ Trait::no_content_add, refuse_content_add },
    Step{ Trait::content_add_video_only, refuse_content_add_but_video },
    Step{ Trait::no_content_modify, absorb_content_modify },
    Step{ Trait::modify_own_sending_only, keep_own_sending },
    Step{ Trait::no_content_remove, absorb_content_remove },
    Step{ Trait::content_remove_as_modify, write_remove_as_modify },
    Step{ Trait::info_ringing_only, absorb_info_but_ringing },
    Step{ Trait::no_data_channels, drop_data_channels },
    Step{ Trait::one_transport, keep_one_transport },
    Step{ Trait::audio_first, put_audio_first },
    Step{ Trait::stubs_in_answers, fill_stubs },
    Step{ Trait::credentials_everywhere, spread_credentials },
    Step{ Trait::needs_dtls, require_dtls },
    Step{ Trait::setup_always, write_setup },
    Step{ Trait::sha256_first, put_sha256_first },
    Step{ Trait::strongest_fingerprint_first, put_strongest_first },
    Step{ Trait::no_tcp_candidates, drop_tcp },
    Step{ Trait::no_mdns_candidates, drop_mdns },
    Step{ Trait::complete_candidates, complete_candidates },
    Step{ Trait::numeric_foundation, number_foundations },
    Step{ Trait::credentials_with_candidates, repeat_credentials },
    Step{ Trait::no_senders_none, replace_senders_none },
    Step{ Trait::senders_by_initiator, write_senders_by_initiator },
    Step{ Trait::extension_senders_by_initiator, write_extension_senders_by_initiator },
    Step{ Trait::bundle_groups_only, keep_bundle_groups },
    Step{ Trait::no_carry, drop_carry },
    Step{ Trait::no_bandwidth, drop_bandwidth },
    Step{ Trait::no_unknown_feedback, drop_unknown_feedback },
    Step{ Trait::keyless_parameter_alone, keep_keyless_alone },
    Step{ Trait::source_value_needed, drop_valueless_source_parameters },
    Step{ Trait::header_extension_both_ways, drop_extension_directions },
    Step{ Trait::fid_group_first, put_fid_first },
    Step{ Trait::short_names, shorten_names },
    Step{ Trait::stubs_in_answers, answer_as_offered },
    Step{ Trait::one_content_per_request, split_contents },
    Step{ Trait::restart_by_shape, shape_restart },
};

constexpr Traits remembering{ Trait::short_names,      Trait::credentials_with_candidates,
                              Trait::stubs_in_answers, Trait::no_data_channels,
                              Trait::one_transport,    Trait::restart_by_shape };

/// Jitsi's word for a rejected content is read, never written.
void replace_rejected(Adaptation& work)
{
    for (auto& content : work.jingle.contents)
        if (content.senders == Senders::rejected)
            content.senders = Senders::none;
}

}  // namespace

Adaptation::Adaptation(const Profile& client, Jingle& request, const Outgoing& outgoing, LegContents& memory,
                       base::Arena& memory_of_views)
    : profile{ client }
    , jingle{ request }
    , leg{ outgoing }
    , contents{ memory }
    , arena{ memory_of_views }
{
}

void Adaptation::note(Trait trait, const Content* content, std::string_view what)
{
    if (!is_settled())
        result.verdict = Verdict::changed;
    if (leg.adjustments != nullptr)
        leg.adjustments->push_back(arena,
                                   { trait, content != nullptr ? content->name : std::string_view{}, what });
}

void Adaptation::absorb(std::string_view words)
{
    result.verdict = Verdict::absorbed;
    result.words = words;
}

void Adaptation::refuse(const xmpp::StanzaError& error, Condition reason, std::string_view words)
{
    result.verdict = Verdict::refused;
    result.error = error;
    result.reason = reason;
    result.words = words;
}

void Adaptation::drop(Content& content)
{
    const auto name = content.name;
    jingle.contents.erase_if([&](const Content& c) { return &c == &content; });
    for (auto& group : jingle.groups)
        group.contents.erase_if([&](std::string_view member) { return member == name; });
    jingle.groups.erase_if([](const Group& group) { return group.contents.empty(); });
}

LegContent* Adaptation::remember(const Content& content)
{
    return contents.note(content.creator, content.name);
}

Role Adaptation::peer_role() const noexcept
{
    return leg.own_role == Role::initiator ? Role::responder : Role::initiator;
}

bool needs_memory(const Profile& profile) noexcept
{
    return std::any_of(trait_rows.begin(), trait_rows.end(), [&](const TraitRow& row) {
        return remembering.has(row.trait) && profile.has(row.trait);
    });
}

Adapted adapt(const Profile& profile, Jingle& jingle, const Outgoing& leg, base::Arena& arena)
{
    LegContents none;
    Adaptation work{ profile, jingle, leg, leg.contents != nullptr ? *leg.contents : none, arena };
    replace_rejected(work);
    drop_left_out(work);
    for (const auto& step : steps)
        if (profile.has(step.trait) && !work.is_settled())
            step.run(work);
    return work.result;
}

}  // namespace jingle
