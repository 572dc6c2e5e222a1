#include "component/config.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <tuple>

#include <arpa/inet.h>
#include <toml++/toml.h>

#include "component/config_keys.hpp"
#include "component/policy_warnings.hpp"
#include "component/suggest.hpp"

namespace component {
namespace {

/// A configuration is some kilobytes; this only keeps a wrong path, like a device, from filling the memory.
constexpr std::size_t max_file_bytes = std::size_t{ 1024 } * 1024;

std::string quoted(std::string_view text)
{
    return "\"" + std::string{ text } + "\"";
}

const ConfigArray* find_array(std::string_view section)
{
    const auto found = std::ranges::find(config_arrays(), section, &ConfigArray::section);
    return found == config_arrays().end() ? nullptr : &*found;
}

/// As it is written at the head of the section.
std::string header(std::string_view section)
{
    const std::string_view array = find_array(section) != nullptr ? "[" : "";
    return std::string{ array } + "[" + std::string{ section } + "]" + (array.empty() ? "" : "]");
}

ConfigProblem problem_at(const toml::source_region& place, std::string message)
{
    return { place.begin.line, place.begin.column, std::move(message) };
}

ConfigValue to_value(const toml::node& node)
{
    ConfigValue value;
    value.line = node.source().begin.line;
    value.column = node.source().begin.column;
    if (const auto* text = node.as_string())
        value.content = text->get();
    else if (const auto* number = node.as_integer())
        value.content = number->get();
    else if (const auto* flag = node.as_boolean())
        value.content = flag->get();
    else if (const auto* array = node.as_array()) {
        ConfigValue::Array items;
        for (const auto& item : *array)
            items.push_back(to_value(item));
        value.content = std::move(items);
    } else if (const auto* table = node.as_table()) {
        ConfigValue::Table entries;
        for (const auto& [name, entry] : *table)
            entries.push_back({ std::string{ name.str() }, to_value(entry) });
        value.content = std::move(entries);
    } else
        value.content = ConfigValue::Other{ node.is_floating_point() ? "a number with a fraction"
                                                                     : "a date or a time" };
    return value;
}

/// Walks through the file along the table of keys.
class Checker {
public:
    Checker(ParsedConfig& result, const std::filesystem::path& directory)
        : result_{ result }
        , target_{ result.config, directory }
    {
    }

    void check(const toml::table& file)
    {
        for (const auto& [section, node] : file)
            check_section(section.str(), section, node);
        for (const auto& key : config_keys())
            if (key.required && !seen_.contains(&key) && find_array(key.section) == nullptr)
                missing(key, file.at_path(key.section).node());
    }

private:
    /// `full` is the section's whole name, with those that it stands in.
    void check_section(std::string_view full, const toml::key& section, const toml::node& node)
    {
        if (const auto* array = find_array(full))
            return check_array(*array, section, node);
        const auto inner = std::string{ full } + ".";
        const auto holds_sections = std::ranges::any_of(
            config_keys(), [&](const ConfigKey& key) { return key.section.starts_with(inner); });
        if (!has_section(full) && !holds_sections) {
            const bool is_section = node.is_table() || node.is_array_of_tables();
            unknown(section, is_section ? "section" : "key", sections_and_keys(is_section));
            return;
        }
        const auto* table = node.as_table();
        if (table == nullptr) {
            result_.errors.push_back(problem_at(
                section.source(), quoted(full) + " is a section: write [" + std::string{ full } + "]"));
            return;
        }
        for (const auto& [name, value] : *table) {
            const auto nested = inner + std::string{ name.str() };
            if (const auto* array = find_array(nested))
                check_array(*array, name, value);
            else if (holds_sections && value.is_table())
                check_section(nested, name, value);
            else
                check_key(full, name, value);
        }
    }

    static bool has_section(std::string_view full)
    {
        return std::ranges::find(config_keys(), full, &ConfigKey::section) != config_keys().end();
    }

    /// [[section]]: every table of it, each from its defaults.
    void check_array(const ConfigArray& array, const toml::key& name, const toml::node& node)
    {
        const auto* tables = node.as_array();
        if (tables == nullptr || !node.is_array_of_tables()) {
            result_.errors.push_back(
                problem_at(name.source(), "there may be several of these: write " + header(array.section)));
            return;
        }
        for (const auto& entry : *tables)
            check_entry(array, *entry.as_table());
    }

