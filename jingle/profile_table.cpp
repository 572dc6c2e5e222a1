#include <array>

#include "jingle/profile.hpp"

// One row for each kind of client: what it cannot take or gets wrong, beyond the plain form of the XEPs. A
// row names its differences to the default one, so it can only leave out and rewrite. A new client = a new
// row, and a stanza of its own in the tests. What each trait does is said in trait.hpp, its COMPAT comment
// stands beside its step.
namespace jingle {
namespace {

using Names = std::span<const std::string_view>;

/// What the XEPs ask for and what is safe towards whoever we know nothing about.
constexpr Traits plain{
    Trait::no_tcp_candidates,
    Trait::no_carry,
    Trait::complete_candidates,
    Trait::setup_always,
};

constexpr std::array<std::string_view, 6> conversations_names{ "Conversations", "Cheogram",      "Quicksy",
                                                               "blabber.im",    "monocles chat", "PiratX" };
constexpr std::array<std::string_view, 4> conversations_nodes{
    "http://conversations.im", "https://conversations.im", "https://cheogram.com", "http://cheogram.com"
};
constexpr std::array<std::string_view, 1> dino_names{ "Dino" };
constexpr std::array<std::string_view, 1> dino_nodes{ "https://dino.im" };
constexpr std::array<std::string_view, 1> movim_names{ "Movim" };
constexpr std::array<std::string_view, 1> movim_nodes{ "https://movim.eu" };
constexpr std::array<std::string_view, 1> monal_names{ "Monal" };
constexpr std::array<std::string_view, 3> monal_nodes{ "https://monal-im.org", "http://monal.im/caps",
                                                       "https://monal.im" };
constexpr std::array<std::string_view, 2> qxmpp_names{ "QXmpp", "Kaidan" };
constexpr std::array<std::string_view, 3> qxmpp_nodes{ "https://github.com/qxmpp-project/qxmpp",
                                                       "https://invent.kde.org/libraries/qxmpp",
                                                       "https://kaidan.im" };
constexpr std::array<std::string_view, 2> stanza_names{ "stanzajs.org", "stanza.io" };
constexpr std::array<std::string_view, 2> stanza_nodes{ "https://stanzajs.org", "https://stanza.io" };
constexpr std::array<std::string_view, 1> gajim_names{ "Gajim" };
constexpr std::array<std::string_view, 2> gajim_nodes{ "https://gajim.org", "http://gajim.org" };
// Snikket is two clients of one name; the Android one says the node of Conversations.
constexpr std::array<std::string_view, 5> siskin_names{ "Siskin IM", "SiskinIM", "Beagle IM", "BeagleIM",
                                                        "Snikket" };
constexpr std::array<std::string_view, 2> siskin_nodes{ "http://tigase.org/TigaseSwift",
                                                        "https://siskin.im" };
constexpr std::array<std::string_view, 1> jitsi_names{ "Jitsi" };
constexpr std::array<std::string_view, 1> jitsi_nodes{ "http://jitsi.org" };
constexpr std::array<std::string_view, 2> libervia_names{ "Libervia", "Salut" };
constexpr std::array<std::string_view, 1> libervia_nodes{ "https://libervia.org" };
constexpr std::array<std::string_view, 1> own_names{ "Carillon" };
constexpr std::array<std::string_view, 1> own_nodes{ "urn:carillon" };

constexpr std::array table{
    Profile{
        "default", "any other client", "the XEPs", plain, Names{}, Names{},
        "Plain XEP form. What it announces in disco widens it: the carry's namespace, XEP-0371 for TCP." },
    Profile{ "conversations", "Conversations, Cheogram, Snikket (Android), Quicksy, monocles chat, PiratX",
             "source of current forks",
             plain.with({
                 Trait::needs_dtls,
                 Trait::strongest_fingerprint_first,
                 Trait::credentials_everywhere,
                 Trait::credentials_with_candidates,
                 Trait::restart_by_shape,
                 Trait::no_data_channels,
                 Trait::short_names,
                 Trait::stubs_in_answers,
                 Trait::keyless_parameter_alone,
                 Trait::source_value_needed,
                 Trait::content_add_video_only,
                 Trait::modify_own_sending_only,
                 Trait::no_content_remove,
             }),
             conversations_names, conversations_nodes,
             "Answers of another media set than proposed end the call, so contents of an answer are never "
             "left out." },
    Profile{ "dino", "Dino", "0.4.2, run",
             plain.with({
                 Trait::no_mdns_candidates,
                 Trait::sha256_first,
                 Trait::no_data_channels,
                 Trait::one_transport,
                 Trait::one_content_per_request,
                 Trait::no_senders_none,
                 Trait::content_remove_as_modify,
             }),
             dino_names, dino_nodes,
             "Speaks SDES beside DTLS. Its answers hold one payload type. Has no ICE restart." },
    Profile{ "movim", "Movim", "source of August 2026",
             plain.with({
                 Trait::needs_dtls,
                 Trait::strongest_fingerprint_first,
                 Trait::no_mdns_candidates,
                 Trait::audio_first,
                 Trait::senders_by_initiator,
                 Trait::accept_answers_content_add,
             }),
             movim_names, movim_nodes,
             "Loses key-less parameters and what follows a second '=' on its own side. ptime on the "
             "description, bandwidth "
             "in an attribute and trr-int written twice are mended for every client on reading." },
    Profile{ "monal", "Monal", "source of October 2024",
             plain.with({
                 Trait::needs_dtls,
                 Trait::credentials_everywhere,
                 Trait::credentials_with_candidates,
                 Trait::no_data_channels,
                 Trait::no_senders_none,
                 Trait::no_bandwidth,
                 Trait::no_unknown_feedback,
                 Trait::no_content_add,
                 Trait::no_content_modify,
                 Trait::no_content_remove,
                 Trait::underscored_parameters,
                 Trait::random_payload_order,
                 Trait::group_of_absent_contents,
             }),
             monal_names, monal_nodes, "Answers without video when the propose had audio only." },
    Profile{ "qxmpp", "QXmpp, Kaidan", "QXmpp 1.4, run",
             plain.with({
                 Trait::strongest_fingerprint_first,
                 Trait::no_mdns_candidates,
                 Trait::no_data_channels,
                 Trait::one_transport,
                 Trait::audio_first,
                 Trait::one_content_per_request,
                 Trait::no_content_modify,
                 Trait::no_content_remove,
                 Trait::info_ringing_only,
             }),
             qxmpp_names, qxmpp_nodes,
             "1.4 has no DTLS, which our policy wants. Codec names are compared in any case on our side (it "
             "writes OPUS "
             "and compares exactly) and are never respelt." },
    Profile{ "stanza", "stanza.js", "12.22, run in Chromium and Firefox",
             plain.with({
                 Trait::needs_dtls,
                 Trait::fid_group_first,
                 Trait::no_content_add,
                 Trait::no_content_modify,
                 Trait::no_content_remove,
                 Trait::value_as_parameter_name,
                 Trait::bare_sources_in_groups,
             }),
             stanza_names, stanza_nodes,
             "Has no renegotiation; an ICE restart is a transport-info about all contents. Takes TCP "
             "candidates, but "
             "says so only where it announces XEP-0371." },
    Profile{ "gajim", "Gajim", "1.7.3, run; later versions have no calls",
             plain.with({
                 Trait::no_mdns_candidates,
                 Trait::no_data_channels,
                 Trait::one_transport,
             }),
             gajim_names, gajim_nodes, "Has no DTLS and no rtcp-mux." },
    Profile{ "siskin", "Siskin, Beagle, Snikket (iOS): Martin", "source",
             plain.with({
                 Trait::needs_dtls,
                 Trait::numeric_foundation,
                 Trait::credentials_everywhere,
                 Trait::no_data_channels,
                 Trait::bundle_groups_only,
                 Trait::header_extension_both_ways,
             }),
             siskin_names, siskin_nodes,
             "Answers content-accept and content-reject with feature-not-implemented." },
    Profile{ "jitsi", "Jitsi (lib-jitsi-meet, jigasi)", "source",
             plain.with({
                 Trait::needs_dtls,
                 Trait::senders_by_initiator,
                 Trait::no_content_add,
                 Trait::no_content_modify,
                 Trait::no_content_remove,
             }),
             jitsi_names, jitsi_nodes, "Conferences (source-add, rid-group, COLIBRI) are not mediated." },
    Profile{ "libervia", "Libervia", "documentation only", plain.with({ Trait::needs_dtls }), libervia_names,
             libervia_nodes, "Translates SDP in Python; not tested." },
    Profile{ "carillon", "web pages through Carillon, another Carillon", "this version", Traits{}, own_names,
             own_nodes, "Everything is allowed, carried SDP lines included." },
};

}  // namespace

std::span<const Profile> profiles() noexcept
{
    return table;
}

}  // namespace jingle
