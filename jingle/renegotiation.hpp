#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "jingle/renegotiation_plan.hpp"
#include "jingle/session.hpp"
#include "jingle/slots.hpp"
#include "jingle/to_sdp.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// A description with the arena it lives in.
class KeptDescription {
public:
    KeptDescription() = default;
    /// A copy of `description`. Refuses what cannot be written as SDP.
    static base::Result<KeptDescription> copy(const sdp::Description& description);

    [[nodiscard]] const sdp::Description& value() const noexcept { return *description_; }
    [[nodiscard]] base::Arena& arena() noexcept { return *arena_; }

private:
    std::unique_ptr<base::Arena> arena_;
    sdp::Description* description_ = nullptr;
};

/// What Renegotiation wants done. Its values live until the next call of it.
namespace renegotiate {

/// An IQ to the Jingle side; replied() has to follow before the next one comes.
struct Send {
    Jingle request;
};
/// The request that was received is all right.
struct Acknowledge { };
enum class Refusal {
    bad_request,
    unknown_content,  ///< item-not-found
    out_of_order,
    tie_break,
    too_many,  ///< resource-constraint
    security,  ///< and the session has to end with security-error
};
/// It is not.
struct Refuse {
    Refusal why = Refusal::bad_request;
    std::string what;
};
/// A new offer for the SDP side; own_answer() follows.
struct ShowOffer {
    sdp::Description offer;
};
/// The answer to the offer of the SDP side.
struct ShowAnswer {
    sdp::Description answer;
};
/// The SDP side takes its offer, or the one it was shown, back.
struct RollBack {
    base::Error why;
};
enum class Tell { no, yes };
/// The session ends; the Jingle side is told so unless it said it.
struct End {
    Condition reason = Condition::success;
    Tell tell = Tell::yes;
};

using Action = std::variant<Send, Acknowledge, Refuse, ShowOffer, ShowAnswer, RollBack, End>;
using Actions = std::vector<Action>;

/// What came back for an IQ.
enum class Reply { result, tie_break, unknown_session, error };

using Time = std::chrono::steady_clock::time_point;

/// Limits (docs/limits.md).
inline constexpr std::size_t max_rounds = 20;  ///< in one minute
inline constexpr std::size_t max_open_adds = 4;
inline constexpr std::size_t max_queued = 16;
inline constexpr std::chrono::milliseconds window{ 50 };  ///< in which actions become one offer
inline constexpr std::chrono::seconds answer_limit{ 20 };
inline constexpr std::chrono::seconds human_answer_limit{ 60 };  ///< where a person is asked: a new medium

struct Options {
    Role role = Role::initiator;  ///< of the SDP side
    std::string sid;
    Removal removal = Removal::modify;
    Extension extension = Extension::inform;
    Association association = Association::refuse;
    TransportKind transport = TransportKind::ice_udp;
    Trust trust = Trust::untrusted;
    Audience audience = Audience::any;
    std::chrono::seconds answer_limit = renegotiate::answer_limit;
};

}  // namespace renegotiate

/// The negotiation of a running session between a side that speaks SDP and one that speaks Jingle.
///
///     state      event                       then
///     stable     own_offer                   offering: the plan's requests go out one by one
///     stable     own_offer, no difference    stable: ShowAnswer out of what was said last
///     stable     received, window over       offered: ShowOffer with all that has come
///     offering   last answer and result      stable: ShowAnswer
///     offering   received                    kept until stable
///     offering   tie-break, time over        stable: RollBack, and contrary requests for what went out
///     offering   error to a content-add      as if it had been rejected
///     offered    own_answer                  stable: content-accept, -reject, -modify, transport-info
///     offered    time over                   stable: RollBack, content-reject; the rest with the next offer
///     offered    own_offer                   the initiator's wins: offering, and theirs is shown again
///                                            later; of a responder: RollBack. A new connection goes before
///                                            any change of the old one, and of two such each takes the
///                                            other's for the answer to its own.
///     any        own_lost                    stable: nothing is shown before own_offer
///
/// Pure: time comes in, actions go out. Every IQ of the other side is acknowledged at once; its answer is an
/// action of its own.
class Renegotiation {
public:
    using Time = renegotiate::Time;
    using Actions = renegotiate::Actions;

    /// `own` and `peer` are what both sides said in the first offer and answer. The SDP side keeps the DTLS
    /// role that it has there.
    static base::Result<Renegotiation> start(renegotiate::Options options, Slots slots,
                                             const sdp::Description& own, const sdp::Description& peer);

    [[nodiscard]] Actions own_offer(const sdp::Description& offer, Time now);
    [[nodiscard]] Actions own_answer(const sdp::Description& answer, Time now);
    /// The SDP side took its offer back by itself.
    [[nodiscard]] Actions own_rollback(Time now);
    /// The SDP side has lost its connection (its page was loaded again). Its offer is taken back; what it was
    /// shown waits until it has offered a new one.
    [[nodiscard]] Actions own_lost(Time now);
    /// Candidates of the SDP side, as a fragment. Empty: they are no part of a negotiation, trickle them.
    [[nodiscard]] Actions own_candidates(const sdp::Description& fragment, Time now);

    /// A request of the Jingle side. Empty: it is no part of a negotiation.
    [[nodiscard]] Actions received(const Jingle& request, Time now);
    [[nodiscard]] Actions replied(renegotiate::Reply reply, Time now);

    [[nodiscard]] Actions time_passed(Time now);
    [[nodiscard]] std::optional<Time> deadline() const;

