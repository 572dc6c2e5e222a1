#include "component/secret.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace component {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_secret_bytes = 1024;

/// Only mode bits are looked at: who owns the file is the administrator's business.
bool readable_by_others(const fs::path& file)
{
    std::error_code ignored;
    const auto mode = fs::status(file, ignored).permissions();
    return !ignored && (mode & (fs::perms::group_read | fs::perms::others_read)) != fs::perms::none;
}

std::string warning_about(const fs::path& file)
{
    return file.string() + " has a secret and can be read by group or others: chmod 600 " + file.string();
}

std::string_view trim(std::string_view text)
{
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

FoundSecret accept(std::string_view text, std::string source)
{
    FoundSecret found;
    const auto secret = trim(text);
    if (secret.empty())
        found.error = "the secret in " + source + " is empty";
    else if (text.size() > max_secret_bytes)
        found.error
            = "the secret in " + source + " is longer than " + std::to_string(max_secret_bytes) + " bytes";
    else if (std::ranges::any_of(secret, [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
        found.error = "the secret in " + source + " has more than one line";
    else
        found.secret = secret;
    found.source = std::move(source);
    return found;
}

enum class Exposed { checked, irrelevant };

FoundSecret from_file(const fs::path& file, Exposed exposed)
{
    const auto text = read_small_file(file);
    if (!text) {
        FoundSecret failed;
        failed.error = "cannot read the secret from " + file.string() + ": " + std::strerror(errno);
        return failed;
    }
    auto found = accept(*text, file.string());
    if (exposed == Exposed::checked && readable_by_others(file))
        found.warnings.push_back(warning_about(file));
    return found;
}

}  // namespace

FoundSecret secret_from_file(const fs::path& file)
{
    return from_file(file, Exposed::checked);
}

/// Empty text is fine here: accept() says what is wrong with it.
std::optional<std::string> read_small_file(const fs::path& file)
{
    std::ifstream in{ file, std::ios::binary };
    std::string text(max_secret_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in.is_open() || in.bad())
        return std::nullopt;
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

FoundSecret find_secret(const XmppConfig& config, const fs::path& config_file, const Environment& environment)
{
    if (const auto directory = environment("CREDENTIALS_DIRECTORY")) {
        const auto credential = fs::path{ *directory } / "xmpp-secret";
        std::error_code ignored;
        if (fs::exists(credential, ignored))
            return from_file(credential, Exposed::irrelevant);  // systemd guards the directory
    }
    if (config.secret_file)
        return from_file(*config.secret_file, Exposed::checked);
    if (const auto file = environment("CARILLON_XMPP_SECRET_FILE"))
        return from_file(*file, Exposed::checked);
    if (const auto secret = environment("CARILLON_XMPP_SECRET"))
        return accept(*secret, "CARILLON_XMPP_SECRET");
    if (config.secret) {
        auto found = accept(*config.secret, config_file.string());
        if (readable_by_others(config_file))
            found.warnings.push_back(warning_about(config_file));
        return found;
    }
    FoundSecret none;
    none.error = "there is no secret: set [xmpp] secret_file, CARILLON_XMPP_SECRET_FILE or "
                 "CARILLON_XMPP_SECRET, or give "
                 "systemd the credential xmpp-secret";
    return none;
}

std::optional<std::string> process_environment(const char* name)
{
    const auto* value
        = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read at start-up, before any thread
    if (value == nullptr)
        return std::nullopt;
    return value;
}

}  // namespace component
