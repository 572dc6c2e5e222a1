#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// The character rules of SDP (RFC 8866, 9; RFC 8839, 5), for whoever reads a value or makes one from
/// elsewhere.
namespace sdp {

/// Limits of single values.
inline constexpr std::size_t max_mid = 128;
inline constexpr std::size_t min_ufrag = 4;
inline constexpr std::size_t min_pwd = 22;
inline constexpr std::size_t max_ice_text = 256;
inline constexpr std::size_t max_foundation = 32;
inline constexpr std::size_t max_mdns_name = 64;

/// Where the first byte stands that no line may hold: a control character (TAB, CR, LF, NUL, DEL and
/// U+0080..U+009F included), the separators U+2028 and U+2029, U+FFFE, U+FFFF, or what is not UTF-8. npos if
/// there is none.
[[nodiscard]] std::size_t find_unsafe(std::string_view text) noexcept;

/// True when no line of `text` can hold anything unsafe: ASCII from blank to '~', and line ends (LF or CRLF).
/// A whole description is seen at once, which costs a fraction of looking at its lines. False says nothing.
[[nodiscard]] bool is_plain_lines(std::string_view text) noexcept;

/// May stand as free text in a line; empty text may.
[[nodiscard]] inline bool is_safe_text(std::string_view text) noexcept
{
    return find_unsafe(text) == std::string_view::npos;
}

/// One or more printable ASCII characters without a blank: what may stand as one field of a line.
[[nodiscard]] bool is_visible(std::string_view text) noexcept;
/// As is_visible, but beyond ASCII too: a name in a field that its grammar leaves open.
[[nodiscard]] bool is_field(std::string_view text) noexcept;
/// token = 1*(%x21 / %x23-27 / %x2A-2B / %x2D-2E / %x30-39 / %x41-5A / %x5E-7E)
[[nodiscard]] bool is_token(std::string_view text) noexcept;
[[nodiscard]] bool is_digits(std::string_view text) noexcept;

[[nodiscard]] bool is_mid(std::string_view text) noexcept;
/// Wider than RFC 8839's ice-char, as clients write - and _ too: any visible character but the colon, which
/// separates the two ufrags in STUN's USERNAME.
[[nodiscard]] bool is_ufrag(std::string_view text) noexcept;
[[nodiscard]] bool is_pwd(std::string_view text) noexcept;
[[nodiscard]] bool is_foundation(std::string_view text) noexcept;
/// 20, or 2.5: milliseconds (non-zero-int-or-real), up to 2^31.
[[nodiscard]] bool is_duration(std::string_view text) noexcept;
/// A decimal number that fits in 64 bits.
[[nodiscard]] bool is_uint64(std::string_view text) noexcept;
/// Two decimal numbers: start and stop time.
[[nodiscard]] bool is_timing(std::string_view text) noexcept;

/// An IPv4 or IPv6 address as text, without brackets and zone.
[[nodiscard]] bool is_ip_address(std::string_view text) noexcept;
/// The name under which a browser hides an address: "<uuid>.local".
[[nodiscard]] bool is_mdns_name(std::string_view text) noexcept;

/// Bytes of a fingerprint made with `hash`; absent when the hash function is not known.
[[nodiscard]] std::optional<std::size_t> fingerprint_size(std::string_view hash) noexcept;
/// Pairs of hexadecimal digits joined by colons, as many as the hash function makes (any number if it is
/// unknown).
[[nodiscard]] bool is_fingerprint(std::string_view hash, std::string_view value) noexcept;

}  // namespace sdp
