#pragma once

#include <string>

#include "xmpp/disco.hpp"

namespace roster {

/// What a client says of itself in disco, as far as calls need it.
struct Abilities {
    bool session = false;  ///< Jingle with RTP over ICE and DTLS: what a call of ours is made of
    bool audio = false;
    bool video = false;
    bool message_initiation = false;  ///< XEP-0353
    bool carry = false;  ///< what SDP says and Jingle cannot, in our own namespace
    bool ice_tcp = false;  ///< XEP-0371
    std::string name;  ///< of its identity as a client, shortened to max_name

    static constexpr std::size_t max_name = 128;

    [[nodiscard]] static Abilities of(const xmpp::DiscoInfo& info);

    /// Somebody who is called by this client's user is rung here one way or the other.
    [[nodiscard]] bool takes_calls() const noexcept { return session && (audio || video); }

    friend bool operator==(const Abilities&, const Abilities&) = default;
};

}  // namespace roster
