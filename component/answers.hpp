#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/arena.hpp"
#include "xmpp/disco.hpp"
#include "xmpp/element.hpp"
#include "xmpp/jid.hpp"
#include "xmpp/stanza_error.hpp"

namespace component {

/// How a contact address looks to who sees its presence.
struct Look {
    std::string_view name = {};  ///< XEP-0172; empty: none is told
    std::optional<std::string_view> photo = std::nullopt;  ///< XEP-0153; absent: not known, empty: has none
    bool reachable = true;

    friend bool operator==(const Look&, const Look&) = default;
};

/// A call that rang and that nobody took.
struct MissedCall {
    xmpp::Jid contact;  ///< the address of ours the callee knows the caller by
    xmpp::Jid callee;  ///< bare
    std::string_view caller;  ///< an address of ours, or words
    bool video = false;
    std::chrono::system_clock::time_point at;
};

/// What Carillon says of itself and of its contact addresses: disco, caps, ping, version, time, presence,
/// words for who writes a text to an address that can only be called. Pure: a question and the time in, an
/// answer out. Answers live in the arena of the turn; null = no answer is due.
class Answers {
public:
    using WallTime = std::chrono::system_clock::time_point;

    explicit Answers(std::string version);

    /// What an address of ours that is no contact address is called; empty for nobody's.
    using Names = std::function<std::optional<std::string>(const xmpp::Jid& own)>;
    /// Lines, call links and open pages; before the first answer.
    void know(Names names) { names_ = std::move(names); }
    [[nodiscard]] std::optional<std::string> name_of(const xmpp::Jid& own) const
    {
        return names_ ? names_(own) : std::nullopt;
    }

    /// Whether the domain itself has relays for users (XEP-0215), as far as the configuration goes.
    void announce_relays(bool are_there);

    /// The answer to an iq get or set that is not Jingle: a result or an error.
    [[nodiscard]] const xmpp::Element* to_request(const xmpp::Element& iq, const xmpp::Jid& own, WallTime now,
                                                  base::Arena& arena) const;
    /// The answer to a text message: an error, so that two gateways never answer each other.
    [[nodiscard]] const xmpp::Element* to_text(const xmpp::Element& message, const xmpp::Jid& own,
                                               base::Arena& arena) const;
    /// What the callee reads about a call his clients could not tell him of; it is kept for him while he is
    /// away.
    [[nodiscard]] static const xmpp::Element* missed_call(const MissedCall& call, base::Arena& arena);

    /// Presence with caps, from the resource that means any device, from the bare domain for itself; type
    /// unavailable when it is not reachable.
    [[nodiscard]] const xmpp::Element* presence(const xmpp::Jid& own, const xmpp::Jid& peer, const Look& look,
                                                base::Arena& arena) const;
    /// A subscribe, subscribed, unsubscribe, unsubscribed, unavailable or probe from the bare address to the
    /// bare address. A subscribe says who is meant.
    [[nodiscard]] static const xmpp::Element* subscription(std::string_view type, const xmpp::Jid& own,
                                                           const xmpp::Jid& peer, std::string_view name,
                                                           base::Arena& arena);
    /// Whether there is anything to be said for this address of ours.
    [[nodiscard]] bool stands_for_somebody(const xmpp::Jid& own) const;

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
    /// Fill `result`; what comes back instead is the error.
    [[nodiscard]] std::optional<xmpp::StanzaError> add_answer(const xmpp::Element& question,
                                                              const xmpp::Jid& own, WallTime now,
                                                              xmpp::Element& result,
                                                              base::Arena& arena) const;
    [[nodiscard]] std::optional<xmpp::StanzaError> add_features(const xmpp::Element& question,
                                                                const xmpp::Jid& own, xmpp::Element& result,
                                                                base::Arena& arena) const;

    std::string version_;
    Names names_;
    base::Arena storage_;  ///< of the faces
    Face domain_;
    Face contact_;
};

}  // namespace component
