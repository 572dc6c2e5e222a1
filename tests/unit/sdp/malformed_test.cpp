#include <catch2/catch.hpp>

#include "sdp/description.hpp"
#include "support.hpp"

using base::Errc;
using sdp::Description;
using sdp_test::audio;
using sdp_test::checked;
using sdp_test::session_head;
using sdp_test::with_media_line;
using sdp_test::with_session_line;
using namespace std::string_literals;

namespace {

struct Row {
    std::string text;
    Errc code;
    std::uint32_t line;
    std::uint32_t column;
};

void check(const Row& row)
{
    CAPTURE(row.text);
    base::Arena arena;
    const auto result = Description::parse(row.text, arena);
    REQUIRE_FALSE(result);
    CAPTURE(result.error().what);
    CHECK(result.error().code == row.code);
    CHECK(result.error().line == row.line);
    CHECK(result.error().column == row.column);
}

std::string repeat(std::size_t count, std::string_view line)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        auto numbered = std::string{ line };
        if (const auto at = numbered.find('#'); at != std::string::npos)
            numbered.replace(at, 1, std::to_string(i));
        text.append(numbered).append(i + 1 < count ? "\r\n" : "");
    }
    return text;
}

bool parses(const std::string& text)
{
    base::Arena arena;
    return Description::parse(text, arena).has_value();
}

}  // namespace

TEST_CASE("malformed: lines and characters are refused with their place", "[sdp][malformed]")
{
    for (const auto& row : std::vector<Row>{
             { "", Errc::missing, 0, 1 },
             { "o=- 1 1 IN IP4 0.0.0.0\nv=0\n", Errc::missing, 1, 1 },
             { "\xEF\xBB\xBFv=0\n", Errc::malformed, 1, 1 },
             { "v=1\n", Errc::unsupported, 1, 3 },
             { "v=0 0\n", Errc::malformed, 1, 5 },
             { "v=0\ns=-\n", Errc::missing, 2, 1 },
             { "v=0\no=- 1 1 IN IP4\n", Errc::missing, 2, 15 },
             { "v=0\no=- 1 1 IN IP4 a b\n", Errc::malformed, 2, 18 },
             { with_session_line("a=x\0y"s), Errc::forbidden, 5, 4 },
             { with_session_line("a=x\ry"), Errc::forbidden, 5, 4 },
             { with_session_line("a=x\r"), Errc::forbidden, 5, 4 },
             { with_session_line("a=x\ty"), Errc::forbidden, 5, 4 },
             { with_session_line("a=x:\x1B"), Errc::forbidden, 5, 5 },
             { with_session_line("a=x:\x7F"), Errc::forbidden, 5, 5 },
             { with_session_line("a=12345678:\x01 12345678"), Errc::forbidden, 5, 12 },
             { with_session_line("a=x:\xC0\x80"), Errc::forbidden, 5, 5 },
             { with_session_line("a=x:\xED\xA0\x80"), Errc::forbidden, 5, 5 },
             { with_session_line("a=x:\xF4\x90\x80\x80"), Errc::forbidden, 5, 5 },
             { with_session_line("a=x:\xE2\x82"), Errc::forbidden, 5, 5 },
             { with_session_line("a=x:\xC2\x85"), Errc::forbidden, 5, 5 },
             { with_session_line("a=x:\xE2\x80\xA8"), Errc::forbidden, 5, 5 },
             { with_session_line("a=x:\xEF\xBF\xBF"), Errc::forbidden, 5, 5 },
             { with_session_line("\na=x"), Errc::malformed, 5, 1 },
             { with_session_line("\n\r"), Errc::malformed, 5, 1 },
             { with_session_line("a"), Errc::malformed, 5, 1 },
             { with_session_line("A=x"), Errc::malformed, 5, 1 },
             { with_session_line(" a=x"), Errc::malformed, 5, 1 },
             { with_session_line("y=x"), Errc::forbidden, 5, 1 },
             { with_session_line("v=0"), Errc::duplicate, 5, 1 },
             { with_session_line("s=again"), Errc::duplicate, 5, 1 },
             { with_session_line("t=0"), Errc::malformed, 5, 3 },
             { with_session_line("c=IN IP4"), Errc::missing, 5, 9 },
             { with_session_line("c=IN IP4 a\nc=IN IP4 b"), Errc::duplicate, 6, 1 },
             { with_session_line("a="), Errc::malformed, 5, 3 },
             { with_session_line("a=:x"), Errc::malformed, 5, 3 },
             { with_session_line("a=x y:z"), Errc::malformed, 5, 3 },
             { with_media_line("o=- 1 1 IN IP4 a"), Errc::forbidden, 6, 1 },
         })
        check(row);
}

