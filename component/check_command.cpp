#include "component/check_command.hpp"

#include <iostream>

#include "component/settings.hpp"

namespace component {
namespace {

int check(const Arguments& arguments)
{
    const auto settings = load_settings(arguments.config_file);
    if (!settings)
        return exit_config;
    std::cout << arguments.config_file.string() << ": the configuration of " << settings->config.xmpp.domain
              << " is valid; the secret comes from " << settings->secret.source << '\n';
    return exit_ok;
}

}  // namespace

const Command check_command{ "check", "Check the configuration and exit", {}, check };

}  // namespace component
