#include "component/config_keys.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "component/config_values.hpp"
#include "component/turn_uri.hpp"

namespace component {
namespace {

using base::EnumRow;
using base::Result;
using namespace std::chrono_literals;

constexpr std::int64_t max_port = 65535;
constexpr std::int64_t max_calls_per_user = 1000;
constexpr std::int64_t max_invites_per_minute = 100'000;
constexpr std::int64_t max_calls_per_domain = 100'000;
constexpr auto shortest_pause = 1s;
constexpr auto longest_pause = 86'400s;
constexpr auto shortest_ring = 5s;
constexpr auto longest_ring = 600s;
constexpr std::chrono::seconds shortest_retention = 1h;
constexpr std::chrono::seconds longest_retention = 24h * 3650;
constexpr std::chrono::seconds shortest_turn_ttl = 5min;
constexpr std::chrono::seconds longest_turn_ttl = 24h * 7;

constexpr std::array tls_modes{
    EnumRow<TlsMode>{ TlsMode::no, "no" },
    EnumRow<TlsMode>{ TlsMode::direct, "direct" },
};
constexpr std::array log_targets{
    EnumRow<LogTarget>{ LogTarget::automatic, "auto" },
    EnumRow<LogTarget>{ LogTarget::stderr_stream, "stderr" },
    EnumRow<LogTarget>{ LogTarget::journal, "journal" },
};
constexpr std::array log_formats{
    EnumRow<LogFormat>{ LogFormat::text, "text" },
    EnumRow<LogFormat>{ LogFormat::json, "json" },
};

constexpr std::array default_policies{
    EnumRow<DefaultPolicy>{ DefaultPolicy::open, "open" },
    EnumRow<DefaultPolicy>{ DefaultPolicy::local, "local" },
    EnumRow<DefaultPolicy>{ DefaultPolicy::roster, "roster" },
    EnumRow<DefaultPolicy>{ DefaultPolicy::allowlist, "allowlist" },
};
constexpr std::array rule_media{
    EnumRow<roster::RuleMedia>{ roster::RuleMedia::any, "any" },
    EnumRow<roster::RuleMedia>{ roster::RuleMedia::audio, "audio" },
    EnumRow<roster::RuleMedia>{ roster::RuleMedia::video, "video" },
};
constexpr std::array rule_actions{
    EnumRow<roster::RuleAction>{ roster::RuleAction::allow, "allow" },
    EnumRow<roster::RuleAction>{ roster::RuleAction::reject, "reject" },
    EnumRow<roster::RuleAction>{ roster::RuleAction::ring_silently, "ring-silently" },
    EnumRow<roster::RuleAction>{ roster::RuleAction::require_relay, "require-relay" },
};
constexpr std::array line_strategies{
    EnumRow<roster::LineStrategy>{ roster::LineStrategy::all, "all" },
    EnumRow<roster::LineStrategy>{ roster::LineStrategy::in_order, "in-order" },
};

constexpr std::array turn_sources{
    EnumRow<TurnSource>{ TurnSource::none, "none" },
    EnumRow<TurnSource>{ TurnSource::secret, "secret" },
    EnumRow<TurnSource>{ TurnSource::xep0215, "xep0215" },
    EnumRow<TurnSource>{ TurnSource::fixed, "static" },
};
constexpr std::array jwt_algorithms{
    EnumRow<auth::JwtAlgorithm>{ auth::JwtAlgorithm::hs256, "HS256" },
    EnumRow<auth::JwtAlgorithm>{ auth::JwtAlgorithm::es256, "ES256" },
};

/// The setter of the member `Field` of the section `Section`, read by `Read`.
template <auto Section, auto Field, auto Read>
Result<void> set(const ConfigTarget& target, const ConfigValue& value)
{
    TRY((target.config.*Section).*Field, Read(value));
    return {};
}

template <auto Section, auto Field>
Result<void> set_path(const ConfigTarget& target, const ConfigValue& value)
{
    TRY((target.config.*Section).*Field, read_path(value, target.directory));
    return {};
}

template <auto Section, auto Field, const auto& Rows>
Result<void> set_word(const ConfigTarget& target, const ConfigValue& value)
{
    TRY((target.config.*Section).*Field, read_word(value, Rows));
    return {};
}

template <auto Section, auto Field, std::int64_t Low, std::int64_t High>
Result<void> set_number(const ConfigTarget& target, const ConfigValue& value)
{
    TRY(const auto number, read_number(value, Low, High));
    auto& field = (target.config.*Section).*Field;
    field = static_cast<std::remove_reference_t<decltype(field)>>(number);
    return {};
}

template <auto Field, std::int64_t Low, std::int64_t High>
Result<void> set_ledger(const ConfigTarget& target, const ConfigValue& value)
{
    TRY(const auto number, read_number(value, Low, High));
    target.config.limits.ledger.*Field = static_cast<unsigned>(number);
    return {};
}

Result<void> set_unanswered_pause(const ConfigTarget& target, const ConfigValue& value)
{
    TRY(target.config.limits.ledger.unanswered_pause, read_duration(value, shortest_pause, longest_pause));
    return {};
}

/// The member `Field` of the last [[policy.rule]], read by `Read`.
template <auto Field, auto Read>
Result<void> set_rule(const ConfigTarget& target, const ConfigValue& value)
{
    TRY(target.config.policy.rules.back().*Field, Read(value));
    return {};
}

/// The same of the last [[line]].
template <auto Field, auto Read>
Result<void> set_line(const ConfigTarget& target, const ConfigValue& value)
{
    TRY(target.config.lines.back().*Field, Read(value));
    return {};
}

Result<void> check_rule(const Config& /*config*/)
{
    return {};  // Its keys are all there is to check.
}

Result<void> check_line(const Config& config)
{
    const auto& line = config.lines.back();
    const auto same = [&](const roster::Line& other) { return other.name == line.name; };
    if (std::ranges::count_if(config.lines, same) > 1)
        return base::fail(base::Errc::duplicate, "has the name \"" + line.name + "\" a second time");
    return {};
}

Result<void> set_store_path(const ConfigTarget& target, const ConfigValue& value)
{
    TRY(target.config.store.path, read_optional_path(value, target.directory));
    return {};
}

/// An address of ours for browsers: they take a microphone on https and on their own machine only.
Result<std::string> read_turn_uri(const ConfigValue& value)
{
    TRY(auto text, read_text(value));
    TRY_VOID(TurnUri::parse(text));
    return text;
}

Result<JwtKeyConfig> read_jwt_key(const ConfigValue& value, const std::filesystem::path& directory)
{
    JwtKeyConfig key;
    const std::array<TableMember, 3> members{ {
        { "kid",
          [&](const ConfigValue& v) -> Result<void> {
              TRY(key.kid, read_text(v));
              return {};
          } },
        { "alg",
          [&](const ConfigValue& v) -> Result<void> {
              TRY(key.algorithm, read_word(v, jwt_algorithms));
              return {};
          } },
        { "file",
          [&](const ConfigValue& v) -> Result<void> {
              TRY(key.file, read_path(v, directory));
              return {};
          } },
    } };
    TRY_VOID(read_table(value, members));
    return key;
}

Result<void> set_jwt_keys(const ConfigTarget& target, const ConfigValue& value)
{
    const auto* array = std::get_if<ConfigValue::Array>(&value.content);
    if (array == nullptr)
        return base::fail(
            base::Errc::malformed,
            "wants a list, like [{ kid = \"1\", alg = \"ES256\", file = \"key.pem\" }], and this is "
                + std::string{ type_name(value) });
    for (const auto& entry : *array) {
        TRY(auto key, read_jwt_key(entry, target.directory));
        if (std::ranges::find(target.config.jwt.keys, key.kid, &JwtKeyConfig::kid)
            != target.config.jwt.keys.end())
            return tl::make_unexpected(base::Error{
                base::Errc::duplicate, "has the kid \"" + key.kid + "\" twice", entry.line, entry.column });
        target.config.jwt.keys.push_back(std::move(key));
    }
    return {};
}

constexpr auto read_turn_uris = [](const ConfigValue& value) { return read_list(value, read_turn_uri); };
constexpr auto read_retention
    = [](const ConfigValue& value) { return read_duration(value, shortest_retention, longest_retention); };
constexpr auto read_turn_ttl
    = [](const ConfigValue& value) { return read_duration(value, shortest_turn_ttl, longest_turn_ttl); };
constexpr auto read_domains = [](const ConfigValue& value) { return read_list(value, read_domain); };
constexpr auto read_bare_jids = [](const ConfigValue& value) { return read_list(value, read_bare_jid); };
constexpr auto read_ring
    = [](const ConfigValue& value) { return read_duration(value, shortest_ring, longest_ring); };

constexpr auto read_line_ring
    = [](const ConfigValue& value) { return read_duration(value, shortest_ring, longest_ring); };
constexpr auto read_media = [](const ConfigValue& value) { return read_word(value, rule_media); };
constexpr auto read_action = [](const ConfigValue& value) { return read_word(value, rule_actions); };
constexpr auto read_strategy = [](const ConfigValue& value) { return read_word(value, line_strategies); };

template <auto Section, auto Field>
bool same(const Config& a, const Config& b)
{
    return (a.*Section).*Field == (b.*Section).*Field;
}

constexpr bool optional = false;
constexpr bool required = true;
constexpr auto xmpp_ = &Config::xmpp;
constexpr auto log_ = &Config::log;
constexpr auto limits_ = &Config::limits;
constexpr auto turn_ = &Config::turn;
constexpr auto http_ = &Config::http;

// clang-format off
constexpr std::array keys{
    ConfigKey{"xmpp", "domain", set<xmpp_, &XmppConfig::domain, read_domain>, required, same<xmpp_, &XmppConfig::domain>},
    ConfigKey{"xmpp", "host", set<xmpp_, &XmppConfig::host, read_text>, optional, same<xmpp_, &XmppConfig::host>},
    ConfigKey{"xmpp", "port", set_number<xmpp_, &XmppConfig::port, 1, max_port>, optional, same<xmpp_, &XmppConfig::port>},
    ConfigKey{"xmpp", "secret_file", set_path<xmpp_, &XmppConfig::secret_file>, optional, same<xmpp_, &XmppConfig::secret_file>},
    ConfigKey{"xmpp", "secret", set<xmpp_, &XmppConfig::secret, read_text>, optional, same<xmpp_, &XmppConfig::secret>},
    ConfigKey{"xmpp", "served_domains", set<xmpp_, &XmppConfig::served_domains, read_domains>},
    ConfigKey{"xmpp", "tls", set_word<xmpp_, &XmppConfig::tls, tls_modes>, optional, same<xmpp_, &XmppConfig::tls>},
    ConfigKey{"xmpp", "tls_ca", set_path<xmpp_, &XmppConfig::tls_ca>, optional, same<xmpp_, &XmppConfig::tls_ca>},
    ConfigKey{"admin", "jids", set<&Config::admin, &AdminConfig::jids, read_bare_jids>},
    ConfigKey{"policy", "default", set_word<&Config::policy, &PolicyConfig::default_policy, default_policies>},
    ConfigKey{"policy.rule", "from", set_rule<&roster::Rule::from, read_pattern>},
    ConfigKey{"policy.rule", "to", set_rule<&roster::Rule::to, read_pattern>},
    ConfigKey{"policy.rule", "domain", set_rule<&roster::Rule::domain, read_domain_pattern>},
    ConfigKey{"policy.rule", "media", set_rule<&roster::Rule::media, read_media>},
    ConfigKey{"policy.rule", "action", set_rule<&roster::Rule::action, read_action>, required},
    ConfigKey{"line", "name", set_line<&roster::Line::name, read_line_name>, required},
    ConfigKey{"line", "title", set_line<&roster::Line::title, read_text>},
    ConfigKey{"line", "members", set_line<&roster::Line::members, read_members>, required},
    ConfigKey{"line", "strategy", set_line<&roster::Line::strategy, read_strategy>},
    ConfigKey{"line", "ring", set_line<&roster::Line::ring, read_line_ring>},
    ConfigKey{"calls", "candidates", set_word<&Config::calls, &CallsConfig::candidates, jingle::candidate_filter_rows>},
    ConfigKey{"calls", "missed_call_messages", set<&Config::calls, &CallsConfig::missed_call_messages, read_flag>},
    ConfigKey{"calls", "require_dtls", set<&Config::calls, &CallsConfig::require_dtls, read_flag>},
    ConfigKey{"http", "listen", set<http_, &HttpConfig::listen, read_listen>, optional, same<http_, &HttpConfig::listen>},
    ConfigKey{"http", "origins", set<http_, &HttpConfig::origins, read_origins>},
    ConfigKey{"http", "trusted_proxies", set<http_, &HttpConfig::trusted_proxies, read_networks>},
    ConfigKey{"http", "tls_cert", set_path<http_, &HttpConfig::tls_cert>},
    ConfigKey{"http", "tls_key", set_path<http_, &HttpConfig::tls_key>},
    ConfigKey{"http", "public_url", set<http_, &HttpConfig::public_url, read_origin>},
    ConfigKey{"limits", "ring_timeout", set<limits_, &LimitsConfig::ring_timeout, read_ring>},
    ConfigKey{"limits", "calls_per_user", set_number<limits_, &LimitsConfig::calls_per_user, 1, max_calls_per_user>},
    ConfigKey{"limits", "invites_per_minute",
              set_number<limits_, &LimitsConfig::invites_per_minute, 1, max_invites_per_minute>},
    ConfigKey{"limits", "domain_invites_per_minute",
              set_number<limits_, &LimitsConfig::domain_invites_per_minute, 1, max_invites_per_minute>},
    ConfigKey{"store", "path", set_store_path, optional, same<&Config::store, &StoreConfig::path>},
    ConfigKey{"store", "retention", set<&Config::store, &StoreConfig::retention, read_retention>},
    ConfigKey{"turn", "source", set_word<turn_, &TurnConfig::source, turn_sources>},
    ConfigKey{"turn", "secret_file", set_path<turn_, &TurnConfig::secret_file>},
    ConfigKey{"turn", "username", set<turn_, &TurnConfig::username, read_text>},
    ConfigKey{"turn", "uris", set<turn_, &TurnConfig::uris, read_turn_uris>},
    ConfigKey{"turn", "ttl", set<turn_, &TurnConfig::ttl, read_turn_ttl>},
    ConfigKey{"auth.jwt", "audience", set<&Config::jwt, &JwtConfig::audience, read_text>},
    ConfigKey{"auth.jwt", "keys", set_jwt_keys},
    ConfigKey{"guests", "enabled", set<&Config::guests, &GuestsConfig::enabled, read_flag>},
    ConfigKey{"guests", "link_ttl", set<&Config::guests, &GuestsConfig::link_ttl, read_link_ttl>},
    ConfigKey{"auth.xmpp", "enabled", set<&Config::account_sign_in, &AccountSignInConfig::enabled, read_flag>},
    ConfigKey{"limits", "calls_per_pair", set_ledger<&roster::LedgerLimits::calls_per_pair, 1, max_calls_per_user>},
    ConfigKey{"limits", "calls_per_domain", set_ledger<&roster::LedgerLimits::calls_per_domain, 1, max_calls_per_domain>},
    ConfigKey{"limits", "unanswered_calls", set_ledger<&roster::LedgerLimits::unanswered_calls, 1, max_calls_per_user>},
    ConfigKey{"limits", "unanswered_pause", set_unanswered_pause},
    ConfigKey{"log", "target", set_word<log_, &LogConfig::target, log_targets>},
    ConfigKey{"log", "level", set_word<log_, &LogConfig::level, log_level_rows>},
    ConfigKey{"log", "format", set_word<log_, &LogConfig::format, log_formats>},
};
// clang-format on

constexpr std::array arrays{
    ConfigArray{ "policy.rule", [](Config& config) { config.policy.rules.emplace_back(); }, check_rule },
    ConfigArray{ "line", [](Config& config) { config.lines.emplace_back(); }, check_line },
};

}  // namespace

std::span<const ConfigArray> config_arrays() noexcept
{
    return arrays;
}

std::span<const ConfigKey> config_keys() noexcept
{
    return keys;
}

std::string name_of(const ConfigKey& key)
{
    const auto is_array = std::ranges::find(arrays, key.section, &ConfigArray::section) != arrays.end();
    const auto section = std::string{ key.section };
    return (is_array ? "[[" + section + "]]" : "[" + section + "]") + " " + std::string{ key.name };
}

std::vector<std::string> keys_for_restart(const Config& running, const Config& wanted)
{
    std::vector<std::string> names;
    for (const auto& key : keys)
        if (key.same != nullptr && !key.same(running, wanted))
            names.push_back(name_of(key));
    return names;
}

}  // namespace component
