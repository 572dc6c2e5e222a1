#include "jingle/fmtp.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "jingle/limits.hpp"
#include "jingle/static_payload_types.hpp"

namespace jingle {

namespace {

constexpr bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

std::string_view trim_blanks(std::string_view text)
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

Parameter split_piece(std::string_view piece)
{
    const auto equals = piece.find('=');
    if (equals == std::string_view::npos)
        return { "", piece };
    return { trim_blanks(piece.substr(0, equals)), trim_blanks(piece.substr(equals + 1)) };
}

/// A piece as it goes out. `value` absent: a name alone.
struct Piece {
    std::string_view name;
    std::optional<std::string_view> value;

    [[nodiscard]] bool has_equals() const { return !name.empty() && value; }
    [[nodiscard]] std::size_t size() const
    {
        return name.size() + (has_equals() ? 1 : 0) + value.value_or("").size();
    }
};

/// COMPAT(QXmpp: "events"; XEP-0517's example: "fmtp"): names that stand for none.
bool is_no_name(std::string_view name, std::string_view codec)
{
    return name == "fmtp" || (name == "events" && equals_ignoring_case(codec, "telephone-event"));
}

Piece to_piece(const Parameter& parameter, std::string_view codec)
{
    Piece piece{ trim_blanks(parameter.name), parameter.value };
    if (piece.value && is_no_name(piece.name, codec))
        piece.name = {};
    if (piece.value)
        piece.value = trim_blanks(*piece.value);
    return piece;
}

void check(const Piece& piece, Report& report)
{
    report.text(piece.name, "name of an fmtp parameter");
    report.text(piece.value.value_or(""), "value of an fmtp parameter");
    if (piece.name.find_first_of(";=") != std::string_view::npos)
        report.refuse(base::Errc::forbidden, "';' or '=' in the name of an fmtp parameter");
    if (piece.value.value_or("").find(';') != std::string_view::npos)
        report.refuse(base::Errc::forbidden, "';' in the value of an fmtp parameter");
}

char* put(char* at, std::string_view text)
{
    if (!text.empty())
        std::memcpy(at, text.data(), text.size());
    return at + text.size();
}

}  // namespace

void split_fmtp(std::string_view text, base::List<Parameter>& out, Report& report, base::Arena& arena)
{
    if (out.empty())
        out.reserve(arena,
                    std::min<std::size_t>(1 + std::size_t(std::count(text.begin(), text.end(), ';')),
                                          limits::parameters));
    while (!text.empty()) {
        const auto end = text.find(';');
        const auto piece = trim_blanks(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (piece.empty())
            continue;
        const auto parameter = split_piece(piece);
        if (parameter.name.empty() && piece.front() == '=')
            return report.refuse(base::Errc::malformed, "fmtp parameter without a name before '='");
        if (parameter.name.size() > limits::parameter_name
            || parameter.value->size() > limits::parameter_value)
            return report.refuse(base::Errc::too_long, "fmtp parameter");
        if (out.size() == limits::parameters)
            return report.refuse(base::Errc::too_long, "fmtp parameters of one payload type");
        out.push_back(arena, parameter);
    }
}

std::string_view join_fmtp(const base::List<Parameter>& parameters, std::string_view codec, Report& report,
                           base::Arena& arena)
{
    std::size_t size = 0;
    for (const auto& parameter : parameters) {
        const auto piece = to_piece(parameter, codec);
        check(piece, report);
        size += piece.size() + 1;
    }
    if (size == 0 || report.is_refused())
        return {};
    auto* const start = static_cast<char*>(arena.allocate(size, 1));
    auto* at = start;
    for (const auto& parameter : parameters) {
        const auto piece = to_piece(parameter, codec);
        if (piece.size() == 0)
            continue;
        if (at != start)
            at = put(at, ";");
        at = put(at, piece.name);
        if (piece.has_equals())
            at = put(at, "=");
        at = put(at, piece.value.value_or(""));
    }
    return { start, static_cast<std::size_t>(at - start) };
}

}  // namespace jingle
