#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "jingle/session.hpp"

namespace jingle::call {

/// Names a call inside Carillon: in the log, in the record, in the ids of what is passed on. Whoever holds
/// the instance's key and sees a stanza of the call can compute it; nobody else can, and a sid alone never
/// names a call.
struct CallId {
    std::array<std::uint8_t, 16> bytes{};

    /// HMAC-SHA256 of caller's bare JID, callee's bare JID and sid under `key`, cut to 128 bits.
    [[nodiscard]] static CallId make(std::string_view key, std::string_view caller, std::string_view callee,
                                     std::string_view sid);
    /// 22 characters of base64url.
    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] static std::optional<CallId> parse(std::string_view text);

    static constexpr std::size_t text_size = 22;

    friend bool operator==(const CallId&, const CallId&) = default;
    friend auto operator<=>(const CallId&, const CallId&) = default;
};

/// Which side of a call: 0 is the caller's, the others are the callee's.
using LegIndex = std::uint8_t;
inline constexpr LegIndex caller_leg = 0;
inline constexpr LegIndex callee_leg = 1;  ///< the first of them
inline constexpr std::size_t max_callee_legs = 32;  ///< of one call

/// Who answers a request that was passed on.
enum class Answered {
    here,  ///< it has been acknowledged already; a late error is only taken note of
    end_to_end,  ///< the reply goes back to who asked
};

/// The way back of an IQ that was passed on, carried in its id: version, node, call, leg, action, original
/// id. So a reply finds its way without a table of open requests, even after a restart.
struct ReturnPath {
    CallId call;
    LegIndex leg = callee_leg;  ///< where the request went
    Action action = Action::session_info;
    Answered answered = Answered::here;
    std::string_view
        original;  ///< end to end: id of the request that was passed on; else a mark of ours or empty

    static constexpr std::size_t max_original = 1023;

    [[nodiscard]] std::string_view to_id(base::Arena& arena) const;
    /// A view into `id`; empty when `id` is none of ours.
    [[nodiscard]] static std::optional<ReturnPath> parse(std::string_view id);

    friend bool operator==(const ReturnPath&, const ReturnPath&) = default;
};

}  // namespace jingle::call

template <>
struct std::hash<jingle::call::CallId> {
    // The id is the output of a keyed hash, so any part of it is a good hash of it.
    std::size_t operator()(const jingle::call::CallId& id) const noexcept
    {
        std::size_t value{};
        std::memcpy(&value, id.bytes.data(), sizeof value);
        return value;
    }
};
