#include "component/app.hpp"

#include <csignal>
#include <cstdlib>
#include <functional>
#include <random>
#include <span>
#include <stdexcept>
#include <string>

#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/time.h>

#include "component/commands.hpp"
#include "component/control.hpp"
#include "component/file_lock.hpp"
#include "component/gateway.hpp"
#include "component/link.hpp"
#include "component/log.hpp"
#include "component/net/asio.hpp"
#include "component/notify.hpp"
#include "component/page_access.hpp"
#include "component/page_presence.hpp"
#include "component/pages.hpp"
#include "component/presence.hpp"
#include "component/store.hpp"
#include "component/store_command.hpp"
#include "component/version.hpp"
#include "component/web/server.hpp"
#include "jingle/profile.hpp"
#include "roster/roster.hpp"
#include "xmpp/ns.hpp"

namespace component {
namespace {

/// From SIGTERM to the exit, whatever hangs. The link alone takes one second at most.
constexpr auto stop_deadline = std::chrono::microseconds{ 1'800'000 };

/// Leaves the process when the deadline is over. A signal and no timer of ours: a name look-up that is stuck
/// in the C library holds up the end of the io_context, and nothing interrupts it.
void arm_last_exit()
{
    std::signal(SIGALRM, [](int) { std::_Exit(exit_ok); });
    itimerval timer = {};
    timer.it_value.tv_sec = stop_deadline / std::chrono::seconds{ 1 };
    timer.it_value.tv_usec = (stop_deadline % std::chrono::seconds{ 1 }).count();
    setitimer(ITIMER_REAL, &timer, nullptr);
}

/// Tells the service manager how the link is, and hands everything on.
class Reporter final : public LinkHandler {
public:
    explicit Reporter(const XmppConfig& config)
        : server_{ config.host + ":" + std::to_string(config.port) }
        , domain_{ config.domain }
    {
    }
    void set_next(LinkHandler& next) { next_ = &next; }
    void report_connecting() const { notify::status("Connecting to " + server_); }

