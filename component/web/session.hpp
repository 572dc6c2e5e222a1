#pragma once

#include <map>
#include <optional>
#include <string>

#include "component/web/events.hpp"
#include "component/web/outbox.hpp"
#include "component/web/session_context.hpp"

namespace component::web {

/// One page that has said who it is. It outlives its connections: while there is none, what it hears is kept.
class Session {
public:
    Session(SessionContext& context, std::string id, std::uint32_t generation, xmpp::Jid address,
            Identity identity, std::optional<std::string> origin);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    /// Takes a connection and answers session.hello on it. With `last_seq` what came after it follows, if all
    /// of it is still there.
    void attach(ConnectionId connection, const RequestId& hello, std::optional<std::uint64_t> last_seq);
    /// The connection is gone, or belongs to somebody else now.
    void detach();

    /// A frame of the page other than session.hello, .refresh and .bye.
    void handle(const Frame& frame);
    /// To be called for each frame first: the acknowledgement, and whether there are too many frames.
    enum class Admission : std::uint8_t { yes, no, never };
    [[nodiscard]] Admission admit(const std::optional<std::uint64_t>& ack,
                                  const std::optional<RequestId>& id);
    void answer(const std::optional<RequestId>& id, std::string_view result);
    void refuse(const std::optional<RequestId>& id, const RequestError& error);

    void hears(const PageCallRef& call, const jingle::call::PageHears& what);
    void take_ice(const IceConfig& ice);
    /// What may be known of `who`, whom it watches, may have changed.
    void presence_changed(const xmpp::Jid& who);
    /// About the connection, not the session: not kept.
    void goaway(GoAwayReason reason, std::chrono::milliseconds after);
    /// Renews TURN credentials and the resume token when it is time.
    void renew();
    /// A newer JWT of the same user; the resume token follows.
    void refreshed(const Identity& identity);

    /// Whether a resume token of this generation is good.
    [[nodiscard]] bool takes(std::uint32_t generation) const noexcept
    {
        return generation >= oldest_good_ && generation <= newest_;
    }
    [[nodiscard]] std::uint32_t oldest_good() const noexcept { return oldest_good_; }
    [[nodiscard]] bool has_lapsed(SteadyTime now) const;
    /// The token has run out and no call is left.
    [[nodiscard]] bool has_expired(const Now& now) const;

    [[nodiscard]] const std::string& id() const noexcept { return id_; }
    [[nodiscard]] const xmpp::Jid& address() const noexcept { return address_; }
    [[nodiscard]] const Identity& identity() const noexcept { return identity_; }
    [[nodiscard]] std::optional<ConnectionId> connection() const noexcept { return connection_; }

private:
    struct Handler;

    void push(std::string_view frame);
    [[nodiscard]] std::string new_token();
    [[nodiscard]] HelloResult describe(bool resumed);
    [[nodiscard]] std::optional<IceConfig> ask_ice();
    void watch(const std::string& who, const Callability& now);
    void unwatch(const std::string& who);
    void note_ice(const IceConfig& ice);
    [[nodiscard]] std::optional<RequestError> complete(const std::string& call_id,
                                                       jingle::call::PageInvite& invite) const;

    SessionContext& context_;
    std::string id_;
    xmpp::Jid address_;
    Identity identity_;
    std::optional<std::string> origin_;
    std::optional<ConnectionId> connection_;
    SteadyTime detached_;
    Outbox outbox_;

    std::uint32_t newest_;  ///< generation of the newest resume token
    std::uint32_t oldest_good_;  ///< older ones are spent
    std::optional<std::uint64_t> token_seq_;  ///< the page has the newest one once it acknowledges this
    SteadyTime renew_token_;

    IceConfig ice_;
    std::optional<SteadyTime> renew_ice_;
    SteadyTime ice_noted_;

    double frame_tokens_;
    SteadyTime frames_counted_;
    std::uint32_t refused_frames_ = 0;
    std::map<std::string, Callability, std::less<>> watched_;  ///< and what was told last
};

}  // namespace component::web
