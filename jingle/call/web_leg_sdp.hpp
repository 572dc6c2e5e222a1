#pragma once

#include <string>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "jingle/call/page.hpp"
#include "jingle/session.hpp"
#include "sdp/description.hpp"

namespace jingle::call {

/// What a page hears about SDP that is not taken. Its own words come back to it, so the place may be told.
[[nodiscard]] PageError sdp_error(const base::Error& error);

/// The description a page sent. Lives in `arena`, which gets a copy of the text.
[[nodiscard]] base::Result<sdp::Description> read_sdp(const std::string& text, base::Arena& arena);

/// A copy of `request` with all that it points to.
[[nodiscard]] base::Result<Jingle> copy(const Jingle& request, base::Arena& arena);

}  // namespace jingle::call
