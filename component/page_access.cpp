#include "component/page_access.hpp"

#include <algorithm>

#include "component/auth/jwt.hpp"
#include "component/auth/link_check.hpp"
#include "component/auth/link_secret.hpp"
#include "component/auth/subject.hpp"
#include "component/log.hpp"

namespace component {
namespace {

using web::AuthFailure;
using web::Identity;

/// All refused tokens sound alike.
AuthFailure refused()
{
    return { AuthFailure::Why::unauthorized, "this token is not valid" };
}

/// What a guest is told of his link.
std::string_view words_of(auth::LinkRefusal refusal)
{
    switch (refusal) {
    case auth::LinkRefusal::revoked: return "this link was withdrawn";
    case auth::LinkRefusal::expired: return "this link has expired";
    case auth::LinkRefusal::used_up: return "this link was used before";
    case auth::LinkRefusal::wrong_origin: return "this link is not good on this page";
    }
    return "this link is not valid";
}

web::IceConfig ice_config(const Relays& relays, web::WallTime now)
{
    auto servers = ice_servers(relays);
    web::IceConfig config;
    for (auto& server : servers.servers)
        config.servers.push_back(
            { std::move(server.urls), std::move(server.username), std::move(server.credential) });
    using std::chrono::floor, std::chrono::seconds;
    if (servers.expires)
        config.lifetime = floor<seconds>(*servers.expires - now);
    // What the server said may be older than this page.
    if (servers.renew_at)
        config.renew_in = floor<seconds>(*servers.renew_at - now);
    return config;
}

}  // namespace

PageAccess::PageAccess(PageAccessSettings settings, Store& store, roster::Roster& roster, Relaying& relaying)
    : settings_{ std::move(settings) }
    , store_{ store }
    , roster_{ roster }
    , relaying_{ relaying }
    , seal_{ settings_.instance_key }
{
}

void PageAccess::configure(PageAccessSettings settings)
{
    settings.instance_key = settings_.instance_key;
    settings_ = std::move(settings);
}

void PageAccess::check(const web::Credentials& credentials, web::WallTime now, Done done)
{
    using Type = web::Credentials::Type;
    switch (credentials.type) {
    case Type::jwt: return done(check_token(credentials, now));
    case Type::guest: return check_guest(credentials, now, std::move(done));
    case Type::xmpp: return check_account(credentials, now, std::move(done));
    }
}

web::Authenticator::Checked PageAccess::check_token(const web::Credentials& credentials,
                                                    web::WallTime now) const
{
    const auto claims = auth::check_jwt(credentials.token, settings_.keys, settings_.audience,
                                        std::chrono::floor<std::chrono::seconds>(now));
    if (!claims) {
        log::info(log::no_call, "a token from {} is refused: {}", credentials.address,
                  auth::to_string(claims.error()));
        return tl::unexpected{ refused() };
    }
    const auto subject = auth::subject_of(claims->subject, settings_.served_domains);
    const bool taken = subject && !subject->user
        && (roster_.lines().find(subject->name) != nullptr || roster_.links().find(subject->name) != nullptr);
    if (!subject || taken) {
        log::info(log::no_call, "a token from {} is refused: its sub is nobody who can call",
                  credentials.address);
        return tl::unexpected{ refused() };
    }
    Identity identity;
    identity.user = subject->user;
    identity.name = subject->name;
    identity.display_name
        = claims->name.value_or(subject->user ? std::string{ subject->user->bare() } : subject->name);
    identity.media = { claims->audio, claims->video };
    identity.may_call = claims->to;
    if (claims->max_calls)
        identity.max_calls = *claims->max_calls;
    identity.expires = claims->expires;
    return identity;
}

void PageAccess::check_account(const web::Credentials& credentials, web::WallTime now, Done done)
{
    using Outcome = Confirmations::Outcome;
    const auto refuse = [&](std::string_view why) {
        return tl::unexpected{ AuthFailure{ AuthFailure::Why::unauthorized, std::string{ why } } };
    };
    const auto account = xmpp::Jid::parse(credentials.jid);
    const auto& served = settings_.served_domains;
    if (confirmations_ == nullptr || !settings_.asks_accounts)
        return done(refuse("signing in by a question to the account is not offered"));
    if (!account || account->local().empty() || std::ranges::find(served, account->domain()) == served.end())
        return done(refuse("this account cannot sign in here"));
    auto answered = [done, user = account->to_bare(), now](Outcome outcome) {
        if (outcome != Outcome::confirmed)
            return done(tl::unexpected{
                AuthFailure{ AuthFailure::Why::unauthorized,
                             outcome == Outcome::denied ? "the account's owner has not confirmed it"
                                                        : "the account's owner has not answered in time" } });
        Identity identity;
        identity.user = user;
        identity.display_name = user.bare();
        identity.expires = now + confirmed_for;
        done(std::move(identity));
    };
    const Confirmations::Question question{ *account, credentials.origin.value_or(std::string{}),
                                            credentials.code };
    if (!confirmations_->ask(question, Confirmations::Clock::now(), std::move(answered)))
        done(tl::unexpected{
            AuthFailure{ AuthFailure::Why::rate_limited, "this account was asked just now" } });
}

void PageAccess::check_guest(const web::Credentials& credentials, web::WallTime now, Done done)
{
    if (!settings_.lets_guests_in)
        return done(
            tl::unexpected{ AuthFailure{ AuthFailure::Why::unauthorized, "guests are not let in here" } });
    const auto secret = auth::link_secret_of(credentials.token);
    if (!secret)
        return done(
            tl::unexpected{ AuthFailure{ AuthFailure::Why::unauthorized, "this link is not valid" } });
    store_.find_link(auth::hash_of(*secret),
                     [this, credentials, now, done = std::move(done)](std::optional<roster::CallLink> link) {
                         if (!link)
                             return done(tl::unexpected{
                                 AuthFailure{ AuthFailure::Why::unauthorized, "this link is not valid" } });
                         done(let_in(*link, credentials, now));
                     });
}

web::Authenticator::Checked PageAccess::let_in(const roster::CallLink& link,
                                               const web::Credentials& credentials, web::WallTime now)
{
    if (const auto why
        = auth::check_link(link, credentials.origin.value_or(std::string{}), settings_.origins, now))
        return tl::unexpected{ AuthFailure{ AuthFailure::Why::unauthorized, std::string{ words_of(*why) } } };
    // The command line makes links beside us.
    if (roster_.links().find(link.name) == nullptr && !roster_.add_link(link))
        return tl::unexpected{ AuthFailure{ AuthFailure::Why::unauthorized, "this link is not valid" } };
    Identity identity;
    identity.kind = Identity::Kind::guest;
    identity.name = link.name;
    identity.display_name = credentials.guest_name;
    identity.callee = link.owner.bare();
    identity.callee_name = link.title.empty() ? std::string{ link.owner.bare() } : link.title;
    identity.max_calls = 1;
    identity.expires = link.expires;
    return identity;
}

bool PageAccess::still_good(const Identity& identity, web::WallTime) const
{
    if (identity.kind != Identity::Kind::guest)
        return true;
    const auto* link = roster_.links().find(identity.name);
    return link == nullptr || !link->revoked;
}

std::optional<web::IceConfig> PageAccess::servers_for(const xmpp::Jid& page, web::WallTime now)
{
    std::optional<web::IceConfig> ready;
    // `done` may come at once or when the server has answered.
    auto state = std::make_shared<std::optional<web::IceConfig>*>(&ready);
    relaying_.relays_for(page.bare(), now, [this, page, now, state](const Relays& relays) {
        if (*state != nullptr)
            **state = ice_config(relays, now);
        else if (ice_ready_)
            ice_ready_(page, ice_config(relays, now));
    });
    *state = nullptr;
    return ready;
}

}  // namespace component