    void check_entry(const ConfigArray& array, const toml::table& table)
    {
        const auto errors = result_.errors.size();
        array.append(target_.config);
        for (const auto& [name, value] : table)
            check_key(array.section, name, value);
        for (const auto& key : config_keys())
            if (key.required && key.section == array.section && !table.contains(key.name))
                missing(key, &table);
        if (result_.errors.size() != errors)
            return;  // What is not complete is not judged as a whole.
        if (const auto done = array.check(target_.config); !done)
            result_.errors.push_back(
                problem_at(table.source(), header(array.section) + " " + done.error().what));
    }

    void check_key(std::string_view section, const toml::key& name, const toml::node& node)
    {
        const auto key = std::ranges::find_if(config_keys(), [&](const ConfigKey& row) {
            return row.section == section && row.name == name.str();
        });
        if (key == config_keys().end())
            return unknown_key(section, name);
        seen_.insert(&*key);
        const auto value = to_value(node);
        if (const auto done = key->set(target_, value); !done) {
            const auto& error = done.error();
            result_.errors.push_back({ error.line != 0 ? error.line : value.line,
                                       error.line != 0 ? error.column : value.column,
                                       name_of(*key) + ": " + error.what });
        }
    }

    void unknown_key(std::string_view section, const toml::key& name)
    {
        for (const auto& row : config_keys())
            if (row.name == name.str()) {  // right key, wrong section
                result_.errors.push_back(problem_at(name.source(),
                                                    "unknown key " + quoted(name.str()) + " in "
                                                        + header(section) + "; it belongs to "
                                                        + header(row.section)));
                return;
            }
        std::vector<std::string_view> names;
        for (const auto& row : config_keys())
            if (row.section == section)
                names.push_back(row.name);
        unknown(name, "key", names, " in " + header(section));
    }

    void unknown(const toml::key& name, std::string_view kind, const std::vector<std::string_view>& known,
                 const std::string& where = {})
    {
        auto message = "unknown " + std::string{ kind } + " " + quoted(name.str()) + where;
        if (const auto meant = suggest(name.str(), known); !meant.empty())
            message += "; did you mean " + quoted(meant) + "?";
        result_.errors.push_back(problem_at(name.source(), std::move(message)));
    }

    void missing(const ConfigKey& key, const toml::node* section)
    {
        auto message = name_of(key) + " is not set";
        result_.errors.push_back(section != nullptr ? problem_at(section->source(), std::move(message))
                                                    : ConfigProblem{ 0, 0, std::move(message) });
    }

    static std::vector<std::string_view> sections_and_keys(bool sections)
    {
        std::vector<std::string_view> names;
        for (const auto& row : config_keys())
            names.push_back(sections ? row.section : row.name);
        return names;
    }

