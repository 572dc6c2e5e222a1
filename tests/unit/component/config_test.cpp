#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>

#include <catch2/catch.hpp>

#include "component/config.hpp"
#include "component/config_keys.hpp"
#include "component/suggest.hpp"
#include "temporary_directory.hpp"

using namespace std::chrono_literals;
using component::ConfigProblem;

namespace {

component::ParsedConfig parse(std::string_view text)
{
    return component::parse_config(text, "/etc/carillon");
}

const std::string minimal = "[xmpp]\ndomain = \"call.example.org\"\nserved_domains = [\"example.org\"]\n";

std::string read_file(const std::string& name)
{
    std::ifstream in{ name };
    return { std::istreambuf_iterator<char>{ in }, {} };
}

}  // namespace

TEST_CASE("config: the minimal file of the README is enough", "[component][config]")
{
    const auto parsed = parse(R"([xmpp]
domain = "call.example.org"
host = "127.0.0.1"
port = 5347
secret_file = "secret"
served_domains = ["example.org"]
)");

    REQUIRE(parsed.errors.empty());
    CHECK(parsed.warnings.empty());
    CHECK(parsed.config.xmpp.domain == "call.example.org");
    CHECK(parsed.config.xmpp.host == "127.0.0.1");
    CHECK(parsed.config.xmpp.port == 5347);
    CHECK(parsed.config.xmpp.secret_file == "/etc/carillon/secret");
    CHECK(parsed.config.xmpp.served_domains == std::vector<std::string>{ "example.org" });
    CHECK(parsed.config.policy.default_policy == component::DefaultPolicy::local);
}

TEST_CASE("config: every key is read", "[component][config]")
{
    const auto parsed = parse(R"([xmpp]
domain = "CALL.Example.org"
host = "::1"
port = 5348
secret_file = "/run/secret"
secret = "s3cret"
served_domains = ["Example.ORG", "example.net"]
tls = "direct"
tls_ca = "ca.pem"
[admin]
jids = ["Admin@example.org"]
[policy]
default = "roster"
[[policy.rule]]
from = "Eve@x.test"
to = "*.example.org"
domain = "x.test"
media = "video"
action = "require-relay"
[[policy.rule]]
action = "ring-silently"
[[line]]
name = "Support"
title = "Support desk"
members = ["bob@example.org", "page@call.example.org"]
strategy = "in-order"
ring = "15s"
[calls]
candidates = "no-host-private"
missed_call_messages = false
require_dtls = false
[http]
listen = "[::1]:5291"
origins = ["https://WWW.example.org", "http://localhost:8080"]
trusted_proxies = ["10.0.0.0/8"]
tls_cert = "cert.pem"
tls_key = "/run/key.pem"
public_url = "https://call.example.org"
[limits]
ring_timeout = "2m"
calls_per_user = 5
invites_per_minute = 11
domain_invites_per_minute = 61
calls_per_pair = 3
calls_per_domain = 501
unanswered_calls = 6
unanswered_pause = "11m"
[log]
target = "journal"
level = "debug"
format = "json"
)");

    REQUIRE(parsed.errors.empty());
    const auto& config = parsed.config;
    CHECK(config.xmpp.domain == "call.example.org");
    CHECK(config.xmpp.host == "::1");
    CHECK(config.xmpp.port == 5348);
    CHECK(config.xmpp.secret_file == "/run/secret");
    CHECK(config.xmpp.secret == "s3cret");
    CHECK(config.xmpp.served_domains == std::vector<std::string>{ "example.org", "example.net" });
    CHECK(config.xmpp.tls == component::TlsMode::direct);
    CHECK(config.xmpp.tls_ca == "/etc/carillon/ca.pem");
    CHECK(config.admin.jids == std::vector<std::string>{ "admin@example.org" });
    CHECK(config.policy.default_policy == component::DefaultPolicy::roster);
    REQUIRE(config.policy.rules.size() == 2);
    CHECK(config.policy.rules[0]
          == roster::Rule{ *roster::Pattern::parse("eve@x.test"), *roster::Pattern::parse("*.example.org"),
                           roster::Pattern::parse("x.test"), roster::RuleMedia::video,
                           roster::RuleAction::require_relay });
    CHECK(config.policy.rules[1]
          == roster::Rule{ {}, {}, {}, roster::RuleMedia::any, roster::RuleAction::ring_silently });
    REQUIRE(config.lines.size() == 1);
    CHECK(
        config.lines[0]
        == roster::Line{ "support",
                         "Support desk",
                         { *xmpp::Jid::parse("bob@example.org"), *xmpp::Jid::parse("page@call.example.org") },
                         roster::LineStrategy::in_order,
                         15s });
    CHECK(config.limits.ledger.calls_per_pair == 3);
    CHECK(config.limits.ledger.calls_per_domain == 501);
    CHECK(config.limits.ledger.unanswered_calls == 6);
    CHECK(config.limits.ledger.unanswered_pause == 660s);
    CHECK(config.calls.candidates == jingle::CandidateFilter::no_host_private);
    CHECK_FALSE(config.calls.missed_call_messages);
    CHECK_FALSE(config.calls.require_dtls);
    REQUIRE(config.http.listen);
    CHECK(config.http.listen->address.to_string() == "::1");
    CHECK(config.http.listen->port == 5291);
    REQUIRE(config.http.origins.size() == 2);
    CHECK(config.http.origins[0].to_string() == "https://www.example.org");
    CHECK(config.http.trusted_proxies == std::vector{ component::web::Network::parse("10.0.0.0/8").value() });
    CHECK(config.http.tls_cert == "/etc/carillon/cert.pem");
    CHECK(config.http.tls_key == "/run/key.pem");
    CHECK(config.http.public_url->to_string() == "https://call.example.org");
    CHECK(config.limits.ring_timeout == 120s);
    CHECK(config.limits.calls_per_user == 5);
    CHECK(config.limits.invites_per_minute == 11);
    CHECK(config.limits.domain_invites_per_minute == 61);
    CHECK(config.log.target == component::LogTarget::journal);
    CHECK(config.log.level == component::LogLevel::debug);
    CHECK(config.log.format == component::LogFormat::json);
}

