#pragma once

#include <array>
#include <optional>

#include "jingle/senders.hpp"
#include "sdp/attributes.hpp"

namespace jingle {

constexpr Role other(Role role) noexcept
{
    return role == Role::initiator ? Role::responder : Role::initiator;
}

constexpr Senders sender(Role role) noexcept
{
    return role == Role::initiator ? Senders::initiator : Senders::responder;
}

/// A direction is told from the view of the party that wrote the SDP; senders are told by role. Who made the
/// content and who offers plays no part.
constexpr Senders to_senders(sdp::Direction direction, Role writer) noexcept
{
    switch (direction) {
    case sdp::Direction::sendrecv: return Senders::both;
    case sdp::Direction::sendonly: return sender(writer);
    case sdp::Direction::recvonly: return sender(other(writer));
    case sdp::Direction::inactive: return Senders::none;
    }
    return Senders::both;
}

constexpr sdp::Direction to_direction(Senders senders, Role writer) noexcept
{
    switch (senders) {
    case Senders::both: return sdp::Direction::sendrecv;
    case Senders::initiator:
    case Senders::responder:
        return senders == sender(writer) ? sdp::Direction::sendonly : sdp::Direction::recvonly;
    case Senders::none:
    case Senders::rejected: return sdp::Direction::inactive;
    }
    return sdp::Direction::inactive;
}

/// What an answer means after this offer (RFC 3264, 6.1): it can only narrow, and left out it means "as
/// offered". COMPAT(Movim, lib-jitsi-meet): these write senders as if they were the initiator always; the
/// one-way answer that is impossible after the offer is read as its mirror image, which is what was offered.
constexpr Senders answered_senders(Senders offered, std::optional<Senders> answered) noexcept
{
    if (offered == Senders::both)
        return answered.value_or(Senders::both);
    if (answered == Senders::none || answered == Senders::rejected)
        return *answered;
    return offered;
}

/// A bit for each role that sends.
constexpr unsigned sender_bits(Senders senders) noexcept
{
    switch (senders) {
    case Senders::both: return 3;
    case Senders::initiator: return 1;
    case Senders::responder: return 2;
    case Senders::none:
    case Senders::rejected: return 0;
    }
    return 0;
}

constexpr Senders senders_from_bits(unsigned bits) noexcept
{
    constexpr std::array all{ Senders::none, Senders::initiator, Senders::responder, Senders::both };
    return all[bits & 3U];
}

/// Who may send when both restrictions hold.
constexpr Senders intersect(Senders a, Senders b) noexcept
{
    return senders_from_bits(sender_bits(a) & sender_bits(b));
}

/// Who may send when either allows it.
constexpr Senders unite(Senders a, Senders b) noexcept
{
    return senders_from_bits(sender_bits(a) | sender_bits(b));
}

}  // namespace jingle
