#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "jingle/call/signal.hpp"
#include "xmpp/jid.hpp"

namespace jingle::call {

/// A request that negotiates and waits for the far side's answer (XEP-0166, 7.2.16: tie-break needs to know).
struct OpenRequest {
    Action action;
    std::uint64_t contents;  ///< a bit set of hashed content names: two that share no bit share no content
    std::string id;  ///< as its sender wrote it
    Time since;
    bool answered = false;  ///< by us (tie-break, time-out): the far side's late reply goes nowhere
};

/// One side's view of a call: who we are there, who the peer is, under which sid.
struct Leg {
    xmpp::Jid own;  ///< the address of ours that the peer dialled or was called from
    xmpp::Jid peer;  ///< bare while it rings at all devices, full once bound
    std::string sid;  ///< the same on all legs unless it would collide
    bool jmi = false;  ///< spoken to by Message Initiation first (XEP-0353)
    bool gone = false;  ///< its device went unavailable; a ping decides
    std::vector<OpenRequest> open{};  ///< sent by this leg's peer, passed on, not answered yet
    std::vector<std::uint64_t> credentials{};  ///< hashes of (content, ufrag) this leg's peer has announced

    [[nodiscard]] bool is_bound() const noexcept { return peer.is_full(); }

    /// Takes note of the credentials in `jingle`; true when one replaced another: an ICE restart (RFC
    /// 8839, 4.4.1.1.1).
    bool note_credentials(const Jingle& jingle);
    /// An open request of this leg that `action` on `contents` coming from the other side would cross; null
    /// when none.
    [[nodiscard]] OpenRequest* find_crossing(Action action, std::uint64_t contents) noexcept;
    /// Forgets the open request with this id. True when its reply is to go to the peer: so also when it is
    /// not known, as after a restart.
    [[nodiscard]] bool close(std::string_view id);

    static constexpr std::size_t max_open = 16;
    static constexpr std::size_t max_credentials = 64;
    static constexpr std::chrono::seconds open_timeout{ 30 };
};

/// Actions that two parties may send at once (XEP-0166, 7.2.16); an ICE restart is a transport-info.
[[nodiscard]] constexpr bool may_cross(Action action) noexcept
{
    return action == Action::content_add || action == Action::content_modify
        || action == Action::content_remove || action == Action::transport_replace
        || action == Action::transport_info;
}

/// The bit set of OpenRequest::contents.
[[nodiscard]] std::uint64_t content_bits(const Jingle& jingle) noexcept;

}  // namespace jingle::call
