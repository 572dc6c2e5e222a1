#include "xmpp/plain_scanner.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "xmpp/writer.hpp"

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
    beyond_ascii = 32,
};

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
    for (unsigned c = 0x80; c < table.size(); ++c)  // Looked at again as a whole.
        table[c] = beyond_ascii;
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

}  // namespace

char* PlainScanner::skip_blanks(char* at) noexcept
{
    while (is(*at, blank))
        ++at;
    return at;
}

PlainScanner::Outcome PlainScanner::read(char*& at, const char* end)
{
    at_ = at;
    end_ = end;
    root_ = nullptr;
    is_cut_short_ = false;
    is_ascii_ = true;
    open_.clear();
    auto is_plain = tag();
    while (is_plain && !open_.empty())
        is_plain = *at_ == '<' ? tag() : text();
    if (is_plain) {
        at = at_;
        return Outcome::whole;
    }
    // A character that is cut in two, or wrong, is for expat to tell.
    return is_cut_short_ && is_ascii_ ? Outcome::cut_short : Outcome::not_plain;
}

/// For want of something at `at_`.
bool PlainScanner::stop() noexcept
{
    is_cut_short_ = at_ == end_;
    return false;
}

bool PlainScanner::tag()
{
    if (*at_ != '<')
        return stop();
    ++at_;
    return *at_ == '/' ? end_tag() : start_tag();
}

bool PlainScanner::start_tag()
{
    auto* const start = at_;
    const auto element = name();
    if (element.empty())
        return stop();
    if (!attributes())
        return false;
    const auto is_empty = *at_ == '/';
    at_ += is_empty ? 1 : 0;
    if (*at_ != '>')
        return stop();
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
    if (open_.empty())
        return false;
    const auto element = name();
    if (element != open_.back())
        return at_ == end_ && open_.back().substr(0, element.size()) == element && stop();
    if (*at_ != '>')
        return stop();
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
        at_ = skip_blanks(at_);
        if (!is(*at_, name_start))
            return at_ == end_ ? stop() : !has_duplicate();
        if (at_ == before || attributes_.size() == 2 * most_attributes || !attribute())
            return false;
    }
}

bool PlainScanner::attribute()
{
    attributes_.push_back(at_);
    (void)name();
    if (*at_ != '=')
        return stop();
    *at_++ = '\0';
    const auto quote = *at_;
    if (quote != '\'' && quote != '"')
        return stop();
    ++at_;
    attributes_.push_back(at_);
    while (is(*at_, in_value))
        ++at_;
    return value_rest(quote);
}

/// From the first character of a value that does not stand for itself.
bool PlainScanner::value_rest(char quote)
{
    auto* out = at_;
    auto is_ascii = true;
    while (*at_ != quote) {
        if (*at_ == '&') {
            if (!entity(out))
                return false;
        } else if (is(*at_, in_value) || *at_ == '\'' || *at_ == '"') {
            *out++ = *at_++;
        } else if (is(*at_, beyond_ascii)) {
            is_ascii = is_ascii_ = false;
            *out++ = *at_++;
        } else {
            return stop();
        }
    }
    ++at_;
    *out = '\0';
    return is_ascii || is_xml_text(attributes_.back());
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
    if (is(*at_, beyond_ascii) && !text_beyond_ascii(start))
        return false;
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

/// The rest of a text that is not all ASCII.
bool PlainScanner::text_beyond_ascii(const char* start)
{
    is_ascii_ = false;
    while (is(*at_, in_text) || is(*at_, beyond_ascii))
        ++at_;
    return is_xml_text({ start, static_cast<std::size_t>(at_ - start) });
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
    const std::string_view rest{ at_, static_cast<std::size_t>(end_ - at_) };
    is_cut_short_ = std::any_of(entities.begin(), entities.end(),
                                [rest](const Entity& e) { return e.written.substr(0, rest.size()) == rest; });
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
