#pragma once

#include <algorithm>
#include <string_view>

namespace jingle {

[[nodiscard]] constexpr char to_lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// ASCII only, as all tokens of SDP and Jingle are.
[[nodiscard]] constexpr bool is_same_word(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

[[nodiscard]] constexpr bool starts_with_word(std::string_view text, std::string_view prefix) noexcept
{
    return text.size() >= prefix.size() && is_same_word(text.substr(0, prefix.size()), prefix);
}

[[nodiscard]] constexpr bool has_blank(std::string_view text) noexcept
{
    return text.find_first_of(" \t\r\n") != std::string_view::npos;
}

}  // namespace jingle
