// session.hello: who a page is, and whether it was here before.

#include <limits>

#include "component/web/sessions.hpp"

namespace component::web {
namespace {

/// Of a session that another process had: its frames are gone.
constexpr std::uint64_t seq_of_before = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t retry_after = 60;  // seconds: the buckets count by the minute

Credentials::Type credentials_type(Hello::Auth auth)
{
    switch (auth) {
    case Hello::Auth::guest: return Credentials::Type::guest;
    case Hello::Auth::xmpp: return Credentials::Type::xmpp;
    case Hello::Auth::jwt:
    case Hello::Auth::resume: return Credentials::Type::jwt;
    }
    return Credentials::Type::jwt;
}

}  // namespace

void Sessions::fail_hello(ConnectionId id, const std::optional<RequestId>& request, const RequestError& error,
                          CloseCode code)
{
    if (error.code == ErrorCode::rate_limited)
        ++context_.counters.rate_limited;
    context_.ports.wire.send(id, with_seq(0, error_frame(request, error)));
    context_.ports.wire.close(id, code);
    closed(id);
}

void Sessions::fail_auth(ConnectionId id, Connection& connection, const std::optional<RequestId>& request,
                         const AuthFailure& failure)
{
    const auto now = context_.ports.clock().steady;
    if (!failures_.take(connection.peer.address, now) || failure.why == AuthFailure::Why::rate_limited)
        return fail_hello(id, request, { .code = ErrorCode::rate_limited, .retry_after = retry_after },
                          CloseCode::rate);
    fail_hello(id, request, { .code = ErrorCode::unauthorized, .detail = failure.detail },
               CloseCode::unauthorized);
}

void Sessions::hello(ConnectionId id, Connection& connection, const RequestId& request, Hello hello)
{
    const auto now = context_.ports.clock();
    const auto type = credentials_type(hello.auth);
    if (!hellos_.take(connection.peer.address, now.steady))
        return fail_hello(id, request, { .code = ErrorCode::rate_limited, .retry_after = retry_after },
                          CloseCode::rate);
    if (type == Credentials::Type::xmpp && !connection.peer.origin)
        return fail_auth(id, connection, request, { .detail = "without an origin, a token is wanted" });
    connection.state = Connection::State::checking;
    connection.deadline = now.steady + context_.limits.checking;
    const Credentials credentials{ .type = type,
                                   .token = std::move(hello.token),
                                   .jid = std::move(hello.jid),
                                   .code = std::move(hello.code),
                                   .guest_name = std::move(hello.guest_name),
                                   .origin = connection.peer.origin,
                                   .address = connection.peer.address };
    auto done = [alive = alive_, id, request, type, media = hello.media](Authenticator::Checked result) {
        if (*alive != nullptr)
            (*alive)->checked(id, request, type, result, media);
    };
    context_.ports.authenticator.check(credentials, now.wall, std::move(done));
}

void Sessions::checked(ConnectionId id, const RequestId& request, Credentials::Type type,
                       const Authenticator::Checked& result, PageMedia media)
{
    const auto found = connections_.find(id);
    if (found == connections_.end() || found->second.state != Connection::State::checking)
        return;  // The page did not wait.
    auto& connection = found->second;
    auto& failures = context_.counters.auth_failures.at(static_cast<std::size_t>(type));
    failures += result ? 0 : 1;
    if (!result)
        return fail_auth(id, connection, request, result.error());
    auto identity = *result;
    identity.media.audio &= media.audio;
    identity.media.video &= media.video;
    if (is_full(identity))
        return fail_hello(id, request, { .code = ErrorCode::rate_limited, .retry_after = retry_after },
                          CloseCode::rate);
    auto* session = make_session(context_.ports.random_id(), 0, identity, connection.peer.origin);
    if (session == nullptr)
        return fail_auth(id, connection, request, { .detail = "this name cannot be an address" });
    bind(id, connection, *session, request, std::nullopt);
}

bool Sessions::is_spent(const ResumeToken& token, const Now& now) const
{
    const auto retired = retired_.find(token.session);
    return now.wall - token.issued >= context_.limits.resume_token
        || (token.identity.expires && now.wall >= *token.identity.expires)
        || (retired != retired_.end() && token.generation < retired->second.oldest_good);
}

void Sessions::resume(ConnectionId id, Connection& connection, const RequestId& request, const Hello& hello)
{
    const auto now = context_.ports.clock();
    const auto text = context_.ports.authenticator.unseal(hello.token);
    const auto token = text ? ResumeToken::parse(*text) : std::nullopt;
    const auto address = token ? address_of(token->identity, token->session) : std::optional<xmpp::Jid>{};
    auto* session = address ? find(*address) : nullptr;
    const auto good = address && token->origin == connection.peer.origin
        && context_.ports.authenticator.still_good(token->identity, now.wall)
        && (session != nullptr ? session->takes(token->generation) && !session->has_expired(now)
                               : !is_spent(*token, now) && !is_full(token->identity));
    if (!good) {
        ++context_.counters.resume_refused;
        return fail_auth(id, connection, request, { .detail = "this session cannot be resumed" });
    }
    if (session == nullptr) {
        ++context_.counters.restarted;
        session = make_session(token->session, token->generation, token->identity, token->origin);
        const bool was_loaded_again = !hello.last_seq;
        return bind(id, connection, *session, request,
                    was_loaded_again ? std::nullopt : std::optional{ seq_of_before });
    }
    if (session->connection())
        ++context_.counters.replaced;
    unbind(*session, GoAwayReason::replaced, CloseCode::replaced);
    ++context_.counters.resumed;
    bind(id, connection, *session, request, hello.last_seq);
}

void Sessions::bind(ConnectionId id, Connection& connection, Session& session, const RequestId& request,
                    std::optional<std::uint64_t> last_seq)
{
    connection.state = Connection::State::bound;
    connection.session = &session;
    session.attach(id, request, last_seq);
}

void Sessions::unbind(Session& session, GoAwayReason reason, CloseCode code)
{
    const auto connection = session.connection();
    if (!connection)
        return;
    session.goaway(reason, std::chrono::milliseconds{ 0 });
    context_.ports.wire.close(*connection, code);
    connections_.erase(*connection);
    session.detach();
}

}  // namespace component::web
