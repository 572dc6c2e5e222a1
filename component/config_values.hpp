#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/enum_table.hpp"
#include "base/result.hpp"
#include "component/config_keys.hpp"
#include "component/suggest.hpp"
#include "roster/pattern.hpp"
#include "xmpp/jid.hpp"

/// Readers of one value each, for the table of keys.
namespace component {

/// "a whole number", "a text in quotes" and the like, as the message calls what was found.
[[nodiscard]] std::string_view type_name(const ConfigValue& value) noexcept;

/// A text that is not empty and has no control characters.
[[nodiscard]] base::Result<std::string> read_text(const ConfigValue& value);
/// true or false.
[[nodiscard]] base::Result<bool> read_flag(const ConfigValue& value);
/// A whole number from `low` to `high`.
/// true or false.
[[nodiscard]] base::Result<bool> read_flag(const ConfigValue& value);
[[nodiscard]] base::Result<std::int64_t> read_number(const ConfigValue& value, std::int64_t low,
                                                     std::int64_t high);
/// "500ms" is refused: seconds, minutes, hours and days are enough: "30s", "2m", "1h", "7d", one unit.
[[nodiscard]] base::Result<std::chrono::seconds>
read_duration(const ConfigValue& value, std::chrono::seconds low, std::chrono::seconds high);
/// How long a call link is good.
[[nodiscard]] base::Result<std::chrono::seconds> read_link_ttl(const ConfigValue& value);
/// A domain, prepared.
[[nodiscard]] base::Result<std::string> read_domain(const ConfigValue& value);
/// A bare address, prepared.
[[nodiscard]] base::Result<std::string> read_bare_jid(const ConfigValue& value);
/// A pattern for users; of the domain's two forms only with the second.
[[nodiscard]] base::Result<roster::Pattern> read_pattern(const ConfigValue& value);
[[nodiscard]] base::Result<roster::Pattern> read_domain_pattern(const ConfigValue& value);
/// The part before the @ of an address of ours, prepared, that can be no user's contact address.
[[nodiscard]] base::Result<std::string> read_line_name(const ConfigValue& value);
/// At least one bare address, each once.
[[nodiscard]] base::Result<std::vector<xmpp::Jid>> read_members(const ConfigValue& value);
[[nodiscard]] base::Result<std::filesystem::path> read_path(const ConfigValue& value,
                                                            const std::filesystem::path& directory);

/// The same, where "" means that there is none.
[[nodiscard]] base::Result<std::filesystem::path> read_optional_path(const ConfigValue& value,
                                                                     const std::filesystem::path& directory);

/// A key of a table that is a value. Each is required.
struct TableMember {
    std::string_view name;
    std::function<base::Result<void>(const ConfigValue&)> set;
};
/// Reads a table; an error has the place of what is wrong in it.
[[nodiscard]] base::Result<void> read_table(const ConfigValue& value, std::span<const TableMember> members);
/// "127.0.0.1:5290" or "[::1]:5290".
[[nodiscard]] base::Result<ListenAddress> read_listen(const ConfigValue& value);
/// "https://www.example.org".
[[nodiscard]] base::Result<web::Origin> read_origin(const ConfigValue& value);
/// Such an array.
[[nodiscard]] base::Result<std::vector<web::Origin>> read_origins(const ConfigValue& value);
/// An array of "10.0.0.0/8" and "::1".
[[nodiscard]] base::Result<std::vector<web::Network>> read_networks(const ConfigValue& value);

/// The error for a word that is in no list: with the words there are, and the one that was probably meant.
[[nodiscard]] base::Error unknown_word(std::string_view word, std::span<const std::string_view> words);

/// A word of a closed list.
template <class E, std::size_t N>
base::Result<E> read_word(const ConfigValue& value, const std::array<base::EnumRow<E>, N>& rows)
{
    TRY(const auto word, read_text(value));
    if (const auto found = base::find_value(rows, word))
        return *found;
    std::array<std::string_view, N> words;
    for (std::size_t i = 0; i < N; ++i)
        words[i] = rows[i].token;
    return tl::make_unexpected(unknown_word(word, words));
}

/// What an item of a list is called in a message: as it was prepared, if it is a text still.
template <class Item>
std::string name_of(const Item& item, const ConfigValue& value)
{
    if constexpr (std::is_same_v<Item, std::string>)
        return item;
    else
        return std::get<std::string>(value.content);
}

/// An array, each item through `read_item`; an error is at the item's place. An item may stand once.
template <class Item = std::string, class ReadItem>
base::Result<std::vector<Item>> read_list(const ConfigValue& value, ReadItem read_item)
{
    const auto* array = std::get_if<ConfigValue::Array>(&value.content);
    if (array == nullptr)
        return base::fail(base::Errc::malformed,
                          "wants a list, like [\"example.org\"], and this is "
                              + std::string{ type_name(value) });
    std::vector<Item> items;
    for (const auto& entry : *array) {
        auto item = read_item(entry);
        if (item && std::ranges::find(items, *item) != items.end())
            item = base::fail(base::Errc::duplicate, "has \"" + name_of(*item, entry) + "\" twice");
        if (!item)
            return tl::make_unexpected(
                base::Error{ item.error().code, item.error().what, entry.line, entry.column });
        items.push_back(*std::move(item));
    }
    return items;
}

}  // namespace component
