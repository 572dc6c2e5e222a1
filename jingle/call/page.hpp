#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace jingle::call {

// What a page and Carillon tell each other about one call: the methods call.* of docs/web-protocol.md as
// values. They own their text, since they cross from the web's side to the calls' and back. Who the call
// belongs to (call_id, party_id) travels beside them.

struct PageMedia {
    bool audio = false;
    bool video = false;

    friend bool operator==(const PageMedia&, const PageMedia&) = default;
};

/// RTCSessionDescriptionInit.
struct PageDescription {
    enum class Type : std::uint8_t { offer, answer, rollback };
    Type type = Type::offer;
    std::string sdp;  ///< empty with rollback

    friend bool operator==(const PageDescription&, const PageDescription&) = default;
};

/// RTCIceCandidateInit. An empty candidate ends those of its m-line, or of all when none is named.
struct PageCandidate {
    std::string candidate;
    std::optional<std::string> sdp_mid;
    std::optional<std::uint16_t> sdp_m_line_index;
    std::optional<std::string> username_fragment;

    friend bool operator==(const PageCandidate&, const PageCandidate&) = default;
};

/// Why a call ended or was refused, as pages hear and say it: a closed list. Its table to and from Jingle's
/// reasons stands in web_leg.
enum class PageReason : std::uint8_t {
    user_hangup,
    declined,
    busy,
    unavailable,
    cancelled,
    invite_timeout,
    answered_elsewhere,
    declined_elsewhere,
    ice_failed,
    media_error,
    incompatible,
    security,
    replaced,
    gone,
    policy,
    error,
};

/// call.invite. From a page: to whom; towards a page: from whom. Without an offer when the caller has
/// none yet (Message Initiation).
struct PageInvite {
    std::string address;  ///< as typed, or the caller's JID as the user knows it
    std::string display_name;  ///< towards a page only
    PageMedia media;
    std::chrono::milliseconds lifetime{ 60'000 };
    std::optional<std::string> offer;
};
struct PageRinging { };  ///< call.ringing
struct PageAccept {  ///< call.accept: the user picked up. Towards a page that called without an offer: it is
                     ///< wanted now (call.negotiate)
    std::optional<std::string> answer;  ///< from a page that was invited with an offer
};
struct PageAnswer {  ///< call.answer, towards a page
    std::string sdp;
};
struct PageSelectAnswer { };  ///< call.select_answer: another party has it
/// call.negotiate. A rollback towards a page: its own offer did not come through, it is as if never made.
struct PageNegotiate {
    PageDescription description;
};
struct PageCandidates {  ///< call.candidates
    std::vector<PageCandidate> candidates;
};
struct PageInfo {  ///< call.info
    std::optional<bool> hold;
    std::optional<std::vector<std::string>> mute;  ///< media kinds that are muted now
    std::optional<std::string> dtmf;  ///< towards a page only: its own tones go in band (RFC 4733)
};
struct PageReject {  ///< call.reject
    PageReason reason = PageReason::declined;
};
struct PageHangup {  ///< call.hangup
    PageReason reason = PageReason::user_hangup;
    std::string text;
};

using PageSays = std::variant<PageInvite, PageRinging, PageAccept, PageNegotiate, PageCandidates, PageInfo,
                              PageReject, PageHangup>;
using PageHears = std::variant<PageInvite, PageRinging, PageAccept, PageAnswer, PageSelectAnswer,
                               PageNegotiate, PageCandidates, PageInfo, PageReject, PageHangup>;

/// What a request of a page is answered with instead of a result (docs/web-protocol.md, errors).
struct PageError {
    enum class Code : std::uint8_t {
        forbidden,
        unavailable,
        rate_limited,
        bad_sdp,
        wrong_state,
        too_large,
        draining
    };
    Code code;
    std::string detail;
    std::uint32_t line = 0;  ///< with bad_sdp
};

/// A call that goes on, as session.hello tells it to a page that has lost what it knew.
struct PageCall {
    enum class State : std::uint8_t {
        trying,  ///< called, nobody rings yet
        ringing,  ///< called, the other side rings
        incoming,  ///< the other side calls
        connecting,  ///< taken up, not all is negotiated
        active,
    };
    State state = State::trying;
    bool outgoing = false;  ///< the page's user called
    std::string address;
    std::string display_name;
    PageMedia media;  ///< what is negotiated, or proposed
    bool held = false;  ///< by the other side

    friend bool operator==(const PageCall&, const PageCall&) = default;
};

}  // namespace jingle::call
