#include "xmpp/plain_scanner.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace xmpp {
namespace {

/// Of one tag; each is compared with all before it.
constexpr std::size_t most_attributes = 48;

enum Class : std::uint8_t {
    name_start = 1,
    name_part = 2,
    in_text = 4,  ///< stands for itself between tags
    in_value = 8,  ///< stands for itself in an attribute, whichever quote is around it
    blank = 16,
};

/// A carriage return is no blank here: expat turns it into a line feed.
constexpr auto classes = [] {
    std::array<std::uint8_t, 256> table{};
    for (unsigned c = ' '; c <= '~'; ++c)
        table[c] = in_text | in_value;
    for (const unsigned char c : { '<', '&', ']' })  // "]]>" is no text.
        table[c] = 0;
    table[']'] |= in_value;
    for (const unsigned char c : { '\'', '"' })
        table[c] = in_text;
    for (const unsigned char c : { '\t', '\n' })
        table[c] = in_text | blank;
    table[' '] |= blank;
    for (unsigned c = 0; c < table.size(); ++c) {
        const auto lower = c | 0x20U;
        const auto is_start = c < 0x80 && ((lower >= 'a' && lower <= 'z') || c == '_');
        if (is_start)
            table[c] |= name_start;
        if (is_start || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':')
            table[c] |= name_part;
    }
    return table;
}();

bool is(char c, Class wanted)
{
    return (classes[static_cast<unsigned char>(c)] & wanted) != 0;
}

struct Entity {
    std::string_view written;
    char character;
};

constexpr std::array<Entity, 5> entities{
    { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' } }
};

void skip_blanks(char*& at)
{
    while (is(*at, blank))
        ++at;
}

}  // namespace

Element* PlainScanner::read(std::string_view xml)
{
    auto* const copy = static_cast<char*>(arena_.allocate(xml.size() + 1, 1));
    std::memcpy(copy, xml.data(), xml.size());
    copy[xml.size()] = '\0';
    at_ = copy;
    skip_blanks(at_);
    if (!tag())
        return nullptr;
    while (!open_.empty())
        if (!(*at_ == '<' ? tag() : text()))
            return nullptr;
    skip_blanks(at_);
    return at_ == copy + xml.size() ? root_ : nullptr;
}

bool PlainScanner::tag()
{
    if (*at_ != '<')
        return false;
    ++at_;
    return *at_ == '/' ? end_tag() : start_tag();
}

bool PlainScanner::start_tag()
{
    auto* const start = at_;
    const auto element = name();
    if (element.empty() || !attributes())
        return false;
    const auto is_empty = *at_ == '/';
    at_ += is_empty ? 1 : 0;
    if (*at_ != '>')
        return false;
    // What ended the name has been read: it may give its place to the NUL that the builder looks for.
    start[element.size()] = '\0';
    ++at_;
    attributes_.push_back(nullptr);
    if (builder_.open(start, attributes_.data()) != TreeBuilder::Status::ok)
        return false;
    if (root_ == nullptr)
        root_ = builder_.current();
    if (is_empty)
        builder_.close();
    else
        open_.push_back(element);
    return true;
}

bool PlainScanner::end_tag()
{
    ++at_;
    if (open_.empty() || name() != open_.back() || *at_ != '>')
        return false;
    ++at_;
    open_.pop_back();
    builder_.close();
    return true;
}

bool PlainScanner::attributes()
{
    attributes_.clear();
    for (;;) {
        const auto* const before = at_;
        skip_blanks(at_);
        if (!is(*at_, name_start))
            return !has_duplicate();
        if (at_ == before || attributes_.size() == 2 * most_attributes || !attribute())
            return false;
    }
}

bool PlainScanner::attribute()
{
    attributes_.push_back(at_);
    (void)name();
    if (*at_ != '=')
        return false;
    *at_++ = '\0';
    const auto quote = *at_++;
    if (quote != '\'' && quote != '"')
        return false;
    attributes_.push_back(at_);
    while (is(*at_, in_value))
        ++at_;
    auto* out = at_;
    while (*at_ != quote) {
        if (*at_ == '&') {
            if (!entity(out))
                return false;
        } else if (is(*at_, in_value) || *at_ == '\'' || *at_ == '"') {
            *out++ = *at_++;
        } else {
            return false;
        }
    }
    ++at_;
    *out = '\0';
    return true;
}

/// As they are written; what prefixes make equal is the builder's to find.
bool PlainScanner::has_duplicate() const noexcept
{
    for (std::size_t i = 2; i < attributes_.size(); i += 2)
        for (std::size_t k = 0; k < i; k += 2)
            if (*attributes_[i] == *attributes_[k] && std::strcmp(attributes_[i], attributes_[k]) == 0)
                return true;
    return false;
}

bool PlainScanner::text()
{
    const auto* const start = at_;
    while (is(*at_, in_text))
        ++at_;
    builder_.text(start, static_cast<std::size_t>(at_ - start));
    if (*at_ == '<')
        return true;
    char character{};
    auto* out = &character;
    if (!entity(out))
        return false;
    builder_.text(&character, 1);
    return true;
}

/// Reads one of the five and puts its character at `out`.
bool PlainScanner::entity(char*& out)
{
    for (const auto& [written, character] : entities)
        if (std::strncmp(at_, written.data(), written.size()) == 0) {
            at_ += written.size();
            *out++ = character;
            return true;
        }
    return false;
}

/// Empty when there is none.
std::string_view PlainScanner::name()
{
    const auto* const start = at_;
    if (!is(*at_, name_start))
        return {};
    while (is(*at_, name_part))
        ++at_;
    return { start, static_cast<std::size_t>(at_ - start) };
}

}  // namespace xmpp
