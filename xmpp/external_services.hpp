#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/list.hpp"
#include "base/result.hpp"
#include "xmpp/element.hpp"

namespace xmpp {

/// A server beside XMPP (XEP-0215): here those for STUN and TURN.
struct ExternalService {
    std::string_view host;
    std::string_view type;  ///< stun, stuns, turn, turns and anything else
    std::optional<std::uint16_t> port;
    std::string_view transport;  ///< udp, tcp, or empty: not said
    std::string_view username;
    std::string_view password;
    std::string_view expires;  ///< XEP-0082; empty: not said
    bool restricted = false;  ///< credentials are needed

    friend bool operator==(const ExternalService&, const ExternalService&) = default;
};

/// The payloads of XEP-0215, in both versions of the namespace that are in use.
struct ExternalServices {
    enum class Kind {
        services,  ///< <services/>: all, or those of `type`
        credentials,  ///< <credentials/>: those of the services named
    };
    Kind kind = Kind::services;
    std::string_view ns;
    std::string_view type;
    base::List<ExternalService> services;

    /// As many services as one answer may name; more are passed over.
    static constexpr std::size_t max_services = 32;

    /// Whether an element is one of these at all.
    [[nodiscard]] static bool is_one(const Element& payload) noexcept;
    /// A service without host or type is an error; unknown children are passed over.
    [[nodiscard]] static base::Result<ExternalServices> from_element(const Element& payload,
                                                                     base::Arena& arena);
    Element& append_to(Element& iq, base::Arena& arena) const;

    friend bool operator==(const ExternalServices&, const ExternalServices&) = default;
};

}  // namespace xmpp
