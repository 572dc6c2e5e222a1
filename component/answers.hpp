#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "xmpp/disco.hpp"
#include "xmpp/element.hpp"
#include "xmpp/jid.hpp"
#include "xmpp/stanza_error.hpp"

namespace component {

/// What Carillon says of itself and of its contact addresses: disco, caps, ping, version, time, presence, and
/// words for who writes a text to an address that can only be called. Pure: a question and the time in, an
/// answer out. Answers live in the arena of the turn; null = no answer is due.
class Answers {
public:
    using WallTime = std::chrono::system_clock::time_point;

    explicit Answers(std::string version);

    /// The answer to an iq get or set that is not Jingle: a result or an error.
    [[nodiscard]] const xmpp::Element* to_request(const xmpp::Element& iq, const xmpp::Jid& own, WallTime now,
                                                  base::Arena& arena) const;
    /// The answer to a text message: an error, so that two gateways never answer each other.
    [[nodiscard]] const xmpp::Element* to_text(const xmpp::Element& message, const xmpp::Jid& own,
                                               base::Arena& arena) const;
    /// What a subscribe, unsubscribe, probe or available presence of `peer` is answered with, in order.
    [[nodiscard]] std::vector<const xmpp::Element*>
    to_presence(std::string_view type, const xmpp::Jid& own, const xmpp::Jid& peer, base::Arena& arena) const;
    /// Available presence with caps, from the resource that means any device; from the bare domain for
    /// itself.
    [[nodiscard]] const xmpp::Element* available(const xmpp::Jid& own, const xmpp::Jid& peer,
                                                 base::Arena& arena) const;
    /// A presence probe from the bare address.
    [[nodiscard]] const xmpp::Element* probe(const xmpp::Jid& own, const xmpp::Jid& peer,
                                             base::Arena& arena) const;

private:
    /// What disco says of a kind of address, with the node that its caps name.
    struct Face {
        xmpp::DiscoInfo info;
        std::string ver;
    };

    [[nodiscard]] const Face& face_of(const xmpp::Jid& own) const
    {
        return own.local().empty() ? domain_ : contact_;
    }
    /// Fills `result`; what comes back instead is the error.
    [[nodiscard]] std::optional<xmpp::StanzaError> add_answer(const xmpp::Element& question,
                                                              const xmpp::Jid& own, WallTime now,
                                                              xmpp::Element& result,
                                                              base::Arena& arena) const;

    std::string version_;
    base::Arena storage_;  ///< of the faces
    Face domain_;
    Face contact_;
};

}  // namespace component
