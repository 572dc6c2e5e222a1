#include "component/commands.hpp"

#include <array>

#include "component/calls_command.hpp"
#include "component/check_command.hpp"
#include "component/ctl_command.hpp"
#include "component/demo_command.hpp"
#include "component/explain_command.hpp"
#include "component/forget_command.hpp"
#include "component/link_command.hpp"
#include "component/run_command.hpp"
#include "component/translate_commands.hpp"
#include "component/turn_command.hpp"

namespace component {

std::span<const Command* const> commands() noexcept
{
    static constexpr std::array all{
        &run_command,     &check_command, &sdp2jingle_command, &jingle2sdp_command,
        &explain_command, &calls_command, &call_command,       &link_command,
        &forget_command,  &turn_command,  &demo_command,       &ctl_command,
    };
    return all;
}

}  // namespace component
