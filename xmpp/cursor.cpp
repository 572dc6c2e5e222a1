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
template <class Word>
constexpr bool is_plain(Word word)
{
    constexpr auto ones = static_cast<Word>(~Word{ 0 } / 0xFF);
    constexpr auto highs = static_cast<Word>(ones * 0x80);
    const auto below = (word - ones * ('\'' + 1)) & ~word;
    const auto angle = (word & ~(ones * ('<' ^ '>'))) ^ (ones * '<');
    return ((below | ((angle - ones) & ~angle)) & highs) == 0;
}

static_assert(is_plain(std::uint64_t{ 0x7A5A3A2F2E2D2C28 }));
static_assert(!is_plain(std::uint64_t{ 0x7A5A3A2F2E2D3C28 })
              && !is_plain(std::uint64_t{ 0x3E5A3A2F2E2D2C28 }));
static_assert(!is_plain(std::uint32_t{ 0x41414109 }) && !is_plain(std::uint32_t{ 0x27414141 }));

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

/// One word, as it is where nothing in it is special.
template <class Word>
char* escape_word(char* to, const char* from)
{
    Word word = 0;
    std::memcpy(&word, from, sizeof word);
    if (!is_plain(word))
        return escape_bytes(to, from, from + sizeof word);
    std::memcpy(to, &word, sizeof word);
    return to + sizeof word;
}

}  // namespace

/// There is room for the longest outcome.
void Cursor::escape(std::string_view text)
{
    auto* const start = out_.data() + at_;
    auto* to = start;
    const auto* from = text.data();
    const auto* const end = from + text.size();
    for (; end - from >= 8; from += 8)
        to = escape_word<std::uint64_t>(to, from);
    if (end - from >= 4) {
        to = escape_word<std::uint32_t>(to, from);
        from += 4;
    }
    to = escape_bytes(to, from, end);
    at_ += static_cast<std::size_t>(to - start);
}

void Cursor::put_escaped(std::string_view text)
{
    for (; text.size() > piece; text.remove_prefix(piece)) {
        need(piece * longest_reference);
        escape(text.substr(0, piece));
    }
    need(text.size() * longest_reference);
    escape(text);
}

void Cursor::put_attribute(std::string_view name, std::string_view value)
{
    if (value.size() > piece) {
        put(" ", name, "='");
        put_escaped(value);
        return put("'");
    }
    need(name.size() + value.size() * longest_reference + std::string_view{ " =''" }.size());
    copy(" ");
    copy(name);
    copy("='");
    escape(value);
    copy("'");
}

void Cursor::put_number(std::string_view name, unsigned long long value)
{
    constexpr std::size_t max_digits = 20;
    need(name.size() + max_digits + std::string_view{ " =''" }.size());
    copy(" ");
    copy(name);
    copy("='");
    auto* const digits = out_.data() + at_;
    at_ += static_cast<std::size_t>(std::to_chars(digits, digits + max_digits, value).ptr - digits);
    copy("'");
}

}  // namespace xmpp
