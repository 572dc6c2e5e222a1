#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "xmpp/element.hpp"

namespace xmpp {

enum class StanzaKind : std::uint8_t { iq, message, presence };

/// What routes a stanza, read in one pass and without allocating: views into the element. Absent attributes
/// are empty, since an empty address, id or type means nothing either.
struct Envelope {
    StanzaKind kind = StanzaKind::iq;
    std::string_view from;
    std::string_view to;
    std::string_view id;
    std::string_view type;
    const Element* payload = nullptr;  ///< the first child, if any

    /// Empty when `element` is none of the three stanzas.
    [[nodiscard]] static std::optional<Envelope> from_element(const Element& element) noexcept;

    [[nodiscard]] bool is_request() const noexcept
    {
        return kind == StanzaKind::iq && (type == "get" || type == "set");
    }
    [[nodiscard]] bool is_response() const noexcept
    {
        return kind == StanzaKind::iq && (type == "result" || type == "error");
    }
    [[nodiscard]] bool carries(std::string_view name, std::string_view ns) const noexcept
    {
        return payload != nullptr && payload->is(name, ns);
    }
};

}  // namespace xmpp
