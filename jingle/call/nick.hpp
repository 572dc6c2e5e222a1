#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "jingle/extra.hpp"

// What a caller calls himself (XEP-0172). Within the calls it travels with the propose or session-initiate;
// in a <message/> it stands beside the propose, where clients look for it. It proves nothing: who somebody is
// stands in the address, and a name that could be taken for one is none.

namespace jingle::call {

inline constexpr std::size_t max_nick = 128;  ///< bytes

/// One line of at most max_nick bytes without anything that changes how the text around it looks. Empty when
/// nothing is left, or when it looks like an address.
[[nodiscard]] std::string plain_nick(std::string_view text);

/// The caller's name in `extra`, plain; empty: none.
[[nodiscard]] std::string nick_in(const Extra& extra);

/// `extra` with `nick`, which is plain, in place of any that it has; an empty one takes it out.
[[nodiscard]] Extra with_nick(const Extra& extra, std::string_view nick, base::Arena& arena);

}  // namespace jingle::call
