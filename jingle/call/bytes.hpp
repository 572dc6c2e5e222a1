#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace jingle::call {

/// What lasts, as bytes: a head, then fields in order. Numbers take seven bits a byte, lowest first, the top
/// bit saying that more follow; texts have their length before them.
class BytesOut {
public:
    explicit BytesOut(std::string_view head)
        : bytes{ head }
    {
    }

    void number(std::uint64_t value)
    {
        for (; value >= 0x80; value >>= 7U)
            bytes += static_cast<char>((value & 0x7FU) | 0x80U);
        bytes += static_cast<char>(value);
    }
    template <class Enum>
    void token(Enum value)
    {
        bytes += static_cast<char>(value);
    }
    void text(std::string_view value)
    {
        number(value.size());
        bytes += value;
    }

    std::string bytes;
};

/// Reads that back. The first thing that is wrong ends it: what follows reads as nothing.
class BytesIn {
public:
    BytesIn(std::string_view bytes, std::string_view head)
        : rest_{ bytes }
    {
        if (take(head.size()) != head)
            is_good_ = false;
    }

    [[nodiscard]] bool is_good() const noexcept { return is_good_; }
    [[nodiscard]] bool is_at_end() const noexcept { return is_good_ && rest_.empty(); }
    /// It cannot be what was written.
    void spoil() noexcept { is_good_ = false; }

    std::uint64_t number(std::uint64_t most = std::numeric_limits<std::uint64_t>::max())
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = static_cast<unsigned char>(one());
            const std::uint64_t bits = byte & 0x7FU;
            is_good_ = is_good_ && (bits << shift) >> shift == bits;
            value |= bits << shift;
            if ((byte & 0x80U) == 0)
                break;
            is_good_ = is_good_ && shift < 63;
        }
        is_good_ = is_good_ && value <= most;
        return is_good_ ? value : 0;
    }
    template <class Enum>
    Enum token(Enum last)
    {
        const auto value = static_cast<unsigned char>(one());
        is_good_ = is_good_ && value <= static_cast<unsigned>(last);
        return is_good_ ? static_cast<Enum>(value) : Enum{};
    }
    bool flag() { return token(true); }
    /// Of at most `most` bytes; a view into what is read.
    std::string_view view(std::size_t most) { return take(number(most)); }
    std::string text(std::size_t most) { return std::string{ view(most) }; }

private:
    char one()
    {
        const auto byte = take(1);
        return byte.empty() ? '\0' : byte.front();
    }
    std::string_view take(std::size_t size)
    {
        is_good_ = is_good_ && rest_.size() >= size;
        if (!is_good_)
            return {};
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::string_view rest_;
    bool is_good_ = true;
};

}  // namespace jingle::call
