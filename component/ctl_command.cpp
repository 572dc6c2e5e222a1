#include "component/ctl_command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>

#include "component/file_lock.hpp"
#include "component/store_command.hpp"

namespace component {
namespace {

/// What can be asked of a service, and by which signal it hears it.
struct Order {
    std::string_view word;
    int signal;
    std::string_view done;
};
constexpr std::array orders{
    Order{ "drain", drain_signal, "lets in no new calls; those that run go on" },
    Order{ "resume", resume_signal, "lets in new calls again" },
    Order{ "reload", SIGHUP, "reads its configuration again; its log says what came of it" },
};

int run(const Arguments& arguments)
{
    const auto word = arguments.value("WHAT");
    const auto* order
        = std::find_if(orders.begin(), orders.end(), [&](const Order& o) { return o.word == word; });
    if (order == orders.end())
        return refuse_argument("WHAT", "wants drain, resume or reload");
    const auto file = store_file(arguments);
    if (!file)
        return file.error();
    const auto process = FileLock::holder(*file);
    if (!process) {
        std::cerr << file->string() << ": no carillon runs with this database\n";
        return exit_unavailable;
    }
    if (::kill(*process, order->signal) != 0) {
        std::cerr << "process " << *process << " cannot be told: " << std::strerror(errno) << "\n";
        return exit_failure;
    }
    std::cout << "process " << *process << " " << order->done << "\n";
    return exit_ok;
}

constexpr std::array parameters{
    Parameter{ "WHAT", "drain, resume or reload", Parameter::Kind::positional, true },
};

}  // namespace

const Command ctl_command{
    "ctl", "Steer the running service", parameters, run,
    "drain: callers hear that the callee is not available, running calls go on; resume takes that back; "
    "reload: the configuration is read again. The service is found by its database."
};

}  // namespace component
