#pragma once

#include "jingle/reason.hpp"
#include "xmpp/stanza_error.hpp"

namespace jingle::call {

/// Which of two outcomes of a call's legs the caller hears: the one that tells him most about whether to try
/// again. No answer counts before busy, busy before declined, all of them before what never rang; the table
/// is in outcome.cpp.
[[nodiscard]] Condition combined(Condition a, Condition b) noexcept;

/// Whether a leg that ends with this speaks for its user and not for the one device: his others stop.
/// `message`: by a JMI reject, which any device sends for all.
[[nodiscard]] bool speaks_for_user(Condition reason, bool message) noexcept;

/// What a failed session-initiate means to the caller (XEP-0166, 7.4).
[[nodiscard]] Condition reason_of(const xmpp::StanzaError& error) noexcept;

/// Errors that say that nobody is there any more (RFC 6120, 8.3.3).
[[nodiscard]] bool means_away(xmpp::Condition condition) noexcept;

}  // namespace jingle::call
