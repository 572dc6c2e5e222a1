#pragma once

#include <cstddef>
#include <string_view>

#include "base/arena.hpp"
#include "jingle/extra.hpp"

namespace jingle::call {

/// Gateways of our kind that a propose or session-initiate may pass: more is taken for a loop.
inline constexpr std::size_t max_hops = 4;

/// Whether what holds this may go through `domain`: it has not been there, and has passed fewer than
/// max_hops gateways.
[[nodiscard]] bool may_pass(const Extra& extra, std::string_view domain) noexcept;

/// `extra` with `domain` added to the gateways passed: <via xmlns='urn:carillon:via:0'><gateway
/// jid='…'/></via>.
[[nodiscard]] Extra with_hop(const Extra& extra, std::string_view domain, base::Arena& arena);

}  // namespace jingle::call
