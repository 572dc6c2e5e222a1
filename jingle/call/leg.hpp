#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "jingle/call/signal.hpp"
#include "jingle/leg_contents.hpp"
#include "jingle/profile.hpp"
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

/// Where a callee's leg is; the caller's is always `active`.
enum class LegState : std::uint8_t {
    idle,  ///< of a stage that does not ring yet
    awaiting,  ///< is to get a session-initiate as soon as there is an offer
    proposed,  ///< has the propose
    proceeding,  ///< took it up; gets the offer next
    offered,  ///< has the session-initiate
    active,  ///< accepted
    over,  ///< refused, stopped or lost: it has no session any more
};

/// What the credentials of a request are, against those that were known.
enum class CredentialNews : std::uint8_t {
    none,
    first,  ///< of a content
    replaced,  ///< an ICE restart (RFC 8839, 4.4.1.1.1)
};

/// How a leg was told that the call is over, as long as it may not have heard of it.
enum class Farewell : std::uint8_t {
    none,
    terminate,  ///< until it answers
    message,  ///< reject or retract: nothing answers that
};

/// One side's view of a call: who we are there, who the peer is, under which sid.
struct Leg {
    xmpp::Jid own;  ///< the address of ours that the peer dialled or was called from
    xmpp::Jid peer;  ///< bare while it rings at all devices, full once bound
    std::string sid;  ///< the same on all legs unless it would collide
    bool jmi = false;  ///< spoken to by Message Initiation first (XEP-0353)
    bool gone = false;  ///< its device went unavailable
    bool asked = false;  ///< a ping to it is out, since it is gone
    bool unheard = false;  ///< its session-initiate is out, and nothing has come from it since
    bool rang = false;  ///< has said that it rings
    bool blind = false;  ///< its propose goes to a bare JID, and no device we know of hears it
    bool silent = false;  ///< the devices that were known to hear its propose have gone
    bool restarting = false;  ///< this leg's peer has offered an ICE restart; the other side's is the answer
    bool adding = false;  ///< a content-add was passed to this leg and is not answered yet
    LegState state = LegState::idle;
    Farewell farewell = Farewell::none;
    std::uint8_t stage = 0;
    std::uint8_t party = 0;  ///< of the whole call: the legs of one user share it
    std::uint8_t profile_index = 0;  ///< of profile_at()
    Condition outcome = Condition::gone;  ///< once it is over: why
    Time check{ Time::max() };  ///< when a device that is gone, or silent, is asked or given up
    std::vector<std::uint32_t> ringing{};  ///< while unbound: hashes of the devices that say they ring
    std::vector<OpenRequest> open{};  ///< sent by this leg's peer, passed on, not answered yet
    std::vector<std::uint64_t> credentials{};  ///< hashes of (content, ufrag) this leg's peer has announced
    LegContents memory{};  ///< only where the profile needs a memory

    [[nodiscard]] bool is_bound() const noexcept { return peer.is_full(); }
    [[nodiscard]] bool is_over() const noexcept { return state == LegState::over; }
    /// Whether a page of ours is behind it: it is spoken to by the web's side, not by stanzas.
    [[nodiscard]] bool is_page(std::string_view own_domain) const noexcept
    {
        return peer.domain() == own_domain;
    }
    [[nodiscard]] const Profile& profile() const noexcept { return profile_at(profile_index); }
    /// Unknown ids are the default profile.
    void set_profile(std::string_view id) noexcept;

    /// False where nobody has said so much as that he is there: the caller learns less of it than of what
    /// others have said.
    [[nodiscard]] bool is_known_to_ring() const noexcept { return rang || !(blind || unheard); }
    /// Something has come from the leg's device: it is there.
    void note_there() noexcept;
    /// One of the peer's devices says that it rings. With max_ringing of them the leg rings until its time.
    void note_ringing(std::string_view device);
    /// It does not any more. True when no other is left that is known to ring.
    [[nodiscard]] bool stops_ringing(std::string_view device);
    /// Takes note of the credentials in `jingle`.
    CredentialNews note_credentials(const Jingle& jingle);
    /// An open request of this leg that `action` on `contents` coming from the other side would cross; null
    /// when none.
    [[nodiscard]] OpenRequest* find_crossing(Action action, std::uint64_t contents) noexcept;
    /// Forgets the open request with this id. True when its reply is to go to the peer: who has been answered
    /// already, by us, hears nothing more.
    [[nodiscard]] bool close(std::string_view id);
    /// It is over: what it remembered goes.
    void finish(Condition why);

    static constexpr std::size_t max_ringing = 8;
    static constexpr std::size_t max_open = 16;
    static constexpr std::size_t max_credentials = 64;
    static constexpr std::chrono::seconds open_timeout{ 30 };
};

/// A sequence whose first two elements need no allocation: a call has two legs far most of the time.
template <class T>
class TwoAndMore {
public:
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    void push_back(T value)
    {
        if (size_ < first_.size())
            first_[size_] = std::move(value);
        else
            more_.push_back(std::move(value));
        ++size_;
    }
    [[nodiscard]] T& operator[](std::size_t index) noexcept
    {
        return index < first_.size() ? first_[index] : more_[index - first_.size()];
    }
    [[nodiscard]] const T& operator[](std::size_t index) const noexcept
    {
        return index < first_.size() ? first_[index] : more_[index - first_.size()];
    }

private:
    std::array<T, 2> first_{};
    std::vector<T> more_;
    std::size_t size_ = 0;
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
