#include "component/run_command.hpp"

#include "component/app.hpp"
#include "component/settings.hpp"

namespace component {
namespace {

int run(const Arguments& arguments)
{
    auto settings = load_settings(arguments.config_file);
    if (!settings)
        return exit_config;
    return run_app(*std::move(settings), arguments.config_file);
}

}  // namespace

const Command run_command{ "run", "Run the component (the default)", {}, run };

}  // namespace component
