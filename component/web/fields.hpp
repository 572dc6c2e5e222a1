#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <tl/expected.hpp>

#include "base/enum_table.hpp"
#include "base/result.hpp"
#include "component/web/ports.hpp"

/// Readers of one member of a JSON object each. An error is what the page is told: which member wants what.
namespace component::web {

namespace json = boost::json;

template <class T>
using Read = tl::expected<T, std::string>;

/// Which control characters a text may have.
enum class Controls : std::uint8_t { none, line_ends };

struct TextLimits {
    std::size_t low = 0;
    std::size_t high = 0;  ///< in code points
    Controls controls = Controls::none;
};

/// A text; a member that is absent, or null, is an empty optional.
[[nodiscard]] Read<std::optional<std::string_view>>
read_optional_text(const json::object& object, std::string_view key, TextLimits limits);
[[nodiscard]] Read<std::string_view> read_text(const json::object& object, std::string_view key,
                                               TextLimits limits);
/// A whole number from 0; 5.0 counts as one.
[[nodiscard]] Read<std::optional<std::uint64_t>>
read_optional_number(const json::object& object, std::string_view key, std::uint64_t low, std::uint64_t high);
[[nodiscard]] Read<std::optional<bool>> read_optional_flag(const json::object& object, std::string_view key);
[[nodiscard]] Read<const json::object*> read_object(const json::object& object, std::string_view key);
/// Null when the member is absent.
[[nodiscard]] Read<const json::object*> read_optional_object(const json::object& object,
                                                             std::string_view key);
/// Null when the member is absent.
[[nodiscard]] Read<const json::array*> read_optional_array(const json::object& object, std::string_view key,
                                                           std::size_t low, std::size_t high);

/// A list of "audio" and "video", each at most once; empty when the member is absent.
[[nodiscard]] Read<std::optional<PageMedia>> read_media(const json::object& object, std::string_view key,
                                                        std::size_t low);

[[nodiscard]] tl::unexpected<std::string> wants(std::string_view key, std::string_view what);

/// A word of a closed list; empty when the member is absent.
template <class E, std::size_t N>
Read<std::optional<E>> read_optional_word(const json::object& object, std::string_view key,
                                          const std::array<base::EnumRow<E>, N>& rows)
{
    constexpr std::size_t max_word = 32;
    TRY(const auto word, read_optional_text(object, key, { .low = 1, .high = max_word }));
    if (!word)
        return std::optional<E>{};
    const auto value = base::find_value(rows, *word);
    if (!value)
        return wants(key, "one of its words");
    return value;
}

template <class E, std::size_t N>
Read<E> read_word(const json::object& object, std::string_view key,
                  const std::array<base::EnumRow<E>, N>& rows)
{
    TRY(const auto value, read_optional_word(object, key, rows));
    if (!value)
        return wants(key, "to be there");
    return *value;
}

}  // namespace component::web
