#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Compares two SDP texts line by line, with its own reading of them, so that a mistake of the parser cannot
/// hide in both sides. What may change on the way is what docs/mapping.md lists under "What changes on a
/// round trip".
namespace lines {

using Section = std::vector<std::string>;

inline std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        std::string part{ text.substr(0, end) };
        while (!part.empty() && (part.back() == '\r' || part.back() == ' '))
            part.pop_back();
        if (!part.empty())
            parts.push_back(part);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

inline bool has_prefix(const std::string& line, std::string_view prefix)
{
    return line.compare(0, prefix.size(), prefix) == 0;
}

inline bool contains_prefix(const Section& section, std::string_view prefix)
{
    return std::any_of(section.begin(), section.end(),
                       [&](const auto& line) { return has_prefix(line, prefix); });
}

/// The session, then each m-section.
inline std::vector<Section> sections(std::string_view text)
{
    std::vector<Section> all(1);
    for (const auto& line : split(text, '\n')) {
        if (has_prefix(line, "m="))
            all.emplace_back();
        all.back().push_back(line);
    }
    return all;
}

inline bool is_direction(const std::string& line)
{
    return line == "a=sendrecv" || line == "a=sendonly" || line == "a=recvonly" || line == "a=inactive";
}

inline bool is_rejected(const Section& section)
{
    const auto words = split(section.front(), ' ');
    return words.size() > 1 && words[1] == "0" && !contains_prefix(section, "a=bundle-only");
}

/// What the session says for every medium, moved into those that do not say it.
inline void inherit(std::vector<Section>& all)
{
    static const std::vector<std::string> names{
        "a=ice-ufrag:", "a=ice-pwd:", "a=ice-options:",      "a=fingerprint:",
        "a=setup:",     "a=tls-id:",  "a=end-of-candidates", "a=extmap-allow-mixed"
    };
    Section left;
    std::vector<Section> before{ all };
    for (const auto& line : all.front()) {
        const auto name
            = std::find_if(names.begin(), names.end(), [&](const auto& n) { return has_prefix(line, n); });
        const auto extmap = has_prefix(line, "a=extmap:");
        if (name == names.end() && !extmap && !is_direction(line)) {
            left.push_back(line);
            continue;
        }
        for (std::size_t i = 1; i < all.size(); ++i) {
            const auto prefix = extmap ? line.substr(0, line.find(' ')) : name != names.end() ? *name : "";
            const auto has = prefix.empty() ? std::any_of(before[i].begin(), before[i].end(), is_direction)
                                            : contains_prefix(before[i], prefix);
            const auto data_channel = has_prefix(all[i].front(), "m=application");
            if (!has && !(prefix.empty() && data_channel))
                all[i].push_back(line);
        }
    }
    all.front() = left;
}

inline std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

inline std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

inline std::string trimmed(const std::string& text)
{
    const auto start = text.find_first_not_of(' ');
    return start == std::string::npos ? "" : text.substr(start, text.find_last_not_of(' ') - start + 1);
}

/// Blanks around the pieces go.
inline std::string normal_fmtp(const std::string& line)
{
    const auto blank = line.find(' ');
    std::string out = line.substr(0, blank + 1);
    auto first = true;
    for (const auto& piece : split(line.substr(blank + 1), ';')) {
        const auto equals = piece.find('=');
        out += first ? "" : ";";
        first = false;
        out += equals == std::string::npos
            ? trimmed(piece)
            : trimmed(piece.substr(0, equals)) + "=" + trimmed(piece.substr(equals + 1));
    }
    return out;
}

/// Lower-case transport, generation 0 where it is left out, extensions in order of name.
inline std::string normal_candidate(const std::string& line)
{
    auto words = split(line, ' ');
    words[2] = lower(words[2]);
    std::string out;
    std::map<std::string, std::string> extensions{ { "generation", "0" } };
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i < 6)
            out += words[i] + ' ';
        else if (i + 1 < words.size())
            extensions[words[i]] = words[i + 1], ++i;
    }
    for (const auto& [name, value] : extensions)
        out += name + ' ' + value + ' ';
    return out;
}

inline std::string normal(const std::string& line)
{
    if (has_prefix(line, "a=fmtp:"))
        return normal_fmtp(line);
    if (has_prefix(line, "a=candidate:"))
        return normal_candidate(line);
    if (has_prefix(line, "a=fingerprint:"))
        return lower(line.substr(0, line.find(' '))) + upper(line.substr(line.find(' ')));
    return line;
}

inline bool is_default(const std::string& line)
{
    return has_prefix(line, "o=") || line == "a=sendrecv" || line == "a=rtcp:9 IN IP4 0.0.0.0"
        || line == "a=rtcp:9" || line == "c=IN IP4 0.0.0.0";
}

/// An attribute of a payload type that the m-line does not list means nothing (RFC 8866, 6.6).
inline bool is_orphan(const std::string& line, const std::set<std::string>& formats)
{
    for (const auto* prefix : { "a=rtpmap:", "a=fmtp:", "a=rtcp-fb:" })
        if (has_prefix(line, prefix)) {
            const auto start = std::string_view{ prefix }.size();
            const auto id = line.substr(start, line.find(' ') - start);
            return id != "*" && formats.count(id) == 0;
        }
    return false;
}

inline std::multiset<std::string> normal_section(const Section& section)
{
    std::multiset<std::string> out;
    if (section.empty())
        return out;
    if (is_rejected(section)) {  // only its place, kind and formats are kept
        out.insert(section.front());
        return out;
    }
    const auto m = split(section.front(), ' ');
    const std::set<std::string> formats(m.begin() + std::min<std::ptrdiff_t>(3, std::ssize(m)), m.end());
    for (const auto& line : section)
        if (!is_default(line) && !is_orphan(line, formats) && out.count(normal(line)) == 0)
            out.insert(normal(line));
    return out;
}

/// What stands in `a` and not in `b`, section by section.
inline std::vector<std::string> missing(const std::string& a, const std::string& b)
{
    auto left = sections(a);
    auto right = sections(b);
    inherit(left);
    inherit(right);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const auto has = i < right.size() ? normal_section(right[i]) : std::multiset<std::string>{};
        for (const auto& line : normal_section(left[i]))
            if (has.count(line) == 0)
                out.push_back(line);
    }
    return out;
}

/// Lines of the input that are not in the output.
inline std::vector<std::string> lost(const std::string& input, const std::string& output)
{
    return missing(input, output);
}

/// Lines of the output that were not in the input, without what may be added: a=ice-options:trickle where
/// there is no option, and what RFC 3551 says about a payload type without a=rtpmap.
inline std::vector<std::string> gained(const std::string& input, const std::string& output)
{
    auto all = missing(output, input);
    const auto no_options = input.find("a=ice-options:") == std::string::npos;
    const auto may_be_added = [&](const std::string& line) {
        return (no_options && line == "a=ice-options:trickle")
            || (has_prefix(line, "a=rtpmap:")
                && input.find(line.substr(0, line.find(' ') + 1)) == std::string::npos);
    };
    all.erase(std::remove_if(all.begin(), all.end(), may_be_added), all.end());
    return all;
}

}  // namespace lines
