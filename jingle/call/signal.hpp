#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/list.hpp"
#include "jingle/call/call_id.hpp"
#include "jingle/message.hpp"
#include "jingle/session.hpp"
#include "xmpp/stanza_error.hpp"

namespace jingle::call {

/// Time comes in with the event, so that tests step it by hand.
using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

struct Leg;

// What a leg tells its call. Values live in the arena of the turn and are not kept.

/// A request of the leg's peer. `id` is what its answer must carry.
struct JingleRequest {
    const Jingle* jingle;
    std::string_view id;
};

/// The answer of the leg's peer to a request that was passed on or was our own; `error` absent = result.
struct JingleReply {
    ReturnPath path;
    std::optional<xmpp::StanzaError> error;
};

/// A Jingle Message of the leg's peer; `from` is the full JID that sent it, `profile` the id of its client's
/// profile, where it matters.
struct JmiSignal {
    const Message* message;
    std::string_view from;
    std::string_view profile{};
};

/// A propose of ours came back as an error. `instead`: legs of devices that it was meant for, to be rung by a
/// session-initiate.
struct JmiBounced {
    const std::vector<Leg>* instead;
};

/// A device of the leg's peer went unavailable. While all his devices ring, it is one of them.
struct DeviceGone {
    std::string_view device{};  ///< full JID
    bool last = true;  ///< no other is known that a propose to the bare JID reaches
};

using Signal = std::variant<JingleRequest, JingleReply, JmiSignal, JmiBounced, DeviceGone>;

// What a call wants done, in order. Views live in the arena of the turn.

/// Answer the leg's peer: result when `error` is absent.
struct Answer {
    LegIndex leg;
    std::string_view id;
    std::optional<xmpp::StanzaError> error;
};

/// Send a Jingle request to the leg's peer. `original` goes into its way back: the id it came with when the
/// reply goes back end to end, else a mark by which the call knows its own request again, or nothing.
struct Request {
    LegIndex leg;
    const Jingle* jingle;
    Answered answered;
    std::string_view original;
};

/// What a device that lost is told beside the reason <cancel/>.
inline constexpr std::string_view elsewhere_text = "Answered elsewhere";
/// The same when another device of its user has declined for all.
inline constexpr std::string_view declined_text = "Declined elsewhere";

/// Send a Jingle Message to the leg's peer, as far as it is known by now (bare or full), or to one device of
/// his alone.
struct Say {
    LegIndex leg;
    Message message;
    std::string_view device{};  ///< full JID; empty: the leg's peer
};

/// Refuse the propose of the leg's peer with a message error.
struct Refuse {
    LegIndex leg;
    std::string_view id;  ///< of the stanza that held the propose
    xmpp::StanzaError error;
};

/// The leg's peer is known by its full JID from now on: the index of the calls has to know.
struct Bound {
    LegIndex leg;
};

/// What the log and the record are told. A leg can be refused or stopped before it ever rang.
enum class Step : std::uint8_t {
    started,
    ringing,  ///< a device of the leg says that it rings
    proceeded,  ///< a device took it up; the leg is bound to it
    initiated,  ///< the offer is out to it
    accepted,
    refused,  ///< the leg's peer, or the way to him, said no
    gone,  ///< `gone`: its device went away; `timeout`: it has answered nothing
    stopped,  ///< by us: `success` when answered elsewhere, else as the caller or the time would have it
    ended,
};
struct Noted {
    Step step;
    LegIndex leg = caller_leg;  ///< of the steps of a leg
    Condition reason = Condition::success;  ///< with refused, gone, stopped and ended
    std::string_view rule{};  ///< with started: which rule of the policy let the call through
};

using Output = std::variant<Answer, Request, Say, Refuse, Bound, Noted>;

class Call;

/// An output and the call it belongs to; the call outlives the turn.
struct Done {
    const Call* call;
    Output output;
};

/// A call that was not let through; it has no legs.
struct NotLetIn {
    CallId id;
    std::string_view caller;  ///< full
    std::string_view callee;  ///< as it was dialled
    std::string_view sid;
    std::string_view rule;  ///< of the policy, or the limit
    bool audio = false;
    bool video = false;
};

/// One turn of the machinery: an event with its time and arena, and what is to be done because of it, in
/// order.
struct Turn {
    base::Arena& arena;
    Time now;
    base::List<Done> outputs{};
    base::List<NotLetIn> refusals{};
    base::List<CallId> forgotten{};  ///< tombstones that are no more
    base::List<const Call*> changed{};  ///< whose Call::write() is another now; perhaps more than once
};

}  // namespace jingle::call
