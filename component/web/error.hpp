#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "jingle/call/page.hpp"

namespace component::web {

/// The error codes of carillon.v1.
enum class ErrorCode : std::int16_t {
    parse_error = -32700,
    invalid_request = -32600,
    unknown_method = -32601,
    invalid_params = -32602,
    internal = -32603,
    unauthorized = 1001,
    forbidden = 1002,
    unavailable = 1004,
    rate_limited = 1005,
    bad_sdp = 1006,
    wrong_state = 1007,
    too_large = 1008,
    draining = 1009,
};

/// What a request is answered with instead of a result.
struct RequestError {
    ErrorCode code = ErrorCode::internal;
    std::string detail = {};  ///< empty: none
    std::optional<std::uint32_t> retry_after = {};  ///< seconds, with rate_limited
    std::uint32_t line = 0;  ///< with bad_sdp

    friend bool operator==(const RequestError&, const RequestError&) = default;
};

/// The words that go with a code.
[[nodiscard]] std::string_view message_of(ErrorCode code) noexcept;

/// What the calls refuse a request with, as the page is told.
[[nodiscard]] RequestError to_error(const jingle::call::PageError& error);

/// Why the server closes a socket (WebSocket close codes; closeCodes in the schema).
enum class CloseCode : std::uint16_t {
    normal = 1000,
    not_text = 1003,
    restart = 1012,
    unreadable = 4400,
    unauthorized = 4401,
    origin = 4403,
    hello_timeout = 4408,
    replaced = 4409,
    slow_reader = 4413,
    rate = 4429,
};

inline constexpr std::array close_codes{
    CloseCode::normal,       CloseCode::not_text, CloseCode::restart,       CloseCode::unreadable,
    CloseCode::unauthorized, CloseCode::origin,   CloseCode::hello_timeout, CloseCode::replaced,
    CloseCode::slow_reader,  CloseCode::rate,
};

}  // namespace component::web
