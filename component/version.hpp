#pragma once

#include <string_view>

namespace component {

/// The version of the project, as CMake has it.
[[nodiscard]] std::string_view version() noexcept;

}  // namespace component