TEST_CASE("malformed: m= lines are refused with their place", "[sdp][malformed]")
{
    for (const auto& row : std::vector<Row>{
             { with_session_line("m="), Errc::missing, 5, 3 },
             { with_session_line("m=audio"), Errc::missing, 5, 8 },
             { with_session_line("m=au/dio 9 RTP/AVP 0"), Errc::malformed, 5, 3 },
             { with_session_line("m=audio 65536 RTP/AVP 0"), Errc::out_of_range, 5, 9 },
             { with_session_line("m=audio -1 RTP/AVP 0"), Errc::malformed, 5, 9 },
             { with_session_line("m=audio 0x9 RTP/AVP 0"), Errc::malformed, 5, 9 },
             { with_session_line("m=audio 9/0 RTP/AVP 0"), Errc::out_of_range, 5, 11 },
             { with_session_line("m=audio 9"), Errc::missing, 5, 10 },
             { with_session_line("m=audio 9 RTP/AVP"), Errc::missing, 5, 18 },
             { with_session_line("m=audio 9 RTP/AVP 128"), Errc::out_of_range, 5, 19 },
             { with_session_line("m=audio 9 RTP/AVP 256"), Errc::out_of_range, 5, 19 },
             { with_session_line("m=audio 9 RTP/AVP 00"), Errc::malformed, 5, 19 },
             { with_session_line("m=audio 9 RTP/AVP 0 8 0"), Errc::duplicate, 5, 23 },
         })
        check(row);
}

