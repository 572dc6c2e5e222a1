#include "component/web/fields.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace component::web {
namespace {

std::string_view view(const json::string& text)
{
    return { text.data(), text.size() };
}

/// Null for what is absent. JSON null counts as absent, as in the dictionaries of the W3C.
const json::value* find(const json::object& object, std::string_view key)
{
    const auto* value = object.if_contains(json::string_view{ key.data(), key.size() });
    return value != nullptr && value->is_null() ? nullptr : value;
}

std::size_t code_points(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_allowed(char c, Controls controls)
{
    if (controls == Controls::line_ends && (c == '\r' || c == '\n' || c == '\t'))
        return true;
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
}

std::optional<std::uint64_t> whole_number(const json::value& value)
{
    constexpr double exact = 9007199254740992.0;  // 2^53: beyond it JavaScript has no whole numbers
    if (value.is_uint64())
        return value.get_uint64();
    if (value.is_int64() && value.get_int64() >= 0)
        return static_cast<std::uint64_t>(value.get_int64());
    if (!value.is_double())
        return std::nullopt;
    const auto number = value.get_double();
    if (!(number >= 0 && number < exact))
        return std::nullopt;
    const auto whole = static_cast<std::uint64_t>(number);
    return static_cast<double>(whole) == number ? std::optional{ whole } : std::nullopt;
}

}  // namespace

tl::unexpected<std::string> wants(std::string_view key, std::string_view what)
{
    return tl::unexpected<std::string>{ std::string{ key } + " wants " + std::string{ what } };
}

Read<std::optional<std::string_view>> read_optional_text(const json::object& object, std::string_view key,
                                                         TextLimits limits)
{
    const auto* value = find(object, key);
    if (value == nullptr)
        return std::optional<std::string_view>{};
    if (!value->is_string())
        return wants(key, "a text");
    const auto text = view(value->get_string());
    if (text.size() < limits.low || (text.size() > limits.high && code_points(text) > limits.high))
        return wants(
            key, "from " + std::to_string(limits.low) + " to " + std::to_string(limits.high) + " characters");
    if (!std::ranges::all_of(text, [limits](char c) { return is_allowed(c, limits.controls); }))
        return wants(key, "no control characters");
    return std::optional{ text };
}

Read<std::string_view> read_text(const json::object& object, std::string_view key, TextLimits limits)
{
    TRY(const auto text, read_optional_text(object, key, limits));
    if (!text)
        return wants(key, "to be there");
    return *text;
}

Read<std::optional<std::uint64_t>> read_optional_number(const json::object& object, std::string_view key,
                                                        std::uint64_t low, std::uint64_t high)
{
    const auto* value = find(object, key);
    if (value == nullptr)
        return std::optional<std::uint64_t>{};
    const auto number = whole_number(*value);
    if (!number || *number < low || *number > high)
        return wants(key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return number;
}

Read<std::optional<bool>> read_optional_flag(const json::object& object, std::string_view key)
{
    const auto* value = find(object, key);
    if (value == nullptr)
        return std::optional<bool>{};
    if (!value->is_bool())
        return wants(key, "true or false");
    return std::optional{ value->get_bool() };
}

Read<const json::object*> read_optional_object(const json::object& object, std::string_view key)
{
    const auto* value = find(object, key);
    if (value != nullptr && !value->is_object())
        return wants(key, "an object");
    return value == nullptr ? nullptr : &value->get_object();
}

Read<const json::object*> read_object(const json::object& object, std::string_view key)
{
    TRY(const auto* member, read_optional_object(object, key));
    if (member == nullptr)
        return wants(key, "to be there");
    return member;
}

Read<const json::array*> read_optional_array(const json::object& object, std::string_view key,
                                             std::size_t low, std::size_t high)
{
    const auto* value = find(object, key);
    if (value == nullptr)
        return nullptr;
    if (!value->is_array() || value->get_array().size() < low || value->get_array().size() > high)
        return wants(key, "a list of " + std::to_string(low) + " to " + std::to_string(high) + " items");
    return &value->get_array();
}

Read<std::optional<PageMedia>> read_media(const json::object& object, std::string_view key, std::size_t low)
{
    TRY(const auto* kinds, read_optional_array(object, key, low, 2));
    if (kinds == nullptr)
        return std::optional<PageMedia>{};
    PageMedia media;
    for (const auto& kind : *kinds) {
        const auto word = kind.is_string() ? view(kind.get_string()) : std::string_view{};
        auto* flag = word == "audio" ? &media.audio : word == "video" ? &media.video : nullptr;
        if (flag == nullptr || *flag)
            return wants(key, "\"audio\" and \"video\", each at most once");
        *flag = true;
    }
    return std::optional{ media };
}

}  // namespace component::web
