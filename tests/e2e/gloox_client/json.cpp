#include "json.hpp"

#include <array>
#include <cstdio>

namespace e2e {
namespace {

void append_string(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            std::array<char, 8> escaped{};
            std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(c));
            out += escaped.data();
        } else {
            out += c;
        }
    }
    out += '"';
}

}  // namespace

std::string json_object(std::initializer_list<std::pair<std::string_view, std::string_view>> members)
{
    std::string out = "{";
    for (const auto& [name, value] : members) {
        if (out.size() > 1)
            out += ',';
        append_string(out, name);
        out += ':';
        append_string(out, value);
    }
    return out + "}";
}

}  // namespace e2e
