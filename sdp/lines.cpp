#include "sdp/lines.hpp"

#include <algorithm>

#include "sdp/description.hpp"
#include "sdp/grammar.hpp"

namespace sdp {
namespace {

std::string_view without_trailing_blanks(std::string_view text)
{
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// Empty lines and nothing else: what was pasted or typed often ends in some.
bool is_blank(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto ends_line = text[i] == '\n' || text.substr(i).starts_with("\r\n");
        if (!ends_line && text[i] != ' ' && text[i] != '\t')
            return false;
    }
    return true;
}

bool is_type(char c)
{
    return c >= 'a' && c <= 'z';
}

}  // namespace

Lines::Lines(std::string_view text)
    : rest_{ text }
    , is_plain_{ is_plain_lines(text) }
{
}

bool Lines::stop(base::Errc code, std::string_view what, std::size_t offset)
{
    error_ = base::Error{ code, std::string{ what }, line_.number, static_cast<std::uint32_t>(offset) + 1 };
    rest_ = {};
    return false;
}

base::Result<void> Lines::result() const
{
    if (error_)
        return tl::unexpected{ *error_ };
    return {};
}

/// Up to the line end, which it passes.
std::string_view Lines::next_text()
{
    const auto end = rest_.find('\n');
    std::string_view text{ rest_.data(), std::min(end, rest_.size()) };
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (end != std::string_view::npos && text.ends_with('\r'))
        text.remove_suffix(1);
    return text;
}

bool Lines::next()
{
    if (rest_.empty())
        return false;
    const auto whole = next_text();
    ++line_.number;
    if (line_.number > max_lines)
        return stop(base::Errc::too_long, "too many lines", 0);
    if (whole.size() > max_line)
        return stop(base::Errc::too_long, "line", max_line);
    const auto text = without_trailing_blanks(whole);
    if (const auto unsafe = is_plain_ ? std::string_view::npos : find_unsafe(text);
        unsafe != std::string_view::npos) {
        const bool control = static_cast<unsigned char>(text[unsafe]) < 0x80;
        return stop(base::Errc::forbidden, control ? "control character" : "invalid or forbidden UTF-8",
                    unsafe);
    }
    if (text.empty() && is_blank(rest_)) {
        rest_ = {};
        return false;
    }
    if (text.size() < 2 || !is_type(text[0]) || text[1] != '=')
        return stop(base::Errc::malformed, "not a line of the form x=value", 0);
    line_.type = text[0];
    line_.value = { text.data() + 2, text.size() - 2 };
    return true;
}

}  // namespace sdp
