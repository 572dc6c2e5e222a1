#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xmpp {

enum class JidPart : std::uint8_t { local, domain, resource };

/// The part after nodeprep, nameprep or resourceprep (RFC 6122); empty when the profile forbids it or nothing
/// is left. Costs microseconds, so it is for what is not plain ASCII; results are remembered, by thread and
/// within bounds.
[[nodiscard]] std::optional<std::string> prepare(JidPart part, std::string_view text);

}  // namespace xmpp
