#pragma once

#include <utility>

namespace base {

/// Empties a value that is kept, and gives back what it holds. `value = {}` does not: strings and vectors
/// keep their room for later, as strings do when an empty one is moved into them.
template <class T>
void release(T& value)
{
    [[maybe_unused]] const T gone{ std::move(value) };
    value = T{};
}

}  // namespace base
