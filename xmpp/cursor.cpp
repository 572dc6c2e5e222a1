#include "xmpp/cursor.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace xmpp {
namespace {

/// What stands for a byte that may not stand for itself. TAB, LF and CR would come out of an attribute as
/// blanks (XML 1.0, 3.3.3), and CR out of a text as LF (2.11).
constexpr std::array<std::string_view, 256> references = [] {
    std::array<std::string_view, 256> table{};
    table['&'] = "&amp;";
    table['<'] = "&lt;";
    table['>'] = "&gt;";
    table['"'] = "&quot;";
    table['\''] = "&apos;";
    table['\t'] = "&#9;";
    table['\n'] = "&#10;";
    table['\r'] = "&#13;";
    return table;
}();

constexpr std::array<bool, 256> is_special = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = !references[i].empty();
    return table;
}();

/// True only when no byte of the word is special: all above ''' and neither '<' nor '>', which differ in one
/// bit. Digits, letters and most signs pass, the rest is looked at byte by byte.
constexpr bool is_plain(std::uint64_t word)
{
    constexpr auto ones = ~std::uint64_t{ 0 } / 0xFF;
    constexpr auto highs = ones * 0x80;
    const auto below = (word - ones * ('\'' + 1)) & ~word;
    const auto angle = (word & ~(ones * ('<' ^ '>'))) ^ (ones * '<');
    return ((below | ((angle - ones) & ~angle)) & highs) == 0;
}

static_assert(is_plain(std::uint64_t{ 0x7A5A3A2F2E2D2C28 }));
static_assert(!is_plain(std::uint64_t{ 0x7A5A3A2F2E2D3C28 })
              && !is_plain(std::uint64_t{ 0x3E5A3A2F2E2D2C28 }));
static_assert(!is_plain(0x4141414141414109) && !is_plain(0x2741414141414141));

/// A new string of this length costs little, and a start tag seldom takes more.
constexpr std::size_t slack = 512;
/// What is filled with zeros at a time: far less than the nearest cache holds, far more than a tag takes.
constexpr std::size_t step = 1024;

char* escape_bytes(char* to, const char* from, const char* end)
{
    for (; from != end; ++from) {
        const auto byte = static_cast<unsigned char>(*from);
        *to = *from;
        if (!is_special[byte]) {
            ++to;
            continue;
        }
        to = std::copy(references[byte].begin(), references[byte].end(), to);
    }
    return to;
}

template <class Word>
Word load(const char* from)
{
    Word word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}

/// At most seven bytes, looked at as one word: two halves that overlap in the middle, or three bytes.
char* escape_rest(char* to, const char* from, std::size_t size)
{
    constexpr std::size_t half = sizeof(std::uint32_t);
    if (size == 0)
        return to;
    if (size >= half) {
        const auto first = load<std::uint32_t>(from);
        const auto last = load<std::uint32_t>(from + size - half);
        if (!is_plain(std::uint64_t{ last } << 32 | first))
            return escape_bytes(to, from, from + size);
        std::memcpy(to, &first, half);
        std::memcpy(to + size - half, &last, half);
        return to + size;
    }
    for (const auto* const end = from + size; from != end; ++from, ++to) {
        if (is_special[static_cast<unsigned char>(*from)])
            return escape_bytes(to, from, end);
        *to = *from;
    }
    return to;
}

/// There is room for the longest outcome.
[[gnu::always_inline]] inline char* escape(char* to, std::string_view text)
{
    const auto* from = text.data();
    auto size = text.size();
    for (; size >= sizeof(std::uint64_t); size -= sizeof(std::uint64_t), from += sizeof(std::uint64_t)) {
        const auto word = load<std::uint64_t>(from);
        if (is_plain(word)) {
            std::memcpy(to, &word, sizeof word);
            to += sizeof word;
        } else {
            to = escape_bytes(to, from, from + sizeof word);
        }
    }
    return escape_rest(to, from, size);
}

[[gnu::always_inline]] inline char* copy(char* to, std::string_view text)
{
    copy_short(to, text.data(), text.size());
    return to + text.size();
}

/// " name='", for which there is room.
[[gnu::always_inline]] inline char* begin_attribute(char* to, std::string_view name)
{
    *to = ' ';
    to = copy(to + 1, name);
    to[0] = '=';
    to[1] = '\'';
    return to + 2;
}

}  // namespace

/// Reserves half as much again each time, so that a long text is not made longer tag by tag. But it lengthens
/// the string by steps, since that fills it with zeros: those of a step are still in the nearest cache when
/// the text comes, and a stanza behind a long text does not pay for the length of that text.
void Cursor::grow(std::size_t count)
{
    if (out_.capacity() - at_ < count)
        out_.reserve(at_ + count + std::max(at_ / 2, slack));
    out_.resize(std::min(out_.capacity(), at_ + count + step));
}

void Cursor::put_escaped(std::string_view text)
{
    for (; text.size() > piece; text.remove_prefix(piece)) {
        need(piece * longest_reference);
        move_to(escape(end(), text.substr(0, piece)));
    }
    need(text.size() * longest_reference);
    move_to(escape(end(), text));
}

void Cursor::put_attribute(std::string_view name, std::string_view value)
{
    if (value.size() > piece) {
        put(" ", name, "='");
        put_escaped(value);
        return put("'");
    }
    need(name.size() + value.size() * longest_reference + around_attribute);
    auto* to = escape(begin_attribute(end(), name), value);
    *to++ = '\'';
    move_to(to);
}

void Cursor::put_number(std::string_view name, unsigned long long value)
{
    constexpr std::size_t max_digits = 20;
    need(name.size() + max_digits + around_attribute);
    auto* to = begin_attribute(end(), name);
    to = std::to_chars(to, to + max_digits, value).ptr;
    *to++ = '\'';
    move_to(to);
}

}  // namespace xmpp
