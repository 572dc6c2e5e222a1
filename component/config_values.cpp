#include "component/config_values.hpp"

#include <algorithm>
#include <charconv>

#include "xmpp/jid.hpp"

namespace component {
namespace {

using base::Errc;
using base::fail;

tl::unexpected<base::Error> wrong_type(std::string_view wanted, const ConfigValue& value)
{
    return fail(Errc::malformed,
                "wants " + std::string{ wanted } + ", and this is " + std::string{ type_name(value) });
}

bool is_control(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

struct Unit {
    std::string_view suffix;
    std::chrono::seconds length;
};
constexpr std::array units{
    Unit{ "s", std::chrono::seconds{ 1 } },
    Unit{ "m", std::chrono::minutes{ 1 } },
    Unit{ "h", std::chrono::hours{ 1 } },
    Unit{ "d", std::chrono::hours{ 24 } },
};

/// The seconds of "30s"; negative when it is no duration.
std::chrono::seconds parse_duration(std::string_view text)
{
    std::int32_t count{};
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, count);
    const auto suffix = text.substr(static_cast<std::size_t>(end - text.data()));
    const auto* unit = std::ranges::find(units, suffix, &Unit::suffix);
    if (error != std::errc{} || unit == units.end())
        return std::chrono::seconds{ -1 };
    return count * unit->length;
}

}  // namespace

std::string_view type_name(const ConfigValue& value) noexcept
{
    struct Visitor {
        std::string_view operator()(const std::string&) const { return "a text"; }
        std::string_view operator()(std::int64_t) const { return "a whole number"; }
        std::string_view operator()(bool) const { return "true or false"; }
        std::string_view operator()(const ConfigValue::Array&) const { return "a list"; }
        std::string_view operator()(const ConfigValue::Table&) const { return "a table"; }
        std::string_view operator()(ConfigValue::Other other) const { return other.type; }
    };
    return std::visit(Visitor{}, value.content);
}

base::Result<std::string> read_text(const ConfigValue& value)
{
    const auto* text = std::get_if<std::string>(&value.content);
    if (text == nullptr)
        return wrong_type("a text in quotes", value);
    if (text->empty())
        return fail(Errc::malformed, "must not be empty");
    if (std::ranges::any_of(*text, is_control))
        return fail(Errc::forbidden, "must not have control characters");
    return *text;
}

base::Result<bool> read_flag(const ConfigValue& value)
{
    const auto* flag = std::get_if<bool>(&value.content);
    if (flag == nullptr)
        return wrong_type("true or false", value);
    return *flag;
}

base::Result<std::int64_t> read_number(const ConfigValue& value, std::int64_t low, std::int64_t high)
{
    const auto* number = std::get_if<std::int64_t>(&value.content);
    if (number == nullptr)
        return wrong_type("a whole number without quotes", value);
    if (*number < low || *number > high)
        return fail(Errc::out_of_range,
                    "must be from " + std::to_string(low) + " to " + std::to_string(high));
    return *number;
}

base::Result<std::chrono::seconds> read_duration(const ConfigValue& value, std::chrono::seconds low,
                                                 std::chrono::seconds high)
{
    const auto* text = std::get_if<std::string>(&value.content);
    if (text == nullptr)
        return wrong_type("a duration in quotes, like \"30s\"", value);
    const auto duration = parse_duration(*text);
    if (duration.count() < 0)
        return fail(Errc::malformed, "wants a duration: a number with s, m, h or d, like \"30s\"");
    if (duration < low || duration > high)
        return fail(Errc::out_of_range,
                    "must be from " + std::to_string(low.count()) + "s to " + std::to_string(high.count())
                        + "s");
    return duration;
}

base::Result<std::chrono::seconds> read_link_ttl(const ConfigValue& value)
{
    constexpr std::chrono::seconds shortest{ 1 };
    constexpr std::chrono::hours longest{ 24 * 3650 };
    return read_duration(value, shortest, longest);
}

base::Result<std::string> read_domain(const ConfigValue& value)
{
    TRY(const auto text, read_text(value));
    const auto jid = xmpp::Jid::parse(text);
    if (!jid || !jid->local().empty() || jid->is_full())
        return fail(Errc::malformed, "wants a domain, like \"example.org\"; \"" + text + "\" is none");
    return std::string{ jid->domain() };
}

base::Result<std::string> read_bare_jid(const ConfigValue& value)
{
    TRY(const auto text, read_text(value));
    const auto jid = xmpp::Jid::parse(text);
    if (!jid || jid->local().empty() || jid->is_full())
        return fail(Errc::malformed, "wants addresses like \"admin@example.org\"; \"" + text + "\" is none");
    return jid->full();
}

base::Result<roster::Pattern> read_pattern(const ConfigValue& value)
{
    TRY(const auto text, read_text(value));
    auto pattern = roster::Pattern::parse(text);
    if (!pattern)
        return fail(Errc::malformed,
                    "wants an address, \"*@example.org\", \"*.example.org\" or \"*\"; \"" + text
                        + "\" is none");
    return *std::move(pattern);
}

base::Result<roster::Pattern> read_domain_pattern(const ConfigValue& value)
{
    TRY(const auto text, read_text(value));
    auto pattern = roster::Pattern::parse(text);
    using enum roster::Pattern::Kind;
    if (!pattern || text.find('@') != std::string::npos
        || (pattern->kind != domain && pattern->kind != subdomains))
        return fail(Errc::malformed,
                    "wants a domain, \"example.org\" or \"*.example.org\"; \"" + text + "\" is none");
    return *std::move(pattern);
}

base::Result<std::string> read_line_name(const ConfigValue& value)
{
    TRY(const auto text, read_text(value));
    const auto jid = xmpp::Jid::parse(text + "@line");
    if (!jid || jid->local().empty() || jid->domain() != "line"
        || xmpp::unescape_local(jid->local()).find('@') != std::string::npos)
        return fail(Errc::malformed,
                    "wants the part before the @ of an address, like \"support\"; \"" + text + "\" is none");
    return std::string{ jid->local() };
}

base::Result<std::vector<xmpp::Jid>> read_members(const ConfigValue& value)
{
    TRY(const auto texts, read_list(value, read_bare_jid));
    if (texts.empty())
        return fail(Errc::malformed, "must not be empty");
    std::vector<xmpp::Jid> members;
    for (const auto& text : texts)
        if (auto jid = xmpp::Jid::parse(text))
            members.push_back(*std::move(jid));
    return members;
}

base::Result<std::filesystem::path> read_path(const ConfigValue& value,
                                              const std::filesystem::path& directory)
{
    TRY(const auto text, read_text(value));
    return (directory / text).lexically_normal();
}

base::Result<std::filesystem::path> read_optional_path(const ConfigValue& value,
                                                       const std::filesystem::path& directory)
{
    if (const auto* text = std::get_if<std::string>(&value.content); text != nullptr && text->empty())
        return std::filesystem::path{};
    return read_path(value, directory);
}

base::Result<void> read_table(const ConfigValue& value, std::span<const TableMember> members)
{
    const auto* table = std::get_if<ConfigValue::Table>(&value.content);
    if (table == nullptr)
        return wrong_type("tables, like { ... }", value);
    const auto at = [](const ConfigValue& place, base::Error error) {
        if (error.line == 0) {
            error.line = place.line;
            error.column = place.column;
        }
        return tl::make_unexpected(std::move(error));
    };
    for (const auto& entry : *table) {
        const auto member = std::ranges::find(members, entry.name, &TableMember::name);
        if (member == members.end()) {
            std::vector<std::string_view> names;
            for (const auto& known : members)
                names.push_back(known.name);
            return at(entry.value, unknown_word(entry.name, names));
        }
        if (auto done = member->set(entry.value); !done)
            return at(entry.value,
                      { done.error().code, entry.name + ": " + done.error().what, done.error().line,
                        done.error().column });
    }
    for (const auto& member : members)
        if (std::ranges::find(*table, member.name, &ConfigValue::Entry::name) == table->end())
            return at(value, { Errc::missing, std::string{ member.name } + " is not set", 0, 0 });
    return {};
}

base::Result<ListenAddress> read_listen(const ConfigValue& value)
{
    TRY(const auto text, read_text(value));
    const auto colon = text.rfind(':');
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string::npos)
        host.clear();  // An IPv6 address wants its brackets.
    ListenAddress listen;
    boost::system::error_code error;
    listen.address = boost::asio::ip::make_address(host, error);
    const auto digits
        = colon == std::string::npos ? std::string_view{} : std::string_view{ text }.substr(colon + 1);
    const auto* last = digits.data() + digits.size();
    const auto [end, number_error] = std::from_chars(digits.data(), last, listen.port);
    if (error || number_error != std::errc{} || end != last || listen.port == 0)
        return fail(Errc::malformed,
                    "wants an address and a port, like \"127.0.0.1:5290\" or \"[::1]:5290\"; \"" + text
                        + "\" is none");
    return listen;
}

