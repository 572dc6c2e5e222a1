#include "component/explain_command.hpp"

#include <algorithm>
#include <iostream>

#include "component/input.hpp"
#include "component/translation.hpp"
#include "component/xml_text.hpp"
#include "jingle/explain.hpp"

namespace component {
namespace {

using jingle::Explanation;
using jingle::Fate;

constexpr std::array parameters{
    Parameter{ "--for", "Also tell what that client would not get; --for help lists them" },
    Parameter{ "--json", "For programs: one JSON value a document", Parameter::Kind::flag },
    Parameter{ "--table", "Print the whole mapping as Markdown instead", Parameter::Kind::flag },
    Parameter{ "FILE", "SDP or XML; - or none is stdin", Parameter::Kind::files },
};

constexpr std::string_view details = R"(DESCRIPTION
  Tells of each line of a session description where it goes in Jingle, and of each element and
  attribute of a Jingle request which line of SDP it becomes, and which specification says so.
  It prints what it is given, keys and passwords too.

COLUMNS
  line           in the input
  input          the line, the element or the attribute; cut where it is too long
  goes to        where the other side says it; or
                 carry           Jingle cannot say it: it is in the carry element
                 implied         not said, since it goes without saying
                 remembered      not said, kept for the session
                 left out        and why
  specification  of what carries it; in parentheses who does it without one

