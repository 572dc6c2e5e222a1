#include <cstdint>

#include "xmpp/writer.hpp"

namespace xmpp {
namespace {

constexpr unsigned char byte_at(std::string_view text, std::size_t index)
{
    return static_cast<unsigned char>(text[index]);
}

/// Length of the sequence that `lead` begins; 0 when none can begin with it (C0 and C1 begin overlong ones).
constexpr std::size_t sequence_length(unsigned char lead)
{
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 4;
    return 0;
}

/// The character that starts `text`, whose first byte is not ASCII; 0 when it is malformed.
char32_t decode(std::string_view text, std::size_t length)
{
    if (length == 0 || text.size() < length)
        return 0;
    char32_t code = byte_at(text, 0) & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte_at(text, i) & 0xC0U) != 0x80)
            return 0;
        code = code << 6 | (byte_at(text, i) & 0x3FU);
    }
    constexpr char32_t first_of_length[] = { 0, 0, 0x80, 0x800, 0x10000 };
    return code < first_of_length[length] ? 0 : code;
}

/// XML 1.0, 2.2: Char, from U+0080 on.
constexpr bool is_xml_character(char32_t c)
{
    return (c >= 0x80 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

}  // namespace

bool is_xml_text(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = byte_at(text, i);
        if (byte < 0x80) {
            if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r')
                return false;
            ++i;
            continue;
        }
        const auto length = sequence_length(byte);
        if (!is_xml_character(decode(text.substr(i), length)))
            return false;
        i += length;
    }
    return true;
}

}  // namespace xmpp