    [[nodiscard]] const Slots& slots() const noexcept { return slots_; }
    /// What was agreed last; what is in flight is not in it.
    [[nodiscard]] const Slots& agreed_slots() const noexcept { return is_stable() ? slots_ : before_; }
    [[nodiscard]] const sdp::Description& own() const noexcept { return own_.value(); }
    [[nodiscard]] const sdp::Description& peer() const noexcept { return peer_.value(); }
    [[nodiscard]] bool is_stable() const noexcept { return state_ == State::stable; }
    /// The offer that the SDP side has not answered yet, or nullptr.
    [[nodiscard]] const sdp::Description* shown_offer() const noexcept
    {
        return state_ == State::offered ? &shown_.value() : nullptr;
    }
    /// The other side has offered another DTLS association, which the SDP side has not answered yet.
    [[nodiscard]] bool is_peer_renewed() const;

private:
    enum class State { stable, offering, offered };

    /// A request to be sent, as XML: values die with their turn.
    struct Outgoing {
        std::string xml;
        jingle::Action action;
        Expects expects;
        std::size_t index;
    };
    /// A request that was received and waits to become an offer.
    struct Incoming {
        std::string xml;
        jingle::Action action;
        std::optional<TransportKind> replacing = std::nullopt;  ///< it was a transport-replace by this kind
    };

    Renegotiation() = default;

    void begin_turn();
    void replace(KeptDescription& old, KeptDescription&& now);
    [[nodiscard]] Role peer_role() const noexcept;
    [[nodiscard]] PlanFor plan_for(Slots& slots) const;
    [[nodiscard]] ToSdp to_sdp_for(Slots& slots, const sdp::Description& current) const;
    [[nodiscard]] sdp::Origin next_origin();
    [[nodiscard]] bool count_round(Time now);
    void queue(const std::vector<Step>& steps);
    void pump(Actions& actions, Time now);
    void finish_own_offer(Actions& actions, Time now);
    void begin_own_offer(Actions& actions, const sdp::Description& offer, const Changes& changes, Time now);
    base::Result<void> expect_answers(const Changes& changes);
    void add_undo(const Outgoing& done);
    void abandon_own_offer(Actions& actions, base::Error why, Time now);
    void show_offer(Actions& actions, Time now);
    void abandon_shown_offer(Actions& actions, Time now);
    void keep_shown_offer(Time now);
    void answer_with_kept_restarts();
    [[nodiscard]] bool answers_restart(const Incoming& waiting);
    void refuse_later(std::string_view xml, jingle::Action refusal);
    void queue_answers(std::vector<Step>& steps);
    [[nodiscard]] sdp::Description apply_incoming(const sdp::Description& peer);
    void note_asked(const Jingle& request, std::size_t number);
    [[nodiscard]] std::vector<Senders> hold_limits(Hold hold, std::size_t count) const;
    void note_senders(const Jingle& request);
    void set_limit(std::size_t index, Senders senders);
    void add_narrowed(const sdp::Description& answer, std::vector<Step>& steps);

    base::Result<void> take_answer(const Jingle& request);
    [[nodiscard]] bool take_error(const Outgoing& refused);
    [[nodiscard]] Actions received_replace(const Jingle& request, Time now);
    [[nodiscard]] Actions received_answer(const Jingle& request, Time now);
    [[nodiscard]] Actions received_transport(const Jingle& request, Time now);
    [[nodiscard]] Actions received_change(const Jingle& request, Time now);
    [[nodiscard]] Actions received_info(const Jingle& request, Time now);
    [[nodiscard]] std::optional<renegotiate::Refuse> find_refusal(const Jingle& request, Time now);
    [[nodiscard]] bool crosses(const Jingle& request) const;
    [[nodiscard]] bool knows(const Content& content) const;
    [[nodiscard]] bool is_taken_back(const Jingle& request);
    [[nodiscard]] Actions take_in(const Jingle& request, Time now);
    void open_window(Time now);

    renegotiate::Options options_;
    State state_ = State::stable;
    Slots slots_;
    Slots before_;  ///< the slots before the offer that is in flight
    KeptDescription own_;
    KeptDescription peer_;
    KeptDescription own_next_;  ///< while offering
    KeptDescription peer_next_;  ///< while offering or offered
    KeptDescription shown_;  ///< while offered
    std::optional<sdp::Setup> role_;  ///< of the SDP side in the DTLS association
    std::vector<Senders> limits_;  ///< what the Jingle side lets flow, per m-line
    std::vector<bool> narrowed_;  ///< the last answer was narrower than asked, per m-line
    std::vector<std::string> old_ufrags_;
    Hold own_hold_ = Hold::no;
    Hold peer_hold_ = Hold::no;
    Hold shown_hold_ = Hold::no;
    Hold offered_hold_ = Hold::no;  ///< while offered

    std::deque<Outgoing> out_;
    std::optional<Outgoing> in_flight_;
    std::vector<Outgoing> undo_;  ///< what takes back what was sent of the offer in flight
    std::vector<Outgoing> open_;  ///< sent and acknowledged, not yet answered
    std::optional<Outgoing> restart_answer_;  ///< waits for its first candidate
    std::optional<Time> answer_deadline_;

    std::deque<Incoming> incoming_;
    std::vector<Incoming> being_shown_;
    std::vector<Asked> asked_;
    std::optional<Time> window_end_;
    bool is_own_lost_ = false;  ///< until the SDP side offers
    std::deque<Time> rounds_;
    std::uint64_t version_ = 1;
    std::unique_ptr<base::Arena> turn_;
    std::vector<KeptDescription> retired_;
};

}  // namespace jingle