TEST_CASE("malformed: attributes are refused with their place", "[sdp][malformed]")
{
    const std::string long_ufrag(257, 'u');
    const std::string mid_of_129(129, 'm');
    const auto media = [](const std::string& line, Errc code, std::uint32_t column) {
        return Row{ with_media_line(line), code, 6, column };
    };
    for (const auto& row : std::vector<Row>{
             media("a=mid", Errc::missing, 6),
             media("a=mid:", Errc::missing, 7),
             media("a=mid:a b", Errc::malformed, 9),
             media("a=mid:a/b", Errc::malformed, 7),
             media("a=mid:" + mid_of_129, Errc::malformed, 7),
             { with_media_line("a=mid:0\n" + std::string{ audio } + "a=mid:0"), Errc::duplicate, 8, 7 },
             { with_media_line("a=mid:0\na=mid:1"), Errc::duplicate, 7, 7 },
             media("a=rtcp-mux:yes", Errc::malformed, 12),
             media("a=sendrecv:yes", Errc::malformed, 12),
             { with_media_line("a=sendrecv\na=recvonly"), Errc::duplicate, 7, 11 },
             media("a=ice-ufrag:abc", Errc::malformed, 13),
             media("a=ice-ufrag:ab:cd", Errc::malformed, 13),
             media("a=ice-ufrag:" + long_ufrag, Errc::malformed, 13),
             media("a=ice-pwd:123456789012345678901", Errc::malformed, 11),
             { with_media_line("a=ice-ufrag:abcd"), Errc::missing, 5, 1 },
             { with_media_line("a=ice-pwd:1234567890123456789012"), Errc::missing, 5, 1 },
             media("a=setup:both", Errc::unknown_token, 9),
             media("a=fingerprint:sha-1", Errc::missing, 20),
             media("a=fingerprint:sha-256 AB:CD", Errc::malformed, 23),
             media("a=fingerprint:x AB:C", Errc::malformed, 17),
             media("a=fingerprint:x AB:CD EF", Errc::malformed, 23),
             media("a=rtpmap:96", Errc::missing, 12),
             media("a=rtpmap:096 x/1", Errc::malformed, 10),
             media("a=rtpmap:128 x/1", Errc::out_of_range, 10),
             media("a=rtpmap:96 x", Errc::missing, 13),
             media("a=rtpmap:96 x/0", Errc::out_of_range, 15),
             media("a=rtpmap:96 x/4294967296", Errc::out_of_range, 15),
             media("a=rtpmap:96 x/8000/0", Errc::out_of_range, 20),
             media("a=rtpmap:96 x/8000/256", Errc::out_of_range, 20),
             media("a=rtpmap:96 x/8000/1/1", Errc::malformed, 20),
             { with_media_line("a=rtpmap:96 x/1\na=rtpmap:96 y/1"), Errc::duplicate, 7, 10 },
             media("a=fmtp:* a=b", Errc::malformed, 8),
             media("a=rtcp-fb:96", Errc::missing, 13),
             media("a=extmap:x urn:x", Errc::malformed, 10),
             media("a=extmap:1/both urn:x", Errc::unknown_token, 12),
             media("a=extmap:1", Errc::missing, 11),
             media("a=ssrc:4294967296 a", Errc::out_of_range, 8),
             media("a=ssrc:1 a b:c", Errc::malformed, 10),
             media("a=ssrc-group:FID", Errc::missing, 17),
             media("a=msid:a b c", Errc::malformed, 12),
             media("a=rtcp:70000", Errc::out_of_range, 8),
             media("a=rtcp:9 IN IP4", Errc::missing, 16),
             media("a=crypto:x S k", Errc::malformed, 10),
             media("a=crypto:1 S", Errc::missing, 13),
             media("a=zrtp-hash:1.10", Errc::missing, 17),
             media("a=sctp-port:0", Errc::out_of_range, 13),
             media("a=sctp-port:65536", Errc::out_of_range, 13),
             media("a=sctpmap:5000", Errc::missing, 15),
             media("a=max-message-size:18446744073709551616", Errc::malformed, 20),
             media("a=ptime:0", Errc::malformed, 9),
             media("a=ptime:2147483649", Errc::malformed, 9),
             media("a=content:a,,b", Errc::missing, 13),
             media("a=remote-candidates:1 192.0.2.1", Errc::missing, 32),
             { with_session_line("a=group:"), Errc::missing, 5, 9 },
             { with_session_line("a=group:BUNDLE 0 0"), Errc::duplicate, 5, 18 },
             { with_session_line("a=group:BUNDLE 0\na=group:BUNDLE 1 0"), Errc::duplicate, 6, 18 },
         })
        check(row);
}

TEST_CASE("lines: empty ones at the end say nothing", "[sdp][malformed]")
{
    const auto end = GENERATE(as<std::string>{}, "\n", "\r\n\r\n", "\n  \n\t\r\n", "\n ");
    base::Arena arena;
    const auto text = with_media_line("a=mid:0");
    CHECK(checked(Description::parse(text + "\n" + end, arena)) == checked(Description::parse(text, arena)));
}

