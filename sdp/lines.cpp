#include "sdp/lines.hpp"

#include "sdp/description.hpp"
#include "sdp/grammar.hpp"

namespace sdp {
namespace {

tl::unexpected<base::Error> fail_at(base::Errc code, std::string_view what, std::uint32_t line,
                                    std::size_t offset)
{
    return tl::unexpected<base::Error>{ base::Error{ code, std::string{ what }, line,
                                                     static_cast<std::uint32_t>(offset) + 1 } };
}

std::string_view without_trailing_blanks(std::string_view text)
{
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool is_type(char c)
{
    return c >= 'a' && c <= 'z';
}

}  // namespace

base::Result<std::string_view> Lines::next_text()
{
    const auto end = rest_.find('\n');
    auto text = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++number_;
    if (end != std::string_view::npos && text.ends_with('\r'))
        text.remove_suffix(1);
    if (number_ > max_lines)
        return fail_at(base::Errc::too_long, "too many lines", number_, 0);
    if (text.size() > max_line)
        return fail_at(base::Errc::too_long, "line", number_, max_line);
    return without_trailing_blanks(text);
}

base::Result<std::optional<Line>> Lines::next()
{
    if (rest_.empty())
        return std::nullopt;
    TRY(const auto text, next_text());
    if (const auto unsafe = find_unsafe(text); unsafe != std::string_view::npos) {
        const bool control = static_cast<unsigned char>(text[unsafe]) < 0x80;
        return fail_at(base::Errc::forbidden, control ? "control character" : "invalid or forbidden UTF-8",
                       number_, unsafe);
    }
    if (text.size() < 2 || !is_type(text[0]) || text[1] != '=')
        return fail_at(base::Errc::malformed, "not a line of the form x=value", number_, 0);
    return Line{ text[0], text.substr(2), number_ };
}

}  // namespace sdp
