#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "component/web/ports.hpp"

namespace component::web {

/// What a resume token says, before it is sealed: all that is needed to let a page go on, after a restart of
/// Carillon too.
struct ResumeToken {
    std::string session;  ///< the random part of the page's address
    std::uint32_t generation = 0;  ///< newer ones count up; only the newest, once the page has it, is good
    WallTime issued{};
    std::optional<std::string> origin;  ///< of the page: the token is good for no other
    Identity identity;

    [[nodiscard]] std::string to_text() const;
    /// Empty for anything else.
    [[nodiscard]] static std::optional<ResumeToken> parse(std::string_view text);

    friend bool operator==(const ResumeToken&, const ResumeToken&) = default;
};

}  // namespace component::web