TEST_CASE("dropped: lines that nobody can use are left out and listed", "[sdp][malformed]")
{
    const auto [text, code, line, column] = GENERATE(table<std::string, Errc, std::uint32_t, std::uint32_t>({
        { with_media_line("a=candidate:1 1 ssltcp 1 192.0.2.1 9 typ host"), Errc::unknown_token, 6, 17 },
        { with_media_line("a=candidate:1 1 udp 1 host.example 9 typ host"), Errc::forbidden, 6, 23 },
        { with_media_line("a=fingerprint:md5 AB"), Errc::unsupported, 6, 15 },
        { with_media_line("a=extmap:0 urn:x"), Errc::unsupported, 6, 10 },
        { with_media_line("a=extmap:256 urn:x"), Errc::unsupported, 6, 10 },
        { with_media_line("a=extmap:4352 urn:x"), Errc::unsupported, 6, 10 },
        { with_media_line("a=extmap:1 urn:x\na=extmap:1 urn:y"), Errc::unsupported, 7, 10 },
        { with_media_line("a=fmtp:96"), Errc::unsupported, 6, 10 },
        { with_media_line("a=ice-lite"), Errc::unsupported, 6, 11 },
        { with_media_line("b=AS"), Errc::malformed, 6, 3 },
        { with_media_line("b=AS:x"), Errc::malformed, 6, 3 },
        { with_media_line("a=ssrc:1"), Errc::unsupported, 6, 8 },
        { with_session_line("a=candidate:1 1 udp 1 192.0.2.1 9 typ host"), Errc::unsupported, 5, 13 },
        { with_session_line("a=ssrc:1 cname:x"), Errc::unsupported, 5, 8 },
        { with_session_line("a=rtcp-mux"), Errc::unsupported, 5, 11 },
    }));
    CAPTURE(text);
    base::Arena arena;
    auto value = checked(Description::parse(text, arena));

    REQUIRE(value.dropped.size() == 1);
    CAPTURE(value.dropped[0].what);
    CHECK(value.dropped[0].code == code);
    CHECK(value.dropped[0].line == line);
    CHECK(value.dropped[0].column == column);

    value.dropped.clear();
    CHECK(checked(Description::parse(checked(value.to_string()), arena)) == value);
}

TEST_CASE("malformed: what no line may hold is found wherever it stands", "[sdp][malformed]")
{
    const char unsafe = GENERATE('\0', '\x01', '\x1F', '\x7F', '\x80', '\xFF', '\r');
    const auto text = with_media_line("a=x-plain:0123456789 abcdefghijklmnopqrstuvwxyz");
    REQUIRE(parses(text));
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto spoilt = text;
        spoilt[at] = unsafe;
        if (spoilt == text)
            continue;
        CAPTURE(at, static_cast<int>(unsafe));
        CHECK_FALSE(parses(spoilt));
    }
}

TEST_CASE("limits: at the limit it is read, above it is refused", "[sdp][limits]")
{
    const auto head = std::string{ session_head };
    const auto media = [](std::size_t count) { return repeat(count, "m=audio 9 RTP/AVP 0"); };
    const auto formats = [](std::size_t count) {
        std::string line = "m=audio 9 RTP/AVP";
        for (std::size_t i = 0; i < count; ++i)
            line.append(" ").append(std::to_string(i));
        return line;
    };
    const auto line = [](std::size_t size) { return "a=x:" + std::string(size - 4, 'x'); };
    const auto lines = [](std::size_t size) { return repeat(size - 4, "a=x"); };
    const auto words = [](std::size_t count) {
        return "a=ice-options:" + repeat(count, "x ").substr(0, 0) + [count] {
            std::string text;
            for (std::size_t i = 0; i < count; ++i)
                text.append("x").append(i + 1 < count ? " " : "");
            return text;
        }();
    };

    CHECK(parses(head + line(sdp::max_line)));
    CHECK_FALSE(parses(head + line(sdp::max_line + 1)));
    CHECK(parses(head + lines(sdp::max_lines)));
    CHECK_FALSE(parses(head + lines(sdp::max_lines + 1)));
    CHECK(parses(head + media(sdp::max_media)));
    CHECK_FALSE(parses(head + media(sdp::max_media + 1)));
    CHECK(parses(head + formats(sdp::max_formats)));
    CHECK_FALSE(parses(head + formats(sdp::max_formats + 1)));
    CHECK(parses(head + words(16)));
    CHECK_FALSE(parses(head + words(17)));
}

TEST_CASE("limits: a description of 64 KiB is read, one byte more is refused", "[sdp][limits]")
{
    auto text = std::string{ session_head };
    while (text.size() + 1000 < sdp::max_bytes)
        text.append("a=x:").append(994, 'x').append("\r\n");
    const auto left = sdp::max_bytes - text.size() - std::string_view{ "a=x:\r\n" }.size();
    text.append("a=x:").append(left, 'x').append("\r\n");
    REQUIRE(text.size() == sdp::max_bytes);

    CHECK(parses(text));
    text.append("\n");
    base::Arena arena;
    CHECK(Description::parse(text, arena).error().code == Errc::too_long);
}

