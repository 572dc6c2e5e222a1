#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/scan.hpp"
#include "sdp/grammar.hpp"

namespace sdp {

/// The place of the first `c`: most stand within the first bytes, where a call would cost more than it finds.
[[gnu::always_inline]] inline std::size_t find_near(std::string_view text, char c)
{
    constexpr std::size_t near = 20;
    const auto looked_at = std::min(text.size(), near);
    for (std::size_t i = 0; i < looked_at; ++i)
        if (text[i] == c)
            return i;
    return looked_at == text.size() ? std::string_view::npos : text.find(c, looked_at);
}

/// Reads the blank-separated fields of one value, from left to right. Errors carry the column within the
/// value.
class Fields {
public:
    enum class Value { absent, present };

    explicit Fields(std::string_view text, Value value = Value::present)
        : begin_{ text.data() }
        , at_{ begin_ }
        , end_{ begin_ + text.size() }
        , last_{ begin_, 0 }
        , value_{ value }
    {
    }

    /// False for a property attribute: a name without a colon.
    [[nodiscard]] bool has_value() const { return value_ == Value::present; }
    [[nodiscard]] std::string_view text() const { return { begin_, size(begin_, end_) }; }

    /// The next field; empty at the end.
    std::string_view next()
    {
        skip_blanks();
        const std::string_view rest{ at_, size(at_, end_) };
        last_ = { at_, std::min(find_near(rest, ' '), rest.size()) };
        at_ += last_.size();
        return last_;
    }

    /// The field read last.
    [[nodiscard]] std::string_view last() const { return last_; }

    /// All that is left.
    std::string_view rest()
    {
        skip_blanks();
        last_ = { at_, size(at_, end_) };
        at_ = end_;
        return last_;
    }

    [[nodiscard]] bool at_end()
    {
        skip_blanks();
        return at_ == end_;
    }

    /// The next field if `check` accepts it.
    base::Result<std::string_view> next(bool (*check)(std::string_view), std::string_view what)
    {
        const auto field = next();
        if (field.empty())
            return fail(base::Errc::missing, what);
        if (!check(field))
            return fail(base::Errc::malformed, what);
        return field;
    }

    template <class T>
    base::Result<T> number(std::string_view what, T min = 0, T max = std::numeric_limits<T>::max())
    {
        return number_in(next(), what, min, max);
    }

    /// A number that is a part of the field read last.
    template <class T>
    base::Result<T> number_in(std::string_view part, std::string_view what, T min = 0,
                              T max = std::numeric_limits<T>::max())
    {
        last_ = part;
        if (part.empty())
            return fail(base::Errc::missing, what);
        auto number = read_number<T>(part, what);
        if (!number)
            return fail(number.error().code, what);
        if (*number < min || *number > max)
            return fail(base::Errc::out_of_range, what);
        return number;
    }

    /// Nothing may be left.
    base::Result<void> end()
    {
        if (at_end())
            return {};
        next();
        return fail(base::Errc::malformed, "something follows the last field");
    }

    /// An error at the field read last.
    [[nodiscard]] tl::unexpected<base::Error> fail(base::Errc code, std::string_view what) const
    {
        const auto column = static_cast<std::uint32_t>(last_.data() - begin_) + 1;
        return tl::unexpected<base::Error>{ base::Error{ code, std::string{ what }, 0, column } };
    }
    [[nodiscard]] tl::unexpected<base::Error> fail_at(std::string_view part, base::Errc code,
                                                      std::string_view what)
    {
        last_ = part;
        return fail(code, what);
    }

private:
    /// Short numbers are most numbers, and need no check for overflow.
    template <class T>
    static base::Result<T> read_number(std::string_view digits, std::string_view what)
    {
        constexpr std::size_t surely_fits = std::numeric_limits<std::uint64_t>::digits10 - 1;
        if (digits.size() > surely_fits)
            return base::parse_number<T>(digits, what);
        std::uint64_t value = 0;
        for (const char c : digits) {
            if (c < '0' || c > '9')
                return base::fail(base::Errc::malformed, what);
            value = value * 10 + static_cast<std::uint64_t>(c - '0');
        }
        if (value > std::numeric_limits<T>::max())
            return base::fail(base::Errc::out_of_range, what);
        return static_cast<T>(value);
    }

    void skip_blanks()
    {
        while (at_ != end_ && *at_ == ' ')
            ++at_;
    }

    static std::size_t size(const char* from, const char* to) { return static_cast<std::size_t>(to - from); }

    // Pointers rather than views: copies of a view that was just made stall.
    const char* begin_;
    const char* at_;
    const char* end_;
    std::string_view last_;
    Value value_;
};

/// A text cut at the first `separator`; `after` is absent without one.
struct Halves {
    std::string_view before;
    std::optional<std::string_view> after;
};

[[gnu::always_inline]] inline Halves split(std::string_view text, char separator)
{
    const auto at = find_near(text, separator);
    if (at == std::string_view::npos)
        return { text, std::nullopt };
    const auto* const after = text.data() + at + 1;
    return { { text.data(), at }, std::string_view{ after, text.size() - at - 1 } };
}

}  // namespace sdp
