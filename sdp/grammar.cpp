#include "sdp/grammar.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <arpa/inet.h>

#include "base/enum_table.hpp"
#include "base/scan.hpp"

namespace sdp {
namespace {

constexpr std::uint8_t visible_bit = 1;
constexpr std::uint8_t token_bit = 2;
constexpr std::uint8_t digit_bit = 4;
constexpr std::uint8_t hex_bit = 8;

constexpr auto classes = [] {
    std::array<std::uint8_t, 256> table{};
    const auto add = [&table](char from, char to, std::uint8_t bit) {
        for (int c = from; c <= to; ++c)
            table[static_cast<std::size_t>(c)] |= bit;
    };
    add('!', '~', visible_bit);
    add('!', '!', token_bit);
    add('#', '\'', token_bit);
    add('*', '+', token_bit);
    add('-', '.', token_bit);
    add('0', '9', token_bit | digit_bit | hex_bit);
    add('A', 'Z', token_bit);
    add('^', '~', token_bit);
    add('A', 'F', hex_bit);
    add('a', 'f', hex_bit);
    return table;
}();

constexpr bool is_a(char c, std::uint8_t bit)
{
    return (classes[static_cast<unsigned char>(c)] & bit) != 0;
}

bool is_all(std::string_view text, std::uint8_t bit)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [bit](char c) { return is_a(c, bit); });
}

bool is_ice_text(std::string_view text, std::size_t min)
{
    return text.size() >= min && text.size() <= max_ice_text && is_visible(text)
        && text.find(':') == std::string_view::npos;
}

/// True when eight bytes are all in 0x20..0x7E.
bool is_plain(const char* bytes)
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t tops = ones * 0x80;
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    const auto below_blank = word - ones * 0x20;  // borrows into the top bit of a byte below 0x20
    const auto delete_or_more = word + ones;  // carries into the top bit of 0x7F and above
    return ((word | below_blank | delete_or_more) & tops) == 0;
}

/// Sixteen bytes that are looked at together (an extension of GCC and clang).
using Bytes = signed char __attribute__((vector_size(16)));

Bytes load(const char* bytes)
{
    Bytes loaded{};
    std::memcpy(&loaded, bytes, sizeof loaded);
    return loaded;
}

/// What is not 0 stands for a byte outside 0x20..0x7E (signed, so from 0x80 on they are below) that is not
/// the end of a line.
Bytes not_plain(const char* bytes)
{
    const auto here = load(bytes);
    const auto next = load(bytes + 1);
    const Bytes line_end = (here == '\n') | ((here == '\r') & (next == '\n'));
    return ((here < ' ') | (here == '\x7F')) & ~line_end;
}

bool any(Bytes bytes)
{
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), &bytes, sizeof bytes);
    return (words[0] | words[1]) != 0;
}

struct Sequence {
    std::size_t length = 0;  ///< 0: not UTF-8
    char32_t code = 0;
};

/// The character that starts at text[0], which is not ASCII (RFC 3629, 4).
Sequence decode(std::string_view text)
{
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto first = byte(0);
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length)
        return {};
    auto code = static_cast<char32_t>(first & (0x7F >> length));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return {};
        code = (code << 6) | (byte(i) & 0x3F);
    }
    constexpr std::array<char32_t, 5> smallest{ 0, 0, 0x80, 0x800, 0x10000 };
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < smallest[length] || code > 0x10FFFF || surrogate)
        return {};
    return { length, code };
}

/// What XML cannot hold, or a sloppy reader takes for the end of a line.
bool is_unsafe(char32_t code)
{
    return code <= 0x9F || code == 0x2028 || code == 0x2029 || code == 0xFFFE || code == 0xFFFF;
}

constexpr std::array<base::EnumRow<std::size_t>, 7> hash_rows{ {
    { 16, "md2" },
    { 16, "md5" },
    { 20, "sha-1" },
    { 28, "sha-224" },
    { 32, "sha-256" },
    { 48, "sha-384" },
    { 64, "sha-512" },
} };

}  // namespace