TEST_CASE("limits: how often an attribute may stand", "[sdp][limits]")
{
    const auto [line, limit] = GENERATE(table<std::string, std::size_t>({
        { "a=fingerprint:x AB", 4 },
        { "a=extmap:1# urn:x", 32 },
        { "a=crypto:# S k", 8 },
        { "a=zrtp-hash:1 #", 8 },
        { "a=msid:# t", 64 },
        { "a=ssrc-group:FID #", 64 },
        { "a=fmtp:96 x=#", 256 },
        { "a=remote-candidates:1 192.0.2.1 #", 16 },
    }));
    CAPTURE(line);
    CHECK(parses(with_media_line(repeat(limit, line))));
    base::Arena arena;
    CHECK(Description::parse(with_media_line(repeat(limit + 1, line)), arena).error().code == Errc::too_long);
}

TEST_CASE("limits: groups, their names and the SSRCs of a group", "[sdp][limits]")
{
    const auto numbered = [](std::string text, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            text.append(" ").append(std::to_string(i));
        return text;
    };
    CHECK(parses(with_session_line(repeat(8, "a=group:LS 1"))));
    CHECK_FALSE(parses(with_session_line(repeat(9, "a=group:LS 1"))));
    CHECK(parses(with_session_line(numbered("a=group:LS", 64))));
    CHECK_FALSE(parses(with_session_line(numbered("a=group:LS", 65))));
    CHECK(parses(with_media_line(numbered("a=ssrc-group:SIM", 128))));
    CHECK_FALSE(parses(with_media_line(numbered("a=ssrc-group:SIM", 129))));
}

TEST_CASE("limits: candidates above the limit are dropped", "[sdp][limits]")
{
    base::Arena arena;
    const auto text = with_media_line(repeat(102, "a=candidate:# 1 udp 1 192.0.2.1 9 typ host"));
    const auto value = checked(Description::parse(text, arena));

    CHECK(value.media[0].candidates.size() == 100);
    CHECK(value.dropped.size() == 2);
    CHECK(value.dropped[0].code == Errc::too_long);
}

TEST_CASE("malformed: what one payload type and one source may have is limited", "[sdp][malformed]")
{
    const auto row = GENERATE(table<std::string, std::size_t>({
        { "a=rtcp-fb:96 x#", sdp::max_feedback },
        { "a=rtcp-fb:* x#", sdp::max_feedback },
        { "a=ssrc:7 x#:y", sdp::max_source_attributes },
        { "a=ssrc:# cname:y", sdp::max_sources },
    }));
    const auto& [line, most] = row;
    CAPTURE(line);
    CHECK(parses(with_media_line(repeat(most, line))));
    check({ with_media_line(repeat(most + 1, line)), Errc::too_long, 5, 1 });
    // The sources in any order, and the feedback of others beside it.
    CHECK(parses(with_media_line(repeat(most, line) + "\r\na=rtcp-fb:97 nack\r\na=rtcp-fb:98 nack")));
}

namespace {

/// m-sections with the mids m0, m1, ...; those from `long_from` up to `long_to` have a long attribute.
std::string with_sections(std::size_t count, std::size_t long_from, std::size_t long_to)
{
    std::string text{ session_head };
    for (std::size_t i = 0; i < count; ++i) {
        text.append(audio).append("a=mid:m").append(std::to_string(i)).append("\r\n");
        if (i >= long_from && i < long_to)
            text.append("a=x:").append(400, 'x').append("\r\n");
    }
    return text;
}

}  // namespace

TEST_CASE("description: every m-section is kept, however unlike those before it", "[sdp][description]")
{
    const auto [long_from, long_to] = GENERATE(table<std::size_t, std::size_t>({
        { 0, 0 },
        { 0, 4 },
        { 4, 100 },
    }));
    const auto text = with_sections(100, long_from, long_to);
    base::Arena arena;

    const auto description = checked(Description::parse(text, arena));

    REQUIRE(description.media.size() == 100);
    for (std::size_t i = 0; i < 100; ++i) {
        CHECK(description.media[i].mid == "m" + std::to_string(i));
        CHECK(description.media[i].other.empty() == (i < long_from || i >= long_to));
    }
}
