#include <array>

#include "base/enum_table.hpp"
#include "component/ad_hoc_commands.hpp"
#include "component/config_keys.hpp"

/// The commands for those whom [admin] jids names.
namespace component {
namespace {

constexpr std::size_t calls_shown = 100;

CommandResult show_calls(const CommandContext& context, const FormValues& /*values*/)
{
    std::vector<std::string> lines;
    for (const auto& call : context.operations->calls_in_progress(calls_shown))
        lines.push_back(to_line(call) + "  [" + call.id + "]");
    if (lines.empty())
        return CommandOutcome{ "There are no calls." };
    return CommandOutcome{ {}, show_lines("Calls in progress", std::move(lines)) };
}

AdHocForm end_call_form(const CommandContext& context, std::size_t /*step*/, const FormValues& /*values*/)
{
    AdHocField field{ .var = "call", .type = "list-single", .label = "Call", .required = true };
    for (const auto& call : context.operations->calls_in_progress(calls_shown))
        field.options.emplace_back(to_line(call), call.id);
    return { "End a call", field.options.empty() ? "There are no calls." : "", { std::move(field) } };
}

CommandResult end_call(const CommandContext& context, const FormValues& values)
{
    const bool ended = context.operations->end_call(first_value(values, "call"));
    return CommandOutcome{ ended ? "The call is ended." : "The call has ended already." };
}

using jingle::call::NewCalls;

AdHocForm drain_form(const CommandContext& context, std::size_t /*step*/, const FormValues& /*values*/)
{
    const bool drains = context.operations->new_calls() == NewCalls::refused;
    return { "Drain",
             "No new calls are let in; the running ones go on. A restart ends it.",
             { { "drain", "boolean", "Drain", { drains ? "1" : "0" } } } };
}

CommandResult drain(const CommandContext& context, const FormValues& values)
{
    const bool drains = is_checked(values, "drain");
    context.operations->set_new_calls(drains ? NewCalls::refused : NewCalls::let_in);
    return CommandOutcome{ drains ? "No new calls are let in." : "New calls are let in." };
}

AdHocForm admin_block_form(const CommandContext& /*context*/, std::size_t /*step*/,
                           const FormValues& /*values*/)
{
    return block_form();
}

CommandResult admin_block(const CommandContext& context, const FormValues& values)
{
    return do_block(context, std::nullopt, values);
}

AdHocForm admin_unblock_form(const CommandContext& context, std::size_t /*step*/,
                             const FormValues& /*values*/)
{
    return unblock_form(context, {});
}

CommandResult admin_unblock(const CommandContext& context, const FormValues& values)
{
    return do_unblock(context, std::nullopt, values);
}

CommandResult show_statistics(const CommandContext& context, const FormValues& /*values*/)
{
    std::vector<std::string> lines;
    for (const auto& [name, value] : context.operations->statistics())
        lines.push_back(name + ": " + value);
    return CommandOutcome{ {}, show_lines("Statistics", std::move(lines)) };
}

AdHocForm log_level_form(const CommandContext& context, std::size_t /*step*/, const FormValues& /*values*/)
{
    const std::string now{ base::find_token(log_level_rows, context.operations->log_level()) };
    AdHocField field{ "level", "list-single", "Level", { now }, {}, true };
    for (const auto& row : log_level_rows)
        field.options.emplace_back(row.token, row.token);
    return { "Log level", "Until the next reload or restart.", { std::move(field) } };
}

CommandResult change_log_level(const CommandContext& context, const FormValues& values)
{
    const auto word = first_value(values, "level");
    if (const auto level = base::find_value(log_level_rows, word))
        context.operations->set_log_level(*level);
    return CommandOutcome{ "The log level is " + std::string{ word } + "." };
}

constexpr auto administrator = Audience::administrator;

constexpr std::array commands{
    AdHocCommand{ "admin-calls", "Calls in progress", administrator, true, 0, nullptr, show_calls },
    AdHocCommand{ "admin-end-call", "End a call", administrator, true, 1, end_call_form, end_call },
    AdHocCommand{ "admin-drain", "Drain: no new calls", administrator, true, 1, drain_form, drain },
    AdHocCommand{ "admin-block", "Block for everybody", administrator, false, 1, admin_block_form,
                  admin_block },
    AdHocCommand{ "admin-unblock", "Unblock for everybody", administrator, false, 1, admin_unblock_form,
                  admin_unblock },
    AdHocCommand{ "admin-statistics", "Statistics", administrator, true, 0, nullptr, show_statistics },
    AdHocCommand{ "admin-log-level", "Log level", administrator, true, 1, log_level_form, change_log_level },
};

}  // namespace

std::span<const AdHocCommand> administrator_commands() noexcept
{
    return commands;
}

}  // namespace component
