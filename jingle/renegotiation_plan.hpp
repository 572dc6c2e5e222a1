#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "jingle/description_diff.hpp"
#include "jingle/renegotiation_steps.hpp"
#include "jingle/report.hpp"
#include "jingle/senders.hpp"
#include "jingle/slots.hpp"
#include "sdp/description.hpp"

namespace jingle {

/// How a content that goes away is told. Most clients end the call on a content-remove.
enum class Removal {
    modify,  ///< content-modify with senders='none'
    remove,  ///< content-remove, for clients known to implement it
};

/// What becomes of formats and header extensions that nobody has named so far. An answer need not take them,
/// so they are no reason to tear down a stream that works.
enum class Extension {
    inform,  ///< description-info
    remake,  ///< content-remove and content-add under a new name
    ignore,  ///< noted only
};

/// What becomes of another certificate in a running session.
enum class Association {
    refuse,  ///< Errc::unsupported: a new session is needed
    restart,  ///< goes with the ICE restart, for clients known to take it
};

/// Whose description is told, and how.
struct PlanFor {
    Role writer = Role::initiator;
    std::string_view sid;
    Slots& slots;  ///< of this leg; changed only when the plan succeeds
    Removal removal = Removal::modify;
    Extension extension = Extension::inform;
    Association association = Association::refuse;
    Hold held = Hold::no;  ///< <hold/> of the writer is in force
    std::span<const Senders> limits{};  ///< what the other side lets flow, per m-line; absent: both
    TransportKind transport = TransportKind::ice_udp;
    Notes* notes = nullptr;
};

/// The requests that say `changes`, in the order in which they are to be sent, the next after the result of
/// the one before: hold or unhold; contents that go; contents that come, one a stanza with the whole group
/// and setup='actpass'; description-info; directions, one content a stanza; an ICE restart as credentials
/// only, with one content for all that are bundled with it; then its candidates.
/// Errc::unsupported when no m-line is left, or for Association::refuse.
[[nodiscard]] base::Result<std::vector<Step>> plan(const sdp::Description& agreed,
                                                   const sdp::Description& next, const Changes& changes,
                                                   const PlanFor& how, base::Arena& arena);

/// Something the other side asked for that needs an answer.
struct Asked {
    std::size_t index = 0;  ///< of its m-line
    std::size_t request = 0;  ///< contents with the same number stood in one content-add
    Senders offered = Senders::both;
    Expects expects = Expects::content_answer;
};

/// The answers to what was asked, out of the SDP answer to the offer that it became: content-accept for the
/// accepted and content-reject for the others, both with senders as offered (Conversations compares), then
/// content-modify where the answer is narrower; for a restart, credentials with the candidates that are
/// there, and with Association::restart the fingerprints.
[[nodiscard]] base::Result<std::vector<Step>> plan_answer(const sdp::Description& offer,
                                                          const sdp::Description& answer,
                                                          std::span<const Asked> asked, const PlanFor& how,
                                                          base::Arena& arena);

}  // namespace jingle
