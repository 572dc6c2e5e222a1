#include <exception>

#include "component/commands.hpp"
#include "component/log.hpp"
#include "component/options.hpp"

int main(int argument_count, char** arguments)
{
    try {
        return component::run_command_line(argument_count, arguments, component::process_environment);
    } catch (const std::exception& broken) {
        component::log::error(component::log::no_call, "gave up: {}", broken.what());
        return component::exit_failure;
    }
}