  --json: {"file", "kind": "sdp" or "jingle", "lines": [{"line", "column", "depth", "input", "fate",
  "target", "specification", "remark", "lost"}]}; fate is translated, carried, implied, remembered
  or left-out.

EXIT STATUS
  0 done; 64 wrong usage; 65 FILE:LINE:COLUMN and what is wrong with the input; 66 a file cannot be
  read; 74 cannot write. Of several files all are tried, and the first mistake decides.

EXAMPLES
  carillon explain < offer.sdp
  carillon explain --for movim --json session-initiate.xml)";

// Widths of the columns; with two blanks between them 100 in all.
constexpr std::size_t line_width = 4;
constexpr std::size_t input_width = 38;
constexpr std::size_t target_width = 37;
constexpr std::size_t specification_width = 15;

bool continues(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::size_t width(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

/// As many whole characters as fit, the last one … when not all do.
std::string cut(std::string_view text, std::size_t columns)
{
    if (width(text) <= columns)
        return std::string{ text };
    std::size_t end = 0;
    for (std::size_t used = 0; end < text.size(); ++end)
        if (!continues(text[end]) && ++used == columns)
            break;
    return std::string{ text.substr(0, end) } + "…";
}

std::string padded(std::string text, std::size_t columns)
{
    const auto used = width(text);
    return text.append(used < columns ? columns - used : 0, ' ');
}

/// Lines of at most `columns`, broken at blanks; a longer word is cut.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns)
{
    std::vector<std::string> lines{ "" };
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto word = cut(text.substr(0, end), columns);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (lines.back().empty())
            lines.back() = word;
        else if (width(lines.back()) + 1 + width(word) <= columns)
            lines.back().append(" ").append(word);
        else
            lines.push_back(word);
    }
    return lines;
}

std::string goes_to(const Explanation& row)
{
    std::string text;
    switch (row.fate) {
    case Fate::translated: text = row.target; break;
    case Fate::carried: text = "carry"; break;
    case Fate::implied: text = "implied"; break;
    case Fate::remembered: text = "remembered"; break;
    case Fate::left_out: text = "left out"; break;
    }
    if (!row.remark.empty())
        text.append(": ").append(printable(row.remark));
    return text;
}

void append_cells(std::string& out, std::string line, std::string input, std::string target,
                  std::string_view specification)
{
    line.insert(0, line.size() < line_width ? line_width - line.size() : 0, ' ');
    auto cells = line + "  " + padded(std::move(input), input_width) + "  "
        + padded(std::move(target), target_width) + "  " + cut(specification, specification_width);
    out.append(cells, 0, cells.find_last_not_of(' ') + 1) += '\n';
}

void append_row(std::string& out, const Explanation& row, std::string_view profile)
{
    std::string input(std::min<std::size_t>(row.depth, 8), ' ');
    input.append(printable(row.input));
    auto targets = wrapped(goes_to(row), target_width);
    append_cells(out, std::to_string(row.place.line), cut(input, input_width), targets.front(),
                 row.specification);
    for (std::size_t i = 1; i < targets.size(); ++i)
        append_cells(out, "", "", targets[i], "");
    if (row.lost.empty())
        return;
    const auto lost = "! " + std::string{ profile } + ": " + std::string{ row.lost };
    for (auto& text : wrapped(lost, input_width + 2 + target_width + 2 + specification_width))
        append_cells(out, "", std::move(text), "", "");
}

std::string to_text(const Input& input, const jingle::Explanations& rows, std::string_view profile)
{
    std::string out = input.name + '\n';
    append_cells(out, "line", "input", "goes to", "specification");
    for (const auto& row : rows)
        append_row(out, row, profile);
    return out += '\n';
}

void append_member(std::string& out, std::string_view name, std::string_view value)
{
    append_json(out.append(","), name);
    append_json(out.append(":"), value);
}

std::string to_json(const Input& input, std::string_view kind, const jingle::Explanations& rows)
{
    std::string out = "{\"file\":";
    append_json(out, input.name);
    append_member(out, "kind", kind);
    out += ",\"lines\":[";
    for (const auto& row : rows) {
        if (&row != rows.begin())
            out += ',';
        out.append("{\"line\":").append(std::to_string(row.place.line));
        out.append(",\"column\":").append(std::to_string(row.place.column));
        out.append(",\"depth\":").append(std::to_string(row.depth));
        append_member(out, "input", row.input);
        append_member(out, "fate", base::find_token(jingle::fate_rows, row.fate));
        append_member(out, "target", row.target);
        append_member(out, "specification", row.specification);
        append_member(out, "remark", row.remark);
        append_member(out, "lost", row.lost);
        out += '}';
    }
    return out += "]}\n";
}

std::string code(std::string_view text)
{
    return text.empty() ? std::string{} : "`" + std::string{ text } + "`";
}

std::string fate_word(Fate fate)
{
    return std::string{ base::find_token(jingle::fate_rows, fate) };
}

/// The tables of docs/mapping.md.
std::string to_markdown()
{
    std::string out = "| SDP | becomes | in Jingle | specification | remark |\n|---|---|---|---|---|\n";
    for (const auto& row : jingle::line_rows()) {
        const auto also = row.otherwise == row.fate ? "" : " or " + fate_word(row.otherwise);
        out.append("| ").append(code(row.line)).append(" | ").append(fate_word(row.fate)).append(also);
        out.append(" | ").append(code(row.place)).append(" | ").append(row.specification);
        out.append(" | ").append(row.remark).append(" |\n");
    }
    out += "\n| Jingle | namespace | becomes | in SDP | specification | remark "
           "|\n|---|---|---|---|---|---|\n";
    for (const auto& row : jingle::element_rows()) {
        const auto what = std::string{ row.element }
            + (row.attribute.empty() || row.attribute == "text()" ? "" : "/@")
            + (row.attribute == "text()" ? "/text()" : std::string{ row.attribute });
        out.append("| ").append(code(what)).append(" | ").append(code(row.ns));
        out.append(" | ").append(fate_word(row.fate)).append(" | ").append(code(row.line));
        out.append(" | ").append(row.specification).append(" | ").append(row.remark).append(" |\n");
    }
    return out;
}

int explain(const Arguments& arguments)
{
    if (arguments.value("--for") == "help" || arguments.has("--table")) {
        std::cout << (arguments.has("--table") ? to_markdown() : profile_list());
        return exit_ok;
    }
    const auto profile = parse_profile(arguments);
    if (!profile) {
        std::cerr << "carillon explain: " << profile.error() << '\n';
        return exit_usage;
    }
    return for_each_input(arguments, max_xml_bytes, [&](const Input& input) -> base::Result<std::string> {
        base::Arena arena;
        const auto xml = looks_like_xml(input.text);
        TRY(const auto rows,
            xml ? jingle::explain_xml(input.text, *profile, arena)
                : jingle::explain_sdp(input.text, *profile, arena));
        if (arguments.has("--json"))
            return to_json(input, xml ? "jingle" : "sdp", rows);
        return to_text(input, rows, *profile != nullptr ? (*profile)->id : std::string_view{});
    });
}

}  // namespace

const Command explain_command{ "explain", "Tell where each line of SDP, or element of Jingle, goes",
                               parameters, explain, details };

}  // namespace component
