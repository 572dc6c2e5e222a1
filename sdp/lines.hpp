#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace sdp {

/// <type>=<value>, without the line end and trailing blanks.
struct Line {
    char type = ' ';
    std::string_view value;
    std::uint32_t number = 0;  ///< from 1
};

/// Cuts a text into lines (RFC 8866, 5): CRLF or LF, the last one optional. Blanks and TABs at the end of a
/// line are left out; any other control character, what is not UTF-8 and what is not "x=..." is an error with
/// its place.
class Lines {
public:
    explicit Lines(std::string_view text)
        : rest_{ text }
    {
    }

    /// The next line; absent at the end.
    base::Result<std::optional<Line>> next();
    /// The number of the line read last.
    [[nodiscard]] std::uint32_t number() const { return number_; }

private:
    base::Result<std::string_view> next_text();

    std::string_view rest_;
    std::uint32_t number_ = 0;
};

}  // namespace sdp
