#include <catch2/catch.hpp>

#include "files.hpp"
#include "sdp/description.hpp"

using sdp::Description;
using sdp_test::find_files;
using sdp_test::lines_of;
using sdp_test::read_file;

namespace {

/// Vectors 30 to 33 are fragments; every whole description starts with v=.
bool is_fragment(std::string_view text)
{
    return !text.starts_with("v=");
}

base::Result<Description> parse(std::string_view text, base::Arena& arena)
{
    return is_fragment(text) ? Description::parse_fragment(text, arena) : Description::parse(text, arena);
}

base::Result<std::string> print(const Description& description, std::string_view like)
{
    return is_fragment(like) ? description.fragment_to_string() : description.to_string();
}

/// Firefox writes the transport of a candidate in capitals; nothing else of these files changes.
std::vector<std::string> normalised(std::string_view text)
{
    auto lines = lines_of(text);
    for (auto& line : lines)
        if (line.starts_with("a=candidate:"))
            for (const auto& [from, to] : { std::pair{ " UDP ", " udp " }, std::pair{ " TCP ", " tcp " } })
                if (const auto at = line.find(from); at != std::string::npos)
                    line.replace(at, 5, to);
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// The value, or a failed test that says why not.
template <class T>
T checked(base::Result<T> result)
{
    if (!result)
        FAIL(result.error().what << " at " << result.error().line << ":" << result.error().column);
    return *std::move(result);
}

void check_round_trip(const std::filesystem::path& file)
{
    CAPTURE(file.filename());
    const auto text = read_file(file);
    base::Arena arena;

    const auto first = checked(parse(text, arena));
    const auto printed = checked(print(first, text));
    const auto second = checked(parse(printed, arena));

    CHECK(second == first);
    CHECK(first.dropped.empty());
    CHECK(checked(print(second, text)) == printed);
    CHECK(normalised(printed) == normalised(text));
}

}  // namespace

TEST_CASE("corpus: what real endpoints wrote is read, written and read again without loss", "[sdp][corpus]")
{
    const auto files = find_files("corpus", ".sdp");
    REQUIRE(files.size() > 300);
    for (const auto& file : files)
        check_round_trip(file);
}

TEST_CASE("vectors: the SDP side is read, written and read again without loss", "[sdp][corpus]")
{
    const auto files = find_files("vectors", ".sdp");
    REQUIRE(files.size() == 38);
    for (const auto& file : files)
        check_round_trip(file);
}