base::Result<web::Origin> read_origin(const ConfigValue& value)
{
    TRY(const auto text, read_text(value));
    const auto origin = web::Origin::parse(text);
    if (!origin)
        return fail(Errc::malformed,
                    "wants the origin of a page, like \"https://www.example.org\", with nothing behind it; \""
                        + text + "\" is none");
    return *origin;
}

base::Result<std::vector<web::Origin>> read_origins(const ConfigValue& value)
{
    return read_list<web::Origin>(value, read_origin);
}

base::Result<std::vector<web::Network>> read_networks(const ConfigValue& value)
{
    return read_list<web::Network>(value, [](const ConfigValue& item) -> base::Result<web::Network> {
        TRY(const auto text, read_text(item));
        const auto network = web::Network::parse(text);
        if (!network)
            return fail(Errc::malformed,
                        "wants addresses and networks, like \"127.0.0.1\" or \"10.0.0.0/8\"; \"" + text
                            + "\" is none");
        return *network;
    });
}

base::Error unknown_word(std::string_view word, std::span<const std::string_view> words)
{
    std::string what = "does not know \"" + std::string{ word } + "\"; it takes ";
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0)
            what += i + 1 == words.size() ? " or " : ", ";
        what.append("\"").append(words[i]).append("\"");
    }
    if (const auto meant = suggest(word, words); !meant.empty())
        what.append("; did you mean \"").append(meant).append("\"?");
    return { Errc::unknown_token, std::move(what) };
}

}  // namespace component
