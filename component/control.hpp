#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include "component/ad_hoc_commands.hpp"
#include "component/call_record.hpp"
#include "component/operations.hpp"
#include "component/pages.hpp"
#include "component/presence.hpp"
#include "component/recorder.hpp"
#include "component/stanza_counts.hpp"
#include "roster/roster.hpp"

namespace component {

class Link;

/// Where operators act on; all of it outlives the control.
struct ControlParts {
    CallDesk& calls;
    Store& store;
    const Recorder& recorder;
    const Presence& presence;
    roster::Roster& roster;
    const Link& link;
    const StanzaCounts& stanzas;
    std::function<void(const CommandEffect&)> carry_out;
};

/// What operators and users see and steer of the running process.
class Control final : public Operations {
public:
    explicit Control(ControlParts parts)
        : parts_{ std::move(parts) }
    {
    }

    [[nodiscard]] std::vector<CallSummary> calls_in_progress(std::size_t limit) const override;
    void last_calls(const xmpp::Jid& user, std::size_t limit,
                    std::function<void(std::vector<CallSummary>)> done) override;
    bool end_call(std::string_view id) override;
    void set_new_calls(jingle::call::NewCalls what) override;
    [[nodiscard]] jingle::call::NewCalls new_calls() const override;
    void read_links() override;
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> statistics() const override;
    [[nodiscard]] LogLevel log_level() const override;
    void set_log_level(LogLevel level) override;

private:
    ControlParts parts_;
    std::chrono::steady_clock::time_point began_{ std::chrono::steady_clock::now() };
};

/// As people are told of it: addresses without their devices, contact addresses as the users they stand for.
[[nodiscard]] CallSummary summary_of(const CallRecord& call, WallTime now);

}  // namespace component
