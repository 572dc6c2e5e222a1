#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace jingle {

/// One way in which what a client is sent, or what it sends, differs from the plain XEP form. The rows below
/// say it in words; adapt() has the step for each that concerns writing, normalise() for each that concerns
/// reading.
enum class Trait : std::uint8_t {
    // Candidates
    no_tcp_candidates,
    no_mdns_candidates,
    complete_candidates,
    numeric_foundation,
    // Transport
    credentials_with_candidates,
    credentials_everywhere,
    needs_dtls,
    setup_always,
    sha256_first,
    strongest_fingerprint_first,
    restart_by_shape,
    // Contents
    no_data_channels,
    one_transport,
    short_names,
    audio_first,
    one_content_per_request,
    stubs_in_answers,
    no_senders_none,
    senders_by_initiator,
    extension_senders_by_initiator,
    bundle_groups_only,
    // Description
    no_carry,
    no_bandwidth,
    no_unknown_feedback,
    keyless_parameter_alone,
    source_value_needed,
    header_extension_both_ways,
    fid_group_first,
    // Actions
    content_add_video_only,
    no_content_add,
    no_content_modify,
    modify_own_sending_only,
    no_content_remove,
    content_remove_as_modify,
    info_ringing_only,
    // Mends on reading
    accept_answers_content_add,
    value_as_parameter_name,
    bare_sources_in_groups,
    underscored_parameters,
    random_payload_order,
    group_of_absent_contents,
};

/// `token` names the trait in tests and in machine-readable output, `words` say what Carillon does because of
/// it.
struct TraitRow {
    Trait trait;
    std::string_view token;
    std::string_view words;
};

inline constexpr std::array<TraitRow, 41> trait_rows{ {
    { Trait::no_tcp_candidates, "no-tcp-candidates", "TCP candidates are left out" },
    { Trait::no_mdns_candidates, "no-mdns-candidates",
      "mDNS candidates are left out: it takes IP addresses only" },
    { Trait::complete_candidates, "complete-candidates", "candidates without id or generation get them" },
    { Trait::numeric_foundation, "numeric-foundation",
      "foundations that are not numbers are replaced by numbers" },
    { Trait::credentials_with_candidates, "credentials-with-candidates",
      "ufrag and pwd are repeated with every candidate" },
    { Trait::credentials_everywhere, "credentials-everywhere",
      "bundled contents without credentials and fingerprint get those of the bundle" },
    { Trait::needs_dtls, "needs-dtls", "an offer or answer without a DTLS fingerprint is refused" },
    { Trait::setup_always, "setup-always",
      "a missing DTLS role is written: actpass in an offer, active in an answer" },
    { Trait::sha256_first, "sha256-first", "the SHA-256 fingerprint goes first: it reads one only" },
    { Trait::strongest_fingerprint_first, "strongest-fingerprint-first",
      "the strongest fingerprint goes first: it reads one only" },
    { Trait::restart_by_shape, "restart-by-shape",
      "an ICE restart is offered without candidates and answered with at least one" },
    { Trait::no_data_channels, "no-data-channels", "data channels are not offered" },
    { Trait::one_transport, "one-transport",
      "no BUNDLE: where the other endpoint has one transport only, one content is offered" },
    { Trait::short_names, "short-names", "content names over 16 bytes or with blanks are replaced" },
    { Trait::audio_first, "audio-first", "audio goes first in an offer" },
    { Trait::one_content_per_request, "one-content-per-request",
      "requests about several contents are split, offer and answer excepted" },
    { Trait::stubs_in_answers, "stubs-in-answers",
      "answers to content-add get a description and a transport without anything in them, and senders as "
      "offered; a narrower answer follows as content-modify" },
    { Trait::no_senders_none, "no-senders-none",
      "senders='none' is written as our side only, which then sends nothing" },
    { Trait::senders_by_initiator, "senders-by-initiator",
      "senders of the responder are mirrored: it takes every party for the initiator" },
    { Trait::extension_senders_by_initiator, "extension-senders-by-initiator",
      "the same for the senders of header extensions" },
    { Trait::bundle_groups_only, "bundle-groups-only", "groups other than BUNDLE are left out" },
    { Trait::no_carry, "no-carry",
      "carried SDP lines are left out, and with rid and simulcast the header extensions that depend on "
      "them" },
    { Trait::no_bandwidth, "no-bandwidth", "bandwidth is left out" },
    { Trait::no_unknown_feedback, "no-unknown-feedback",
      "RTCP feedback types it does not know are left out" },
    { Trait::keyless_parameter_alone, "keyless-parameter-alone",
      "parameters without a name stay only where they are the only one, those with blanks go" },
    { Trait::source_value_needed, "source-value-needed", "source parameters without a value are left out" },
    { Trait::header_extension_both_ways, "header-extension-both-ways",
      "header extensions lose their direction" },
    { Trait::fid_group_first, "fid-group-first", "the source group FID goes first: it reads one only" },
    { Trait::content_add_video_only, "content-add-video-only",
      "content-add of anything but video is refused" },
    { Trait::no_content_add, "no-content-add", "content-add is refused" },
    { Trait::no_content_modify, "no-content-modify",
      "content-modify is not sent: a hold is said by session-info only" },
    { Trait::modify_own_sending_only, "modify-own-sending-only",
      "content-modify is sent only between both and the client's own role: a hold is said by session-info "
      "only" },
    { Trait::no_content_remove, "no-content-remove",
      "content-remove is not sent: our side just stops sending" },
    { Trait::content_remove_as_modify, "content-remove-as-modify",
      "content-remove is sent as content-modify" },
    { Trait::info_ringing_only, "info-ringing-only",
      "of session-info only ringing and pings are sent: it takes all others for ringing" },
    { Trait::accept_answers_content_add, "accept-answers-content-add",
      "its session-accept in an active session is read as content-accept" },
    { Trait::value_as_parameter_name, "value-as-parameter-name",
      "its parameter with a name and no value is read as a value without a name" },
    { Trait::bare_sources_in_groups, "bare-sources-in-groups",
      "sources that only a group names get the cname of the group's first one" },
    { Trait::underscored_parameters, "underscored-parameters",
      "underscores in its parameter names are read as hyphens, true and false as 1 and 0" },
    { Trait::random_payload_order, "random-payload-order",
      "the payload types of its answers are put in order" },
    { Trait::group_of_absent_contents, "group-of-absent-contents",
      "contents that are not there leave its groups" },
} };

[[nodiscard]] constexpr const TraitRow& row_of(Trait trait) noexcept
{
    return trait_rows[static_cast<std::size_t>(trait)];
}

/// A set of traits.
class Traits {
public:
    constexpr Traits() = default;
    constexpr Traits(std::initializer_list<Trait> traits)
    {
        for (const auto trait : traits)
            bits_ |= bit(trait);
    }

    [[nodiscard]] constexpr bool has(Trait trait) const noexcept { return (bits_ & bit(trait)) != 0; }
    /// This set and `more`.
    [[nodiscard]] constexpr Traits with(Traits more) const noexcept { return Traits{ bits_ | more.bits_ }; }
    [[nodiscard]] constexpr Traits without(Traits less) const noexcept
    {
        return Traits{ bits_ & ~less.bits_ };
    }

    friend constexpr bool operator==(Traits, Traits) = default;

private:
    constexpr explicit Traits(std::uint64_t bits)
        : bits_{ bits }
    {
    }
    static constexpr std::uint64_t bit(Trait trait) noexcept
    {
        return std::uint64_t{ 1 } << static_cast<unsigned>(trait);
    }

    std::uint64_t bits_ = 0;
};

}  // namespace jingle
