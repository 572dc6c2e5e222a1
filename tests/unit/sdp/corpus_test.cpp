#include <catch2/catch.hpp>

#include "files.hpp"
#include "sdp/description.hpp"
#include "support.hpp"

using sdp::Description;
using sdp_test::checked;
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

TEST_CASE("candidates: what real endpoints trickled is read and written alike", "[sdp][corpus]")
{
    std::size_t count = 0;
    for (const auto& file : find_files("corpus", ".candidates.json"))
        for (const auto& line : lines_of(read_file(file))) {
            constexpr std::string_view key = "\"candidate\":\"";
            const auto start = line.find(key);
            const auto text = start == std::string::npos ? std::string{} : line.substr(start + key.size());
            const auto candidate = text.substr(0, text.find('"'));
            if (candidate.empty())
                continue;  // the end of candidates
            CAPTURE(file.filename(), candidate);
            base::Arena arena;
            const auto value = checked(sdp::Candidate::parse(candidate, arena));
            const auto printed = checked(value.to_string());
            CHECK(normalised("a=" + printed) == normalised("a=" + candidate));
            CHECK(checked(sdp::Candidate::parse(printed, arena)) == value);
            ++count;
        }
    CHECK(count > 600);
}
