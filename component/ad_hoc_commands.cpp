#include "component/ad_hoc_commands.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace component {

std::string to_line(const CallSummary& call)
{
    const auto began = std::chrono::floor<std::chrono::seconds>(call.began);
    auto line
        = fmt::format("{:%Y-%m-%d %H:%M} UTC  {} -> {}: {}", began, call.caller, call.callee, call.outcome);
    if (call.duration.count() > 0)
        line += fmt::format(", {}:{:02}", call.duration.count() / 60, call.duration.count() % 60);
    return line;
}

AdHocForm show_lines(std::string_view title, std::vector<std::string> lines)
{
    return { std::string{ title },
             {},
             { { "lines", "text-multi", std::string{ title }, std::move(lines) } } };
}

AdHocForm block_form()
{
    return {
        "Block",
        "An address, or everybody of a domain: *@example.org. *.example.org means the domains below it.",
        { { .var = "pattern", .type = "text-single", .label = "Who shall not call", .required = true } }
    };
}

CommandResult do_block(const CommandContext& context, std::optional<xmpp::Jid> owner,
                       const FormValues& values)
{
    const std::string pattern{ first_value(values, "pattern") };
    if (!roster::Pattern::parse(pattern))
        return tl::make_unexpected("\"" + pattern + "\" is no address and no domain.");
    if (!context.roster.block({ std::move(owner), pattern }))
        return tl::make_unexpected(std::string{ "The list is full: unblock somebody first." });
    return CommandOutcome{ pattern + " is blocked." };
}

AdHocForm unblock_form(const CommandContext& context, std::string_view owner)
{
    AdHocField field{
        .var = "patterns", .type = "list-multi", .label = "Who may call again", .required = true
    };
    for (auto& pattern : context.roster.blocked_by(owner)) {
        if (field.options.size() >= max_form_values)
            break;
        field.options.emplace_back(pattern, pattern);
    }
    return { "Unblock", field.options.empty() ? "Nobody is blocked." : "", { std::move(field) } };
}

CommandResult do_unblock(const CommandContext& context, const std::optional<xmpp::Jid>& owner,
                         const FormValues& values)
{
    std::size_t count = 0;
    for (const auto& pattern : values.at("patterns"))
        count += context.roster.unblock({ owner, pattern }) ? 1 : 0;
    return CommandOutcome{ fmt::format("{} unblocked.", count) };
}

}  // namespace component
