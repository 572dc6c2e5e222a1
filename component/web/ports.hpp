#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "jingle/call/page.hpp"
#include "roster/rows.hpp"
#include "xmpp/jid.hpp"

// What the web's side asks of the rest: who somebody is, his calls, TURN, presence. Values go both ways and
// own what they hold, so that either side may one day live on a thread of its own.

namespace component::web {

using jingle::call::PageMedia;
using roster::WallTime;

/// A call, and the device of it that speaks or is spoken to; the party is empty where the call as a whole is
/// meant.
struct PageCallRef {
    std::string call_id;
    std::string party_id;

    friend bool operator==(const PageCallRef&, const PageCallRef&) = default;
};

/// A call that is not over, for session.hello.
struct LiveCall {
    enum class Direction : std::uint8_t { incoming, outgoing };
    enum class State : std::uint8_t { ringing, connecting, active };

    PageCallRef call;
    Direction direction = Direction::incoming;  ///< seen from the page
    State state = State::ringing;
    std::string address;  ///< of the other side, as the user knows it
    std::string display_name;
    PageMedia media;

    friend bool operator==(const LiveCall&, const LiveCall&) = default;
};

enum class CandidateType : std::uint8_t { host, srflx, prflx, relay };

/// What a page reports about its media.
struct PageStats {
    CandidateType local = CandidateType::host;
    CandidateType remote = CandidateType::host;
    std::optional<std::uint32_t> rtt_ms;
    std::optional<double> loss;  ///< 0 to 1

    friend bool operator==(const PageStats&, const PageStats&) = default;
};

/// The calls, as pages see them. `page` is always the full address of a session of ours.
class PagePort {
public:
    virtual ~PagePort() = default;
    /// What a page says about a call. PageInvite comes with the address to call and the page's own name.
    [[nodiscard]] virtual tl::expected<void, jingle::call::PageError>
    says(const xmpp::Jid& page, const PageCallRef& call, const jingle::call::PageSays& what) = 0;
    virtual void reports(const xmpp::Jid& page, const PageCallRef& call, const PageStats& stats) = 0;
    [[nodiscard]] virtual std::vector<LiveCall> calls_of(const xmpp::Jid& page) const = 0;
    /// The page was loaded anew: the peer connections of its calls are gone with the old one.
    virtual void reloaded(const xmpp::Jid& page) = 0;
    /// The page is back with its peer connections, and what it was told meanwhile is lost.
    virtual void missed(const xmpp::Jid& page) = 0;
    /// The page is gone for good: its calls end.
    virtual void left(const xmpp::Jid& page) = 0;
};

/// Who a page is, once that has been checked.
struct Identity {
    enum class Kind : std::uint8_t { user, guest };

    Kind kind = Kind::user;
    std::optional<xmpp::Jid> user;  ///< bare, of a served domain; else `name` counts
    std::string name;  ///< a user's without @, or the link's: the local part of the address
    std::string display_name;
    std::string callee;  ///< a guest's: whom the link calls
    std::string callee_name;  ///< what the guest is shown instead
    /// Patterns of addresses (roster::Pattern): empty lets him call nobody. Absent: the policy alone decides.
    std::optional<std::vector<std::string>> may_call;
    PageMedia media{ .audio = true, .video = true };  ///< that it may use
    std::uint32_t max_calls = 4;
    std::optional<WallTime> expires;

    friend bool operator==(const Identity&, const Identity&) = default;
};

/// What a page shows to prove who it is.
struct Credentials {
    enum class Type : std::uint8_t { jwt, guest, xmpp };

    Type type = Type::jwt;
    std::string token = {};  ///< jwt, guest
    std::string jid = {};  ///< xmpp
    std::string code = {};  ///< xmpp: what the page shows, to be compared; empty: nothing
    std::string guest_name = {};  ///< how the guest calls himself; empty: not said
    std::optional<std::string> origin = {};  ///< of the page; absent: no browser
    std::string address = {};  ///< the client's, for the log and for limits
};

/// Why not. `detail` is told to the page ("this link was used before").
struct AuthFailure {
    enum class Why : std::uint8_t { unauthorized, rate_limited };
    Why why = Why::unauthorized;
    std::string detail = {};
};

/// Checks credentials. `done` is called once, at once or later, on the same thread.
class Authenticator {
public:
    using Checked = tl::expected<Identity, AuthFailure>;
    using Done = std::function<void(Checked)>;

    virtual ~Authenticator() = default;
    virtual void check(const Credentials& credentials, WallTime now, Done done) = 0;
    /// Whether a page that was let in may come back: its link may have been revoked since.
    [[nodiscard]] virtual bool still_good(const Identity& identity, WallTime now) const = 0;
    /// Encrypts and authenticates with the instance's secret; the text fits in JSON and URLs.
    [[nodiscard]] virtual std::string seal(std::string_view text) const = 0;
    /// The way back; empty when it was not sealed here.
    [[nodiscard]] virtual std::optional<std::string> unseal(std::string_view sealed) const = 0;
};

/// RTCIceServer.
struct IceServer {
    std::vector<std::string> urls;
    std::string username;  ///< empty: none
    std::string credential;

    friend bool operator==(const IceServer&, const IceServer&) = default;
};
struct IceConfig {
    std::vector<IceServer> servers;
    std::optional<std::chrono::seconds> lifetime;  ///< absent: for ever
    /// Until they should be asked for anew; absent: half of `lifetime`.
    std::optional<std::chrono::seconds> renew_in = {};

    friend bool operator==(const IceConfig&, const IceConfig&) = default;
};

class IceServers {
public:
    virtual ~IceServers() = default;
    /// Fresh credentials for a page. Empty when they have to be asked for: then Sessions::ice_ready() brings
    /// them.
    [[nodiscard]] virtual std::optional<IceConfig> servers_for(const xmpp::Jid& page, WallTime now) = 0;
};

/// What a page may know about somebody it could call.
struct Callability {
    enum class Show : std::uint8_t { available, away, chat, dnd, xa };

    bool callable = false;
    bool known = false;  ///< he lets it be seen whether he is there; else `callable` says: try
    PageMedia media;
    Show show = Show::available;

    friend bool operator==(const Callability&, const Callability&) = default;
};

/// What `page` may know of `who`; somebody it may not ask about cannot be called. Without one, presence is no
/// feature.
using PresenceLookup = std::function<Callability(const xmpp::Jid& page, const xmpp::Jid& who)>;

}  // namespace component::web
