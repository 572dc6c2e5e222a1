#include "component/forget_command.hpp"

#include <array>
#include <iostream>

#include "component/store_command.hpp"

namespace component {
namespace {

int run(const Arguments& arguments)
{
    const auto user = xmpp::Jid::parse(arguments.value("JID"));
    if (!user || user->local().empty() || user->is_full())
        return refuse_argument("JID", "wants an address like alice@example.org");
    return with_store(arguments, OpenFor::writing, [&](OpenedStore& store) {
        store.file.begin();
        const auto gone = store.file.forget(*user);
        store.file.commit();
        store.file.checkpoint();
        std::cout << user->full() << ": " << gone << " rows are deleted\n";
        return exit_ok;
    });
}

constexpr std::array parameters{
    Parameter{ "JID", "The user's address", Parameter::Kind::positional, true },
};

}  // namespace

const Command forget_command{
    "forget", "Delete everything that is kept about a user", parameters, run,
    "Settings, subscriptions, blocks, links, and the records of his calls, also those "
    "with others. A running service holds subscriptions and settings until it is "
    "started again."
};

}  // namespace component
