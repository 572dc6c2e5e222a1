#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "xmpp/element.hpp"
#include "xmpp/ns.hpp"

namespace component {

/// One stanza or one moment that is worked on, and the stanzas that come of it.
struct StanzaTurn {
    base::Arena& arena;
    std::chrono::steady_clock::time_point now;
    std::vector<const xmpp::Element*> out{};  ///< to be sent, in this order

    /// An iq of ours among them, for its payload to be added.
    xmpp::Element& add_iq(std::string_view type, std::string_view id, std::string_view from,
                          std::string_view to)
    {
        auto* iq = xmpp::Element::create(arena, "iq", xmpp::ns::component);
        iq->set(arena, "type", type);
        iq->set(arena, "id", arena.copy(id));
        iq->set(arena, "from", arena.copy(from));
        iq->set(arena, "to", arena.copy(to));
        out.push_back(iq);
        return *iq;
    }
};

}  // namespace component
