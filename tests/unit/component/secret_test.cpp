#include <map>

#include <catch2/catch.hpp>

#include "component/secret.hpp"
#include "temporary_directory.hpp"

namespace {

namespace fs = std::filesystem;

/// All five places, each with a secret of its own.
struct Places {
    TemporaryDirectory directory;
    std::map<std::string, std::string> variables;
    component::XmppConfig config;
    fs::path config_file = directory.write("carillon.toml", "");

    Places()
    {
        directory.write("xmpp-secret", "credential\n");
        variables["CREDENTIALS_DIRECTORY"] = directory.path();
        config.secret_file = directory.write("file", "file\n");
        variables["CARILLON_XMPP_SECRET_FILE"] = directory.write("variable-file", "variable-file");
        variables["CARILLON_XMPP_SECRET"] = "variable";
        config.secret = "inline";
    }

    [[nodiscard]] component::FoundSecret find() const
    {
        return component::find_secret(
            config, config_file, [this](const char* name) -> std::optional<std::string> {
                const auto at = variables.find(name);
                return at == variables.end() ? std::nullopt : std::optional{ at->second };
            });
    }
};

}  // namespace

TEST_CASE("secret: the places are asked in order", "[component][secret]")
{
    Places places;
    CHECK(places.find().secret == "credential");

    fs::remove(places.directory.path() / "xmpp-secret");
    CHECK(places.find().secret == "file");

    places.config.secret_file.reset();
    CHECK(places.find().secret == "variable-file");

    places.variables.erase("CARILLON_XMPP_SECRET_FILE");
    CHECK(places.find().secret == "variable");

    places.variables.erase("CARILLON_XMPP_SECRET");
    const auto found = places.find();
    CHECK(found.secret == "inline");
    CHECK(found.warnings.empty());
    CHECK_FALSE(found.error);

    places.config.secret.reset();
    CHECK(places.find().error);
}

TEST_CASE("secret: a file that is named and missing is an error, whatever else there is",
          "[component][secret]")
{
    Places places;
    places.variables.erase("CREDENTIALS_DIRECTORY");
    places.config.secret_file = places.directory.path() / "none";

    const auto found = places.find();

    REQUIRE(found.error);
    CHECK(found.error->find("No such file") != std::string::npos);
    CHECK(found.secret.empty());
}

TEST_CASE("secret: a file that others can read is warned of", "[component][secret]")
{
    Places places;
    places.variables.clear();
    fs::permissions(*places.config.secret_file, fs::perms::group_read, fs::perm_options::add);

    const auto found = places.find();

    CHECK(found.secret == "file");
    REQUIRE(found.warnings.size() == 1);
    CHECK(found.warnings.front().find("chmod 600") != std::string::npos);
}

TEST_CASE("secret: a configuration that others can read is warned of when the secret is in it",
          "[component][secret]")
{
    Places places;
    places.variables.clear();
    places.config.secret_file.reset();
    fs::permissions(places.config_file, fs::perms::others_read, fs::perm_options::add);

    CHECK(places.find().warnings.size() == 1);
}

TEST_CASE("secret: what cannot be a secret is refused", "[component][secret]")
{
    const auto text = GENERATE(as<std::string>{}, "", " \n", "two\nlines", std::string(1025, 'x'));
    Places places;
    places.variables.clear();
    places.config.secret_file = places.directory.write("bad", text);

    const auto found = places.find();

    CHECK(found.error);
    CHECK(found.secret.empty());
}
