#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace component::auth {

using SessionId = std::array<std::uint8_t, 16>;

/// What a resume token says. Nothing about it is looked up: it is sealed with the instance's key, so that it
/// holds across a restart, and on any node that has the key.
struct ResumeToken {
    SessionId session{};
    std::uint32_t generation = 0;  ///< grows with each token of a session
    std::chrono::sys_seconds expires;

    friend bool operator==(const ResumeToken&, const ResumeToken&) = default;
};

/// The text that the page keeps. `instance_key` never seals anything else in the same way.
[[nodiscard]] std::string seal(const ResumeToken& token, std::string_view instance_key);

/// Empty for what was not sealed with that key, or is over at `now`.
[[nodiscard]] std::optional<ResumeToken> unseal(std::string_view text, std::string_view instance_key,
                                                std::chrono::sys_seconds now);

/// Each token is good once: the session that issued `newest` takes that generation, and no earlier one. The
/// one before is taken as long as the page has not shown the newest, for the answer that held it may be lost.
[[nodiscard]] bool is_current(const ResumeToken& token, std::uint32_t newest, bool newest_was_shown) noexcept;

}  // namespace component::auth