TEST_CASE("config: a mistake is told with its line and column", "[component][config]")
{
    struct Row {
        std::string text;  // behind the three lines of the minimal file
        ConfigProblem problem;
    };
    const auto row = GENERATE(values<Row>({
        { "prot = 1\n", { 4, 1, R"(unknown key "prot" in [xmpp]; did you mean "port"?)" } },
        { "zzzzz = 1\n", { 4, 1, R"(unknown key "zzzzz" in [xmpp])" } },
        { "level = \"info\"\n", { 4, 1, R"(unknown key "level" in [xmpp]; it belongs to [log])" } },
        { "[logs]\nlevel = 1\n", { 4, 2, R"(unknown section "logs"; did you mean "log"?)" } },
        { "port = \"5347\"\n",
          { 4, 8, "[xmpp] port: wants a whole number without quotes, and this is a text" } },
        { "port = 0\n", { 4, 8, "[xmpp] port: must be from 1 to 65535" } },
        { "port = 65536\n", { 4, 8, "[xmpp] port: must be from 1 to 65535" } },
        { "port = 1.5\n",
          { 4, 8,
            "[xmpp] port: wants a whole number without quotes, and this is a number with a fraction" } },
        { "port = 2026-01-01\n",
          { 4, 8, "[xmpp] port: wants a whole number without quotes, and this is a date or a time" } },
        { "host = \"\"\n", { 4, 8, "[xmpp] host: must not be empty" } },
        { "host = \"a\\u0007\"\n", { 4, 8, "[xmpp] host: must not have control characters" } },
        { "host = true\n", { 4, 8, "[xmpp] host: wants a text in quotes, and this is true or false" } },
        { "host = {a = 1}\n", { 4, 8, "[xmpp] host: wants a text in quotes, and this is a table" } },
        { "tls = \"yes\"\n", { 4, 7, R"([xmpp] tls: does not know "yes"; it takes "no" or "direct")" } },
        { "tls = \"dirct\"\n",
          { 4, 7,
            R"([xmpp] tls: does not know "dirct"; it takes "no" or "direct"; did you mean "direct"?)" } },
        { "[admin]\njids = \"a@b\"\n",
          { 5, 8, R"([admin] jids: wants a list, like ["example.org"], and this is a text)" } },
        { "[admin]\njids = [\"a@b\", \"c\"]\n",
          { 5, 16, R"([admin] jids: wants addresses like "admin@example.org"; "c" is none)" } },
        { "[admin]\njids = [\"a@b\",\n  \"A@B\"]\n", { 6, 3, R"([admin] jids: has "a@b" twice)" } },
        { "[policy]\ndefault = \"rooster\"\n",
          { 5, 11,
            R"([policy] default: does not know "rooster"; it takes "open", "local", "roster" or "allowlist"; did you mean "roster"?)" } },
        { "[policy.rule]\naction = \"allow\"\n",
          { 4, 9, "there may be several of these: write [[policy.rule]]" } },
        { "[[policy.rule]]\nfrom = \"*@a.test\"\n", { 4, 1, "[[policy.rule]] action is not set" } },
        { "[[policy.rule]]\naction = \"alow\"\n",
          { 5, 10,
            R"([[policy.rule]] action: does not know "alow"; it takes "allow", "reject", "ring-silently" or "require-relay"; did you mean "allow"?)" } },
        { "[[policy.rule]]\naction = \"allow\"\nfrom = \"a@b/c\"\n",
          { 6, 8,
            R"([[policy.rule]] from: wants an address, "*@example.org", "*.example.org" or "*"; "a@b/c" is none)" } },
        { "[[policy.rule]]\naction = \"allow\"\ndomain = \"a@b\"\n",
          { 6, 10,
            R"([[policy.rule]] domain: wants a domain, "example.org" or "*.example.org"; "a@b" is none)" } },
        { "[[policy.rule]]\naction = \"allow\"\nform = \"*\"\n",
          { 6, 1, R"(unknown key "form" in [[policy.rule]]; did you mean "from"?)" } },
        { "[[policy.rules]]\naction = \"allow\"\n", { 4, 10, R"(unknown key "rules" in [policy])" } },
        { "[[lines]]\nname = \"x\"\n", { 4, 3, R"(unknown section "lines"; did you mean "line"?)" } },
        { "[[line]]\nname = \"x\"\n", { 4, 1, "[[line]] members is not set" } },
        { "[[line]]\nname = \"a@b\"\nmembers = [\"a@b\"]\n",
          { 5, 8,
            R"([[line]] name: wants the part before the @ of an address, like "support"; "a@b" is none)" } },
        { "[[line]]\nname = \"a\\\\40b\"\nmembers = [\"a@b\"]\n",
          { 5, 8,
            R"([[line]] name: wants the part before the @ of an address, like "support"; "a\40b" is none)" } },
        { "[[line]]\nname = \"x\"\nmembers = []\n", { 6, 11, "[[line]] members: must not be empty" } },
        { "[[line]]\nname = \"x\"\nmembers = [\"a@b\"]\n[[line]]\nname = \"X\"\nmembers = [\"a@b\"]\n",
          { 7, 1, R"([[line]] has the name "x" a second time)" } },
        { "[limits]\nunanswered_pause = \"0s\"\n",
          { 5, 20, "[limits] unanswered_pause: must be from 1s to 86400s" } },
        { "[limits]\nring_timeout = \"60\"\n",
          { 5, 16, R"([limits] ring_timeout: wants a duration: a number with s, m, h or d, like "30s")" } },
        { "[limits]\nring_timeout = \"99999999999s\"\n",
          { 5, 16, R"([limits] ring_timeout: wants a duration: a number with s, m, h or d, like "30s")" } },
        { "[limits]\nring_timeout = \"2147483647h\"\n",
          { 5, 16, "[limits] ring_timeout: must be from 5s to 600s" } },
        { "[limits]\nring_timeout = 60\n",
          { 5, 16,
            R"([limits] ring_timeout: wants a duration in quotes, like "30s", and this is a whole number)" } },
        { "[limits]\nring_timeout = \"4s\"\n", { 5, 16, "[limits] ring_timeout: must be from 5s to 600s" } },
        { "[limits]\nring_timeout = \"11m\"\n", { 5, 16, "[limits] ring_timeout: must be from 5s to 600s" } },
        { "[http]\nlisten = \"5290\"\n",
          { 5, 10,
            R"([http] listen: wants an address and a port, like "127.0.0.1:5290" or "[::1]:5290"; "5290" is none)" } },
        { "[http]\nlisten = \"127.0.0.1:0\"\n",
          { 5, 10,
            R"([http] listen: wants an address and a port, like "127.0.0.1:5290" or "[::1]:5290"; "127.0.0.1:0" is none)" } },
        { "[http]\norigins = [\"a.test\"]\n",
          { 5, 12,
            R"([http] origins: wants the origin of a page, like "https://www.example.org", with nothing behind it; "a.test" is none)" } },
        { "[http]\norigins = [\"http://a.test\", \"http://A.test\"]\n",
          { 5, 29, R"([http] origins: has "http://A.test" twice)" } },
        { "[http]\ntrusted_proxies = [\"10.0.0.0/33\"]\n",
          { 5, 20,
            R"([http] trusted_proxies: wants addresses and networks, like "127.0.0.1" or "10.0.0.0/8"; "10.0.0.0/33" is none)" } },
        { "[http]\nlisten = \"127.0.0.1:1\"\ntls_key = \"x\"\n",
          { 6, 11, "[http] tls_cert and tls_key belong together" } },
        { "[limits]\ncalls_per_user = 0\n", { 5, 18, "[limits] calls_per_user: must be from 1 to 1000" } },
        { "[store]\nretention = \"30m\"\n",
          { 5, 13, "[store] retention: must be from 3600s to 315360000s" } },
        { "[http]\npublic_url = \"call.example.org\"\n",
          { 5, 14,
            R"([http] public_url: wants the origin of a page, like "https://www.example.org", with nothing behind it; )"
            R"("call.example.org" is none)" } },
        { "[turn]\nsource = \"coturn\"\n",
          { 5, 10,
            R"([turn] source: does not know "coturn"; it takes "none", "secret", "xep0215" or "static")" } },
        { "[turn]\nuris = [\"turn:a\", \"http://a\"]\n",
          { 5, 19,
            "[turn] uris: wants addresses like \"turn:turn.example.org:3478?transport=udp\"; \"http://a\" is "
            "none" } },
        { "[turn]\nsource = \"secret\"\nuris = [\"turn:a\"]\n",
          { 5, 10, "[turn] secret_file is not set: this source needs it" } },
        { "[turn]\nsource = \"secret\"\nsecret_file = \"x\"\n",
          { 5, 10, "[turn] uris is not set: this source needs it" } },
        { "[turn]\nsource = \"static\"\nsecret_file = \"x\"\nuris = [\"turn:a\"]\n",
          { 5, 10, "[turn] username is not set: this source needs it" } },
        { "[auth]\nkeys = []\n", { 5, 1, R"(unknown key "keys" in [auth]; it belongs to [auth.jwt])" } },
        { "[auth.jwt]\nkey = []\n", { 5, 1, R"(unknown key "key" in [auth.jwt]; did you mean "keys"?)" } },
        { "[guests]\nenabled = \"no\"\n",
          { 5, 11, "[guests] enabled: wants true or false, and this is a text" } },
        { "[auth.xmpp]\nenabled = 1\n",
          { 5, 11, "[auth.xmpp] enabled: wants true or false, and this is a whole number" } },
        { "[auth.jwt]\nkeys = [1]\n",
          { 5, 8, "[auth.jwt] keys: wants tables, like { ... }, and this is a whole number" } },
        { "[auth.jwt]\nkeys = [{ kid = \"1\", alg = \"none\", file = \"k\" }]\n",
          { 5, 28, R"([auth.jwt] keys: alg: does not know "none"; it takes "HS256" or "ES256")" } },
        { "[auth.jwt]\nkeys = [{ kid = \"1\", alg = \"HS256\" }]\n",
          { 5, 9, "[auth.jwt] keys: file is not set" } },
        { "[auth.jwt]\nkeys = [{ kid = \"1\", alg = \"HS256\", file = \"k\", x = 1 }]\n",
          { 5, 53, R"([auth.jwt] keys: does not know "x"; it takes "kid", "alg" or "file")" } },
    }));
    CAPTURE(row.text);

    const auto parsed = parse(minimal + row.text);

    REQUIRE(parsed.errors.size() == 1);
    CHECK(parsed.errors.front().message == row.problem.message);
    CHECK(parsed.errors.front().line == row.problem.line);
    CHECK(parsed.errors.front().column == row.problem.column);
}

TEST_CASE("config: store, relay credentials and the keys of tokens", "[component][config]")
{
    const auto parsed = parse(minimal + R"(
[store]
path = "calls.sqlite3"
retention = "7d"
[turn]
source = "static"
secret_file = "turn"
username = "carillon"
uris = ["turn:turn.example.org", "turns:[2001:db8::1]:443?transport=tcp"]
ttl = "1h"
[guests]
enabled = false
link_ttl = "2h"
[auth.jwt]
audience = "call.example.org"
[[auth.jwt.keys]]
kid = "site"
alg = "ES256"
file = "site.pem"
[[auth.jwt.keys]]
kid = "other"
alg = "HS256"
file = "/etc/other"
)");

    for (const auto& error : parsed.errors)
        UNSCOPED_INFO(component::to_string(error, "c"));
    REQUIRE(parsed.ok());
    const auto& config = parsed.config;
    CHECK(config.store.path->filename() == "calls.sqlite3");
    CHECK(config.store.retention == 24h * 7);
    CHECK(config.turn.source == component::TurnSource::fixed);
    CHECK(config.turn.username == "carillon");
    CHECK(config.turn.uris.size() == 2);
    CHECK(config.turn.ttl == 1h);
    CHECK_FALSE(config.guests.enabled);
    CHECK(config.guests.link_ttl == 2h);
    CHECK(config.jwt.audience == "call.example.org");
    REQUIRE(config.jwt.keys.size() == 2);
    CHECK(config.jwt.keys[0].kid == "site");
    CHECK(config.jwt.keys[0].algorithm == component::auth::JwtAlgorithm::es256);
    CHECK(config.jwt.keys[0].file.filename() == "site.pem");
    CHECK(config.jwt.keys[1].algorithm == component::auth::JwtAlgorithm::hs256);
    CHECK(config.jwt.keys[1].file == "/etc/other");

    const auto pages = parse(minimal + "[http]\npublic_url = \"https://a.example\"\n").config.http.public_url;
    REQUIRE(pages);
    CHECK(pages->to_string() == "https://a.example");
    CHECK(parse(minimal + "[store]\npath = \"\"\n").config.store.path == std::filesystem::path{});
    const auto unnamed
        = parse(minimal + "[auth.jwt]\nkeys = [{ kid = \"1\", alg = \"HS256\", file = \"k\" }]\n");
    REQUIRE(unnamed.errors.size() == 1);
    CHECK(unnamed.errors.front().message.find("audience is not set") != std::string::npos);
}

TEST_CASE("config: all mistakes are told at once, in the order of the file", "[component][config]")
{
    const auto parsed = parse("[xmpp]\nport = 0\nhots = 1\n[log]\nlevel = \"loud\"\n[extra]\n");

    std::vector<std::uint32_t> lines;
    for (const auto& error : parsed.errors)
        lines.push_back(error.line);
    CHECK(lines == std::vector<std::uint32_t>{ 1, 2, 3, 5, 6 });
    CHECK(parsed.errors.front().message == "[xmpp] domain is not set");
}

TEST_CASE("config: what is no TOML is told with its place", "[component][config]")
{
    const auto parsed = parse("[xmpp]\ndomain = call.example.org\n");

    REQUIRE(parsed.errors.size() == 1);
    CHECK(parsed.errors.front().line == 2);
    CHECK_FALSE(parsed.errors.front().message.empty());
}

TEST_CASE("config: a section that is written as a key is told", "[component][config]")
{
    const auto parsed = parse("xmpp = 1\n");

    REQUIRE(parsed.errors.size() == 2);
    CHECK(parsed.errors[0].message == "\"xmpp\" is a section: write [xmpp]");
    CHECK(parsed.errors[1].message == "[xmpp] domain is not set");
}

TEST_CASE("config: what works and is probably not meant is warned of", "[component][config]")
{
    struct Row {
        std::string text;
        std::string part;  // of the one warning; empty: there is none
    };
    const auto row = GENERATE(values<Row>({
        { "host = \"192.0.2.1\"\n", "is not encrypted" },
        { "host = \"xmpp.example.org\"\n", "is not encrypted" },
        { "host = \"192.0.2.1\"\ntls = \"direct\"\n", "" },
        { "host = \"127.example.org\"\n", "is not encrypted" },
        { "host = \"localhost\"\n", "" },
        { "host = \"::1\"\n", "" },
        { "host = \"127.3.2.1\"\n", "" },
        { "tls_ca = \"x.pem\"\n", "has no effect" },
    }));
    CAPTURE(row.text);

    const auto parsed = parse(minimal + row.text);

    REQUIRE(parsed.ok());
    REQUIRE(parsed.warnings.size() == (row.part.empty() ? 0 : 1));
    if (!row.part.empty()) {
        CHECK(parsed.warnings.front().message.find(row.part) != std::string::npos);
        CHECK(parsed.warnings.front().line == 4);
    }
}

TEST_CASE("config: a listener that no page could use is warned of", "[component][config]")
{
    const auto warnings = [](const std::string& text) { return parse(minimal + "[http]\n" + text).warnings; };
    CHECK(warnings("listen = \"127.0.0.1:80\"\n").empty());
    CHECK(warnings("listen = \"0.0.0.0:80\"\ntrusted_proxies = [\"10.0.0.1\"]\n").empty());
    CHECK(warnings("listen = \"0.0.0.0:443\"\ntls_cert = \"c\"\ntls_key = \"k\"\n").empty());
    REQUIRE(warnings("listen = \"0.0.0.0:80\"\n").size() == 1);
    CHECK(warnings("listen = \"0.0.0.0:80\"\n")[0].message.find("https") != std::string::npos);
    REQUIRE(warnings("origins = [\"https://a.test\"]\n").size() == 1);
    CHECK(warnings("origins = [\"https://a.test\"]\n")[0].message == "[http] has no effect without listen");
}

TEST_CASE("config: a policy nobody can use is warned of", "[component][config]")
{
    const auto parsed = parse("[xmpp]\ndomain = \"call.example.org\"\n");

    REQUIRE(parsed.warnings.size() == 1);
    CHECK(parsed.warnings.front().message.find("served_domains is empty") != std::string::npos);
}

TEST_CASE("config: a policy that works and is probably not meant is warned of", "[component][config]")
{
    const std::string all = "[[policy.rule]]\naction = \"allow\"\n";
    const std::string eve = "[[policy.rule]]\naction = \"reject\"\nfrom = \"eve@far.test\"\n";
    const auto [policy, expected] = GENERATE_COPY(table<std::string, std::string>({
        { "[policy]\ndefault = \"open\"\n", "5:11: the policy \"open\" lets anybody call anybody" },
        { "[policy]\ndefault = \"allowlist\"\n", "5:11: the policy \"allowlist\" lets nobody call" },
        { "[policy]\ndefault = \"allowlist\"\n" + eve, "5:11: the policy \"allowlist\" lets nobody call" },
        { "[policy]\ndefault = \"allowlist\"\n" + all, "" },
        { eve + all, "" },
        { all + eve, "6:1: rule 2 is never reached: rule 1 decides all its calls before" },
        { eve + "media = \"audio\"\n" + eve, "" },
        { eve + eve + "media = \"audio\"\n", "7:1: rule 2 is never reached: rule 1" },
        { "[[policy.rule]]\naction = \"require-relay\"\n" + eve, "" },
        { all + "domain = \"far.test\"\n" + eve, "" },
        { all + "from = \"*@far.test\"\nto = \"a@other.test\"\n", "4:1: rule 1 allows nothing" },
        { all + "from = \"*@far.test\"\nto = \"*.org\"\n", "" },
        { all + "from = \"*@far.test\"\nto = \"support@call.example.org\"\n", "" },
        { "[policy]\ndefault = \"open\"\n" + all + "from = \"*@far.test\"\nto = \"a@other.test\"\n",
          "5:11: the policy \"open\"" },
    }));
    CAPTURE(policy);
    const auto parsed
        = parse("[xmpp]\ndomain = \"call.example.org\"\nserved_domains = [\"example.org\"]\n" + policy);
    REQUIRE(parsed.errors.empty());
    REQUIRE(parsed.warnings.size() == (expected.empty() ? 0U : 1U));
    if (!expected.empty())
        CHECK(to_string(parsed.warnings.front(), "f").find("f:" + expected) == 0);
}

TEST_CASE("config: a contact address in a rule stands for its user", "[component][config]")
{
    const auto parsed = parse("[xmpp]\ndomain = \"call.example.org\"\nserved_domains = [\"example.org\"]\n"
                              "[[policy.rule]]\naction = \"reject\"\nfrom = "
                              "'eve\\40far.test@call.example.org'\nto = \"support@call.example.org\"\n");
    REQUIRE(parsed.config.policy.rules.size() == 1);
    CHECK(parsed.config.policy.rules.front().from.to_string() == "eve@far.test");
    CHECK(parsed.config.policy.rules.front().to.to_string() == "support@call.example.org");
}

TEST_CASE("config: the sample is valid, has every key, and its defaults are the real ones",
          "[component][config]")
{
    const auto sample = read_file(CONF_DIRECTORY "/carillon.toml");
    const auto parsed = parse(sample);
    REQUIRE(parsed.errors.empty());
    CHECK(parsed.warnings.empty());

    // Every key once, commented out or not; without the comment signs the file is valid as well.
    auto uncommented = std::regex_replace(sample, std::regex{ "\n# (\\[|[a-z_]+ = )" }, "\n$1");
    for (const auto& key : component::config_keys()) {
        const std::regex line{ "\n" + std::string{ key.name } + " = " };
        auto section = uncommented.find("\n[" + std::string{ key.section } + "]\n");
        if (section == std::string::npos)
            section = uncommented.find("\n[[" + std::string{ key.section } + "]]\n");
        REQUIRE(section != std::string::npos);
        INFO("[" << key.section << "] " << key.name);
        CHECK(std::regex_search(uncommented.substr(section, uncommented.find("\n[", section + 1) - section),
                                line));
    }
    const auto full = parse(uncommented);
    CHECK(full.errors.empty());
    CHECK(full.config.policy.rules.size() == 1);
    CHECK(full.config.lines.size() == 1);
    CHECK(full.config.lines.front().ring == roster::Line{}.ring);
    CHECK(full.config.limits.ledger.calls_per_pair == roster::LedgerLimits{}.calls_per_pair);
    CHECK(full.config.limits.ledger.calls_per_domain == roster::LedgerLimits{}.calls_per_domain);
    CHECK(full.config.limits.ledger.unanswered_calls == roster::LedgerLimits{}.unanswered_calls);
    CHECK(full.config.limits.ledger.unanswered_pause == roster::LedgerLimits{}.unanswered_pause);
    CHECK(full.config.limits.ring_timeout == component::LimitsConfig{}.ring_timeout);
    CHECK(full.config.limits.calls_per_user == component::LimitsConfig{}.calls_per_user);
    CHECK(full.config.limits.invites_per_minute == component::LimitsConfig{}.invites_per_minute);
    CHECK(full.config.limits.domain_invites_per_minute
          == component::LimitsConfig{}.domain_invites_per_minute);
    CHECK(full.config.calls.candidates == component::CallsConfig{}.candidates);
    CHECK(full.config.calls.missed_call_messages == component::CallsConfig{}.missed_call_messages);
    CHECK(full.config.calls.require_dtls == component::CallsConfig{}.require_dtls);
    CHECK(full.config.policy.default_policy == component::PolicyConfig{}.default_policy);
    CHECK(full.config.xmpp.tls == component::XmppConfig{}.tls);
    CHECK(full.config.guests.enabled == component::GuestsConfig{}.enabled);
    CHECK(full.config.guests.link_ttl == component::GuestsConfig{}.link_ttl);
    CHECK(full.config.log.level == component::LogConfig{}.level);
}

TEST_CASE("config: a key that counts only at the start names itself when it changes", "[component][config]")
{
    const auto row = GENERATE(values<std::pair<std::string, std::string>>({
        { "[xmpp] domain", "[xmpp]\ndomain = \"other.example.org\"\n" },
        { "[xmpp] host", "[xmpp]\ndomain = \"call.example.org\"\nhost = \"::1\"\n" },
        { "[xmpp] port", "[xmpp]\ndomain = \"call.example.org\"\nport = 5348\n" },
        { "[xmpp] secret_file", "[xmpp]\ndomain = \"call.example.org\"\nsecret_file = \"s\"\n" },
        { "[xmpp] secret", "[xmpp]\ndomain = \"call.example.org\"\nsecret = \"s\"\n" },
        { "[xmpp] tls", "[xmpp]\ndomain = \"call.example.org\"\ntls = \"direct\"\n" },
        { "[xmpp] tls_ca", "[xmpp]\ndomain = \"call.example.org\"\ntls_ca = \"ca.pem\"\n" },
        { "[http] listen", "[xmpp]\ndomain = \"call.example.org\"\n[http]\nlisten = \"127.0.0.1:5290\"\n" },
        { "[store] path", "[xmpp]\ndomain = \"call.example.org\"\n[store]\npath = \"\"\n" },
    }));
    const auto running = parse(minimal).config;
    const auto wanted = parse(row.second);

    REQUIRE(wanted.ok());
    CHECK(component::keys_for_restart(running, wanted.config) == std::vector{ row.first });
    CHECK(component::keys_for_restart(running, running).empty());
    // There are no others: a reload puts them in force.
    CHECK(std::ranges::count_if(component::config_keys(), [](const auto& key) { return key.same != nullptr; })
          == 9);
}

TEST_CASE("config: relative paths start at the file", "[component][config]")
{
    const TemporaryDirectory directory;
    const auto file = directory.write("c.toml", minimal + "secret_file = \"../secret\"\n");

    const auto parsed = component::load_config(file);

    REQUIRE(parsed.ok());
    CHECK(parsed.config.xmpp.secret_file == (directory.path() / "../secret").lexically_normal());
}

TEST_CASE("config: a file that cannot be read is an error", "[component][config]")
{
    const TemporaryDirectory directory;
    const auto missing = directory.path() / "none.toml";

    const auto parsed = component::load_config(missing);

    REQUIRE(parsed.errors.size() == 1);
    CHECK(to_string(parsed.errors.front(), missing)
          == missing.string() + ": cannot be read: No such file or directory");
    CHECK(component::load_config(directory.path()).errors.size() == 1);  // a directory
    CHECK(component::load_config("/dev/zero").errors.size() == 1);  // no end
}

TEST_CASE("config: a problem is one line, file:line:column: message", "[component][config]")
{
    CHECK(component::to_string({ 3, 7, "is wrong" }, "a.toml") == "a.toml:3:7: is wrong");
    CHECK(component::to_string({ 0, 0, "is wrong" }, "a.toml") == "a.toml: is wrong");
}

TEST_CASE("suggest: the nearest word, unless it is far", "[component][config]")
{
    constexpr std::array<std::string_view, 3> words{ "domain", "host", "secret_file" };

    CHECK(component::suggest("domian", words) == "domain");
    CHECK(component::suggest("hots", words) == "host");
    CHECK(component::suggest("secret-file", words) == "secret_file");
    CHECK(component::suggest("x", words).empty());
    CHECK(component::suggest("", words).empty());
    CHECK(component::suggest(std::string(1000, 'd'), words).empty());
    CHECK(component::edit_distance("ab", "ba") == 1);
    CHECK(component::edit_distance("", "abc") == 3);
}
