#include "component/store_command.hpp"

#include <iostream>

#include <SQLiteCpp/Exception.h>

#include "component/xml_text.hpp"

namespace component {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "carillon.sqlite3";
/// Where systemd keeps the state of a service that is called carillon.
constexpr const char* state_directory = "/var/lib/carillon";

std::optional<fs::path> file_for_command(const StoreConfig& config)
{
    if (auto file = store_file_of(config, process_environment); !file.empty())
        return file;
    std::error_code ignored;
    const auto usual = fs::path{ state_directory } / file_name;
    if (!config.path && fs::exists(usual, ignored))
        return usual;
    return std::nullopt;
}

}  // namespace

fs::path store_file_of(const StoreConfig& config, const Environment& environment)
{
    if (config.path)
        return *config.path;
    const auto directory = environment("STATE_DIRECTORY");
    if (!directory || directory->empty())
        return {};
    // Several are separated by colons; the first is ours.
    return fs::path{ directory->substr(0, directory->find(':')) } / file_name;
}

tl::expected<fs::path, ExitCode> store_file(const Arguments& arguments)
{
    const auto parsed = load_config(arguments.config_file);
    auto file = file_for_command(parsed.config.store);
    if (file)
        return *std::move(file);
    for (const auto& error : parsed.errors)
        std::cerr << to_string(error, arguments.config_file) << '\n';
    if (!parsed.ok())
        return tl::make_unexpected(exit_config);
    std::cerr << "there is no database: " << arguments.config_file.string()
              << " does not set [store] path, so that nothing is kept\n";
    return tl::make_unexpected(exit_no_input);
}

tl::expected<OpenedStore, ExitCode> open_store(const Arguments& arguments, OpenFor purpose)
{
    auto parsed = load_config(arguments.config_file);
    for (const auto& error : parsed.errors)
        std::cerr << to_string(error, arguments.config_file) << '\n';
    if (!parsed.ok())
        return tl::make_unexpected(exit_config);
    const auto file = file_for_command(parsed.config.store);
    if (!file) {
        std::cerr << "there is no database: " << arguments.config_file.string()
                  << " does not set [store] path, so that nothing is kept\n";
        return tl::make_unexpected(exit_no_input);
    }
    try {
        return OpenedStore{ std::move(parsed.config), StoreFile{ *file, purpose } };
    } catch (const StoreError& error) {
        std::cerr << error.what() << '\n';
        return tl::make_unexpected(error.kind() == StoreError::Kind::absent ? exit_no_input
                                                                            : exit_unavailable);
    }
}

ExitCode refuse_argument(std::string_view name, std::string_view what)
{
    std::cerr << name << ": " << printable(what) << '\n';
    return exit_usage;
}

ExitCode detail::report_broken(const std::exception& error)
{
    std::cerr << "the database cannot be used: " << error.what() << '\n';
    return exit_unavailable;
}

}  // namespace component
