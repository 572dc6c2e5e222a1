#pragma once

#include <span>
#include <string_view>

namespace component::web {

/// A file that is served as it is.
struct Asset {
    std::string_view path;  ///< of the URL
    std::string_view content_type;
    std::string_view etag;  ///< with its quotes
    std::string_view bytes;
};

/// Those of web/served, compiled in.
[[nodiscard]] std::span<const Asset> embedded_assets() noexcept;

}  // namespace component::web
