#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "component/web/resume_token.hpp"
#include "component/web/session.hpp"
#include "component/web/session_context.hpp"
#include "roster/directory.hpp"
#include "roster/rate_limiter.hpp"

// A connection:
//
//   state      | event                        | then
//   -----------+------------------------------+-----------------------------------------------------------
//   fresh      | session.hello, resume        | bound, or 1001 and 4401
//   fresh      | session.hello, otherwise     | checking
//   fresh      | any other frame              | 1007 and 4400; what cannot be read 4400
//   fresh      | 5 s pass                     | 4408
//   checking   | credentials are good         | bound
//   checking   | credentials are not          | 1001 and 4401, or 1005 and 4429
//   checking   | any frame                    | 1007
//   checking   | 120 s pass                   | 4401
//   bound      | a frame                      | handled by its session
//   bound      | session.bye                  | the session ends, 1000
//   bound      | another one resumes          | goaway replaced, 4409
//   any        | gone                         | its session waits for 60 s

namespace component::web {

/// Where a connection comes from.
struct Peer {
    std::string address;  ///< a name for limits: the IPv4 address, or the first 64 bits of an IPv6 one
    std::optional<std::string> origin;  ///< checked already; absent: no browser
};

/// Every page there is: who is connected, who may come back, and which of them ring for a user.
class Sessions final : public roster::DeviceSource {
public:
    Sessions(std::string domain, SessionLimits limits, SessionPorts ports);
    Sessions(const Sessions&) = delete;
    Sessions& operator=(const Sessions&) = delete;
    ~Sessions() override;

    void opened(ConnectionId connection, Peer peer);
    void received(ConnectionId connection, std::string_view frame);
    void closed(ConnectionId connection);
    /// Everything that depends on time; once a second is enough.
    void tick();

    /// Something for a page; false when there is no such page any more.
    bool hears(const xmpp::Jid& page, const PageCallRef& call, const jingle::call::PageHears& what);
    void ice_ready(const xmpp::Jid& page, const IceConfig& ice);
    /// What may be known of `who` has changed.
    void presence_changed(const xmpp::Jid& who);
    /// Tells every page to come back after `spread` at most, not all at once, and closes every connection
    /// with 1012. The sessions stay as they are: their pages resume with whom comes next.
    void restart(std::chrono::milliseconds spread);

    /// What the pages of an address of ours that is no contact address call themselves, plain; nothing while
    /// they are not of one mind.
    [[nodiscard]] std::optional<std::string> name_at(const xmpp::Jid& own) const;
    void append_devices(const xmpp::Jid& user, std::vector<roster::Device>& all) const override;

    [[nodiscard]] const WebCounters& counters() const noexcept { return context_.counters; }
    [[nodiscard]] std::size_t size() const noexcept { return sessions_.size(); }
    [[nodiscard]] std::size_t connections() const noexcept { return connections_.size(); }

private:
    struct Connection {
        enum class State : std::uint8_t { fresh, checking, bound };
        Peer peer;
        State state = State::fresh;
        SteadyTime deadline = {};
        std::uint32_t bad_frames = 0;
        Session* session = nullptr;  ///< with bound
    };
    /// A session that has ended: its tokens of before `oldest_good` stay spent.
    struct Retired {
        std::uint32_t oldest_good;
        SteadyTime until;
    };

    // sessions.cpp: frames
    void received_fresh(ConnectionId id, Connection& connection, std::string_view text);
    void received_bound(ConnectionId id, Connection& connection, std::string_view text);
    void bad_frame(ConnectionId id, Connection& connection, const FrameError& error);

    // sessions_hello.cpp: who a page is, and whether it was here before
    void hello(ConnectionId id, Connection& connection, const RequestId& request, Hello hello);
    void resume(ConnectionId id, Connection& connection, const RequestId& request, const Hello& hello);
    void checked(ConnectionId id, const RequestId& request, Credentials::Type type,
                 const Authenticator::Checked& result, PageMedia media);
    [[nodiscard]] bool is_spent(const ResumeToken& token, const Now& now) const;
    void fail_hello(ConnectionId id, const std::optional<RequestId>& request, const RequestError& error,
                    CloseCode code);
    void fail_auth(ConnectionId id, Connection& connection, const std::optional<RequestId>& request,
                   const AuthFailure& failure);
    void bind(ConnectionId id, Connection& connection, Session& session, const RequestId& request,
              std::optional<std::uint64_t> last_seq);
    void unbind(Session& session, GoAwayReason reason, CloseCode code);

    // sessions.cpp: session.refresh, and the set
    void refresh(Session& session, const std::string& peer, const std::optional<RequestId>& id,
                 const Refresh& refresh);
    void refreshed(const std::string& address, const std::optional<RequestId>& id,
                   const Authenticator::Checked& result);

    [[nodiscard]] Session* make_session(std::string id, std::uint32_t generation, const Identity& identity,
                                        std::optional<std::string> origin);
    /// The address of a page: USER@domain/web-ID or LINK@domain/guest-ID. Empty for a name that is none.
    [[nodiscard]] std::optional<xmpp::Jid> address_of(const Identity& identity, std::string_view id) const;
    [[nodiscard]] bool is_full(const Identity& identity) const;
    void end(Session& session, std::uint32_t oldest_good);
    void forget_user(const std::string& user, const Session& session);
    [[nodiscard]] Session* find(const xmpp::Jid& page) const;

    SessionContext context_;
    std::unordered_map<ConnectionId, Connection> connections_;
    std::unordered_map<std::string, std::unique_ptr<Session>> sessions_;  ///< by full address
    /// By bare address and, for users that have one, by their own.
    std::unordered_multimap<std::string, Session*> by_user_;
    std::unordered_map<std::string, Retired> retired_;  ///< by id of the session
    roster::RateLimiter hellos_;
    roster::RateLimiter failures_;
    /// What is under way may come back after we are gone.
    std::shared_ptr<Sessions*> alive_;
};

}  // namespace component::web
