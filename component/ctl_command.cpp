#include "component/ctl_command.hpp"

#include <array>
#include <iostream>

#include "component/control_socket.hpp"
#include "component/file_lock.hpp"
#include "component/orders.hpp"
#include "component/store_command.hpp"
#include "component/xml_text.hpp"

namespace component {
namespace {

int run(const Arguments& arguments)
{
    auto order = std::string{ arguments.value("WHAT") };
    if (!is_order(order))
        return refuse_argument("WHAT", "wants " + known_orders());
    if (arguments.has("LEVEL"))
        order.append(" ").append(arguments.value("LEVEL"));
    if (order.find('\n') != std::string::npos)
        return refuse_argument("LEVEL", "is one word");
    const auto file = store_file(arguments);
    if (!file)
        return file.error();
    const auto process = FileLock::holder(*file);
    if (!process) {
        std::cerr << file->string() << ": no carillon runs with this database\n";
        return exit_unavailable;
    }
    const auto result = ControlSocket::ask(*file, order);
    if (!result) {
        std::cerr << "process " << *process << " cannot be told: " << result.error().what << "\n";
        return exit_unavailable;
    }
    auto& out = result->code == exit_ok ? std::cout : std::cerr;
    out << "process " << *process << ": " << result->words;
    return result->code;
}

constexpr std::array parameters{
    Parameter{ "WHAT", "drain, resume, reload, links or log-level", Parameter::Kind::positional, true },
    Parameter{ "LEVEL", "with log-level: debug, info, warning, error or off", Parameter::Kind::positional },
};

}  // namespace

const Command ctl_command{
    "ctl", "Steer the running service", parameters, run,
    "drain: callers hear that the callee is not available, running calls go on; resume takes that back; "
    "reload: the configuration and all it names is read again, and counts for what begins from then on, "
    "unless it "
    "has a mistake; links: call links are read again, as `carillon link` has it done; log-level: until the "
    "next reload. The service is found by its database."
};

}  // namespace component
