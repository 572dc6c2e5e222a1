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
    explicit Lines(std::string_view text);

    /// Goes to the next line; false at the end, and at the first mistake.
    bool next();
    [[nodiscard]] const Line& line() const { return line_; }
    /// Why next() stopped; success at the end of the text.
    [[nodiscard]] base::Result<void> result() const;

private:
    bool stop(base::Errc code, std::string_view what, std::size_t offset);
    std::string_view next_text();

    std::string_view rest_;
    bool is_plain_;  ///< the whole text is, so that no line needs another look
    Line line_;
    std::optional<base::Error> error_;
};

}  // namespace sdp
