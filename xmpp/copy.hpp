#pragma once

#include <cstddef>
#include <cstring>

namespace xmpp {

/// memcpy for what is mostly a word or two: names and values of attributes. A call costs more than the bytes.
inline void copy_short(char* to, const char* from, std::size_t size) noexcept
{
    constexpr std::size_t word = 8;
    constexpr std::size_t half = 4;
    if (size > 2 * word) {
        std::memcpy(to, from, size);
    } else if (size >= word) {  // Two words that overlap in the middle.
        std::memcpy(to, from, word);
        std::memcpy(to + size - word, from + size - word, word);
    } else if (size >= half) {
        std::memcpy(to, from, half);
        std::memcpy(to + size - half, from + size - half, half);
    } else {
        for (std::size_t i = 0; i < size; ++i)
            to[i] = from[i];
    }
}

}  // namespace xmpp
