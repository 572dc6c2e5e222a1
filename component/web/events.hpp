#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "component/web/error.hpp"
#include "component/web/frame.hpp"

namespace component::web {

/// What session.hello is answered with.
struct HelloResult {
    std::string jid;
    std::string display_name;
    std::string resume_token;
    bool resumed = false;
    std::chrono::seconds resume_ttl{};
    std::uint64_t seq = 0;
    IceConfig ice;
    std::optional<std::chrono::seconds> expires;
    std::chrono::seconds ping_interval{};
    std::uint32_t max_calls = 0;
    std::size_t max_watches = 0;
    bool presence = false;
    std::optional<std::string> callee_name;
    std::vector<LiveCall> calls;
};

enum class GoAwayReason : std::uint8_t { drain, replaced, expired };

// Frames of the server without their beginning, which is the session's to write: with_seq() makes them whole.

[[nodiscard]] std::string result_frame(const RequestId& id, std::string_view result);
/// An id that is absent could not be read.
[[nodiscard]] std::string error_frame(const std::optional<RequestId>& id, const RequestError& error);

[[nodiscard]] std::string hello_result(const HelloResult& hello);
[[nodiscard]] std::string ice_result(const IceConfig& ice);
[[nodiscard]] std::string presence_result(const Callability& presence);
[[nodiscard]] std::string expires_result(std::chrono::seconds expires);

[[nodiscard]] std::string ice_event(const IceConfig& ice);
[[nodiscard]] std::string token_event(std::string_view resume_token);
[[nodiscard]] std::string goaway_event(GoAwayReason reason, std::chrono::milliseconds after);
[[nodiscard]] std::string presence_event(std::string_view jid, const Callability& presence);
[[nodiscard]] std::string call_event(const PageCallRef& call, const jingle::call::PageHears& what);

/// The whole frame.
[[nodiscard]] std::string with_seq(std::uint64_t seq, std::string_view frame);

}  // namespace component::web
