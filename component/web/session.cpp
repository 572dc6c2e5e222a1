#include "component/web/session.hpp"

#include <algorithm>

#include "component/web/resume_token.hpp"
#include "roster/contact.hpp"
#include "roster/pattern.hpp"

namespace component::web {
namespace {

using namespace jingle::call;

constexpr std::string_view nothing = "{}";
/// A source that gives credentials about to run out is not asked again at once.
constexpr std::chrono::seconds soonest_renewal{ 10 };

/// Whether the token lets its user call `callee`, by whichever of his addresses.
bool may_call(const Identity& identity, const xmpp::Jid& callee, std::string_view domain)
{
    if (!identity.may_call)
        return true;
    const auto contact = callee.domain() == domain ? roster::contact_of(callee) : std::nullopt;
    return std::ranges::any_of(*identity.may_call, [&](const auto& text) {
        const auto pattern = roster::Pattern::parse(text);
        return pattern && pattern->matches(contact ? contact->user : callee);
    });
}

std::chrono::seconds until(WallTime then, WallTime now)
{
    return std::max(std::chrono::floor<std::chrono::seconds>(then - now), std::chrono::seconds{ 0 });
}

}  // namespace

Session::Session(SessionContext& context, std::string id, std::uint32_t generation, xmpp::Jid address,
                 Identity identity, std::optional<std::string> origin)
    : context_{ context }
    , id_{ std::move(id) }
    , address_{ std::move(address) }
    , identity_{ std::move(identity) }
    , origin_{ std::move(origin) }
    , newest_{ generation }
    , oldest_good_{ generation }
    , frame_tokens_{ context.limits.frame_burst }
{
    const auto now = context_.ports.clock().steady;
    detached_ = now;
    ice_noted_ = now;
    frames_counted_ = now;
}

Session::~Session()
{
    while (!watched_.empty())
        unwatch(std::string{ watched_.begin()->first });
}

void Session::watch(const std::string& who, const Callability& now)
{
    if (watched_.insert_or_assign(who, now).second)
        context_.watchers.emplace(who, this);
}

void Session::unwatch(const std::string& who)
{
    if (watched_.erase(who) == 0)
        return;
    const auto [first, last] = context_.watchers.equal_range(who);
    const auto own = std::find_if(first, last, [&](const auto& entry) { return entry.second == this; });
    if (own != last)
        context_.watchers.erase(own);
}

void Session::attach(ConnectionId connection, const RequestId& hello, std::optional<std::uint64_t> last_seq)
{
    const auto missed = last_seq ? outbox_.since(*last_seq) : std::nullopt;
    if (!missed)
        outbox_.clear();
    connection_ = connection;
    refused_frames_ = 0;
    auto& wire = context_.ports.wire;
    wire.send(connection, with_seq(0, result_frame(hello, hello_result(describe(missed.has_value())))));
    if (missed)
        for (const auto& frame : *missed)
            wire.send(connection, frame);
    else if (context_.ports.calls.calls_of(address_).empty())
        return;
    else if (last_seq)
        context_.ports.calls.missed(address_);
    else
        context_.ports.calls.reloaded(address_);
}

void Session::detach()
{
    connection_.reset();
    detached_ = context_.ports.clock().steady;
}

bool Session::has_lapsed(SteadyTime now) const
{
    return !connection_ && now - detached_ >= context_.limits.resume;
}

bool Session::has_expired(const Now& now) const
{
    const bool over = (identity_.expires && now.wall >= *identity_.expires)
        || !context_.ports.authenticator.still_good(identity_, now.wall);
    return over && context_.ports.calls.calls_of(address_).empty();
}

HelloResult Session::describe(bool resumed)
{
    const auto now = context_.ports.clock();
    if (!resumed || !renew_ice_ || now.steady >= *renew_ice_)
        if (const auto fresh = ask_ice())
            note_ice(*fresh);
    HelloResult result;
    result.jid = address_.full();
    result.display_name = identity_.display_name;
    result.resume_token = new_token();
    // The first frame the page sends after this says that it has the token.
    token_seq_ = 0;
    result.resumed = resumed;
    result.resume_ttl = context_.limits.resume;
    result.seq = outbox_.seq();
    result.ice = ice_;
    if (ice_.lifetime)
        result.ice.lifetime
            = std::max(std::chrono::floor<std::chrono::seconds>(*ice_.lifetime - (now.steady - ice_noted_)),
                       std::chrono::seconds{ 1 });
    if (identity_.expires)
        result.expires = until(*identity_.expires, now.wall);
    result.ping_interval = context_.limits.ping_interval;
    result.max_calls = identity_.max_calls;
    result.max_watches = context_.limits.watches;
    result.presence = context_.ports.presence != nullptr;
    if (identity_.kind == Identity::Kind::guest)
        result.callee_name = identity_.callee_name;
    result.calls = context_.ports.calls.calls_of(address_);
    return result;
}

std::string Session::new_token()
{
    const auto now = context_.ports.clock();
    renew_token_ = now.steady + context_.limits.resume_token / 2;
    const ResumeToken token{ id_, ++newest_, now.wall, origin_, identity_ };
    return context_.ports.authenticator.seal(token.to_text());
}

void Session::push(std::string_view frame)
{
    auto whole = outbox_.push(frame, context_.ports.clock().steady);
    if (connection_)
        context_.ports.wire.send(*connection_, std::move(whole));
}

void Session::answer(const std::optional<RequestId>& id, std::string_view result)
{
    if (id)
        push(result_frame(*id, result));
}

void Session::refuse(const std::optional<RequestId>& id, const RequestError& error)
{
    if (error.code == ErrorCode::rate_limited)
        ++context_.counters.rate_limited;
    if (id)
        push(error_frame(id, error));
}

void Session::goaway(GoAwayReason reason, std::chrono::milliseconds after)
{
    if (connection_)
        context_.ports.wire.send(*connection_, with_seq(0, goaway_event(reason, after)));
}

void Session::hears(const PageCallRef& call, const PageHears& what)
{
    push(call_event(call, what));
}

std::optional<IceConfig> Session::ask_ice()
{
    auto ice = context_.ports.ice.servers_for(address_, context_.ports.clock().wall);
    // Until the answer is there, or when it never comes: not at every tick.
    renew_ice_ = context_.ports.clock().steady + soonest_renewal;
    return ice;
}

void Session::note_ice(const IceConfig& ice)
{
    ++context_.counters.ice_issued;
    ice_ = ice;
    ice_noted_ = context_.ports.clock().steady;
    renew_ice_.reset();
    if (ice.lifetime)
        renew_ice_ = ice_noted_ + std::max(ice.renew_in.value_or(*ice.lifetime / 2), soonest_renewal);
}

void Session::take_ice(const IceConfig& ice)
{
    const auto end_of = [](const IceConfig& of, SteadyTime noted) {
        return noted + of.lifetime.value_or(std::chrono::seconds{ 0 });
    };
    const bool is_new = ice.servers != ice_.servers
        || end_of(ice, context_.ports.clock().steady) > end_of(ice_, ice_noted_) + std::chrono::seconds{ 1 };
    note_ice(ice);
    if (is_new)
        push(ice_event(ice));
}

void Session::renew()
{
    const auto now = context_.ports.clock().steady;
    if (!connection_)
        return;
    if (renew_ice_ && now >= *renew_ice_)
        if (const auto fresh = ask_ice())
            take_ice(*fresh);
    if (now >= renew_token_) {
        push(token_event(new_token()));
        token_seq_ = outbox_.seq();
    }
}

void Session::presence_changed(const xmpp::Jid& who)
{
    const auto watched = watched_.find(who.bare());
    if (!context_.ports.presence || watched == watched_.end())
        return;
    const auto now = context_.ports.presence(address_, who);
    if (now == watched->second)
        return;
    watched->second = now;
    push(presence_event(who.bare(), now));
}

Session::Admission Session::admit(const std::optional<std::uint64_t>& ack, const std::optional<RequestId>& id)
{
    if (ack)
        outbox_.acknowledge(*ack);
    if (token_seq_ && (*token_seq_ == 0 || (ack && *ack >= *token_seq_))) {
        oldest_good_ = newest_;
        token_seq_.reset();
    }

    const auto& limits = context_.limits;
    const auto now = context_.ports.clock().steady;
    const std::chrono::duration<double> passed = now - frames_counted_;
    frames_counted_ = now;
    frame_tokens_ = std::min(limits.frame_burst, frame_tokens_ + passed.count() * limits.frames_per_second);
    if (frame_tokens_ >= 1) {
        frame_tokens_ -= 1;
        refused_frames_ = 0;
        return Admission::yes;
    }
    refuse(id, { .code = ErrorCode::rate_limited, .retry_after = 1 });
    return ++refused_frames_ < limits.refused_frames ? Admission::no : Admission::never;
}

void Session::refreshed(const Identity& identity)
{
    identity_.expires = identity.expires;
    renew_token_ = context_.ports.clock().steady;
}

/// The invitation with what the page does not say itself; or why it may not be.
std::optional<RequestError> Session::complete(const std::string& call_id, PageInvite& invite) const
{
    const auto live = context_.ports.calls.calls_of(address_);
    if (std::ranges::any_of(live, [&](const LiveCall& call) { return call.call.call_id == call_id; }))
        return std::nullopt;  // Said again, since the answer was lost.
    const auto forbid = [](std::string_view detail) {
        return RequestError{ .code = ErrorCode::forbidden, .detail = std::string{ detail } };
    };
    const auto now = context_.ports.clock().wall;
    if (identity_.expires && now >= *identity_.expires)
        return RequestError{ .code = ErrorCode::unauthorized, .detail = "the token has run out" };
    if ((invite.media.audio && !identity_.media.audio) || (invite.media.video && !identity_.media.video))
        return forbid("this token is not good for that media");
    if (identity_.kind == Identity::Kind::guest) {
        if (!invite.address.empty() && invite.address != identity_.callee)
            return forbid("a link calls whom it was made for");
        invite.address = identity_.callee;
    }
    const auto callee = xmpp::Jid::parse(invite.address);
    if (!callee)
        return RequestError{ .code = ErrorCode::invalid_params, .detail = "to wants an address" };
    if (!may_call(identity_, *callee, context_.domain))
        return forbid("this token is not good for that address");
    if (live.size() >= identity_.max_calls)
        return forbid("too many calls at once");
    invite.display_name = identity_.display_name;
    return std::nullopt;
}

/// What each request does.
struct Session::Handler {
    Session& session;
    const std::optional<RequestId>& id;

