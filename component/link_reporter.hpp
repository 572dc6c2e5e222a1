#pragma once

#include <string>

#include "component/config.hpp"
#include "component/link.hpp"
#include "component/notify.hpp"

namespace component {

/// Tells the service manager how the link is, and hands everything on.
class LinkReporter final : public LinkHandler {
public:
    explicit LinkReporter(const XmppConfig& config)
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

}  // namespace component
