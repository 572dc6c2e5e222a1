#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "base/enum_table.hpp"
#include "roster/rows.hpp"

namespace component {

using roster::WallTime;

/// The bytes of a jingle::call::CallId.
using CallKey = std::array<std::uint8_t, 16>;

struct CallKeyHash {
    // The id is the output of a keyed hash, so any part of it is a good hash of it.
    std::size_t operator()(const CallKey& key) const noexcept
    {
        std::size_t value{};
        std::memcpy(&value, key.data(), sizeof value);
        return value;
    }
};

/// What became of one device that was tried.
enum class DeviceFate : std::uint8_t {
    tried,  ///< asked, and nothing was heard of it
    rang,
    answered,
    refused,  ///< it said no; the reason says which no
    stopped,  ///< we told it to stop ringing
    gone,  ///< it went unavailable, or the message to it came back
};

inline constexpr std::array device_fate_rows{
    base::EnumRow<DeviceFate>{ DeviceFate::tried, "tried" },
    base::EnumRow<DeviceFate>{ DeviceFate::rang, "rang" },
    base::EnumRow<DeviceFate>{ DeviceFate::answered, "answered" },
    base::EnumRow<DeviceFate>{ DeviceFate::refused, "refused" },
    base::EnumRow<DeviceFate>{ DeviceFate::stopped, "stopped" },
    base::EnumRow<DeviceFate>{ DeviceFate::gone, "gone" },
};

/// One device of the callee, or everybody a propose to his bare address reached.
struct DeviceRecord {
    unsigned leg = 0;
    std::string address;
    DeviceFate fate = DeviceFate::tried;
    std::string reason;  ///< with refused and stopped
    WallTime asked{};
    std::optional<WallTime> rang;
    std::optional<WallTime> settled;  ///< answered, refused, stopped or gone

    friend bool operator==(const DeviceRecord&, const DeviceRecord&) = default;
};

/// Kinds of candidates that a side offered; never an address.
struct CandidateKinds {
    bool host = false;
    bool srflx = false;  ///< server or peer reflexive
    bool relay = false;

    friend bool operator==(const CandidateKinds&, const CandidateKinds&) = default;
};

/// What is kept of one call. A sid may be used again between the same two, so that a call is named by its id
/// and the time it started.
struct CallRecord {
    CallKey id{};
    WallTime started{};
    std::string sid;
    std::string caller;
    std::string callee;  ///< as dialled until a device answers
    bool audio = false;
    bool video = false;
    std::string rule;  ///< of the policy, that let it through or refused it
    std::optional<WallTime> ringing;  ///< the first device
    std::optional<WallTime> proceeded;
    std::optional<WallTime> initiated;
    std::optional<WallTime> accepted;
    std::optional<WallTime> ended;
    std::string reason;  ///< with ended
    CandidateKinds caller_candidates;
    CandidateKinds callee_candidates;
    std::vector<DeviceRecord> devices;

    friend bool operator==(const CallRecord&, const CallRecord&) = default;
};

/// The reason of a call that was never let in; its rule says why.
inline constexpr std::string_view not_let_in = "refused";

/// The reason of a call that was running when Carillon was, and is not any more.
inline constexpr std::string_view interrupted = "interrupted";

}  // namespace component
