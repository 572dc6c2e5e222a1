#pragma once

#include <cstddef>
#include <cstring>

namespace xmpp {

/// memcpy for what is mostly a word or two: names and values of attributes. A call costs more than the bytes.
[[gnu::always_inline]] inline void copy_short(char* to, const char* from, std::size_t size) noexcept
{
    constexpr std::size_t pair = 16;
    constexpr std::size_t word = 8;
    constexpr std::size_t half = 4;
    // Two pieces that overlap in the middle.
    if (size > pair) {
        std::memcpy(to, from, size);
    } else if (size >= word) {
        std::memcpy(to, from, word);
        std::memcpy(to + size - word, from + size - word, word);
    } else if (size >= half) {
        std::memcpy(to, from, half);
        std::memcpy(to + size - half, from + size - half, half);
    } else if (size != 0) {
        to[0] = from[0];
        to[size / 2] = from[size / 2];
        to[size - 1] = from[size - 1];
    }
}

}  // namespace xmpp
