#include "component/web/sessions.hpp"

#include <algorithm>
#include <limits>

#include "jingle/call/nick.hpp"
#include "roster/contact.hpp"

namespace component::web {
namespace {

constexpr std::size_t max_retired = 10'000;
constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();

bool is_same_user(const Identity& a, const Identity& b)
{
    return a.kind == b.kind && a.user == b.user && a.name == b.name;
}

}  // namespace

Sessions::Sessions(std::string domain, SessionLimits limits, SessionPorts ports)
    : context_{ .domain = std::move(domain), .limits = limits, .ports = std::move(ports), .counters = {} }
    , hellos_{ limits.hellos_per_minute }
    , failures_{ limits.failures_per_minute }
    , alive_{ std::make_shared<Sessions*>(this) }
{
}

Sessions::~Sessions()
{
    *alive_ = nullptr;
}

// Connections

void Sessions::opened(ConnectionId connection, Peer peer)
{
    ++context_.counters.connections;
    const auto deadline = context_.ports.clock().steady + context_.limits.hello;
    connections_.emplace(connection, Connection{ .peer = std::move(peer), .deadline = deadline });
}

void Sessions::closed(ConnectionId connection)
{
    const auto found = connections_.find(connection);
    if (found == connections_.end())
        return;
    if (auto* session = found->second.session)
        session->detach();
    connections_.erase(found);
}

void Sessions::received(ConnectionId id, std::string_view frame)
{
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;  // It was told to close, and has not yet.
    ++context_.counters.frames_in;
    if (found->second.state == Connection::State::bound)
        received_bound(id, found->second, frame);
    else
        received_fresh(id, found->second, frame);
}

void Sessions::received_fresh(ConnectionId id, Connection& connection, std::string_view text)
{
    auto frame = parse_frame(text);
    if (!frame) {
        ++context_.counters.bad_frames;
        return fail_hello(id, frame.error().id, frame.error().error, CloseCode::unreadable);
    }
    auto* wanted = std::get_if<Hello>(&frame->request);
    const RequestError not_now{ .code = ErrorCode::wrong_state, .detail = "session.hello comes first" };
    if (connection.state == Connection::State::checking
        && ++connection.bad_frames < context_.limits.bad_frames)
        context_.ports.wire.send(id, with_seq(0, error_frame(frame->id, not_now)));
    else if (connection.state == Connection::State::checking || wanted == nullptr || !frame->id)
        fail_hello(id, frame->id, not_now, CloseCode::unreadable);
    else if (wanted->auth == Hello::Auth::resume)
        resume(id, connection, *frame->id, *wanted);
    else
        hello(id, connection, *frame->id, std::move(*wanted));
}

void Sessions::received_bound(ConnectionId id, Connection& connection, std::string_view text)
{
    auto& session = *connection.session;
    const auto frame = parse_frame(text);
    const auto& ack = frame ? frame->ack : frame.error().ack;
    const auto& request = frame ? frame->id : frame.error().id;
    switch (session.admit(ack, request)) {
    case Session::Admission::yes: break;
    case Session::Admission::no: return;
    case Session::Admission::never: context_.ports.wire.close(id, CloseCode::rate); return closed(id);
    }
    if (!frame)
        return bad_frame(id, connection, frame.error());
    if (const auto* wanted = std::get_if<Refresh>(&frame->request))
        return refresh(session, connection.peer.address, frame->id, *wanted);
    if (!std::holds_alternative<Bye>(frame->request))
        return session.handle(*frame);
    session.answer(frame->id, "{}");
    context_.ports.wire.close(id, CloseCode::normal);
    connections_.erase(id);
    end(session, never);
}

void Sessions::bad_frame(ConnectionId id, Connection& connection, const FrameError& error)
{
    ++context_.counters.bad_frames;
    auto& session = *connection.session;
    if (error.answered && !error.id)
        context_.ports.wire.send(id, with_seq(0, error_frame(std::nullopt, error.error)));
    else
        session.refuse(error.id, error.error);
    if (error.error.code != ErrorCode::parse_error && error.error.code != ErrorCode::invalid_request)
        return;
    if (++connection.bad_frames < context_.limits.bad_frames)
        return;
    context_.ports.wire.close(id, CloseCode::unreadable);
    closed(id);
}

// session.refresh

void Sessions::refresh(Session& session, const std::string& peer, const std::optional<RequestId>& id,
                       const Refresh& refresh)
{
    const Credentials credentials{ .token = refresh.token, .address = peer };
    auto done = [alive = alive_, address = session.address().full(), id](Authenticator::Checked result) {
        if (*alive != nullptr)
            (*alive)->refreshed(address, id, result);
    };
    context_.ports.authenticator.check(credentials, context_.ports.clock().wall, std::move(done));
}

void Sessions::refreshed(const std::string& address, const std::optional<RequestId>& id,
                         const Authenticator::Checked& result)
{
    const auto found = sessions_.find(address);
    if (found == sessions_.end())
        return;
    auto& session = *found->second;
    if (!result || !is_same_user(*result, session.identity())) {
        ++context_.counters.auth_failures.at(static_cast<std::size_t>(Credentials::Type::jwt));
        const auto detail = result ? std::string{ "this token is somebody else's" } : result.error().detail;
        return session.refuse(id, { .code = ErrorCode::unauthorized, .detail = detail });
    }
    session.refreshed(*result);
    const auto left
        = result->expires ? *result->expires - context_.ports.clock().wall : std::chrono::milliseconds{ 0 };
    session.answer(id, expires_result(std::chrono::floor<std::chrono::seconds>(left)));
}

// The set

std::optional<xmpp::Jid> Sessions::address_of(const Identity& identity, std::string_view id) const
{
    const auto guest = identity.kind == Identity::Kind::guest;
    const auto resource = std::string{ guest ? "guest-" : "web-" }.append(id);
    if (identity.user) {
        const auto contact = roster::contact_address(*identity.user, context_.domain);
        return contact ? contact->with_resource(resource) : std::nullopt;
    }
    if (identity.name.empty() || identity.name.find_first_of("@/") != std::string::npos)
        return std::nullopt;
    const auto bare = xmpp::Jid::parse(std::string{ identity.name }.append("@").append(context_.domain));
    return bare ? bare->with_resource(resource) : std::nullopt;
}

bool Sessions::is_full(const Identity& identity) const
{
    const auto address = address_of(identity, "x");
    const auto most
        = identity.kind == Identity::Kind::guest ? context_.limits.per_link : context_.limits.per_user;
    return address && by_user_.count(std::string{ address->bare() }) >= most;
}

Session* Sessions::make_session(std::string id, std::uint32_t generation, const Identity& identity,
                                std::optional<std::string> origin)
{
    auto address = address_of(identity, id);
    if (!address)
        return nullptr;
    ++context_.counters.sessions;
    auto made = std::make_unique<Session>(context_, std::move(id), generation, *address, identity,
                                          std::move(origin));
    auto* session = made.get();
    by_user_.emplace(std::string{ address->bare() }, session);
    if (identity.user)
        by_user_.emplace(identity.user->full(), session);
    sessions_.insert_or_assign(address->full(), std::move(made));
    presence_changed(identity.user.value_or(address->to_bare()));
    return session;
}

void Sessions::forget_user(const std::string& user, const Session& session)
{
    const auto [first, last] = by_user_.equal_range(user);
    for (auto entry = first; entry != last; ++entry)
        if (entry->second == &session) {
            by_user_.erase(entry);
            return;
        }
}

/// The calls may speak to the page while they end: it goes last.
void Sessions::end(Session& session, std::uint32_t oldest_good)
{
    context_.ports.calls.left(session.address());
    if (retired_.size() >= max_retired)
        retired_.erase(retired_.begin());
    const auto until = context_.ports.clock().steady + context_.limits.resume_token;
    retired_.insert_or_assign(session.id(), Retired{ oldest_good, until });
    forget_user(std::string{ session.address().bare() }, session);
    if (session.identity().user)
        forget_user(session.identity().user->full(), session);
    const auto user = session.identity().user.value_or(session.address().to_bare());
    sessions_.erase(session.address().full());
    presence_changed(user);
}

Session* Sessions::find(const xmpp::Jid& page) const
{
    const auto found = sessions_.find(page.full());
    return found == sessions_.end() ? nullptr : found->second.get();
}

void Sessions::tick()
{
    const auto now = context_.ports.clock();
    std::vector<ConnectionId> late;
    for (const auto& [id, connection] : connections_)
        if (connection.state != Connection::State::bound && now.steady >= connection.deadline)
            late.push_back(id);
    for (const auto id : late) {
        const auto fresh = connections_.at(id).state == Connection::State::fresh;
        context_.counters.hello_timeouts += fresh ? 1 : 0;
        context_.ports.wire.close(id, fresh ? CloseCode::hello_timeout : CloseCode::unauthorized);
        closed(id);
    }

    std::vector<Session*> over;
    for (const auto& [address, session] : sessions_) {
        if (session->has_lapsed(now.steady) || session->has_expired(now))
            over.push_back(session.get());
        else
            session->renew();
    }
    for (auto* session : over) {
        context_.counters.lapsed += session->connection() ? 0 : 1;
        unbind(*session, GoAwayReason::expired, CloseCode::unauthorized);
        end(*session, session->oldest_good());
    }
    std::erase_if(retired_, [&](const auto& entry) { return now.steady >= entry.second.until; });
}

bool Sessions::hears(const xmpp::Jid& page, const PageCallRef& call, const jingle::call::PageHears& what)
{
    auto* session = find(page);
    if (session != nullptr)
        session->hears(call, what);
    return session != nullptr;
}

void Sessions::ice_ready(const xmpp::Jid& page, const IceConfig& ice)
{
    if (auto* session = find(page))
        session->take_ice(ice);
}

void Sessions::presence_changed(const xmpp::Jid& who)
{
    const auto bare = who.to_bare();
    const auto [first, last] = context_.watchers.equal_range(bare.full());
    for (auto at = first; at != last; ++at)
        at->second->presence_changed(bare);
}

void Sessions::restart(std::chrono::milliseconds spread)
{
    const auto count = static_cast<std::int64_t>(std::max<std::size_t>(sessions_.size(), 1));
    std::int64_t place = 0;
    for (const auto& [address, session] : sessions_)
        session->goaway(GoAwayReason::drain, spread * place++ / count);
    for (const auto& [id, connection] : connections_)
        context_.ports.wire.close(id, CloseCode::restart);
    for (const auto& [address, session] : sessions_)
        session->detach();
    connections_.clear();
}

std::optional<std::string> Sessions::name_at(const xmpp::Jid& own) const
{
    std::string name;
    if (roster::contact_of(own))
        return std::nullopt;
    const auto [first, last] = by_user_.equal_range(std::string{ own.bare() });
    for (auto entry = first; entry != last; ++entry) {
        auto said = jingle::call::plain_nick(entry->second->identity().display_name);
        if (said.empty() || (!name.empty() && said != name))
            return std::nullopt;
        name = std::move(said);
    }
    return name.empty() ? std::nullopt : std::optional{ std::move(name) };
}

void Sessions::append_devices(const xmpp::Jid& user, std::vector<roster::Device>& all) const
{
    const auto [first, last] = by_user_.equal_range(std::string{ user.bare() });
    for (auto entry = first; entry != last; ++entry)
        if (entry->second->identity().kind == Identity::Kind::user)
            all.push_back(
                { .address = entry->second->address(), .rings = roster::Rings::by_message, .profile = {} });
}

}  // namespace component::web
