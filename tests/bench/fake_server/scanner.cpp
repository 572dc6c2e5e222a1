#include "fake_server/scanner.hpp"

#include <utility>

namespace bench {
namespace {

constexpr std::string_view blanks = " \t\r\n/>";

/// Reads one tag: its name, then `take(name, value)` for each attribute.
template <class Take>
std::string_view read_tag(std::string_view tag, Take&& take)
{
    tag.remove_prefix(1);
    const auto name = tag.substr(0, tag.find_first_of(blanks));
    tag.remove_prefix(name.size());
    for (;;) {
        const auto begin = tag.find_first_not_of(blanks);
        const auto equals = tag.find('=');
        if (begin == std::string_view::npos || equals == std::string_view::npos || begin > equals)
            return name;
        const auto quote = tag.find_first_of("'\"", equals);
        const auto end = quote == std::string_view::npos ? quote : tag.find(tag[quote], quote + 1);
        if (end == std::string_view::npos)
            return name;
        take(tag.substr(begin, equals - begin), tag.substr(quote + 1, end - quote - 1));
        tag.remove_prefix(end + 1);
    }
}

std::string_view local_name(std::string_view name)
{
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void read_stanza_tag(Envelope& envelope, std::string_view tag)
{
    envelope.name = read_tag(tag, [&](std::string_view name, std::string_view value) {
        if (name == "from")
            envelope.from = value;
        else if (name == "to")
            envelope.to = value;
        else if (name == "id")
            envelope.id = value;
        else if (name == "type")
            envelope.type = value;
    });
}

void read_child_tag(Envelope& envelope, std::string_view tag)
{
    const auto name = read_tag(tag, [&](std::string_view attribute, std::string_view value) {
        if (attribute == "action")
            envelope.action = value;
        else if (attribute == "sid")
            envelope.sid = value;
        else if (attribute == "id")
            envelope.child_id = value;
        else if (attribute.starts_with("xmlns"))
            envelope.child_xmlns = value;
    });
    envelope.child = local_name(name);
}

Envelope envelope_of(std::string_view stanza, std::size_t first_tag, std::size_t child_end)
{
    Envelope envelope{ .text = stanza };
    read_stanza_tag(envelope, stanza.substr(0, first_tag));
    const auto child = stanza.find('<', first_tag);
    if (child_end != 0 && child < child_end)
        read_child_tag(envelope, stanza.substr(child, child_end - child));
    return envelope;
}

}  // namespace

void Scanner::append(std::string_view bytes)
{
    buffer_.erase(0, start_);
    at_ -= std::exchange(start_, 0);
    buffer_.append(bytes);
}

std::size_t Scanner::tag_end(std::size_t from) const noexcept
{
    char quote = 0;
    for (auto i = from; i < buffer_.size(); ++i) {
        const char c = buffer_[i];
        if (quote != 0)
            quote = c == quote ? char{ 0 } : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return i + 1;
    }
    return 0;
}

std::optional<Envelope> Scanner::next()
{
    // A stanza that comes in pieces is scanned again from its start: that keeps the state to one number.
    if (depth_ > 1)
        at_ = start_;
    depth_ = depth_ == 0 ? 0 : 1;
    std::size_t first_tag = 0;
    std::size_t child_end = 0;
    for (;;) {
        const auto open = buffer_.find('<', at_);
        const auto end = open == std::string::npos ? 0 : tag_end(open);
        if (end == 0)
            return std::nullopt;
        const std::string_view tag = std::string_view{ buffer_ }.substr(open, end - open);
        at_ = end;
        if (tag.starts_with("<?"))
            continue;
        if (depth_ == 0) {
            depth_ = 1;
            start_ = end;
            return envelope_of(tag, tag.size(), 0);
        }
        if (depth_ == 1)
            start_ = open;
        const bool closes = tag.starts_with("</");
        if (closes && depth_ == 1) {
            ended_ = true;
            return std::nullopt;
        }
        if (!closes && depth_ == 1)
            first_tag = tag.size();
        if (!closes && depth_ == 2 && child_end == 0)
            child_end = end - start_;
        depth_ += closes ? -1 : (tag.ends_with("/>") ? 0 : 1);
        if (depth_ == 1) {
            const auto stanza = std::string_view{ buffer_ }.substr(start_, end - start_);
            start_ = end;
            return envelope_of(stanza, first_tag, child_end);
        }
    }
}

}  // namespace bench