    void operator()(const CallSays& says) const
    {
        const auto* invite = std::get_if<PageInvite>(&says.what);
        if (invite == nullptr)
            return pass(says.call, says.what, nothing);
        auto completed = *invite;
        if (const auto refused = session.complete(says.call.call_id, completed))
            return session.refuse(id, *refused);
        pass(says.call, std::move(completed), R"({"state":"trying"})");
    }
    void pass(const PageCallRef& call, const PageSays& what, std::string_view result) const
    {
        const auto said = session.context_.ports.calls.says(session.address_, call, what);
        if (!said)
            return session.refuse(id, to_error(said.error()));
        session.answer(id, result);
    }
    void operator()(const Reports& reports) const
    {
        const auto local = static_cast<std::size_t>(reports.stats.local);
        const auto remote = static_cast<std::size_t>(reports.stats.remote);
        ++session.context_.counters.pairs.at(local).at(remote);
        session.context_.ports.calls.reports(session.address_, reports.call, reports.stats);
        session.answer(id, nothing);
    }
    void operator()(const AskIce&) const
    {
        if (const auto fresh = session.ask_ice())
            session.note_ice(*fresh);
        session.answer(id, ice_result(session.ice_));
    }
    void operator()(const AskPresence& ask) const
    {
        const auto& presence = session.context_.ports.presence;
        const auto who = xmpp::Jid::parse(ask.jid);
        if (!who || who->local().empty())
            return session.refuse(
                id, { .code = ErrorCode::invalid_params, .detail = "jid wants an address of somebody" });
        const auto bare = who->to_bare();
        if (!presence)
            return session.answer(id, ask.what == AskPresence::What::unwatch ? nothing : presence_result({}));
        if (ask.what == AskPresence::What::unwatch) {
            session.unwatch(bare.full());
            return session.answer(id, nothing);
        }
        const auto known = presence(session.address_, bare);
        if (ask.what == AskPresence::What::watch) {
            if (session.watched_.size() >= session.context_.limits.watches
                && !session.watched_.contains(bare.full()))
                return session.refuse(id, { .code = ErrorCode::too_large, .detail = "too many watches" });
            session.watch(bare.full(), known);
        }
        session.answer(id, presence_result(known));
    }
    void operator()(const Ping&) const { session.answer(id, nothing); }
    // Those are of the set of sessions.
    void operator()(const Hello&) const { wrong_state(); }
    void operator()(const Refresh&) const { wrong_state(); }
    void operator()(const Bye&) const { wrong_state(); }

    void wrong_state() const { session.refuse(id, { .code = ErrorCode::wrong_state }); }
};

void Session::handle(const Frame& frame)
{
    std::visit(Handler{ *this, frame.id }, frame.request);
}

}  // namespace component::web
