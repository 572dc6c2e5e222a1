#include "jingle/text_rule.hpp"

namespace jingle {

bool has_line_separator(std::string_view text) noexcept
{
    constexpr auto none = std::string_view::npos;
    return text.find("\xC2\x85") != none || text.find("\xE2\x80\xA8") != none
        || text.find("\xE2\x80\xA9") != none;
}

std::string_view trim(std::string_view text) noexcept
{
    constexpr std::string_view white = " \t\r\n";
    const auto start = text.find_first_not_of(white);
    if (start == std::string_view::npos)
        return {};
    return text.substr(start, text.find_last_not_of(white) - start + 1);
}

}  // namespace jingle
