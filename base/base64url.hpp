#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace base {

/// RFC 4648, 5, without padding.
[[nodiscard]] std::string to_base64url(std::string_view bytes);
/// Empty for anything but the one text that to_base64url() gives for those bytes: no padding, no blanks, no
/// bits that are left over.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace base
