#include "jingle/call/nick.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "xmpp/ns.hpp"
#include "xmpp/writer.hpp"

namespace jingle::call {
namespace {

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

/// Controls, and what is not seen but turns text around. The joiners U+200C and U+200D stay: names and emoji
/// need them.
constexpr std::array<Range, 9> unseen{ {
    { 0x00, 0x1F },
    { 0x7F, 0x9F },
    { 0x061C, 0x061C },
    { 0x200B, 0x200B },
    { 0x200E, 0x200F },
    { 0x2028, 0x202E },
    { 0x2060, 0x206F },
    { 0xFEFF, 0xFEFF },
    { 0xFFF9, 0xFFFB },
} };
/// @ and what looks like it.
constexpr std::array<std::uint32_t, 3> at_signs{ '@', 0xFE6B, 0xFF20 };

/// The bytes of the character that begins with `lead`.
std::size_t length_of(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/// `text` is the UTF-8 of one character. What is malformed gives any code; it is no XML text in the end.
std::uint32_t code_of(std::string_view text)
{
    const auto lead = static_cast<unsigned char>(text.front());
    if (text.size() == 1)
        return lead;
    std::uint32_t code = lead & (0xFFU >> (text.size() + 1));
    for (const auto byte : text.substr(1))
        code = code << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
    return code;
}

bool is_nick(const xmpp::Element& element)
{
    return element.is("nick", xmpp::ns::nick);
}

}  // namespace

std::string plain_nick(std::string_view text)
{
    std::string nick;
    bool blank = false;
    while (!text.empty()) {
        const auto character = text.substr(0, length_of(static_cast<unsigned char>(text.front())));
        text.remove_prefix(character.size());
        const auto code = code_of(character);
        if (std::ranges::find(at_signs, code) != at_signs.end())
            return {};
        if (code == ' ' || code == '\t' || code == '\n' || code == '\r') {
            blank = !nick.empty();
            continue;
        }
        if (std::ranges::any_of(unseen, [&](Range r) { return code >= r.first && code <= r.last; }))
            continue;
        if (nick.size() + (blank ? 1 : 0) + character.size() > max_nick)
            break;
        if (std::exchange(blank, false))
            nick += ' ';
        nick += character;
    }
    return xmpp::is_xml_text(nick) ? nick : std::string{};
}

std::string nick_in(const Extra& extra)
{
    for (const auto* child : extra.children)
        if (is_nick(*child))
            return plain_nick(child->text);
    return {};
}

Extra with_nick(const Extra& extra, std::string_view nick, base::Arena& arena)
{
    Extra with;
    with.attributes = extra.attributes;
    for (const auto* child : extra.children)
        if (!is_nick(*child))
            with.children.push_back(arena, child);
    if (!nick.empty()) {
        auto* element = xmpp::Element::create(arena, "nick", xmpp::ns::nick);
        element->text = arena.copy(nick);
        with.children.push_back(arena, element);
    }
    return with;
}

}  // namespace jingle::call