    ParsedConfig& result_;
    ConfigTarget target_;
    std::set<const ConfigKey*> seen_;
};

bool is_loopback(const std::string& host)
{
    in_addr address = {};
    return host == "localhost" || host == "::1"
        || (host.starts_with("127.") && inet_pton(AF_INET, host.c_str(), &address) == 1);
}

ConfigProblem warning_at(const toml::table& file, std::string_view section, std::string_view name,
                         std::string message)
{
    const auto* node = file.get(section) != nullptr ? file[section][name].node() : nullptr;
    return node != nullptr ? problem_at(node->source(), std::move(message))
                           : ConfigProblem{ 0, 0, std::move(message) };
}

void warn_of_http(const toml::table& file, ParsedConfig& result)
{
    const auto& http = result.config.http;
    const auto* section = file["http"].as_table();
    const auto is_used = section != nullptr && !section->empty();
    if (is_used && !http.listen)
        result.warnings.push_back(warning_at(file, "http", "origins", "[http] has no effect without listen"));
    if (http.tls_cert.has_value() != http.tls_key.has_value())
        result.errors.push_back(warning_at(file, "http", http.tls_cert ? "tls_cert" : "tls_key",
                                           "[http] tls_cert and tls_key belong together"));
    const auto behind_proxy = !http.trusted_proxies.empty() || (http.public_url && http.public_url->secure);
    if (http.listen && !http.listen->address.is_loopback() && !http.tls_cert && !behind_proxy)
        result.warnings.push_back(
            warning_at(file, "http", "listen",
                       "pages from other machines need https: browsers give them no microphone without; set "
                       "tls_cert and tls_key, or put a proxy in front and name it in trusted_proxies"));
}

/// What works and is probably not meant.
void warn(const toml::table& file, ParsedConfig& result)
{
    const auto& xmpp = result.config.xmpp;
    if (xmpp.tls == TlsMode::no && !is_loopback(xmpp.host))
        result.warnings.push_back(
            warning_at(file, "xmpp", "host",
                       "the link to " + xmpp.host
                           + " is not encrypted: whoever sits between "
                             "can read and forge every call; use loopback, a private network "
                             "or tls = \"direct\""));
    if (xmpp.tls == TlsMode::no && xmpp.tls_ca)
        result.warnings.push_back(
            warning_at(file, "xmpp", "tls_ca", "[xmpp] tls_ca has no effect without tls = \"direct\""));
    warn_of_http(file, result);
    if (xmpp.served_domains.empty() && result.config.policy.default_policy != DefaultPolicy::open)
        result.warnings.push_back(
            warning_at(file, "xmpp", "domain",
                       "[xmpp] served_domains is empty, so the policy lets nobody call but the web's users"));
    for (auto& warning : policy_warnings(result.config)) {
        const auto* rule = warning.rule ? file["policy"]["rule"][*warning.rule].node() : nullptr;
        result.warnings.push_back(rule != nullptr
                                      ? problem_at(rule->source(), std::move(warning.message))
                                      : warning_at(file, "policy", "default", std::move(warning.message)));
    }
}

/// What belongs together, and is only half there.
void check_together(const toml::table& file, ParsedConfig& result)
{
    const auto wants = [&](std::string_view section, std::string_view name, std::string message) {
        result.errors.push_back(warning_at(file, section, name, std::move(message)));
    };
    const auto& turn = result.config.turn;
    const auto has_own = turn.source == TurnSource::secret || turn.source == TurnSource::fixed;
    if (has_own && !turn.secret_file)
        wants("turn", "source", "[turn] secret_file is not set: this source needs it");
    if (has_own && turn.uris.empty())
        wants("turn", "source", "[turn] uris is not set: this source needs it");
    if (turn.source == TurnSource::fixed && turn.username.empty())
        wants("turn", "source", "[turn] username is not set: this source needs it");
    const auto& jwt = result.config.jwt;
    if (!jwt.keys.empty() && jwt.audience.empty())
        result.errors.push_back(
            { 0, 0, "[auth.jwt] audience is not set: without it a token for anything else would be taken" });
}

/// toml++ keeps tables sorted by name; people read their file from the top.
void sort_by_place(std::vector<ConfigProblem>& problems)
{
    std::ranges::stable_sort(problems, {}, [](const ConfigProblem& p) {
        return std::tuple{ p.line, p.column };
    });
}

}  // namespace

ParsedConfig parse_config(std::string_view text, const std::filesystem::path& directory)
{
    ParsedConfig result;
    try {
        const auto table = toml::parse(text);
        Checker{ result, directory }.check(table);
        resolve_contacts(result.config);
        if (result.ok())
            check_together(table, result);
        if (result.ok())
            warn(table, result);
    } catch (const toml::parse_error& error) {
        result.errors.push_back(problem_at(error.source(), std::string{ error.description() }));
    }
    sort_by_place(result.errors);
    sort_by_place(result.warnings);
    return result;
}

ParsedConfig load_config(const std::filesystem::path& file)
{
    ParsedConfig failed;
    std::ifstream in{ file, std::ios::binary };
    std::string text(max_file_bytes + 1, '\0');
    if (in)
        in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in.is_open() || in.bad()) {
        failed.errors.push_back({ 0, 0, "cannot be read: " + std::string{ std::strerror(errno) } });
        return failed;
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > max_file_bytes) {
        failed.errors.push_back({ 0, 0, "is longer than a configuration can be (1 MiB)" });
        return failed;
    }
    return parse_config(text, file.parent_path());
}

std::string to_string(const ConfigProblem& problem, const std::filesystem::path& file)
{
    auto line = file.string();
    if (problem.line != 0)
        line += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
    return line + ": " + problem.message;
}

}  // namespace component
