#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "jingle/extra.hpp"
#include "jingle/senders.hpp"
#include "xmpp/element.hpp"

namespace jingle {

/// What is shared while one stanza is read.
struct Reading {
    base::Arena& arena;
    std::size_t extra_bytes = 0;  ///< of unknown children so far, the carry apart
    std::size_t carry_bytes = 0;  ///< of carry elements so far
    std::optional<Role> writer{};  ///< who wrote this content, where the action tells
};

/// Keeps a child that no table knows. too_long when the unknown elements of the stanza are more than we
/// carry.
[[nodiscard]] base::Result<void> keep(const xmpp::Element& child, Extra& extra, Reading& reading);
/// Counts an element that is kept whole.
[[nodiscard]] base::Result<void> count(const xmpp::Element& element, Reading& reading);

/// `error` as seen from the parent: "payload-type 96: clockrate". Only a harmless key is shown.
[[nodiscard]] tl::unexpected<base::Error> at(const xmpp::Element& child, std::string_view key,
                                             base::Error error);

/// "true", "1", "false", "0" with white space around it.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text) noexcept;

/// A copy with ASCII capitals lowered; `text` itself when there are none.
[[nodiscard]] std::string_view lowered(std::string_view text, base::Arena& arena);

}  // namespace jingle
