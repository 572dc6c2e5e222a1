#include "component/settings.hpp"

#include <iostream>

namespace component {
namespace {

void say(const std::string& line)
{
    std::cerr << line << '\n';
}

}  // namespace

base::Result<std::vector<auth::JwtKey>> load_jwt_keys(const JwtConfig& config)
{
    std::vector<auth::JwtKey> keys;
    for (const auto& row : config.keys) {
        const auto where = "[auth.jwt] key \"" + row.kid + "\": ";
        const auto material = read_small_file(row.file);
        if (!material)
            return base::fail(base::Errc::missing, where + row.file.string() + " cannot be read");
        auto key = auth::make_jwt_key(row.kid, row.algorithm, *material);
        if (!key)
            return base::fail(key.error().code, where + row.file.string() + ": " + key.error().what);
        keys.push_back(*std::move(key));
    }
    return keys;
}

base::Result<FoundSecret> load_turn_secret(const TurnConfig& config)
{
    if (config.source != TurnSource::secret && config.source != TurnSource::fixed)
        return FoundSecret{};
    auto found = secret_from_file(*config.secret_file);  // it is set: parse_config() sees to it
    if (found.error)
        return base::fail(base::Errc::missing, "[turn] secret_file: " + *found.error);
    return found;
}

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
    auto turn = load_turn_secret(parsed.config.turn);
    auto keys = load_jwt_keys(parsed.config.jwt);
    if (!turn)
        say(to_string({ 0, 0, turn.error().what }, file));
    if (!keys)
        say(to_string({ 0, 0, keys.error().what }, file));
    if (!turn || !keys)
        return std::nullopt;
    for (const auto& warning : turn->warnings)
        say(warning + " (warning)");
    return Settings{ std::move(parsed.config), std::move(secret), std::move(turn->secret), *std::move(keys) };
}

}  // namespace component
