#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "jingle/call/page.hpp"
#include "jingle/call/signal.hpp"
#include "jingle/call/web_leg_candidates.hpp"
#include "jingle/call/web_leg_info.hpp"
#include "jingle/call/web_leg_reason.hpp"
#include "jingle/candidate_buffer.hpp"
#include "jingle/from_sdp.hpp"
#include "jingle/renegotiation.hpp"

namespace jingle::call {

// What a web leg wants done, in order. Views live in the arena of the turn.

/// The page's side sends a Jingle request: Calls::request. The Answer with that id has to come back.
struct TellRequest {
    const Jingle* jingle;
    std::string_view id;
};
/// It sends a Jingle Message: Calls::message.
struct TellMessage {
    Message message;
};
/// It answers a Request of the call: Calls::reply.
struct TellReply {
    Action action;
    Answered answered;
    std::string_view original;
    std::optional<xmpp::StanzaError> error;
};

/// PageHears is for the page.
using WebOutput = std::variant<TellRequest, TellMessage, TellReply, PageHears>;

/// One turn of a web leg. What the page said and what the call put out must outlive it.
struct WebTurn {
    base::Arena& arena;
    Time now;
    std::vector<WebOutput> outputs{};
};

/// What is known of the other side of the call. By default a client of which nothing is known.
struct FarSide {
    Trust trust = Trust::untrusted;  ///< trusted: our own page
    Removal removal = Removal::modify;
    Extension extension = Extension::inform;
    Association association = Association::refuse;
    TransportKind transport = TransportKind::ice_udp;
    std::chrono::seconds answer_limit = renegotiate::answer_limit;

    /// Another page of ours, which understands everything.
    [[nodiscard]] static FarSide page() noexcept
    {
        return { Trust::trusted,       Removal::remove,        Extension::inform,
                 Association::restart, TransportKind::ice_udp, renegotiate::human_answer_limit };
    }
};

struct WebLegOptions {
    Role role = Role::initiator;  ///< of the page
    std::string sid;
    std::string address;  ///< of the other side, as the page's user knows it
    std::string display_name;
    std::string own_name{};  ///< of a calling page's user, plain (nick.hpp); empty: told to nobody
    std::uint64_t sdp_session = 1;  ///< of the o= line: random, the same for the whole call
    std::chrono::milliseconds lifetime{ 60'000 };
    FarSide far;
};

/// How long a page may take to answer call.negotiate, and to offer again after it was loaded anew.
inline constexpr std::chrono::seconds page_answer_limit{ 60 };

/// One side of a call whose peer is a page: what the page says becomes what a Jingle client would say, and
/// what the call says to that client becomes what the page hears (docs/protocol.md). Pure: events, time and
/// an arena come in, outputs go out; a Call cannot tell it from a device.
///
///     state       of      next
///     idle        both    call.invite -> proposed or initiated; propose -> alerted; session-initiate ->
///     shown proposed    caller  proceed -> wanted wanted      caller  call.negotiate{offer} -> initiated
///     initiated   caller  session-accept -> active
///     alerted     callee  call.accept -> accepted
///     accepted    callee  session-initiate -> shown
///     shown       callee  call.accept{answer} or call.negotiate{answer} -> active
///     active      both    Renegotiation has it
///     ended       both    everything is refused, but a hangup
///
/// Each Request of a call gets its TellReply in the same turn. What a page says is done as a whole, or not at
/// all and refused.
class WebLeg {
public:
    enum class State : std::uint8_t {
        idle,
        proposed,
        wanted,
        initiated,
        alerted,
        accepted,
        shown,
        active,
        ended,
    };

    explicit WebLeg(WebLegOptions options);

    /// The page says something; what comes back refuses it.
    [[nodiscard]] std::optional<PageError> says(const PageSays& said, WebTurn& turn);
    /// The call wants something done for this leg.
    void handle(const Output& output, WebTurn& turn);
    /// Another device or page of the user has the call.
    void answered_elsewhere(WebTurn& turn);
    /// The page was loaded anew: its peer connection is gone. What it can still need is said again; a call
    /// that goes on waits for an offer of its new one (docs/protocol.md).
    void reloaded(WebTurn& turn);
    /// The page still has its peer connection, and may not have heard what was last said to it: that is said
    /// again, and what the other side shows (hold, mute) as it is now.
    void missed(WebTurn& turn);
    /// Ends the call from outside; both sides are told.
    void end(Condition reason, WebTurn& turn);

    void pass_time(WebTurn& turn);
    [[nodiscard]] std::optional<Time> deadline() const;

    /// The other side is known better now. Counts until the call is active.
    void meet(FarSide far) { options_.far = far; }

    [[nodiscard]] const std::string& sid() const noexcept { return options_.sid; }
    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] bool is_ended() const noexcept { return state_ == State::ended; }
    /// For session.hello.
    [[nodiscard]] PageCall snapshot() const;

    /// Everything that another process needs to go on, as versioned bytes: what was agreed last; what is in
    /// flight is lost, and the page is told so by session.hello.
    [[nodiscard]] std::string write() const;
    static base::Result<WebLeg> read(std::string_view bytes);

private:
    struct Said;
    struct Heard;
    enum class Tell : std::uint8_t { no, yes };
    enum class Fate : std::uint8_t { send, keep, drop };

