#include "component/calls_command.hpp"

#include <array>
#include <charconv>
#include <iostream>

#include "base/base64url.hpp"
#include "component/calls_text.hpp"
#include "component/config_values.hpp"
#include "component/store_command.hpp"
#include "component/wall_time.hpp"
#include "jingle/call/call_id.hpp"

namespace component {
namespace {

constexpr std::size_t default_limit = 50;
constexpr std::size_t max_limit = 1'000'000;
constexpr std::chrono::seconds longest_ago = std::chrono::hours{ 24 * 3650 };

WallTime wall_now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// A time, or how long ago: "2h", "7d".
std::optional<WallTime> since_of(std::string_view text)
{
    if (const auto time = wall_time_of(text))
        return time;
    const ConfigValue value{ std::string{ text }, 0, 0 };
    const auto ago = read_duration(value, std::chrono::seconds{ 1 }, longest_ago);
    if (!ago)
        return std::nullopt;
    return wall_now() - *ago;
}

tl::expected<CallQuery, ExitCode> query_of(const Arguments& arguments)
{
    CallQuery query;
    query.limit = default_limit;
    if (arguments.has("--since")) {
        query.since = since_of(arguments.value("--since"));
        if (!query.since)
            return tl::make_unexpected(refuse_argument(
                "--since",
                "wants a time like 2026-01-31T12:00:00Z, a day like 2026-01-31, or how long ago, like 2h"));
    }
    if (arguments.has("--with")) {
        query.party = xmpp::Jid::parse(arguments.value("--with"));
        if (!query.party || query.party->is_full())
            return tl::make_unexpected(refuse_argument("--with", "wants an address like alice@example.org"));
    }
    if (arguments.has("--limit")) {
        const auto text = arguments.value("--limit");
        const auto* last = text.data() + text.size();
        const auto [end, error] = std::from_chars(text.data(), last, query.limit);
        if (error != std::errc{} || end != last || query.limit == 0 || query.limit > max_limit)
            return tl::make_unexpected(refuse_argument("--limit", "wants a number from 1 to 1000000"));
    }
    return query;
}

int list_calls(const Arguments& arguments)
{
    const auto query = query_of(arguments);
    if (!query)
        return query.error();
    return with_store(arguments, OpenFor::reading, [&](OpenedStore& store) {
        const auto calls = store.file.calls(*query);
        const auto is_json = arguments.has("--json");
        if (!is_json)
            std::cout << table_head();
        const auto now = wall_now();
        for (const auto& call : calls)
            std::cout << (is_json ? json_line(call) : table_row(call, now));
        return exit_ok;
    });
}

/// All calls a word may mean: an id, the short id of the table, a sid.
std::vector<CallRecord> find_calls(StoreFile& file, const std::string& word)
{
    constexpr std::size_t short_size = 8;
    std::vector<CallRecord> calls;
    if (const auto id = jingle::call::CallId::parse(word))
        calls = file.calls_of(id->bytes);
    if (const auto start = base::from_base64url(word); calls.empty() && word.size() == short_size && start) {
        CallKey first{};
        CallKey last{};
        last.fill(0xFF);
        for (std::size_t i = 0; i < start->size(); ++i)
            first[i] = last[i] = static_cast<std::uint8_t>((*start)[i]);
        calls = file.calls_between(first, last);
    }
    if (calls.empty())
        calls = file.calls_of(std::string_view{ word });
    return calls;
}

int show_call(const Arguments& arguments)
{
    return with_store(arguments, OpenFor::reading, [&](OpenedStore& store) -> int {
        const std::string word{ arguments.value("ID") };
        const auto calls = find_calls(store.file, word);
        if (calls.empty()) {
            (void)refuse_argument(word, "no call has this id or sid");
            return exit_no_input;
        }
        bool is_first = true;
        for (const auto& call : calls) {
            if (arguments.has("--json")) {
                std::cout << json_line(call);
                continue;
            }
            std::cout << (is_first ? "" : "\n") << full_text(call, wall_now());
            is_first = false;
        }
        return exit_ok;
    });
}

constexpr Parameter json_flag{ "--json", "One JSON object a line, times in UTC", Parameter::Kind::flag };
constexpr std::array calls_parameters{
    json_flag,
    Parameter{ "--since", "Only calls that began then or later: a time, a day, or how long ago (2h, 7d)" },
    Parameter{ "--with", "Only calls from or to this address" },
    Parameter{ "--limit", "At most so many, the last ones (50)" },
};
constexpr std::array call_parameters{
    Parameter{ "ID", "Id, short id or sid of the call", Parameter::Kind::positional, true },
    json_flag,
};

}  // namespace

const Command calls_command{ "calls", "List the last calls", calls_parameters, list_calls,
                             "Reads the database while the service runs. Times are local." };
const Command call_command{ "call", "Show all that is known of one call", call_parameters, show_call,
                            "An id that starts with '-' is given behind '--'." };

}  // namespace component