    void on_online() override
    {
        notify::status("Online as " + domain_ + " at " + server_);
        next_->on_online();
    }
    void on_offline() override
    {
        report_connecting();
        next_->on_offline();
    }
    void on_stanza(xmpp::Element& stanza) override { next_->on_stanza(stanza); }
    void on_skipped(const xmpp::Element& envelope, xmpp::SkipReason reason) override
    {
        next_->on_skipped(envelope, reason);
    }
    void on_batch_end() override { next_->on_batch_end(); }

private:
    std::string server_;
    std::string domain_;
    LinkHandler* next_ = nullptr;
};

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

roster::Policy policy_of(const Config& config)
{
    return { config.policy.default_policy, config.xmpp.served_domains,
             roster::RuleSet{ config.policy.rules } };
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

PresenceOptions presence_options(const Config& config, unsigned run,
                                 std::function<void(const xmpp::Jid&)> changed)
{
    return { config.xmpp.domain, fmt::format("c{:08x}.", run),
             [policy = policy_of(config)](const xmpp::Jid& asker, const xmpp::Jid& user) {
                 return policy.allows(asker, user);
             },
             std::move(changed) };
}

void fill_random(std::span<std::uint8_t> bytes)
{
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error{ "no random bytes from the system" };
}

roster::RosterSettings roster_settings(const Config& config)
{
    return { .domain = config.xmpp.domain,
             .policy = policy_of(config),
             .lines = config.lines,
             .limits = config.limits.ledger };
}

roster::WallTime wall_time()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

roster::RosterSources roster_sources(const Presence& presence, roster::Storage& storage)
{
    return { .wall_clock = wall_time,
             .devices = { &presence.devices() },
             .profile_of = [&](const xmpp::Jid& device) { return presence.devices().profile_of(device); },
             .knows =
                 [&](const xmpp::Jid& user, const xmpp::Jid& contact) {
                     const auto state = presence.subscriptions().find(contact, user);
                     return state.user_sees_contact || state.contact_sees_user;
                 },
             .storage = &storage };
}

AdHocSettings ad_hoc_settings(const Config& config)
{
    AdHocSettings settings;
    settings.administrators = config.admin.jids;
    if (config.http.public_url)
        settings.public_url = config.http.public_url->to_string();
    return settings;
}

PageAccessSettings page_access_settings(const Settings& settings, const std::string& instance_key)
{
    PageAccessSettings access;
    access.instance_key = instance_key;
    access.audience = settings.config.jwt.audience;
    access.keys = settings.jwt_keys;
    access.served_domains = settings.config.xmpp.served_domains;
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

/// How far apart pages come back after a restart, so that they do not come all at once.
constexpr std::chrono::milliseconds page_spread{ 2000 };

/// One io_context, one thread, and what lives on them.
class App {
public:
    App(const Settings& settings, std::filesystem::path config_file)
        : config_file_{ std::move(config_file) }
        , signals_{ io_, SIGTERM, SIGINT, SIGHUP }
        , orders_{ io_, drain_signal, resume_signal }
        , watchdog_{ io_.get_executor() }
        , reporter_{ settings.config.xmpp }
        , link_{ io_, link_options(settings), reporter_, [this] { return random_(); } }
        , store_lock_{ store_file_of(settings.config.store, process_environment) }
        , store_{ io_, store_options(settings.config.store) }
        , recorder_{ store_ }
        , answers_{ std::string{ version() } }
        , presence_{ presence_options(settings.config, random_(),
                                      [this](const auto& user) { presence_changed(user); }),
                     answers_, &store_ }
        , roster_{ roster_settings(settings.config), roster_sources(presence_, store_) }
        , commands_{ roster_, nullptr, ad_hoc_settings(settings.config), fill_random }
        , relaying_{ settings.config.turn, settings.turn_secret,
                     [this](const xmpp::Element& payload, IqTracker::Done done) {
                         ask_server(payload, std::move(done));
                     } }
        , gateway_{ io_,
                    link_,
                    call_settings(settings.config, store_.instance_key()),
                    { roster_, presence_, answers_, recorder_, commands_, relaying_,
                      missed_call_wishes(settings.config.calls), fmt::format("q{:08x}.", random_()),
                      store_.lasts() ? &store_ : nullptr } }
        , pages_{ settings.config.xmpp.domain, gateway_, [this] { return random_number(); } }
        , control_{ { gateway_, store_, recorder_, presence_, roster_, link_ } }
        , access_{ page_access_settings(settings, store_.instance_key()), store_, roster_, relaying_ }
        , page_presence_{ roster_, presence_.devices(), presence_.subscriptions() }
        , confirmations_{ settings.config.xmpp.domain,
                          [this] { return fmt::format("x{:016x}", random_number()); },
                          [this](const xmpp::Element& stanza) { gateway_.say(stanza); } }
    {
        if (!settings.config.xmpp.served_domains.empty())
            server_ = xmpp::Jid::parse(settings.config.xmpp.served_domains.front()).value();
        answers_.know([this](const xmpp::Jid& own) { return name_at(own); });
        gateway_.connect(pages_);
        if (settings.config.account_sign_in.enabled) {
            gateway_.connect(confirmations_);
            access_.connect(confirmations_);
        }
        commands_.connect(control_);
        if (settings.config.turn.source != TurnSource::none)
            answers_.announce(xmpp::ns::external_services);
        if (settings.config.http.listen)
            open_pages(settings.config);
        reporter_.set_next(gateway_);
        const auto rows = store_.take_rows();
        presence_.load(rows.subscriptions);
        roster_.load(rows.settings, rows.blocks, rows.links);
        gateway_.restore(store_.take_journal());
    }

    void run()
    {
        std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): SIGPIPE can be ignored
        wait_for_signal();
        wait_for_order();
        beat();
        link_.start();
        reporter_.report_connecting();
        if (web_)
            if (const auto started = web_->start(); !started)
                log::error(log::no_call, "pages: {}", started.error().what);
        notify::ready();  // not when online: a server that starts after us would wait for us in vain
        io_.run();
    }

private:
    void wait_for_signal()
    {
        signals_.async_wait([this](error_code error, int signal) {
            if (error)
                return;
            if (signal == SIGHUP)
                reload();
            else if (stopping_)
                std::_Exit(exit_ok);  // asked twice: at once
            else
                stop(signal);
            wait_for_signal();
        });
    }

    void wait_for_order()
    {
        orders_.async_wait([this](error_code error, int signal) {
            if (error)
                return;
            control_.set_new_calls(signal == drain_signal ? jingle::call::NewCalls::refused
                                                          : jingle::call::NewCalls::let_in);
            wait_for_order();
        });
    }

    void stop(int signal)
    {
        stopping_ = true;
        log::info(log::no_call, "stopping on {}", signal == SIGTERM ? "SIGTERM" : "SIGINT");
        notify::stopping();
        arm_last_exit();
        if (web_)
            web_->stop(page_spread);
        gateway_.finish();
        link_.stop([this] {
            signals_.cancel();
            orders_.cancel();
            watchdog_.cancel();
            store_.close();
            io_.stop();
        });
    }

    std::function<bool(const xmpp::Jid&)> missed_call_wishes(const CallsConfig& config) const
    {
        if (!config.missed_call_messages)
            return {};
        return [this](const xmpp::Jid& user) { return roster_.settings_of(user).missed_call_notice; };
    }

    void open_pages(const Config& config)
    {
        web_.emplace(io_, config.xmpp.domain, web_options(config.http),
                     web::WebServer::Ports{ access_, pages_, access_, page_lookup() });
        auto& sessions = web_->sessions();
        pages_.connect([&](const xmpp::Jid& page, const web::PageCallRef& call,
                           const jingle::call::PageHears& what) { return sessions.hears(page, call, what); });
        access_.connect(
            [&](const xmpp::Jid& page, const web::IceConfig& ice) { sessions.ice_ready(page, ice); });
        roster_.add_source(sessions);
    }

    web::PresenceLookup page_lookup()
    {
        return [this](const xmpp::Jid& page, const xmpp::Jid& who) {
            const auto own = pages_.address_of(who.full());
            return own ? page_presence_.look(page, *own) : web::Callability{};
        };
    }

    /// Who calls from a page is called what he calls himself.
    std::optional<std::string> name_at(const xmpp::Jid& own)
    {
        auto name = roster_.name_at(own);
        if (name && web_)
            if (auto said = web_->sessions().name_at(own))
                return said;
        return name;
    }

    void presence_changed(const xmpp::Jid& user)
    {
        if (web_)
            web_->sessions().presence_changed(user);
    }

    void ask_server(const xmpp::Element& payload, IqTracker::Done done)
    {
        if (!server_)
            return done(nullptr);
        gateway_.ask_server(*server_, payload, std::move(done));
    }

    std::uint64_t random_number() { return std::uint64_t{ random_() } << 32U | random_(); }

    void reload()
    {
        notify::reloading();
        const auto parsed = load_config(config_file_);
        for (const auto& error : parsed.errors)
            log::error(log::no_call, "{}", to_string(error, config_file_));
        if (parsed.ok()) {
            log::configure(parsed.config.log);
            log::info(log::no_call, "read {} again: [log] is in force, the rest needs a restart",
                      config_file_.string());
        } else {
            log::error(log::no_call, "nothing was changed: correct the file and reload again");
        }
        notify::ready();
    }

    void beat()
    {
        const auto interval = notify::watchdog_interval();
        if (!interval)
            return;
        notify::watchdog();
        watchdog_.expires_after(*interval);
        watchdog_.async_wait([this](error_code error) {
            if (!error)
                beat();
        });
    }

    std::filesystem::path config_file_;
    asio::io_context io_{ 1 };
    std::random_device random_;
    asio::basic_signal_set<Executor> signals_;
    /// Before the lock: who finds the process by that must not end it by a signal nobody takes yet.
    asio::basic_signal_set<Executor> orders_;
    Timer watchdog_;
    Reporter reporter_;
    Link link_;
    FileLock store_lock_;
    Store store_;
    Recorder recorder_;
    Answers answers_;
    Presence presence_;
    roster::Roster roster_;
    AdHoc commands_;
    Relaying relaying_;
    Gateway gateway_;
    Pages pages_;
    Control control_;
    PageAccess access_;
    PagePresence page_presence_;
    Confirmations confirmations_;
    std::optional<web::WebServer> web_;
    std::optional<xmpp::Jid> server_;  ///< whom questions to the server go to
    bool stopping_ = false;
};

}  // namespace

int run_app(Settings settings, const std::filesystem::path& config_file)
{
    log::configure(settings.config.log);
    log::info(log::no_call, "carillon {} for {}", version(), settings.config.xmpp.domain);
    try {
        App{ settings, config_file }.run();
    } catch (const StoreError& error) {
        log::error(log::no_call, "store: {}", error.what());
        // What a later version wrote does not get better by trying again.
        return error.kind() == StoreError::Kind::newer ? exit_config : exit_unavailable;
    }
    log::info(log::no_call, "stopped");
    return exit_ok;
}

}  // namespace component
