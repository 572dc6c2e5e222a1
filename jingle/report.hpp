#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/arena.hpp"
#include "base/enum_table.hpp"
#include "base/list.hpp"
#include "base/result.hpp"
#include "sdp/grammar.hpp"

namespace jingle {

/// Why something has no counterpart on the other side. Nothing is left out without one of these.
enum class Loss {
    candidate_unusable,
    candidate_repeated,
    channel,
    component_muxed,
    carried_denied,
    carried_not_allowed,
    content_alternative,
    content_unsupported,
    crypto_beside_dtls,
    fingerprint_attribute,
    fingerprint_unusable,
    group_member_unknown,
    header_extension_conflict,
    header_extension_not_offered,
    malformed_number,
    m_line_unsupported,
    payload_type_not_listed,
    payload_type_not_offered,
    payload_type_repeated,
    payload_type_without_name,
    payload_type_without_target,
    remote_candidates,
    session_attribute,
    setup_without_fingerprint,
    source_without_attribute,
};

inline constexpr std::array<base::EnumRow<Loss>, 25> loss_rows{ {
    { Loss::candidate_unusable, "a candidate that no endpoint could use" },
    { Loss::candidate_repeated, "a candidate that has been said already" },
    { Loss::channel, "a data channel, which is opened in band" },
    { Loss::component_muxed, "a candidate for RTCP, which both sides multiplex" },
    { Loss::carried_denied, "a carried line that has a place in Jingle" },
    { Loss::carried_not_allowed, "a carried line that only a trusted source may have" },
    { Loss::content_alternative, "a further alternative of a content" },
    { Loss::content_unsupported, "a content whose application or transport is not understood" },
    { Loss::crypto_beside_dtls, "an SDES key beside a DTLS fingerprint" },
    { Loss::fingerprint_attribute, "an attribute of a fingerprint that SDP has no words for" },
    { Loss::fingerprint_unusable, "a fingerprint with a hash that may not be used" },
    { Loss::group_member_unknown, "a member of a group that is no live content" },
    { Loss::header_extension_conflict, "a header extension whose id is invalid or in use" },
    { Loss::header_extension_not_offered, "a header extension that was not offered so" },
    { Loss::malformed_number, "a number that is none" },
    { Loss::m_line_unsupported, "an m-line of a kind or protocol that is not understood" },
    { Loss::payload_type_not_listed, "an attribute of a payload type that the m-line does not list" },
    { Loss::payload_type_not_offered, "a payload type that was not offered" },
    { Loss::payload_type_repeated, "a payload type that stands twice" },
    { Loss::payload_type_without_name, "a payload type without a name, which RFC 3551 does not assign" },
    { Loss::payload_type_without_target, "a payload type whose primary one is not there" },
    { Loss::remote_candidates, "remote candidates, which WebRTC has no use for" },
    { Loss::session_attribute, "a session attribute that has a meaning only in an m-section" },
    { Loss::setup_without_fingerprint, "a DTLS role without a fingerprint" },
    { Loss::source_without_attribute, "a source of which nothing is said" },
} };

/// One thing that was left out: in which content (empty: in the session), why, and what.
struct Note {
    std::string_view content;
    Loss loss = Loss::candidate_unusable;
    std::string_view value;

    friend bool operator==(const Note&, const Note&) = default;
};

using Notes = base::List<Note>;

/// What the translation of one content (or of the session) has to say: the first value that it refuses, which
/// ends it, and what it leaves out. The checks pass a value on and remember whether it may stand in a line of
/// SDP.
class Report {
public:
    Report(std::string_view content, Notes* notes, base::Arena& arena)
        : content_{ content }
        , notes_{ notes }
        , arena_{ arena }
    {
    }

    void left_out(Loss loss, std::string_view value)
    {
        if (notes_ != nullptr)
            notes_->push_back(arena_, Note{ content_, loss, value });
    }

    /// Only the first refusal counts. `what` is a literal.
    void refuse(base::Errc code, std::string_view what)
    {
        if (!refusal_)
            refusal_ = Refusal{ code, what };
    }

    std::string_view token(std::string_view value, std::string_view what)
    {
        return pass(sdp::is_token(value), value, what);
    }
    /// One field of a line: printable, without blanks.
    std::string_view visible(std::string_view value, std::string_view what)
    {
        return pass(sdp::is_visible(value), value, what);
    }
    std::string_view field(std::string_view value, std::string_view what)
    {
        return pass(sdp::is_field(value), value, what);
    }
    /// Free text to the end of a line.
    std::string_view text(std::string_view value, std::string_view what)
    {
        return pass(sdp::is_safe_text(value), value, what);
    }
    /// Any other grammar.
    std::string_view checked(bool (*check)(std::string_view) noexcept, std::string_view value,
                             std::string_view what)
    {
        return pass(check(value), value, what);
    }

    [[nodiscard]] bool is_refused() const noexcept { return refusal_.has_value(); }
    [[nodiscard]] std::string_view content() const noexcept { return content_; }

    /// The refusal as an error with its place: "content 'audio': name of a payload type".
    [[nodiscard]] base::Result<void> result() const
    {
        if (!refusal_)
            return {};
        if (content_.empty())
            return base::fail(refusal_->code, refusal_->what);
        std::string place{ "content '" };
        place.append(content_).append("': ").append(refusal_->what);
        return base::fail(refusal_->code, place);
    }

private:
    struct Refusal {
        base::Errc code;
        std::string_view what;
    };

    std::string_view pass(bool fine, std::string_view value, std::string_view what)
    {
        if (!fine)
            refuse(base::Errc::forbidden, what);
        return value;
    }

    std::string_view content_;
    Notes* notes_;
    base::Arena& arena_;
    std::optional<Refusal> refusal_;
};

}  // namespace jingle
