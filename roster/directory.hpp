#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "xmpp/jid.hpp"
#include "xmpp/stanza_error.hpp"

namespace roster {

using SteadyClock = std::chrono::steady_clock;

/// Somebody wants to call an address of ours. `called` may have a resource: that device alone is meant,
/// unless it is any_device.
struct Invitation {
    xmpp::Jid caller;  ///< full; under our own domain for a page
    xmpp::Jid called;
    bool audio = false;
    bool video = false;
    bool proposed = false;  ///< by Message Initiation; else the caller has sent his session-initiate
};

/// What makes a device ring.
enum class Rings : std::uint8_t {
    by_message,  ///< a propose to its full JID: pages, and clients addressed one by one
    by_initiate,  ///< a session-initiate: clients without Message Initiation
};

/// A full JID that can take calls. Under our own domain it is a page.
struct Device {
    xmpp::Jid address;
    Rings rings = Rings::by_initiate;
    std::string profile;  ///< id of the jingle::Profile; empty: the default one

    friend bool operator==(const Device&, const Device&) = default;
};

/// One user to ring, on all his devices at once.
struct Party {
    xmpp::Jid user;  ///< bare
    bool propose = false;  ///< by a propose to the bare JID too: reaches the clients we see nothing of
    std::vector<Device> devices;  ///< that the propose to the bare JID does not reach
    /// No device that is known hears that propose. It may ring others, of which some never say so.
    bool blind = false;

    friend bool operator==(const Party&, const Party&) = default;
};

/// Parties that ring at once; when `ring` is over, or all have refused, the next stage rings.
struct Stage {
    std::vector<Party> parties;
    std::chrono::milliseconds ring{};  ///< 0: as long as the call may ring

    friend bool operator==(const Stage&, const Stage&) = default;
};

/// What is decided about an invitation, in one step: may it be, under which rule, who rings.
struct Decision {
    std::optional<xmpp::StanzaError> refused;  ///< service-unavailable for whatever concerns the callee
    std::string rule;  ///< for the record: "default local", "rule 3", "blocked by callee"
    xmpp::Jid shown;  ///< the address of ours the callee sees the caller under, with its resource
    std::vector<Stage> stages;
    bool relay_only = false;  ///< candidates other than relayed ones are kept back, both ways
    bool silent = false;  ///< nobody rings, and the caller hears it ring until he gives up or time is over
    bool busy = false;  ///< the callee is a line that carries one call, and it does: the caller hears busy
};

/// Whether somebody took the call up.
enum class Answered : std::uint8_t { no, yes };

/// Who stands behind an address and who may call it. Asked once per call.
class Directory {
public:
    virtual ~Directory() = default;
    [[nodiscard]] virtual Decision decide(const Invitation& invitation, SteadyClock::time_point now) = 0;
    /// Id of the profile of the client behind a full JID; empty when nothing is known about it.
    [[nodiscard]] virtual std::string profile_of(const xmpp::Jid& device) const = 0;
    /// The devices of `user` that rang by a propose to his bare JID, had it not come back, and that take a
    /// session-initiate each as well.
    [[nodiscard]] virtual std::vector<Device> instead_of_propose(const xmpp::Jid& /*user*/) const
    {
        return {};
    }
    /// Whether `device` is the only one known of its user that a propose to his bare JID reaches.
    [[nodiscard]] virtual bool is_last_to_hear(const xmpp::Jid& /*device*/) const { return false; }

    /// The invitation has become a call: to be said for each that decide() let through and that no limit of
    /// the caller's stopped, silent ones included.
    virtual void started(const Invitation& /*invitation*/) { }
    /// The call has ended: once for each started().
    virtual void ended(const Invitation& /*invitation*/, Answered /*answered*/,
                       SteadyClock::time_point /*now*/)
    {
    }
};

/// Which devices of a user can take calls now. There are two: the XMPP clients, by presence and caps, and
/// the pages.
class DeviceSource {
public:
    virtual ~DeviceSource() = default;
    /// Appends those of `user` (bare); of `all`, so that a caller sees the whole.
    virtual void append_devices(const xmpp::Jid& user, std::vector<Device>& all) const = 0;
    /// The resources of the devices of `user` that a propose to his bare JID reaches, or may reach.
    [[nodiscard]] virtual std::vector<std::string> hearing(const xmpp::Jid& /*user*/) const { return {}; }
    /// Appends those of them that take a session-initiate too, as such.
    virtual void append_hearing(const xmpp::Jid& /*user*/, std::vector<Device>& /*all*/) const { }
};

}  // namespace roster
