#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "xmpp/jid.hpp"

namespace roster {

/// What is kept on disk counts in wall time.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// What a user and an address of ours see of each other (RFC 6121, 3).
struct Subscription {
    xmpp::Jid contact;  ///< ours, bare
    xmpp::Jid user;  ///< bare
    bool user_sees_contact = false;
    bool contact_sees_user = false;
    bool asked = false;  ///< we have asked to see the user and have no answer yet

    friend bool operator==(const Subscription&, const Subscription&) = default;
};

/// What a user has told us about himself, by ad-hoc command.
struct UserSettings {
    xmpp::Jid user;  ///< bare
    bool do_not_disturb = false;
    std::optional<std::array<std::uint16_t, 2>> quiet;  ///< minutes of the day, UTC; may pass midnight
    std::vector<std::string> ring_only;  ///< resources; empty: every device
    bool missed_call_notice = true;

    friend bool operator==(const UserSettings&, const UserSettings&) = default;
};

/// A pattern (JID, *@domain, *.domain) that may not call `owner`; without an owner: anybody (the operator's).
struct Block {
    std::optional<xmpp::Jid> owner;
    std::string pattern;

    friend bool operator==(const Block&, const Block&) = default;
};

/// An address by which a guest calls its owner. The secret itself is never kept.
struct CallLink {
    std::string name;  ///< local part of its address
    xmpp::Jid owner;  ///< bare
    std::array<std::uint8_t, 32> secret_hash{};  ///< SHA-256
    std::string title;
    std::optional<unsigned> uses_left;  ///< absent: open-ended
    std::optional<WallTime> expires;
    std::vector<std::string> origins;  ///< empty: those of [http] origins
    bool revoked = false;
    WallTime made{};

    friend bool operator==(const CallLink&, const CallLink&) = default;
};

/// Where what has to last is put. Nothing waits for it; a disk that is full is the storage's to say and to
/// make good later.
class Storage {
public:
    virtual ~Storage() = default;
    virtual void put(const Subscription& row) = 0;
    virtual void put(const UserSettings& row) = 0;
    virtual void put(const Block& row) = 0;
    virtual void put(const CallLink& row) = 0;
    virtual void erase(const Subscription& row) = 0;  ///< by contact and user
    virtual void erase(const UserSettings& row) = 0;  ///< by user
    virtual void erase(const Block& row) = 0;
    virtual void erase(const CallLink& row) = 0;  ///< by name
};

}  // namespace roster
