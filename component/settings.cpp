#include "component/settings.hpp"

#include <iostream>

namespace component {
namespace {

void say(const std::string& line)
{
    std::cerr << line << '\n';
}

}  // namespace

std::optional<Settings> load_settings(const std::filesystem::path& file)
{
    auto parsed = load_config(file);
    for (const auto& warning : parsed.warnings)
        say(to_string(warning, file) + " (warning)");
    for (const auto& error : parsed.errors)
        say(to_string(error, file));
    if (!parsed.ok())
        return std::nullopt;

    auto secret = find_secret(parsed.config.xmpp, file, process_environment);
    for (const auto& warning : secret.warnings)
        say(warning + " (warning)");
    if (secret.error) {
        say(to_string({ 0, 0, *secret.error }, file));
        return std::nullopt;
    }
    return Settings{ std::move(parsed.config), std::move(secret) };
}

}  // namespace component
