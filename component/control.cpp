#include "component/control.hpp"

#include <fmt/format.h>

#include "base/enum_table.hpp"
#include "component/calls_text.hpp"
#include "component/config_keys.hpp"
#include "component/link.hpp"
#include "component/log.hpp"
#include "component/store.hpp"
#include "component/version.hpp"
#include "jingle/call/calls.hpp"
#include "roster/contact.hpp"

namespace component {
namespace {

using jingle::call::CallId;
using jingle::call::Calls;
using jingle::call::NewCalls;
using jingle::call::Pace;
using std::chrono::seconds;

WallTime wall_now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// "bob@b.example" of "bob\\40b.example@call.example.org/call".
std::string person_of(const std::string& address)
{
    const auto jid = xmpp::Jid::parse(address);
    if (!jid)
        return address;
    const auto contact = roster::contact_of(*jid);
    return std::string{ contact ? contact->user.bare() : jid->bare() };
}

std::string_view words_of(NewCalls what, Pace pace)
{
    if (what == NewCalls::refused)
        return "refused (draining)";
    return pace == Pace::lags ? "refused (the server does not keep up)" : "let in";
}

std::string text_of(std::chrono::steady_clock::duration time)
{
    const auto whole = std::chrono::floor<seconds>(time).count();
    return fmt::format("{}d {:02}:{:02}:{:02}", whole / 86'400, whole / 3'600 % 24, whole / 60 % 60,
                       whole % 60);
}

}  // namespace

CallSummary summary_of(const CallRecord& call, WallTime now)
{
    CallSummary summary;
    summary.id = CallId{ call.id }.to_string();
    summary.began = call.started;
    summary.caller = person_of(call.caller);
    summary.callee = person_of(call.callee);
    summary.outcome = result_of(call);
    if (call.accepted)
        summary.duration = std::chrono::floor<seconds>(call.ended.value_or(now) - *call.accepted);
    return summary;
}

std::vector<CallSummary> Control::calls_in_progress(std::size_t limit) const
{
    std::vector<CallSummary> all;
    for (const auto* call : parts_.recorder.records().newest(limit))
        all.push_back(summary_of(*call, wall_now()));
    return all;
}

void Control::last_calls(const xmpp::Jid& user, std::size_t limit,
                         std::function<void(std::vector<CallSummary>)> done)
{
    parts_.store.recent_calls(user, limit,
                              [user, done = std::move(done)](const std::vector<CallRecord>& calls) {
                                  std::vector<CallSummary> all;
                                  for (const auto& call : calls) {
                                      auto summary = summary_of(call, wall_now());
                                      // Who was not let through learns no more than he heard, and who did not
                                      // want to hear of him does not.
                                      if (call.reason == not_let_in && summary.caller != user.bare())
                                          continue;
                                      if (call.reason == not_let_in)
                                          summary.outcome = "not available";
                                      all.push_back(std::move(summary));
                                  }
                                  done(std::move(all));
                              });
}

bool Control::end_call(std::string_view id)
{
    const auto call = CallId::parse(id);
    bool ended = false;
    if (call)
        parts_.calls.with_calls([&](Calls& calls, jingle::call::Turn& turn) {
            ended = calls.end(*call, jingle::Condition::cancel, turn);
        });
    if (ended)
        log::info(log::Call{ id }, "ended by an operator");
    return ended;
}

void Control::set_new_calls(NewCalls what)
{
    if (what == new_calls())
        return;
    parts_.calls.with_calls([&](Calls& calls, jingle::call::Turn&) { calls.set_new_calls(what); });
    log::warning(log::no_call, "{}",
                 what == NewCalls::refused ? "draining: no new calls are let in; the running ones go on"
                                           : "new calls are let in again");
}

NewCalls Control::new_calls() const
{
    NewCalls what{};
    parts_.calls.with_calls([&](Calls& calls, jingle::call::Turn&) { what = calls.new_calls(); });
    return what;
}

void Control::read_links()
{
    parts_.store.read_links([this](const std::vector<roster::CallLink>& links) {
        auto& roster = parts_.roster;
        for (const auto& link : links) {
            const auto address = roster.address_of(link.name);
            const bool is_known = roster.links().find(link.name) != nullptr;
            if (!is_known && is_usable(link, wall_now()) && roster.add_link(link)) {
                log::info(log::no_call, "call link {} is made beside us", link.name);
                parts_.carry_out(AskSubscription{ address, link.owner });
            } else if (is_known && link.revoked && roster.revoke_link(link.name, link.owner)) {
                log::info(log::no_call, "call link {} is revoked beside us", link.name);
                parts_.carry_out(WithdrawSubscription{ address, link.owner });
            }
        }
    });
}

std::vector<std::pair<std::string, std::string>> Control::statistics() const
{
    Calls::Counts counts;
    NewCalls what{};
    Pace pace{};
    parts_.calls.with_calls([&](Calls& calls, jingle::call::Turn&) {
        counts = calls.counts();
        what = calls.new_calls();
        pace = calls.pace();
    });
    const auto number = [](std::uint64_t value) { return fmt::format("{}", value); };
    return { { "Version", std::string{ version() } },
             { "Running for", text_of(std::chrono::steady_clock::now() - began_) },
             { "Link to the server", parts_.link.online() ? "online" : "offline" },
             { "New calls", std::string{ words_of(what, pace) } },
             { "Calls in progress", number(parts_.recorder.records().size()) },
             { "Calls started", number(counts.started) },
             { "Calls answered", number(counts.answered) },
             { "Calls refused", number(counts.refused) },
             { "Calls refused since the server did not keep up", number(counts.refused_lagging) },
             { "Refused calls without a record of their own",
               number(parts_.recorder.refusals().counted_only()) },
             { "Stanzas refused as malformed", number(parts_.stanzas.malformed) },
             { "Stanzas refused as too large", number(parts_.stanzas.too_large) },
             { "Stanzas wrapped in others, not looked at", number(parts_.stanzas.wrapped) },
             { "Presence and vCard requests beyond a limit", number(parts_.presence.over_limit()) },
             { "Clients whose caps are not theirs", number(parts_.presence.false_caps()) },
             { "Subscriptions", number(parts_.presence.subscriptions().size()) },
             { "Users seen", number(parts_.presence.devices().users()) },
             { "Devices seen", number(parts_.presence.devices().size()) },
             { "Log level", std::string{ base::find_token(log_level_rows, log::level()) } },
             { "Rows waiting for the disk", number(parts_.store.waiting()) },
             { "Rows lost", number(parts_.store.lost()) } };
}

LogLevel Control::log_level() const
{
    return log::level();
}

void Control::set_log_level(LogLevel level)
{
    log::set_level(level);
    log::warning(log::no_call, "the log level is {} until the configuration is read again",
                 base::find_token(log_level_rows, level));
}

}  // namespace component
