#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "component/commands.hpp"

namespace component {

/// One text that a command works on.
struct Input {
    std::string name;  ///< as given; "<stdin>" for "-" and for none
    std::string text;
};

/// Reads all of it, up to `max_bytes`; an error has been printed and is its exit code.
[[nodiscard]] tl::expected<Input, ExitCode> read_input(const std::string& file, std::size_t max_bytes);

/// XML begins with '<', which no SDP does.
[[nodiscard]] bool looks_like_xml(std::string_view text) noexcept;

/// "NAME:LINE:COLUMN: WHAT" on stderr.
void report(const Input& input, const base::Error& error);

/// Calls `translate` for each file of the command line, or for stdin, and prints what it returns to stdout,
/// one after the other. A mistake goes to stderr and does not keep the others from being done: the result is
/// the exit code of the first.
[[nodiscard]] int for_each_input(const Arguments& arguments, std::size_t max_bytes,
                                 const std::function<base::Result<std::string>(const Input&)>& translate);

}  // namespace component
