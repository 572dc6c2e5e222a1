#include "component/app.hpp"

#include <csignal>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>

#include <boost/asio/signal_set.hpp>
#include <sys/time.h>

#include "component/asio.hpp"
#include "component/commands.hpp"
#include "component/link.hpp"
#include "component/log.hpp"
#include "component/notify.hpp"
#include "component/version.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reply.hpp"
#include "xmpp/writer.hpp"

namespace component {
namespace {

/// SIGTERM to exit; decision: under two seconds, the link alone takes one at most.
constexpr auto stop_deadline = std::chrono::milliseconds{ 1800 };

/// Answers every request with service-unavailable.
class Gateway final : public LinkHandler {
public:
    Gateway(asio::io_context& /*io*/, Link& link, const Config& /*config*/)
        : link_{ link }
    {
    }
    void on_online() override { }
    void on_offline() override { }
    void on_stanza(xmpp::Element& stanza) override { refuse(stanza, xmpp::errors::service_unavailable); }
    void on_skipped(const xmpp::Element& envelope, xmpp::SkipReason /*reason*/) override
    {
        refuse(envelope, xmpp::errors::policy_violation);
    }
    void on_batch_end() override { }

private:
    void refuse(const xmpp::Element& stanza, xmpp::StanzaError error)
    {
        arena_.reset();
        if (stanza.name != "presence")
            if (const auto* answer = xmpp::make_error(stanza, error, arena_))
                xmpp::Writer{ link_.out(), xmpp::ns::component }.element(*answer);
    }

    Link& link_;
    base::Arena arena_;
};

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

/// One io_context, one thread, and what lives on them.
class App {
public:
    App(const Settings& settings, std::filesystem::path config_file)
        : config_file_{ std::move(config_file) }
        , signals_{ io_, SIGTERM, SIGINT, SIGHUP }
        , watchdog_{ io_.get_executor() }
        , stop_timer_{ io_.get_executor() }
        , reporter_{ settings.config.xmpp }
        , link_{ io_, link_options(settings), reporter_, [this] { return random_(); } }
        , gateway_{ io_, link_, settings.config }
    {
        reporter_.set_next(gateway_);
    }

    void run()
    {
        std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): SIGPIPE can be ignored
        wait_for_signal();
        beat();
        link_.start();
        reporter_.report_connecting();
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

    void stop(int signal)
    {
        stopping_ = true;
        log::info(log::no_call, "stopping on {}", signal == SIGTERM ? "SIGTERM" : "SIGINT");
        notify::stopping();
        arm_last_exit();
        link_.stop([this] {
            signals_.cancel();
            watchdog_.cancel();
            io_.stop();
        });
    }

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
    Timer watchdog_;
    Reporter reporter_;
    Link link_;
    Gateway gateway_;
    bool stopping_ = false;
};

}  // namespace

int run_app(Settings settings, const std::filesystem::path& config_file)
{
    log::configure(settings.config.log);
    log::info(log::no_call, "carillon {} for {}", version(), settings.config.xmpp.domain);
    App{ settings, config_file }.run();
    log::info(log::no_call, "stopped");
    return exit_ok;
}

}  // namespace component
