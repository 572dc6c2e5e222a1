#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sdp {

/// Appends lines to a text. Every line passes end_line(), which is the one place that keeps control
/// characters out: nothing that a value holds can start a line. The first error sticks and finish() takes
/// everything back.
class Writer {
public:
    explicit Writer(std::string& out)
        : out_{ out }
        , start_{ out.size() }
        , line_start_{ out.size() }
    {
    }

    Writer& begin_line(char type)
    {
        const char head[] = { type, '=' };
        out_.append(head, sizeof head);
        return *this;
    }
    Writer& begin_attribute(std::string_view name) { return text("a=").text(name); }

    /// As it is: literals, and free text at the end of a line.
    Writer& text(std::string_view text)
    {
        out_.append(text);
        return *this;
    }
    /// A value that must be one field: not empty, no blank in it.
    Writer& field(std::string_view value)
    {
        if (value.empty() || value.find(' ') != std::string_view::npos)
            fail(value.empty() ? base::Errc::missing : base::Errc::forbidden, "blank or nothing in a field");
        return text(value);
    }
    /// A value that must pass `check`.
    Writer& checked(bool (*check)(std::string_view), std::string_view value)
    {
        if (!check(value))
            fail(base::Errc::malformed, "value against its grammar");
        return text(value);
    }
    /// Free text that must not be empty.
    Writer& some_text(std::string_view value)
    {
        return require(!value.empty(), "nothing to write").text(value);
    }
    /// What the caller found out about the value that follows.
    Writer& require(bool holds, std::string_view what)
    {
        if (!holds)
            fail(base::Errc::forbidden, what);
        return *this;
    }
    template <std::unsigned_integral T>
    Writer& number(T value)
    {
        char digits[std::numeric_limits<T>::digits10 + 1];
        const auto* end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        return text({ digits, static_cast<std::size_t>(end - digits) });
    }

    /// Refuses what may not stand in a line, and ends it.
    void end_line();
    /// The same without a line end, for a value that stands alone.
    void end_value();
    /// Success, or the first error; then `out` is as it was before.
    [[nodiscard]] base::Result<void> finish();

private:
    void fail(base::Errc code, std::string_view what);

    std::string& out_;
    std::size_t start_;
    std::size_t line_start_;
    std::uint32_t line_ = 1;
    std::optional<base::Error> error_;
};

}  // namespace sdp
