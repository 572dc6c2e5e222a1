#pragma once

#include "xmpp/element.hpp"
#include "xmpp/stanza_error.hpp"

namespace xmpp {

// Answers share the names and addresses of the stanza they answer: they live as long as it does.

/// The error stanza that answers `stanza`: from and to swapped, same id, the payload not echoed.
/// Null when it may not be answered: an error, an iq result, or no stanza at all.
[[nodiscard]] Element* make_error(const Element& stanza, StanzaError error, base::Arena& arena);

/// The empty result of an iq of type get or set; null for anything else.
[[nodiscard]] Element* make_result(const Element& iq, base::Arena& arena);

}  // namespace xmpp
