#include "component/web/json_writer.hpp"

namespace component::web {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

unsigned byte_at(std::string_view text, std::size_t at)
{
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool continues(std::string_view text, std::size_t at)
{
    return (byte_at(text, at) & 0xC0U) == 0x80U;
}

/// Length of the UTF-8 sequence at `at` (RFC 3629, 4); 0 when there is none.
std::size_t sequence_length(std::string_view text, std::size_t at)
{
    const auto lead = byte_at(text, at);
    const auto second = byte_at(text, at + 1);
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return continues(text, at + 1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const auto low = lead == 0xE0 ? 0xA0U : 0x80U;
        const auto high = lead == 0xED ? 0x9FU : 0xBFU;
        return second >= low && second <= high && continues(text, at + 2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const auto low = lead == 0xF0 ? 0x90U : 0x80U;
        const auto high = lead == 0xF4 ? 0x8FU : 0xBFU;
        return second >= low && second <= high && continues(text, at + 2) && continues(text, at + 3) ? 4 : 0;
    }
    return 0;
}

void append_control(std::string& out, char c)
{
    constexpr std::string_view digits = "0123456789abcdef";
    switch (c) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
        out += "\\u00";
        out += digits[static_cast<unsigned char>(c) >> 4U];
        out += digits[static_cast<unsigned char>(c) & 15U];
    }
}

/// Printable ASCII that stands for itself; "<" does too, for nobody puts frames into HTML.
bool is_plain(char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

}  // namespace

void append_json(std::string& out, std::string_view text)
{
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        auto end = at;
        while (end < text.size() && is_plain(text[end]))
            ++end;
        out.append(text, at, end - at);
        at = end;
        if (at == text.size())
            break;
        const auto c = text[at];
        const auto length = sequence_length(text, at);
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (length == 1)
            append_control(out, c);
        else
            out += length == 0 ? replacement : text.substr(at, length);
        at += length == 0 ? 1 : length;
    }
    out += '"';
}

std::string& ObjectWriter::begin(std::string_view key)
{
    if (!first_)
        out_ += ',';
    first_ = false;
    ((out_ += '"') += key) += "\":";
    return out_;
}

ObjectWriter& ObjectWriter::text(std::string_view key, std::string_view value)
{
    append_json(begin(key), value);
    return *this;
}

ObjectWriter& ObjectWriter::text_if(std::string_view key, std::string_view value)
{
    return value.empty() ? *this : text(key, value);
}

ObjectWriter& ObjectWriter::number(std::string_view key, std::int64_t value)
{
    begin(key) += std::to_string(value);
    return *this;
}

ObjectWriter& ObjectWriter::flag(std::string_view key, bool value)
{
    begin(key) += value ? "true" : "false";
    return *this;
}

ObjectWriter& ObjectWriter::raw(std::string_view key, std::string_view json)
{
    begin(key) += json;
    return *this;
}

}  // namespace component::web
