#pragma once

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "base/result.hpp"

namespace sdp_test {

/// The value, or a failed test that says why not.
template <class T>
T checked(base::Result<T> result)
{
    if (!result)
        FAIL(result.error().what << " at " << result.error().line << ":" << result.error().column);
    return *std::move(result);
}

inline constexpr std::string_view session_head
    = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";  // 4 lines
inline constexpr std::string_view audio = "m=audio 9 UDP/TLS/RTP/SAVPF 96 97\r\n";  // line 5

/// A description with `line` at session level, as line 5.
inline std::string with_session_line(std::string_view line)
{
    return std::string{ session_head }.append(line).append("\r\n");
}

/// A description with one m-section that has `line`, as line 6.
inline std::string with_media_line(std::string_view line, std::string_view m_line = audio)
{
    return std::string{ session_head }.append(m_line).append(line).append("\r\n");
}

}  // namespace sdp_test
