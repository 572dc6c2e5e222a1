#include "component/commands.hpp"

#include <array>

#include "component/check_command.hpp"
#include "component/explain_command.hpp"
#include "component/run_command.hpp"
#include "component/translate_commands.hpp"

namespace component {

std::span<const Command* const> commands() noexcept
{
    static constexpr std::array all{
        &run_command, &check_command, &sdp2jingle_command, &jingle2sdp_command, &explain_command,
    };
    return all;
}

}  // namespace component
