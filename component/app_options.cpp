#include "component/app_options.hpp"

#include "component/log.hpp"
#include "component/store_command.hpp"
#include "jingle/profile.hpp"

namespace component {
namespace {

roster::Policy policy_of(const Config& config)
{
    return { config.policy.default_policy, config.xmpp.served_domains,
             roster::RuleSet{ config.policy.rules } };
}

}  // namespace

LinkOptions link_options(const Settings& settings)
{
    const auto& xmpp = settings.config.xmpp;
    LinkOptions options;
    options.domain = xmpp.domain;
    if (!xmpp.served_domains.empty())
        options.ping_to = xmpp.served_domains.front();
    options.host = xmpp.host;
    options.port = xmpp.port;
    options.secret = settings.secret.secret;
    options.direct_tls = xmpp.tls == TlsMode::direct;
    options.tls_ca = xmpp.tls_ca;
    return options;
}

Store::Options store_options(const StoreConfig& config)
{
    Store::Options options;
    options.file = store_file_of(config, process_environment);
    options.retention = config.retention;
    if (options.file.empty() && !config.path)
        log::warning(
            log::no_call,
            "store: [store] path is not set, and there is no $STATE_DIRECTORY: call links, settings and "
            "call records are kept in memory, until the next restart");
    return options;
}

jingle::call::Settings call_settings(const Config& config, const std::string& instance_key)
{
    jingle::call::Settings settings;
    settings.domain = config.xmpp.domain;
    settings.key = instance_key;
    settings.served_domains = config.xmpp.served_domains;
    settings.limits.calls_per_user = config.limits.calls_per_user;
    settings.limits.invites_per_minute = config.limits.invites_per_minute;
    settings.limits.invites_per_domain_minute = config.limits.domain_invites_per_minute;
    settings.timeouts.ring = config.limits.ring_timeout;
    settings.require_dtls = config.calls.require_dtls;
    settings.candidates.filter = config.calls.candidates;
    // "all" means all; where host addresses are private matters, those of the own machine are too.
    settings.candidates.loopback = config.calls.candidates == jingle::CandidateFilter::all;
    settings.candidates = jingle::narrowed(settings.candidates, jingle::default_profile());
    return settings;
}

roster::RosterSettings roster_settings(const Config& config)
{
    return { .domain = config.xmpp.domain,
             .policy = policy_of(config),
             .lines = config.lines,
             .limits = config.limits.ledger };
}

AdHocSettings ad_hoc_settings(const Config& config)
{
    AdHocSettings settings;
    settings.administrators = config.admin.jids;
    if (config.http.public_url)
        settings.public_url = config.http.public_url->to_string();
    settings.lets_guests_in = config.guests.enabled;
    return settings;
}

PageAccessSettings page_access_settings(const Settings& settings, const std::string& instance_key)
{
    PageAccessSettings access;
    access.instance_key = instance_key;
    access.audience = settings.config.jwt.audience;
    access.keys = settings.jwt_keys;
    access.served_domains = settings.config.xmpp.served_domains;
    access.lets_guests_in = settings.config.guests.enabled;
    access.asks_accounts = settings.config.account_sign_in.enabled;
    const auto& http = settings.config.http;
    for (const auto& origin : http.origins)
        access.origins.push_back(origin.to_string());
    if (!access.origins.empty() && http.public_url)
        access.origins.push_back(http.public_url->to_string());
    return access;
}

web::WebOptions web_options(const HttpConfig& http)
{
    web::WebOptions options;
    options.address = http.listen->address;
    options.port = http.listen->port;
    options.origins = http.origins;
    options.own = http.public_url;
    options.trusted_proxies = http.trusted_proxies;
    if (http.tls_cert && http.tls_key)
        options.tls = web::WebTls{ *http.tls_cert, *http.tls_key };
    return options;
}

}  // namespace component