std::size_t find_unsafe(std::string_view text) noexcept
{
    constexpr auto step = sizeof(std::uint64_t);
    std::size_t at = 0;
    while (at < text.size()) {
        // The last word overlaps the one before it, so that no line ends byte by byte.
        if (text.size() >= step && text.size() - at < step && is_plain(text.data() + text.size() - step))
            return std::string_view::npos;
        if (text.size() - at >= step && is_plain(text.data() + at)) {
            at += step;
            continue;
        }
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x20 || byte == 0x7F)
            return at;
        if (byte < 0x80) {
            ++at;
            continue;
        }
        const auto sequence = decode(text.substr(at));
        if (sequence.length == 0 || is_unsafe(sequence.code))
            return at;
        at += sequence.length;
    }
    return std::string_view::npos;
}

bool is_plain_lines(std::string_view text) noexcept
{
    constexpr auto step = sizeof(Bytes);
    if (text.size() <= step)
        return false;
    // Each step looks one byte ahead, for the LF behind a CR; the last one overlaps the one before it.
    const auto last = text.size() - step - 1;
    Bytes wrong{};
    for (std::size_t at = 0; at < last; at += step)
        wrong |= not_plain(text.data() + at);
    wrong |= not_plain(text.data() + last);
    return !any(wrong) && (text.back() == '\n' || find_unsafe(text.substr(text.size() - 1)) != 0);
}

bool is_visible(std::string_view text) noexcept
{
    return is_all(text, visible_bit);
}

bool is_field(std::string_view text) noexcept
{
    return !text.empty() && text.find(' ') == std::string_view::npos && is_safe_text(text);
}

bool is_token(std::string_view text) noexcept
{
    return is_all(text, token_bit);
}

bool is_digits(std::string_view text) noexcept
{
    return is_all(text, digit_bit);
}

bool is_mid(std::string_view text) noexcept
{
    return text.size() <= max_mid && is_token(text);
}

bool is_ufrag(std::string_view text) noexcept
{
    return is_ice_text(text, min_ufrag);
}

bool is_pwd(std::string_view text) noexcept
{
    return is_ice_text(text, min_pwd);
}

bool is_foundation(std::string_view text) noexcept
{
    return text.size() <= max_foundation && is_visible(text);
}

bool is_duration(std::string_view text) noexcept
{
    constexpr std::uint32_t longest = 1U << 31;
    const auto point = text.find('.');
    const auto whole = base::parse_number<std::uint32_t>(text.substr(0, point), {});
    if (!whole || *whole > longest)
        return false;
    if (point == std::string_view::npos)
        return *whole > 0;
    return is_digits(text.substr(point + 1));
}

bool is_uint64(std::string_view text) noexcept
{
    return base::parse_number<std::uint64_t>(text, {}).has_value();
}

bool is_timing(std::string_view text) noexcept
{
    const auto blank = text.find(' ');
    return blank != std::string_view::npos && is_uint64(text.substr(0, blank))
        && is_uint64(text.substr(blank + 1));
}

bool is_ip_address(std::string_view text) noexcept
{
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || !is_visible(text))
        return false;
    std::copy(text.begin(), text.end(), terminated.begin());
    std::array<unsigned char, sizeof(in6_addr)> address{};
    const int family = text.find(':') == std::string_view::npos ? AF_INET : AF_INET6;
    return inet_pton(family, terminated.data(), address.data()) == 1;
}

bool is_mdns_name(std::string_view text) noexcept
{
    constexpr std::string_view suffix = ".local";
    if (text.size() > max_mdns_name || text.size() <= suffix.size() || !text.ends_with(suffix))
        return false;
    text.remove_suffix(suffix.size());
    return std::all_of(text.begin(), text.end(), [](char c) { return is_a(c, hex_bit) || c == '-'; });
}

std::optional<std::size_t> fingerprint_size(std::string_view hash) noexcept
{
    return base::find_value(hash_rows, hash);
}

bool is_fingerprint(std::string_view hash, std::string_view value) noexcept
{
    // "AB:CD": every third character is a colon, so n bytes take 3n - 1 characters.
    const auto bytes = (value.size() + 1) / 3;
    if (value.size() % 3 != 2 || fingerprint_size(hash).value_or(bytes) != bytes)
        return false;
    for (std::size_t i = 0; i < value.size(); ++i)
        if (i % 3 == 2 ? value[i] != ':' : !is_a(value[i], hex_bit))
            return false;
    return true;
}

}  // namespace sdp
