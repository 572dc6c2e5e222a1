#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace jingle {

/// Classes of characters that a text may refuse. Line ends and controls are refused everywhere: a value may
/// become part of an SDP line.
namespace chars {
inline constexpr std::uint16_t control = 1;  ///< below U+0020, and U+007F
inline constexpr std::uint16_t lead = 2;  ///< first byte of U+0085, U+2028, U+2029: looked at more closely
inline constexpr std::uint16_t blank = 4;
inline constexpr std::uint16_t semicolon = 8;
inline constexpr std::uint16_t equals = 16;
inline constexpr std::uint16_t colon = 32;
inline constexpr std::uint16_t slash = 64;
inline constexpr std::uint16_t markup = 128;  ///< < & " '
inline constexpr std::uint16_t beyond_ascii = 256;
inline constexpr std::uint16_t comma = 512;

constexpr std::array<std::uint16_t, 256> make_classes()
{
    std::array<std::uint16_t, 256> classes{};
    for (std::size_t c = 0; c < classes.size(); ++c)
        classes[c] = c < 0x20 || c == 0x7F ? control : c >= 0x80 ? beyond_ascii : std::uint16_t{ 0 };
    classes[0xC2] |= lead;
    classes[0xE2] |= lead;
    classes[' '] |= blank;
    classes[';'] |= semicolon;
    classes['='] |= equals;
    classes[':'] |= colon;
    classes['/'] |= slash;
    classes[','] |= comma;
    for (const auto c : { '<', '&', '"', '\'' })
        classes[static_cast<std::size_t>(c)] |= markup;
    return classes;
}
inline constexpr auto classes = make_classes();
}  // namespace chars

/// The classes that occur in `text`.
[[nodiscard]] constexpr std::uint16_t classes_of(std::string_view text) noexcept
{
    std::uint16_t found = 0;
    for (const auto c : text)
        found = static_cast<std::uint16_t>(found | chars::classes[static_cast<unsigned char>(c)]);
    return found;
}

/// True when `text` has NEL, LINE SEPARATOR or PARAGRAPH SEPARATOR, which sloppy readers take for a line end.
[[nodiscard]] bool has_line_separator(std::string_view text) noexcept;

/// Length and characters of a text: too_long, malformed (too short), forbidden, or nothing when it is fine.
[[nodiscard]] inline std::optional<base::Errc> check_text(std::string_view text, std::uint16_t refused,
                                                          std::size_t shortest, std::size_t longest) noexcept
{
    if (text.size() > longest)
        return base::Errc::too_long;
    if (text.size() < shortest)
        return base::Errc::malformed;
    const auto found = classes_of(text);
    if ((found & (chars::control | refused)) != 0)
        return base::Errc::forbidden;
    if ((found & chars::lead) != 0 && has_line_separator(text))
        return base::Errc::forbidden;
    return std::nullopt;
}

/// `text` without the white space of XML at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

}  // namespace jingle
