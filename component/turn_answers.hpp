#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/arena.hpp"
#include "component/turn.hpp"
#include "xmpp/element.hpp"
#include "xmpp/jid.hpp"
#include "xmpp/stanza_error.hpp"

/// XEP-0215 as the component answers it. The question is kept while its answer is made, since that may take a
/// question to the server.
namespace component {

/// A question that waits.
struct ServicesQuestion {
    std::string from;
    std::string to;
    std::string id;
    std::string payload;  ///< "services" or "credentials"
    std::string ns;
    std::string type;  ///< of services; empty: every type
    struct Named {
        std::string host;
        std::string type;
        std::optional<std::uint16_t> port;
    };
    std::vector<Named> named;  ///< with credentials
};

/// True for an iq that is to be answered with take_services_question().
[[nodiscard]] bool is_services_question(const xmpp::Element& payload) noexcept;

/// The question of an iq get to the domain itself; or the error that refuses it: whoever asks must be a user
/// of a served domain, or everybody's relay would be free.
[[nodiscard]] tl::expected<ServicesQuestion, xmpp::StanzaError>
take_services_question(const xmpp::Element& iq, const xmpp::Jid& from, const xmpp::Jid& to,
                       std::span<const std::string> served_domains, base::Arena& arena);

/// The answering iq: those of `relays` that were asked for; item-not-found when credentials of others were.
[[nodiscard]] const xmpp::Element* answer_services(const ServicesQuestion& question, const Relays& relays,
                                                   base::Arena& arena);

}  // namespace component
