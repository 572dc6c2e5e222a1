#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include "component/web/error.hpp"
#include "component/web/ports.hpp"

namespace component::web {

using SteadyTime = std::chrono::steady_clock::time_point;
using ConnectionId = std::uint64_t;

struct Now {
    SteadyTime steady;
    WallTime wall;
};

/// The sockets, as sessions see them. Nothing of it calls back.
class Wire {
public:
    virtual ~Wire() = default;
    virtual void send(ConnectionId connection, std::string frame) = 0;
    /// Closes behind what was sent. closed() need not follow; it is no harm.
    virtual void close(ConnectionId connection, CloseCode code) = 0;
};

/// The limits of sessions; the defaults are the documented ones.
struct SessionLimits {
    std::chrono::seconds hello{ 5 };  ///< until the first frame
    std::chrono::seconds checking{ 120 };  ///< of credentials: with XEP-0070 somebody has to press a button
    std::chrono::seconds resume{ 60 };  ///< a session outlives its connection by this
    std::chrono::seconds resume_token{ 600 };  ///< a token is good for; renewed at half of it
    std::chrono::seconds ping_interval{ 20 };
    std::uint32_t hellos_per_minute = 120;  ///< of one address; those that resume do not count
    std::uint32_t failures_per_minute = 10;  ///< of one address, of all kinds
    std::size_t per_user = 32;  ///< sessions of one user
    std::size_t per_link = 64;  ///< sessions of one link
    double frames_per_second = 50;
    double frame_burst = 200;
    std::uint32_t refused_frames = 100;  ///< for being too many, in a row: then the connection is closed
    std::uint32_t bad_frames = 10;  ///< that cannot be read
    std::size_t watches = 100;
};

/// What the metrics count.
struct WebCounters {
    std::uint64_t connections = 0;
    std::uint64_t sessions = 0;
    std::uint64_t resumed = 0;  ///< with everything replayed
    std::uint64_t restarted = 0;  ///< let in by a resume token, without the frames missed
    std::uint64_t resume_refused = 0;
    std::array<std::uint64_t, 3> auth_failures{};  ///< by Credentials::Type
    std::uint64_t rate_limited = 0;
    std::uint64_t frames_in = 0;
    std::uint64_t frames_out = 0;
    std::uint64_t bad_frames = 0;
    std::uint64_t replaced = 0;
    std::uint64_t hello_timeouts = 0;
    std::uint64_t lapsed = 0;  ///< sessions nobody came back to
    std::uint64_t ice_issued = 0;
    std::array<std::array<std::uint64_t, 4>, 4> pairs{};  ///< reported, by local and remote CandidateType
};

/// What sessions work with.
struct SessionPorts {
    Wire& wire;
    Authenticator& authenticator;
    PagePort& calls;
    IceServers& ice;
    PresenceLookup presence;  ///< may be empty
    std::function<Now()> clock;
    std::function<std::string()> random_id;  ///< 128 bits or more, of [0-9a-z]
};

class Session;

/// What all sessions share.
struct SessionContext {
    std::string domain;  ///< the component's
    SessionLimits limits;
    SessionPorts ports;
    WebCounters counters;
    std::unordered_multimap<std::string, Session*> watchers{};  ///< by the bare address they watch
};

}  // namespace component::web
