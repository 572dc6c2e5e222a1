#pragma once

#include <string>
#include <string_view>

#include "component/call_record.hpp"

/// Call records for people and for programs. Foreign text comes out without control characters.
namespace component {

/// How a call went, in a word or two: "answered", "in call", "ringing", "no answer", "declined", ...
[[nodiscard]] std::string_view result_of(const CallRecord& call) noexcept;

/// The first eight characters of the id: what the table shows and `carillon call` takes.
[[nodiscard]] std::string short_id(const CallRecord& call);

/// The head of the table, and one call as a row of it: at most 100 columns wide.
[[nodiscard]] std::string table_head();
[[nodiscard]] std::string table_row(const CallRecord& call, WallTime now);

/// Everything there is about a call, on many lines.
[[nodiscard]] std::string full_text(const CallRecord& call, WallTime now);

/// The same as one line of JSON; times in UTC, absent ones left out.
[[nodiscard]] std::string json_line(const CallRecord& call);

}  // namespace component
