#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace component {

/// Exit codes as in sysexits(3).
enum ExitCode : int {
    exit_ok = 0,
    exit_failure = 1,
    exit_usage = 64,
    exit_bad_input = 65,
    exit_no_input = 66,
    exit_unavailable = 69,
    exit_io = 74,
    exit_config = 78
};

/// What a command takes besides -c FILE.
struct Parameter {
    enum class Kind { option, flag, positional, files };
    std::string_view name;  ///< "--offer" or, for a positional or files, "FILE"
    std::string_view help;
    Kind kind = Kind::option;
    bool required = false;
};

/// What was given.
struct Arguments {
    std::filesystem::path config_file;
    std::map<std::string, std::string, std::less<>>
        values;  ///< by the parameter's name; a flag that is set has "true"
    std::vector<std::string> files;  ///< those of the parameter of kind files, in order

    [[nodiscard]] bool has(std::string_view name) const { return values.find(name) != values.end(); }
    /// "" when it was not given.
    [[nodiscard]] std::string_view value(std::string_view name) const
    {
        const auto at = values.find(name);
        return at == values.end() ? std::string_view{} : std::string_view{ at->second };
    }
};

/// One subcommand: a file pair that defines such a value, and a row in commands.cpp.
struct Command {
    std::string_view name;
    std::string_view help;
    std::span<const Parameter> parameters;
    int (*run)(const Arguments& arguments);
    std::string_view details{};  ///< what --help says below the options
};

/// Every subcommand; the first is what `carillon` without one does.
[[nodiscard]] std::span<const Command* const> commands() noexcept;

}  // namespace component
