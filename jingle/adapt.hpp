#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/arena.hpp"
#include "base/list.hpp"
#include "jingle/leg_contents.hpp"
#include "jingle/profile.hpp"
#include "jingle/session.hpp"
#include "xmpp/stanza_error.hpp"

namespace jingle {

/// One thing that was changed or left out for a client: because of what, in which content (empty: in the
/// session), and what, in words of the XML. Lives as long as the arena.
struct Adjustment {
    Trait trait;
    std::string_view content;
    std::string_view what;

    friend bool operator==(const Adjustment&, const Adjustment&) = default;
};
using Adjustments = base::List<Adjustment>;

/// Whether the endpoint behind can open a transport for each content (RTCPeerConnection with bundlePolicy
/// balanced, most XMPP clients) or has one for all (max-bundle).
enum class FarTransports : std::uint8_t { one_per_content, one };

/// Part a transport-info with new credentials plays in an ICE restart.
enum class Restart : std::uint8_t { none, offer, answer };

/// Whether a content-add of ours (the far side's) to that client waits for its answer.
enum class OwnContentAdd : std::uint8_t { none, open };

/// What adapting a request needs to know about the leg it goes to.
struct Outgoing {
    Role own_role = Role::initiator;  ///< Carillon's role in the session with that client
    FarTransports far_transports = FarTransports::one_per_content;
    Restart restart = Restart::none;
    OwnContentAdd own_content_add = OwnContentAdd::none;
    LegContents* contents
        = nullptr;  ///< memory of the leg, see needs_memory(); null: the request alone counts
    Adjustments* adjustments = nullptr;  ///< filled when somebody wants to know
};

/// False when adapt() and normalise() do the same for that client without a memory: most calls need none.
[[nodiscard]] bool needs_memory(const Profile& profile) noexcept;

enum class Verdict : std::uint8_t {
    as_is,
    changed,
    split,  ///< into Adapted::requests, to be sent one after the other
    absorbed,  ///< nothing is to be sent; the request counts as done
    refused,  ///< cannot be said to this client
};

struct Adapted {
    Verdict verdict = Verdict::as_is;
    base::List<const Jingle*> requests;  ///< only with Verdict::split
    std::optional<xmpp::StanzaError> error;  ///< only with Verdict::refused: the answer to who asked
    Condition reason = Condition::success;  ///< only with Verdict::refused: why, should the session end by it
    std::string_view words;  ///< only with refused and absorbed: for record and log
};

/// Rewrites `jingle`, which is about to go to a client of that profile, in place. Idempotent, but for the
/// mirrored senders of Trait::senders_by_initiator. Apply the candidate policy first.
[[nodiscard]] Adapted adapt(const Profile& profile, Jingle& jingle, const Outgoing& leg, base::Arena& arena);

/// What reading a request needs to know about the leg it came from.
struct Incoming {
    Role peer_role = Role::initiator;
    bool active = false;  ///< the session has been accepted
    LegContents* contents = nullptr;
    Adjustments* adjustments = nullptr;
};

/// Mends what the client is known to get wrong, in place, so that behind it everything means what the XEPs
/// say. Names and creators are those of the far side again. True when something was changed.
bool normalise(const Profile& profile, Jingle& jingle, const Incoming& leg, base::Arena& arena);

}  // namespace jingle
