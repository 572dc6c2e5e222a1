#include "component/options.hpp"

#include <deque>
#include <iostream>

#include <CLI/CLI.hpp>

#include "component/commands.hpp"
#include "component/suggest.hpp"
#include "component/version.hpp"

namespace component {
namespace {

/// What CLI11 writes into while it parses; stays where it is.
struct Given {
    const Parameter* parameter;
    std::string value;
    std::vector<std::string> files;
    bool is_set = false;
    CLI::Option* option = nullptr;
};

struct ParsedCommand {
    const Command* command;
    CLI::App* app;
    std::deque<Given> given;
};

void add_parameter(CLI::App& app, Given& given)
{
    const auto& parameter = *given.parameter;
    const std::string name{ parameter.name };
    const std::string help{ parameter.help };
    switch (parameter.kind) {
    case Parameter::Kind::flag: given.option = app.add_flag(name, given.is_set, help); break;
    case Parameter::Kind::files: given.option = app.add_option(name, given.files, help); break;
    case Parameter::Kind::option:
    case Parameter::Kind::positional: given.option = app.add_option(name, given.value, help); break;
    }
    given.option->required(parameter.required);
}

void add_config_option(CLI::App& app, std::string& file)
{
    app.add_option("-c,--config", file,
                   std::string{ "Configuration file (or CARILLON_CONFIG; else " } + default_config_file + ")")
        ->type_name("FILE");
}

std::deque<ParsedCommand> add_commands(CLI::App& app, std::string& config_file)
{
    std::deque<ParsedCommand> parsed;
    for (const auto* command : commands()) {
        auto* sub = app.add_subcommand(std::string{ command->name }, std::string{ command->help });
        add_config_option(*sub, config_file);
        sub->footer(std::string{ command->details });
        auto& row = parsed.emplace_back(ParsedCommand{ command, sub, {} });
        for (const auto& parameter : command->parameters)
            add_parameter(*sub, row.given.emplace_back(Given{ &parameter, {}, {}, false, nullptr }));
    }
    return parsed;
}

Arguments to_arguments(const ParsedCommand& parsed, const std::string& config_file,
                       const Environment& environment)
{
    Arguments arguments;
    arguments.config_file
        = !config_file.empty() ? config_file : environment("CARILLON_CONFIG").value_or(default_config_file);
    for (const auto& given : parsed.given) {
        if (given.parameter->kind == Parameter::Kind::files)
            arguments.files = given.files;
        else if (given.option->count() > 0)
            arguments.values.emplace(given.parameter->name, given.is_set ? "true" : given.value);
    }
    return arguments;
}

/// What the first word that was not expected may have been meant to be: a command, or an option of the
/// command.
std::string_view find_meant(const CLI::App& app, const std::deque<ParsedCommand>& parsed)
{
    const auto unexpected = app.remaining(true);
    std::vector<std::string_view> words;
    for (const auto& row : parsed) {
        words.push_back(row.command->name);
        if (!row.app->parsed())
            continue;
        words.clear();
        for (const auto& parameter : row.command->parameters)
            words.push_back(parameter.name);
        break;
    }
    return unexpected.empty() ? std::string_view{} : suggest(unexpected.front(), words);
}

}  // namespace

int run_command_line(int argument_count, char** arguments, const Environment& environment)
{
    CLI::App app{ "Carillon makes calls work between everything that speaks Jingle." };
    app.name("carillon");
    app.set_version_flag("-V,--version", "carillon " + std::string{ version() });
    app.require_subcommand(0, 1);
    std::string config_file;
    add_config_option(app, config_file);
    const auto parsed = add_commands(app, config_file);
    try {
        app.parse(argument_count, arguments);
    } catch (const CLI::ParseError& error) {
        const auto code = app.exit(error) == 0 ? exit_ok : exit_usage;
        if (const auto meant = find_meant(app, parsed); code != exit_ok && !meant.empty())
            std::cerr << "Did you mean " << meant << "?\n";
        return code;
    }
    for (const auto& command : parsed)
        if (command.app->parsed())
            return command.command->run(to_arguments(command, config_file, environment));
    return parsed.front().command->run(to_arguments(parsed.front(), config_file, environment));
}

}  // namespace component
