#include "component/app.hpp"

#include <algorithm>
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

#include "component/app_options.hpp"
#include "component/commands.hpp"
#include "component/config_keys.hpp"
#include "component/control.hpp"
#include "component/control_socket.hpp"
#include "component/file_lock.hpp"
#include "component/gateway.hpp"
#include "component/link_reporter.hpp"
#include "component/log.hpp"
#include "component/net/asio.hpp"
#include "component/notify.hpp"
#include "component/orders.hpp"
#include "component/page_access.hpp"
#include "component/page_presence.hpp"
#include "component/pages.hpp"
#include "component/presence.hpp"
#include "component/store.hpp"
#include "component/store_command.hpp"
#include "component/version.hpp"
#include "component/web/server.hpp"
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

void fill_random(std::span<std::uint8_t> bytes)
{
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error{ "no random bytes from the system" };
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

/// How far apart pages come back after a restart, so that they do not come all at once.
constexpr std::chrono::milliseconds page_spread{ 2000 };

/// One io_context, one thread, and what lives on them.
class App {
public:
    App(const Settings& settings, std::filesystem::path config_file)
        : config_file_{ std::move(config_file) }
        , started_with_{ settings.config }
        , secret_{ settings.secret.secret }
        , signals_{ io_, SIGTERM, SIGINT, SIGHUP }
        , watchdog_{ io_.get_executor() }
        , reporter_{ settings.config.xmpp }
        , link_{ io_, link_options(settings), reporter_, [this] { return random_(); } }
        , store_lock_{ store_file_of(settings.config.store, process_environment) }
        , store_{ io_, store_options(settings.config.store) }
        , recorder_{ io_, store_ }
        , answers_{ std::string{ version() } }
        , presence_{ presence_options(settings.config.xmpp.domain), answers_, &store_ }
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
                      [this](const xmpp::Jid& user) {
                          return missed_call_messages_ && roster_.settings_of(user).missed_call_notice;
                      },
                      fmt::format("q{:08x}.", random_()), store_.lasts() ? &store_ : nullptr } }
        , pages_{ settings.config.xmpp.domain, gateway_, [this] { return random_number(); } }
        , orders_{ io_, store_file_of(settings.config.store, process_environment),
                   [this](std::string_view order) { return carry_out(order); } }
        , control_{ { gateway_, store_, recorder_, presence_, roster_, link_, gateway_.counts(),
                      [this](const CommandEffect& effect) { gateway_.take_effect(effect); } } }
        , access_{ page_access_settings(settings, store_.instance_key()), store_, roster_, relaying_ }
        , page_presence_{ roster_, presence_.devices(), presence_.subscriptions() }
        , confirmations_{ settings.config.xmpp.domain,
                          [this] { return fmt::format("x{:016x}", random_number()); },
                          [this](const xmpp::Element& stanza) { gateway_.say(stanza); } }
    {
        answers_.know([this](const xmpp::Jid& own) { return name_at(own); });
        gateway_.connect(pages_);
        gateway_.connect(confirmations_);
        access_.connect(confirmations_);
        commands_.connect(control_);
        put_in_force(settings.config);
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
        // A peer that is gone and a file that may not grow are errors of the write, not the end of us.
        for (const int signal : { SIGPIPE, SIGXFSZ })
            std::signal(signal, SIG_IGN);  // NOLINT(cert-err33-c): both can be ignored
        wait_for_signal();
        let_signals_in();
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
    /// Those that whoever started us has held back until somebody listens for them.
    static void let_signals_in()
    {
        sigset_t ours;
        sigemptyset(&ours);
        for (const int signal : { SIGTERM, SIGINT, SIGHUP })
            sigaddset(&ours, signal);
        pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
    }

    void wait_for_signal()
    {
        signals_.async_wait([this](error_code error, int signal) {
            if (error)
                return;
            if (signal == SIGHUP)
                (void)reload_for_manager();
            else if (stopping_)
                std::_Exit(exit_ok);  // asked twice: at once
            else
                stop(signal);
            wait_for_signal();
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
            watchdog_.cancel();
            recorder_.write_all();
            store_.close();
            io_.stop();
        });
    }

    PresenceOptions presence_options(std::string domain)
    {
        return { std::move(domain), fmt::format("c{:08x}.", random_()),
                 [this](const xmpp::Jid& asker, const xmpp::Jid& user) {
                     return roster_.policy().allows(asker, user);
                 },
                 [this](const xmpp::Jid& user) { presence_changed(user); } };
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

    /// Of the configuration, what this object itself goes by.
    void put_in_force(const Config& config)
    {
        missed_call_messages_ = config.calls.missed_call_messages;
        server_.reset();
        if (!config.xmpp.served_domains.empty())
            server_ = xmpp::Jid::parse(config.xmpp.served_domains.front()).value();
        answers_.announce_relays(config.turn.source != TurnSource::none);
    }

    void put_in_force(Settings settings)
    {
        const auto& config = settings.config;
        log::configure(config.log);
        store_.set_retention(config.store.retention);
        roster_.configure(roster_settings(config));
        gateway_.configure(call_settings(config, store_.instance_key()));
        commands_.configure(ad_hoc_settings(config));
        access_.configure(page_access_settings(settings, store_.instance_key()));
        relaying_.configure(config.turn, std::move(settings.turn_secret));
        put_in_force(config);
    }

    /// All of the configuration or nothing: it is read and checked as a whole before anything changes.
    OrderResult reload()
    {
        auto read = read_settings(config_file_);
        std::function<void()> pages_change = [] {};
        if (read.settings && web_ && read.settings->config.http.listen) {
            auto prepared = web_->prepare(web_options(read.settings->config.http));
            if (prepared)
                pages_change = *std::move(prepared);
            else
                read.errors.push_back(config_file_.string() + ": [http] " + prepared.error().what);
        }
        if (!read.errors.empty()) {
            read.errors.push_back("nothing was changed: correct the file and reload again");
            for (const auto& error : read.errors)
                log::error(log::no_call, "{}", error);
            return { exit_config, fmt::format("{}\n", fmt::join(read.errors, "\n")) };
        }
        auto waiting = keys_for_restart(started_with_, read.settings->config);
        const auto is_secret = [](const std::string& name) { return name.starts_with("[xmpp] secret"); };
        if (read.settings->secret.secret != secret_ && std::ranges::none_of(waiting, is_secret))
            waiting.emplace_back("the secret of the component");
        pages_change();
        put_in_force(*std::move(read.settings));
        for (const auto& warning : read.warnings)
            log::warning(log::no_call, "{}", warning);
        std::vector<std::string> said{ config_file_.string() + " is in force" };
        log::info(log::no_call, "{}", said.front());
        if (!waiting.empty()) {
            said.push_back(fmt::format("needs a restart: {}", fmt::join(waiting, ", ")));
            log::warning(log::no_call, "{}", said.back());
        }
        return { exit_ok, fmt::format("{}\n", fmt::join(said, "\n")) };
    }

    OrderResult reload_for_manager()
    {
        notify::reloading();
        auto result = reload();
        notify::ready();
        return result;
    }

    OrderResult carry_out(std::string_view order)
    {
        return carry_out_order(order, control_, [this] { return reload_for_manager(); });
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
    Config started_with_;
    std::string secret_;  ///< of the link
    asio::io_context io_{ 1 };
    std::random_device random_;
    asio::basic_signal_set<Executor> signals_;
    Timer watchdog_;
    LinkReporter reporter_;
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
    ControlSocket orders_;
    Control control_;
    PageAccess access_;
    PagePresence page_presence_;
    Confirmations confirmations_;
    std::optional<web::WebServer> web_;
    std::optional<xmpp::Jid> server_;  ///< whom questions to the server go to
    bool missed_call_messages_ = true;
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
        return exit_unavailable;
    }
    log::info(log::no_call, "stopped");
    return exit_ok;
}

}  // namespace component
