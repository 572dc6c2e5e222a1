#include "component/commands.hpp"

#include <array>

#include "component/check_command.hpp"
#include "component/run_command.hpp"

namespace component {

std::span<const Command* const> commands() noexcept
{
    static constexpr std::array all{
        &run_command,
        &check_command,
    };
    return all;
}

}  // namespace component
