#pragma once

#include <string>
#include <string_view>

namespace component {

/// The same XML with a line for each element, for people. `xml` is what xmpp::Writer wrote; where text stands
/// beside elements nothing is put between them, so that it reads the same without blank text.
[[nodiscard]] std::string indented(std::string_view xml);

/// Appends `text` as a JSON string, quotes included. `text` is UTF-8.
void append_json(std::string& out, std::string_view text);

/// The same text with a question mark for each control character, which a terminal would obey.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace component
