#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace sdp_test {

inline std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file{ path, std::ios::binary };
    return { std::istreambuf_iterator<char>{ file }, {} };
}

/// All files below tests/data/<folder> whose names end with `suffix`, sorted.
inline std::vector<std::filesystem::path> find_files(std::string_view folder, std::string_view suffix)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator{ std::filesystem::path{ TEST_DATA } / folder })
        if (entry.path().native().ends_with(suffix))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// The lines without their ends and trailing blanks.
inline std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = std::string{ text.substr(0, end) };
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
            line.pop_back();
        lines.push_back(std::move(line));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

}  // namespace sdp_test
