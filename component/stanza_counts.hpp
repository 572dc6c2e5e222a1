#pragma once

#include <cstdint>

namespace component {

/// Stanzas that were not taken for what they pretend to be, since the start.
struct StanzaCounts {
    std::uint64_t malformed = 0;  ///< refused with bad-request
    std::uint64_t too_large = 0;  ///< too long, too deep, or too much of something in it
    std::uint64_t wrapped = 0;  ///< they held another stanza, of whoever: that one is not looked at
};

}  // namespace component
