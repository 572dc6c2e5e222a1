#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace component {

/// The number of letters to insert, drop, replace or swap with their neighbour to make `b` of `a`.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The word that was probably meant by `text`; empty when none is near.
[[nodiscard]] std::string_view suggest(std::string_view text, std::span<const std::string_view> words);

}  // namespace component
