#pragma once

#include <string>

#include <tl/expected.hpp>

#include "component/commands.hpp"
#include "roster/rows.hpp"

namespace component {

/// `carillon link new|list|revoke`: call links, beside the running service.
extern const Command link_command;

struct NewLink {
    roster::CallLink link;
    std::string url;  ///< with the secret, of which only the hash is kept
};
/// Makes a link as `carillon link new` does, and tells the running service. An error has been printed, and is
/// the exit code.
[[nodiscard]] tl::expected<NewLink, ExitCode> new_link(const Arguments& arguments);

}  // namespace component
