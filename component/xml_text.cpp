#include "component/xml_text.hpp"

#include <array>

namespace component {

std::string indented(std::string_view xml)
{
    constexpr std::size_t step = 2;
    std::string out;
    std::size_t depth = 0;
    bool behind_text = false;
    bool behind_start = false;
    while (!xml.empty()) {
        const auto is_tag = xml.front() == '<';
        const auto end = is_tag ? xml.find('>') + 1 : xml.find('<');
        const auto piece = xml.substr(0, end);
        xml.remove_prefix(piece.size());
        const auto is_end = piece.starts_with("</");
        if (is_tag && is_end)
            --depth;
        if (is_tag && !out.empty() && !behind_text && !(is_end && behind_start))
            out.append("\n").append(depth * step, ' ');
        out.append(piece);
        behind_start = is_tag && !is_end && !piece.ends_with("/>");
        behind_text = !is_tag;
        if (behind_start)
            ++depth;
    }
    return out;
}

void append_json(std::string& out, std::string_view text)
{
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f)
            out.append("\\u00").append({ hex[byte >> 4], hex[byte & 15] });
        else if (c == '"' || c == '\\')
            out.append({ '\\', c });
        else
            out += c;
    }
    out += '"';
}

std::string printable(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0xFF;
        // C1: U+0080 to U+009F
        const auto is_c1 = byte == 0xC2 && next < 0xA0;
        out += byte < 0x20 || byte == 0x7F || is_c1 ? '?' : text[i];
        if (is_c1)
            ++i;
    }
    return out;
}

}  // namespace component
