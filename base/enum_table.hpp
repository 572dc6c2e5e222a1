#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace base {

/// A two-way table between an enum and its wire tokens; the rows are the documentation.
template <class E>
struct EnumRow {
    E value;
    std::string_view token;
};
// For clang, which deduces no aggregates.
template <class E>
EnumRow(E, std::string_view) -> EnumRow<E>;

/// The value of `token`, compared exactly; the first matching row counts, so an alias may follow its
/// canonical row.
template <class E, std::size_t N>
constexpr std::optional<E> find_value(const std::array<EnumRow<E>, N>& rows, std::string_view token)
{
    for (const auto& row : rows)
        if (row.token == token)
            return row.value;
    return std::nullopt;
}

/// The canonical token of `value`: its first row.
template <class E, std::size_t N>
constexpr std::string_view find_token(const std::array<EnumRow<E>, N>& rows, E value)
{
    for (const auto& row : rows)
        if (row.value == value)
            return row.token;
    return {};
}

}  // namespace base
