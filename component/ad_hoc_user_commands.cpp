#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "component/ad_hoc_commands.hpp"
#include "component/call_link.hpp"

/// The commands for users: each works on what belongs to the bare JID that runs it, and on nothing else.
namespace component {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t last_calls_shown = 20;
constexpr std::size_t max_title_bytes = 100;
constexpr int minutes_of_day = 24 * 60;
constexpr int farthest_offset = 14 * 60;

struct Lifetime {
    std::string_view value;
    std::string_view label;
    std::chrono::hours length;
};
constexpr std::array lifetimes{
    Lifetime{ "1h", "One hour", 1h },         Lifetime{ "1d", "One day", 24h },
    Lifetime{ "7d", "One week", 7 * 24h },    Lifetime{ "30d", "30 days", 30 * 24h },
    Lifetime{ "never", "Until revoked", 0h },
};

AdHocForm create_link_form(const CommandContext& /*context*/, std::size_t /*step*/,
                           const FormValues& /*values*/)
{
    AdHocField expires{ "expires", "list-single", "Works for", { "1d" } };
    for (const auto& row : lifetimes)
        expires.options.emplace_back(row.label, row.value);
    return { "Create a call link",
             "Whoever opens the link can call you from a web page, without an account.",
             { { "title", "text-single", "What it is for (guests see it)" },
               { "uses",
                 "list-single",
                 "Calls it is good for",
                 { "1" },
                 { { "One", "1" }, { "Ten", "10" }, { "Any number", "any" } } },
               std::move(expires) } };
}

CommandResult create_link(const CommandContext& context, const FormValues& values)
{
    if (!context.settings.lets_guests_in)
        return tl::make_unexpected(std::string{ "Guests are not let in here." });
    const auto title = first_value(values, "title");
    if (title.size() > max_title_bytes)
        return tl::make_unexpected(std::string{ "The title is too long." });
    LinkWishes wishes{ context.from.to_bare(), std::string{ title } };
    if (const auto uses = first_value(values, "uses"); uses != "any")
        wishes.uses = uses == "10" ? 10 : 1;
    const auto lifetime = std::ranges::find(lifetimes, first_value(values, "expires"), &Lifetime::value);
    const auto length = lifetime == lifetimes.end() ? 24h : lifetime->length;
    if (length > 0h)
        wishes.expires = context.now + length;
    const auto made = make_link(wishes, context.now, context.random);
    if (!context.roster.add_link(made.row))
        return tl::make_unexpected(std::string{ "You have too many links: revoke one first." });

    const auto address = context.roster.address_of(made.row.name);
    CommandOutcome outcome{ "This is shown once: copy it now." };
    const auto url = link_url(context.settings.public_url, made.token);
    outcome.form = AdHocForm{ "Your call link",
                              {},
                              { url.empty() ? AdHocField{ "token", "text-single", "Token", { made.token } }
                                            : AdHocField{ "url", "text-single", "Link", { url } },
                                { "address", "jid-single", "Calls come from", { address.full() } } } };
    outcome.effects.emplace_back(AskSubscription{ address, context.from.to_bare() });
    return outcome;
}

std::string describe(const roster::CallLink& link, roster::WallTime now)
{
    auto text = link.name;
    if (!link.title.empty())
        text += " (" + link.title + ")";
    if (!is_usable(link, now))
        return text + ": used up or too old";
    if (link.uses_left)
        text += fmt::format(", {} calls left", *link.uses_left);
    if (link.expires)
        text += fmt::format(", until {:%Y-%m-%d %H:%M} UTC",
                            std::chrono::floor<std::chrono::seconds>(*link.expires));
    return text;
}

CommandResult list_links(const CommandContext& context, const FormValues& /*values*/)
{
    std::vector<std::string> lines;
    for (const auto* link : context.roster.links().of(context.from.bare()))
        lines.push_back(describe(*link, context.now));
    if (lines.empty())
        return CommandOutcome{ "You have no call links." };
    return CommandOutcome{ {}, show_lines("Your call links", std::move(lines)) };
}

AdHocForm revoke_link_form(const CommandContext& context, std::size_t step, const FormValues& values)
{
    if (step == 1)
        return { "Revoke " + std::string{ first_value(values, "link") },
                 "Nobody can call you through this link any more. This cannot be undone.",
                 { { "sure", "boolean", "Revoke it", { "0" } } } };
    AdHocField field{ .var = "link", .type = "list-single", .label = "Link", .required = true };
    for (const auto* link : context.roster.links().of(context.from.bare()))
        field.options.emplace_back(describe(*link, context.now), link->name);
    return { "Revoke a call link",
             field.options.empty() ? "You have no call links." : "",
             { std::move(field) } };
}

CommandResult revoke_link(const CommandContext& context, const FormValues& values)
{
    if (!is_checked(values, "sure"))
        return CommandOutcome{ "The link still works." };
    const auto name = first_value(values, "link");
    if (!context.roster.revoke_link(name, context.from))
        return CommandOutcome{ "There is no such link any more." };
    return CommandOutcome{ "The link is revoked.",
                           std::nullopt,
                           { WithdrawSubscription{ context.roster.address_of(name),
                                                   context.from.to_bare() } } };
}

AdHocForm user_block_form(const CommandContext& /*context*/, std::size_t /*step*/,
                          const FormValues& /*values*/)
{
    return block_form();
}

CommandResult user_block(const CommandContext& context, const FormValues& values)
{
    return do_block(context, context.from.to_bare(), values);
}

AdHocForm user_unblock_form(const CommandContext& context, std::size_t /*step*/, const FormValues& /*values*/)
{
    return unblock_form(context, context.from.bare());
}

CommandResult user_unblock(const CommandContext& context, const FormValues& values)
{
    return do_unblock(context, context.from.to_bare(), values);
}

/// Minutes of "07:30"; empty for anything else.
std::optional<int> parse_clock(std::string_view text)
{
    constexpr std::string_view shape = "00:00";
    if (text.size() != shape.size() || text[2] != ':')
        return std::nullopt;
    const auto number = [](std::string_view digits) {
        int value = -1;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return error == std::errc{} && end == digits.data() + digits.size() ? value : -1;
    };
    const auto hours = number(text.substr(0, 2));
    const auto minutes = number(text.substr(3));
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return std::nullopt;
    return hours * 60 + minutes;
}

/// Minutes of "+01:00" or "-03:30"; empty for anything else.
std::optional<int> parse_offset(std::string_view text)
{
    if (text.empty() || (text.front() != '+' && text.front() != '-'))
        return std::nullopt;
    const auto minutes = parse_clock(text.substr(1));
    if (!minutes || *minutes > farthest_offset)
        return std::nullopt;
    return text.front() == '-' ? -*minutes : *minutes;
}

std::string print_clock(int minutes)
{
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

AdHocForm quiet_form(const CommandContext& context, std::size_t /*step*/, const FormValues& /*values*/)
{
    const auto settings = context.roster.settings_of(context.from);
    AdHocField from{ "from", "text-single", "Quiet from (like 22:00; empty: never)" };
    AdHocField until{ "until", "text-single", "Quiet until (like 07:00)" };
    if (settings.quiet) {
        from.values = { print_clock((*settings.quiet)[0]) };
        until.values = { print_clock((*settings.quiet)[1]) };
    }
    return {
        "Do not disturb",
        "Whoever calls meanwhile hears that you are unavailable.",
        { { "dnd", "boolean", "Do not disturb", { settings.do_not_disturb ? "1" : "0" } },
          std::move(from),
          std::move(until),
          { "offset", "text-single", "Your time differs from UTC by", { "+00:00" } },
          { "missed", "boolean", "Tell me of missed calls", { settings.missed_call_notice ? "1" : "0" } } }
    };
}

CommandResult change_quiet(const CommandContext& context, const FormValues& values)
{
    auto settings = context.roster.settings_of(context.from);
    settings.do_not_disturb = is_checked(values, "dnd");
    settings.missed_call_notice = is_checked(values, "missed");
    settings.quiet.reset();
    const auto from = first_value(values, "from");
    const auto until = first_value(values, "until");
    if (!from.empty() || !until.empty()) {
        const auto given_offset = first_value(values, "offset");
        const auto begins = parse_clock(from);
        const auto ends = parse_clock(until);
        const auto offset = given_offset.empty() ? 0 : parse_offset(given_offset);
        if (!begins || !ends)
            return tl::make_unexpected(
                std::string{ "Quiet hours want two times of day, like 22:00 and 07:00." });
        if (!offset)
            return tl::make_unexpected(std::string{ "The difference from UTC looks like +01:00." });
        const auto in_utc = [&](int minutes) {
            return static_cast<std::uint16_t>((minutes - *offset + minutes_of_day) % minutes_of_day);
        };
        settings.quiet = { in_utc(*begins), in_utc(*ends) };
    }
    if (!context.roster.change(settings))
        return tl::make_unexpected(std::string{ "There is no room for your settings." });
    return CommandOutcome{ settings.do_not_disturb ? "You will not be disturbed."
                               : settings.quiet    ? "Your quiet hours are set."
                                                   : "Calls reach you at any time." };
}

void add_device(AdHocField& field, std::string_view resource, std::string_view label)
{
    const auto is_same = [&](const auto& option) { return option.second == resource; };
    if (!resource.empty() && std::ranges::none_of(field.options, is_same))
        field.options.emplace_back(label, resource);
}

AdHocForm ring_form(const CommandContext& context, std::size_t /*step*/, const FormValues& /*values*/)
{
    const auto settings = context.roster.settings_of(context.from);
    AdHocField field{ "devices", "list-multi", "Devices", settings.ring_only };
    add_device(field, context.from.resource(), "This one (" + std::string{ context.from.resource() } + ")");
    for (const auto& device : context.roster.devices_of(context.from.to_bare()))
        if (device.address.domain() != context.roster.domain())
            add_device(field, device.address.resource(), device.address.resource());
    for (const auto& resource : settings.ring_only)
        if (resource != roster::ring_pages)
            add_device(field, resource, resource);
    add_device(field, roster::ring_pages, "Open web pages");
    return { "Ring these devices", "Choose none to ring them all.", { std::move(field) } };
}

CommandResult change_ring(const CommandContext& context, const FormValues& values)
{
    auto settings = context.roster.settings_of(context.from);
    settings.ring_only = values.at("devices");
    if (!context.roster.change(settings))
        return tl::make_unexpected(std::string{ "These are too many." });
    return CommandOutcome{ settings.ring_only.empty() ? "All your devices ring."
                                                      : "Only the chosen devices ring." };
}

CommandResult show_last_calls(const CommandContext& context, const FormValues& /*values*/)
{
    const auto tell = [](const std::vector<CallSummary>& calls) {
        std::vector<std::string> lines;
        for (const auto& call : calls)
            lines.push_back(to_line(call));
        if (lines.empty())
            return CommandOutcome{ "There are no calls on record." };
        return CommandOutcome{ {}, show_lines("Your last calls", std::move(lines)) };
    };
    CommandOutcome outcome;
    outcome.later = [tell, operations = context.operations, user = context.from.to_bare()](auto done) {
        operations->last_calls(
            user, last_calls_shown,
            [tell, done = std::move(done)](const std::vector<CallSummary>& calls) { done(tell(calls)); });
    };
    return outcome;
}

constexpr std::array commands{
    AdHocCommand{ "create-link", "Create a call link", Audience::user, false, 1, create_link_form,
                  create_link },
    AdHocCommand{ "list-links", "My call links", Audience::user, false, 0, nullptr, list_links },
    AdHocCommand{ "revoke-link", "Revoke a call link", Audience::user, false, 2, revoke_link_form,
                  revoke_link },
    AdHocCommand{ "block", "Block a caller", Audience::user, false, 1, user_block_form, user_block },
    AdHocCommand{ "unblock", "Unblock a caller", Audience::user, false, 1, user_unblock_form, user_unblock },
    AdHocCommand{ "do-not-disturb", "Do not disturb", Audience::user, false, 1, quiet_form, change_quiet },
    AdHocCommand{ "ring-devices", "Ring these devices", Audience::user, false, 1, ring_form, change_ring },
    AdHocCommand{ "last-calls", "My last calls", Audience::user, true, 0, nullptr, show_last_calls },
};

}  // namespace

std::span<const AdHocCommand> user_commands() noexcept
{
    return commands;
}

}  // namespace component
