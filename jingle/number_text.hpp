#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

#include "base/arena.hpp"

namespace jingle {

/// `number` in decimal, in the arena.
[[nodiscard]] inline std::string_view number_text(std::uint64_t number, base::Arena& arena)
{
    constexpr std::size_t max_digits = 20;
    char digits[max_digits];
    const auto* end = std::to_chars(digits, digits + max_digits, number).ptr;
    return arena.copy({ digits, static_cast<std::size_t>(end - digits) });
}

}  // namespace jingle
