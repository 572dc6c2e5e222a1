// What is explained stands where the explanation says: a line of SDP at the start of a line, an element of
// XML at its '<'.
#include "jingle/explain.hpp"

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    for (std::size_t end = 0; end != std::string_view::npos; text.remove_prefix(end + 1)) {
        end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            break;
    }
    return lines;
}

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void check(const jingle::Explanation& row, const std::vector<std::string_view>& lines, bool xml)
{
    if (xml && !row.input.starts_with('<'))
        return;
    require(row.place.line >= 1 && row.place.line <= lines.size());
    const auto line = lines[row.place.line - 1];
    require(row.place.column >= 1 && row.place.column <= line.size() + 1);
    require(line.substr(row.place.column - 1).starts_with(xml ? "<" : row.input));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size)
{
    const std::string text{ reinterpret_cast<const char*>(bytes), size };
    const bool xml = text.starts_with('<');
    base::Arena arena;
    const auto* profile = jingle::find_profile("movim");
    const auto rows
        = xml ? jingle::explain_xml(text, profile, arena) : jingle::explain_sdp(text, profile, arena);
    if (!rows)
        return 0;
    const auto lines = lines_of(text);
    for (const auto& row : *rows)
        check(row, lines, xml);
    return 0;
}