    // web_leg.cpp: the life of a call
    void hear(PageHears heard, WebTurn& turn) const;
    std::string_view tell(const Jingle& request, WebTurn& turn);
    void tell(MessageKind kind, std::optional<Condition> reason, WebTurn& turn) const;
    void finish(Condition reason, Tell tell_call, WebTurn& turn);
    void tell_end(Condition reason, std::string_view text, WebTurn& turn);
    void clear();
    void say_answer_again(WebTurn& turn) const;
    void say_offer_again(WebTurn& turn) const;
    [[nodiscard]] bool has_session() const noexcept;

    // web_leg_first.cpp: the first offer and answer
    [[nodiscard]] std::optional<PageError> initiate(const std::string& offer, WebTurn& turn);
    [[nodiscard]] std::optional<PageError> accept(const std::string& answer, WebTurn& turn);
    [[nodiscard]] std::optional<xmpp::StanzaError> receive_initiate(const Jingle& request, WebTurn& turn);
    [[nodiscard]] std::optional<xmpp::StanzaError> receive_accept(const Jingle& request, WebTurn& turn);
    [[nodiscard]] base::Result<void> take_up();
    [[nodiscard]] base::Result<void> activate(const sdp::Description& own, const sdp::Description& far,
                                              Slots slots);
    [[nodiscard]] ToSdp to_sdp_how(Slots& slots) const;
    [[nodiscard]] FromSdp from_sdp_how(Action action, Slots& slots) const;

    // web_leg_negotiate.cpp: what comes after
    [[nodiscard]] std::optional<PageError> negotiate(const PageDescription& said, WebTurn& turn);
    [[nodiscard]] std::optional<PageError> offer_again(const std::string& offer, WebTurn& turn);
    [[nodiscard]] std::optional<PageError> answer_again(const std::string& answer, WebTurn& turn);
    [[nodiscard]] std::optional<xmpp::StanzaError> receive_change(const Jingle& request, WebTurn& turn);
    void replied(const Answer& answer, WebTurn& turn);
    [[nodiscard]] std::optional<base::Error> carry_out(const renegotiate::Actions& actions, WebTurn& turn);
    [[nodiscard]] std::optional<xmpp::StanzaError> receive_negotiation(const Jingle& request, WebTurn& turn);
    [[nodiscard]] std::optional<xmpp::StanzaError> reject_transport(const Jingle& request, WebTurn& turn);
    [[nodiscard]] bool own_restart_open() const noexcept;
    [[nodiscard]] bool restarts(const Jingle& request) const noexcept;
    void send(const Jingle& request, WebTurn& turn);
    void show_offer(const sdp::Description& offer, WebTurn& turn);
    void show_answer(const sdp::Description& answer, WebTurn& turn);
    void roll_back(WebTurn& turn);

    // web_leg_trickle.cpp: candidates
    [[nodiscard]] std::optional<PageError> trickle(const PageCandidates& said, WebTurn& turn);
    void pass_candidates(const std::vector<PageCandidate>& said, const std::vector<ReadCandidate>& read,
                         WebTurn& turn);
    void send_candidates(const WebCredentials& credentials,
                         const std::vector<const ReadCandidate*>& candidates, WebTurn& turn);
    [[nodiscard]] Fate fate_of(const ReadCandidate& candidate, const WebCredentials*& credentials) const;
    void release_own(WebTurn& turn);
    [[nodiscard]] std::optional<xmpp::StanzaError> receive_candidates(const Jingle& request, WebTurn& turn);
    [[nodiscard]] bool keep_candidates(const Jingle& request, WebTurn& turn);
    [[nodiscard]] std::optional<xmpp::StanzaError> show_candidates(const Jingle& request, WebTurn& turn);
    void release_far(const sdp::Description& far, WebTurn& turn);
    void learn_far(const sdp::Description& far, base::Arena& arena);

    [[nodiscard]] const Slots& slots() const noexcept;

    WebLegOptions options_;
    State state_ = State::idle;
    bool ringing_ = false;  ///< the other side, when the page called
    bool invited_with_offer_ = false;
    PageMedia media_;  ///< proposed
    std::optional<Time> deadline_;  ///< for the page
    std::uint32_t last_id_ = 0;
    std::string initiate_id_;

    // Until the call is active: then Renegotiation has both.
    Slots slots_;
    std::string own_text_;
    std::string far_text_;

    std::optional<Renegotiation> negotiation_;
    std::string in_flight_;  ///< id of its request that has no answer yet
    std::vector<std::string> in_flight_ufrags_;
    bool own_offer_open_ = false;  ///< the page has offered and waits for the answer
    bool far_offer_open_ = false;  ///< the page was shown an offer and owes the answer
    bool reloaded_ = false;  ///< the page's next offer is one of a new peer connection
    bool answer_doubtful_
        = false;  ///< the page was told the first answer, and has said nothing that shows it

    std::vector<WebCredentials> own_;  ///< of the page, in force
    std::vector<WebCredentials> own_next_;  ///< of its offer that is open
    std::vector<std::string> announced_;  ///< ufrags of own_next_ that the other side knows
    std::vector<PageCandidate> waiting_;  ///< of the page, for own_next_ or a first description
    std::vector<WebCredentials> far_;
    std::vector<std::string> far_next_;  ///< ufrags that the page will see with the next description
    std::vector<std::string> far_old_;
    CandidateBuffer far_waiting_;
    WebLegInfo info_;
};

}  // namespace jingle::call
