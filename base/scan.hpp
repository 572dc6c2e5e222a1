#pragma once

#include <charconv>
#include <concepts>
#include <string_view>

#include "base/result.hpp"

namespace base {

/// Splits off the next token; `rest` is left after the separator. Empty when nothing is left.
inline std::string_view next_token(std::string_view& rest, char separator = ' ')
{
    const auto start = rest.find_first_not_of(separator);
    if (start == std::string_view::npos)
        return rest = {};
    rest.remove_prefix(start);
    const auto end = rest.find(separator);
    const auto token = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return token;
}

/// Whole-string decimal of at most 20 digits: no sign, no blanks, no overflow, no trailing text.
template <std::unsigned_integral T>
Result<T> parse_number(std::string_view text, std::string_view what)
{
    constexpr std::size_t max_digits = 20;
    if (text.size() > max_digits)
        return fail(Errc::out_of_range, what);
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range)
        return fail(Errc::out_of_range, what);
    if (error != std::errc{} || end != text.data() + text.size())
        return fail(Errc::malformed, what);
    return value;
}

}  // namespace base
