#include <algorithm>

#include <catch2/catch.hpp>

#include "component/version.hpp"
#include "program.hpp"
#include "temporary_directory.hpp"

namespace {

constexpr std::string_view good = R"([xmpp]
domain = "call.example.org"
host = "127.0.0.1"
port = 5347
secret_file = "secret"
served_domains = ["example.org"]
)";

Program::Outcome run(std::vector<std::string> arguments, const Program::Variables& variables = {})
{
    return Program{ std::move(arguments), variables }.wait();
}

auto count_lines(const std::string& text)
{
    return std::ranges::count(text, '\n');
}

}  // namespace

TEST_CASE("command line: version and help", "[component][options]")
{
    for (const auto* flag : { "-V", "--version" }) {
        const auto outcome = run({ flag });
        CHECK(outcome.code == 0);
        CHECK(outcome.out == "carillon " + std::string{ component::version() } + "\n");
    }
    for (const auto& arguments : { std::vector<std::string>{ "-h" }, { "--help" }, { "run", "--help" } }) {
        const auto outcome = run(arguments);
        CHECK(outcome.code == 0);
        CHECK(outcome.out.find("--config") != std::string::npos);
    }
    CHECK(run({ "--help" }).out.find("check") != std::string::npos);
}

TEST_CASE("command line: a mistake in it is exit code 64", "[component][options]")
{
    const auto arguments = GENERATE(values<std::vector<std::string>>({
        { "--nonsense" },
        { "dance" },
        { "check", "extra" },
        { "check", "-c" },
        { "run", "check" },
    }));

    const auto outcome = run(arguments);

    CHECK(outcome.code == 64);
    CHECK_FALSE(outcome.err.empty());
}

TEST_CASE("command line: check accepts a good configuration", "[component][options]")
{
    const TemporaryDirectory directory;
    const auto file = directory.write("carillon.toml", good).string();
    directory.write("secret", "s3cr3t\n");

    for (const auto& outcome : { run({ "check", "-c", file }), run({ "check", "--config=" + file }),
                                 run({ "check" }, { { "CARILLON_CONFIG", file } }),
                                 run({ "check", "-c", file }, { { "CARILLON_CONFIG", "/nonexistent" } }) }) {
        CHECK(outcome.code == 0);
        CHECK(outcome.err.empty());
        CHECK(outcome.out.find("is valid") != std::string::npos);
        CHECK(outcome.out.find("s3cr3t") == std::string::npos);
    }
}

TEST_CASE("command line: check tells each mistake in a line of its own, exit code 78", "[component][options]")
{
    const TemporaryDirectory directory;
    const auto file
        = directory.write("carillon.toml", "[xmpp]\ndomian = \"call.example.org\"\nport = 70000\n").string();

    const auto outcome = run({ "check", "-c", file });

    CHECK(outcome.code == 78);
    CHECK(outcome.err
          == file + ":1:1: [xmpp] domain is not set\n" + file
              + ":2:1: unknown key \"domian\" in [xmpp]; did you mean \"domain\"?\n" + file
              + ":3:8: [xmpp] port: must be from 1 to 65535\n");
}

TEST_CASE("command line: without a secret or a file nothing starts", "[component][options]")
{
    const TemporaryDirectory directory;
    const auto file = directory.write("carillon.toml", good).string();

    const auto no_secret = run({ "-c", file });
    CHECK(no_secret.code == 78);
    CHECK(no_secret.err.find("cannot read the secret from " + (directory.path() / "secret").string())
          != std::string::npos);

    const auto no_file = run({ "run", "-c", (directory.path() / "none").string() });
    CHECK(no_file.code == 78);
    CHECK(count_lines(no_file.err) == 1);
}
