#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace base {

/// What to do about an error depends on this; the words beside it are for the log and the command line.
enum class Errc {
    missing,  ///< something required is not there
    malformed,  ///< it is there and does not follow its grammar
    out_of_range,  ///< a number outside its range
    unknown_token,  ///< a word that is not in the closed list
    duplicate,  ///< it may stand once and stands twice
    too_long,  ///< longer, deeper or more than the limit
    forbidden,  ///< well formed, and refused: control characters, injections, downgrades
    unsupported,  ///< understood, and not done here
};

[[nodiscard]] std::string_view to_string(Errc code) noexcept;

/// What went wrong and where. `what` is for people on our side: it is never sent to a peer.
/// `line` and `column` count from 1; 0 means that the place is not known.
struct Error {
    Errc code = Errc::malformed;
    std::string what;
    std::uint32_t line = 0;
    std::uint32_t column = 0;

    friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Errc code, std::string_view what)
{
    return tl::unexpected<Error>{ Error{ code, std::string{ what } } };
}

}  // namespace base

/// Binds the value of a Result or returns its error: `TRY(auto port, parse_number<std::uint16_t>(text,
/// "port"));` TRY_VOID does the same for a Result<void>. Not for coroutines.
// NOLINTBEGIN(bugprone-macro-parentheses,cppcoreguidelines-macro-usage): the arguments are declarations.
#define TRY_CONCAT_(a, b) a##b
#define TRY_NAME_(line) TRY_CONCAT_(try_result_, line)
#define TRY_IMPL_(tmp, lhs, expr)                                                                            \
    auto&& tmp = (expr);                                                                                     \
    if (!tmp)                                                                                                \
        return tl::make_unexpected(std::move(tmp).error());                                                  \
    lhs = *std::move(tmp)
#define TRY(lhs, expr) TRY_IMPL_(TRY_NAME_(__LINE__), lhs, expr)
#define TRY_VOID_IMPL_(tmp, expr)                                                                            \
    if (auto&& tmp = (expr); !tmp)                                                                           \
    return tl::make_unexpected(std::move(tmp).error())
#define TRY_VOID(expr) TRY_VOID_IMPL_(TRY_NAME_(__LINE__), expr)
// NOLINTEND(bugprone-macro-parentheses,cppcoreguidelines-macro-usage)
