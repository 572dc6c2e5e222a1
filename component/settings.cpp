#include "component/settings.hpp"

#include <iostream>

namespace component {

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

SettingsRead read_settings(const std::filesystem::path& file)
{
    SettingsRead read;
    const auto wrong = [&](const std::string& what) {
        read.errors.push_back(to_string({ 0, 0, what }, file));
    };
    const auto note = [&](const FoundSecret& found) {
        read.warnings.insert(read.warnings.end(), found.warnings.begin(), found.warnings.end());
    };
    auto parsed = load_config(file);
    for (const auto& warning : parsed.warnings)
        read.warnings.push_back(to_string(warning, file));
    for (const auto& error : parsed.errors)
        read.errors.push_back(to_string(error, file));
    if (!parsed.ok())
        return read;

    auto secret = find_secret(parsed.config.xmpp, file, process_environment);
    note(secret);
    if (secret.error)
        wrong(*secret.error);
    auto turn = load_turn_secret(parsed.config.turn);
    if (turn)
        note(*turn);
    else
        wrong(turn.error().what);
    auto keys = load_jwt_keys(parsed.config.jwt);
    if (!keys)
        wrong(keys.error().what);
    if (read.errors.empty())
        read.settings = Settings{ std::move(parsed.config), std::move(secret), std::move(turn->secret),
                                  *std::move(keys) };
    return read;
}

std::optional<Settings> load_settings(const std::filesystem::path& file)
{
    auto read = read_settings(file);
    for (const auto& warning : read.warnings)
        std::cerr << warning << " (warning)\n";
    for (const auto& error : read.errors)
        std::cerr << error << '\n';
    return std::move(read.settings);
}

}  // namespace component
