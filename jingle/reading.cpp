#include "jingle/reading.hpp"

#include <algorithm>

#include "jingle/limits.hpp"
#include "jingle/text_rule.hpp"
#include "xmpp/ns.hpp"

namespace jingle {
namespace {

// What an element takes when it is written, about: enough for a limit.
std::size_t weight(const xmpp::Element& element)
{
    auto sum = 2 * element.name.size() + element.ns.size() + element.text.size() + element.tail.size();
    for (const auto& attribute : element.attributes)
        sum += attribute.name.size() + attribute.value.size() + attribute.ns.size();
    for (const auto& child : element.children())
        sum += weight(child);
    return sum;
}

// <xml:anything/>: that namespace cannot be declared anew, so what we wrote would not be well-formed.
bool is_reserved(const xmpp::Element& element)
{
    for (const auto& child : element.children())
        if (is_reserved(child))
            return true;
    return element.ns == xmpp::ns::xml;
}

bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

// A key is a peer's text and goes to the log: only what cannot forge a line or flood it.
bool is_showable(std::string_view key)
{
    return !key.empty() && !check_text(key, chars::beyond_ascii | chars::markup, 1, limits::name);
}

bool is_number(std::string_view key)
{
    return std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string place(const xmpp::Element& child, std::string_view key)
{
    std::string text{ child.name };
    if (key.empty())
        return text;
    const auto value = child.attribute_or_empty(key);
    const std::string_view quote = is_number(value) && child.name != "content" ? "" : "'";
    if (is_showable(value))
        text.append(" ").append(quote).append(value).append(quote);
    return text.append(":");
}

}  // namespace

base::Result<void> count(const xmpp::Element& element, Reading& reading)
{
    if (is_reserved(element))
        return base::fail(base::Errc::forbidden, "element in the namespace of XML");
    // The carry grows with the SDP that it belongs to: many m-lines are many small ones.
    const auto is_carry = element.is("sdp", xmpp::ns::carry);
    auto& bytes = is_carry ? reading.carry_bytes : reading.extra_bytes;
    bytes += weight(element);
    if (bytes > (is_carry ? limits::carry_bytes : limits::extra_bytes))
        return base::fail(base::Errc::too_long, is_carry ? "carry elements" : "unknown elements");
    return {};
}

base::Result<void> keep(const xmpp::Element& child, Extra& extra, Reading& reading)
{
    TRY_VOID(count(child, reading));
    extra.children.push_back(reading.arena, &child);
    return {};
}

tl::unexpected<base::Error> at(const xmpp::Element& child, std::string_view key, base::Error error)
{
    auto what = place(child, key);
    if (!error.what.empty())
        what.append(" ").append(error.what);
    error.what = std::move(what);
    return tl::unexpected{ std::move(error) };
}

std::optional<bool> parse_boolean(std::string_view text) noexcept
{
    text = trim(text);
    if (text == "true" || text == "1")
        return true;
    if (text == "false" || text == "0")
        return false;
    return std::nullopt;
}

std::string_view lowered(std::string_view text, base::Arena& arena)
{
    if (std::none_of(text.begin(), text.end(), is_capital))
        return text;
    auto* bytes = arena.make_array<char>(text.size());
    std::transform(text.begin(), text.end(), bytes,
                   [](char c) { return is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c; });
    return { bytes, text.size() };
}

}  // namespace jingle
