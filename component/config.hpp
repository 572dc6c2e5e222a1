#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "component/auth/jwt_key.hpp"
#include "component/web/client_address.hpp"
#include "component/web/origin.hpp"
#include "jingle/candidate_policy.hpp"
#include "roster/call_ledger.hpp"
#include "roster/lines.hpp"
#include "roster/policy.hpp"

namespace component {

enum class TlsMode { no, direct };
using DefaultPolicy = roster::Default;
enum class LogTarget { automatic, stderr_stream, journal };
enum class LogLevel { debug, info, warning, error, off };
enum class LogFormat { text, json };

/// [xmpp]: the link to the server. Domains are prepared (lower case, nameprep).
struct XmppConfig {
    std::string domain;
    std::string host = "127.0.0.1";
    std::uint16_t port = 5347;
    std::optional<std::filesystem::path> secret_file;
    std::optional<std::string> secret;
    std::vector<std::string> served_domains;
    TlsMode tls = TlsMode::no;
    std::optional<std::filesystem::path> tls_ca;  ///< absent: the system's certificates
};

/// [log]
struct LogConfig {
    LogTarget target = LogTarget::automatic;
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
};

/// [admin]
struct AdminConfig {
    std::vector<std::string> jids;  ///< bare and prepared
};

/// [policy]
struct PolicyConfig {
    DefaultPolicy default_policy = DefaultPolicy::local;
    std::vector<roster::Rule> rules;  ///< [[policy.rule]], in the order of the file
};

/// [calls]
struct CallsConfig {
    jingle::CandidateFilter candidates = jingle::CandidateFilter::all;
    bool missed_call_messages = true;  ///< to who has only clients that do not tell themselves
    bool require_dtls = true;
};

/// [limits]
struct LimitsConfig {
    std::chrono::seconds ring_timeout{ 60 };
    std::uint32_t calls_per_user = 4;
    std::uint32_t invites_per_minute = 10;
    std::uint32_t domain_invites_per_minute = 60;  ///< of one domain that is not served
    roster::LedgerLimits ledger;  ///< calls_per_pair, calls_per_domain, unanswered_calls and their pause
};

/// [store]
struct StoreConfig {
    /// Absent: in $STATE_DIRECTORY, else in memory. Empty: in memory.
    std::optional<std::filesystem::path> path;
    std::chrono::seconds retention{ std::chrono::hours{ 24 * 30 } };
};

enum class TurnSource { none, secret, xep0215, fixed };

/// [turn]: where relay credentials come from.
struct TurnConfig {
    TurnSource source = TurnSource::none;
    std::optional<std::filesystem::path> secret_file;  ///< shared secret; with "static" the password
    std::string username;  ///< with "static"
    std::vector<std::string> uris;
    std::chrono::seconds ttl{ std::chrono::hours{ 12 } };
};

struct JwtKeyConfig {
    std::string kid;
    auth::JwtAlgorithm algorithm = auth::JwtAlgorithm::es256;
    std::filesystem::path file;  ///< HS256: the secret; ES256: the public key, PEM
};

/// [auth.jwt]
struct JwtConfig {
    std::string audience;
    std::vector<JwtKeyConfig> keys;  ///< empty: no token is taken
};

/// [guests]: who opens a call link.
struct GuestsConfig {
    bool enabled = true;
    std::chrono::seconds link_ttl{ std::chrono::minutes{ 15 } };  ///< of a link made without another
};

/// [auth.xmpp]: owners of accounts of served domains sign in by a question to the account (XEP-0070).
struct AccountSignInConfig {
    bool enabled = true;
};

/// Where to listen. The port is never 0.
struct ListenAddress {
    boost::asio::ip::address address;
    std::uint16_t port = 0;

    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// [http]: the listener for pages. Without `listen` no port is opened.
struct HttpConfig {
    std::optional<ListenAddress> listen;
    std::vector<web::Origin> origins;  ///< whose pages may connect, besides our own
    std::vector<web::Network> trusted_proxies;
    std::optional<std::filesystem::path> tls_cert;
    std::optional<std::filesystem::path> tls_key;
    std::optional<web::Origin> public_url;  ///< how pages reach us, when that is not what they ask for
};

/// Everything the operator can set; the defaults here are the documented ones. A new setting is one member
/// here and one row in config_keys.cpp.
struct Config {
    XmppConfig xmpp;
    AdminConfig admin;
    PolicyConfig policy;
    CallsConfig calls;
    HttpConfig http;
    LimitsConfig limits;
    StoreConfig store;
    TurnConfig turn;
    JwtConfig jwt;
    AccountSignInConfig account_sign_in;
    GuestsConfig guests;
    std::vector<roster::Line> lines;  ///< [[line]]
    LogConfig log;
};

/// A mistake in the file; line and column count from 1, 0 stands for the file as a whole.
struct ConfigProblem {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string message;

    friend bool operator==(const ConfigProblem&, const ConfigProblem&) = default;
};

/// The configuration counts only when `errors` is empty. Both lists are in the order of the file.
struct ParsedConfig {
    Config config;
    std::vector<ConfigProblem> errors;
    std::vector<ConfigProblem> warnings;

    [[nodiscard]] bool ok() const noexcept { return errors.empty(); }
};

/// Checks the whole text and reports every mistake at once. Relative paths in it start at `directory`.
[[nodiscard]] ParsedConfig parse_config(std::string_view text, const std::filesystem::path& directory);

/// The same for a file; a file that cannot be read is an error like any other.
[[nodiscard]] ParsedConfig load_config(const std::filesystem::path& file);

/// "file:line:column: message", one line; the place as far as it is known.
[[nodiscard]] std::string to_string(const ConfigProblem& problem, const std::filesystem::path& file);

}  // namespace component
