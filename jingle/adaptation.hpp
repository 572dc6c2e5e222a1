#pragma once

#include <string_view>

#include "jingle/adapt.hpp"

// The steps behind adapt(), one for each trait that concerns writing, in the file of what they change. Each
// does nothing to what is as the client wants it already.
namespace jingle {

/// One run of adapt().
class Adaptation {
public:
    Adaptation(const Profile& client, Jingle& request, const Outgoing& outgoing, LegContents& memory,
               base::Arena& memory_of_views);

    const Profile& profile;
    Jingle& jingle;
    const Outgoing& leg;
    LegContents& contents;
    base::Arena& arena;
    Adapted result;

    /// The request differs from what came in: `what` was changed or left out.
    void note(Trait trait, const Content* content, std::string_view what);
    /// Nothing is sent.
    void absorb(std::string_view words);
    void refuse(const xmpp::StanzaError& error, Condition reason, std::string_view words);
    [[nodiscard]] bool is_settled() const noexcept
    {
        return result.verdict == Verdict::absorbed || result.verdict == Verdict::refused;
    }

    /// Takes a content out of the request and out of its groups. `content` is not valid afterwards.
    void drop(Content& content);
    /// The memory of that content, made when there is room.
    [[nodiscard]] LegContent* remember(const Content& content);
    [[nodiscard]] Role peer_role() const noexcept;
};

[[nodiscard]] constexpr bool is_offer(Action action) noexcept
{
    return action == Action::session_initiate || action == Action::content_add;
}
[[nodiscard]] constexpr bool is_answer(Action action) noexcept
{
    return action == Action::session_accept || action == Action::content_accept;
}

// adapt_actions.cpp: what the client does not do.
void refuse_content_add(Adaptation& work);
void refuse_content_add_but_video(Adaptation& work);
void absorb_content_modify(Adaptation& work);
void keep_own_sending(Adaptation& work);
void absorb_content_remove(Adaptation& work);
void write_remove_as_modify(Adaptation& work);
void absorb_info_but_ringing(Adaptation& work);
void fill_stubs(Adaptation& work);
void answer_as_offered(Adaptation& work);

// adapt_contents.cpp: which contents, in which order, under which names.
void drop_left_out(Adaptation& work);
void drop_data_channels(Adaptation& work);
void keep_one_transport(Adaptation& work);
void put_audio_first(Adaptation& work);
void shorten_names(Adaptation& work);
void replace_senders_none(Adaptation& work);
void write_senders_by_initiator(Adaptation& work);
void write_extension_senders_by_initiator(Adaptation& work);
void keep_bundle_groups(Adaptation& work);
void split_contents(Adaptation& work);

// adapt_transport.cpp
void drop_tcp(Adaptation& work);
void drop_mdns(Adaptation& work);
void complete_candidates(Adaptation& work);
void number_foundations(Adaptation& work);
void spread_credentials(Adaptation& work);
void repeat_credentials(Adaptation& work);
void require_dtls(Adaptation& work);
void write_setup(Adaptation& work);
void put_sha256_first(Adaptation& work);
void put_strongest_first(Adaptation& work);
void shape_restart(Adaptation& work);

// adapt_description.cpp
void drop_carry(Adaptation& work);
void drop_bandwidth(Adaptation& work);
void drop_unknown_feedback(Adaptation& work);
void keep_keyless_alone(Adaptation& work);
void drop_valueless_source_parameters(Adaptation& work);
void drop_extension_directions(Adaptation& work);
void put_fid_first(Adaptation& work);

}  // namespace jingle
