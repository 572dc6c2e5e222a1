#include <catch2/catch.hpp>

#include "sdp/candidate.hpp"
#include "support.hpp"

using base::Errc;
using sdp::Candidate;
using sdp::CandidateType;
using sdp::TcpType;
using sdp_test::checked;

TEST_CASE("candidate: every field is read", "[sdp][candidate]")
{
    base::Arena arena;
    const auto c = checked(
        Candidate::parse("a=candidate:f 2 TCP 1694498815 2001:db8::1 9 typ srflx raddr 192.0.2.10 rport 0 "
                         "tcptype active generation 0 ufrag a+/b network-cost 50",
                         arena));
    CHECK(c.foundation == "f");
    CHECK(c.component == 2);
    CHECK(c.transport == "tcp");
    CHECK(c.priority == 1694498815);
    CHECK(c.address == "2001:db8::1");
    CHECK(c.port == 9);
    CHECK(c.type == CandidateType::srflx);
    CHECK(c.related_address == "192.0.2.10");
    CHECK(c.related_port == 0);
    CHECK(c.tcp_type == TcpType::active);
    REQUIRE(c.extensions.size() == 3);
    CHECK(c.extensions[1] == sdp::CandidateExtension{ "ufrag", "a+/b" });
}

TEST_CASE("candidate: round trips", "[sdp][candidate]")
{
    const auto line = GENERATE(values<std::string>({
        "candidate:1 1 udp 2130706431 192.0.2.1 3478 typ host",
        "candidate:f957a2332b1715da3b0ef8ba684454eb 1 udp 4294967295 ::1 65535 typ prflx",
        "candidate:1 1 udp 1 0a1b2c3d-0000-4000-8000-0123456789ab.local 50000 typ host generation 0",
        "candidate:1 1 udp 1 198.51.100.7 1 typ relay raddr 0.0.0.0 rport 0",
        "candidate:1 1 tcp 1 192.0.2.1 0 typ host tcptype active",
        "candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype so",
    }));
    base::Arena arena;
    CHECK(checked(checked(Candidate::parse(line, arena)).to_string()) == line);
    CHECK(checked(Candidate::parse("a=" + line, arena)) == checked(Candidate::parse(line, arena)));
    CHECK(checked(Candidate::parse(line.substr(10), arena)) == checked(Candidate::parse(line, arena)));
}

TEST_CASE("candidate: the transport is read in any case", "[sdp][candidate]")
{
    const auto [written, read] = GENERATE(table<std::string, std::string>(
        { { "udp", "udp" }, { "UDP", "udp" }, { "Udp", "udp" }, { "TcP", "tcp" } }));
    base::Arena arena;
    const auto line = "1 1 " + written + " 1 192.0.2.1 9 typ host tcptype active";
    CHECK(checked(Candidate::parse(line, arena)).transport == read);
}

TEST_CASE("candidate: an odd token at the end is dropped", "[sdp][candidate]")
{
    base::Arena arena;
    const auto c
        = checked(Candidate::parse("candidate:1 1 udp 1 192.0.2.1 9 typ host generation 0 odd", arena));
    CHECK(checked(c.to_string()) == "candidate:1 1 udp 1 192.0.2.1 9 typ host generation 0");
}

TEST_CASE("candidate: what cannot be used is refused with its place", "[sdp][candidate]")
{
    const auto [line, code, column] = GENERATE(table<std::string, Errc, std::uint32_t>({
        { "", Errc::missing, 1 },
        { "candidate:", Errc::missing, 11 },
        { "a=candidate:123456789012345678901234567890123 1 udp 1 192.0.2.1 9 typ host", Errc::malformed, 13 },
        { "1 0 udp 1 192.0.2.1 9 typ host", Errc::out_of_range, 3 },
        { "1 3 udp 1 192.0.2.1 9 typ host", Errc::out_of_range, 3 },
        { "1 1 ssltcp 1 192.0.2.1 9 typ host", Errc::unknown_token, 5 },
        { "1 1 udp 0 192.0.2.1 9 typ host", Errc::out_of_range, 9 },
        { "1 1 udp 4294967296 192.0.2.1 9 typ host", Errc::out_of_range, 9 },
        { "1 1 udp -1 192.0.2.1 9 typ host", Errc::malformed, 9 },
        { "1 1 udp 1 [::1] 9 typ host", Errc::forbidden, 11 },
        { "1 1 udp 1 fe80::1%eth0 9 typ host", Errc::forbidden, 11 },
        { "1 1 udp 1 192.0.2.256 9 typ host", Errc::forbidden, 11 },
        { "1 1 udp 1 host.example 9 typ host", Errc::forbidden, 11 },
        { "1 1 udp 1 printer.local 9 typ host", Errc::forbidden, 11 },
        { "1 1 udp 1 .local 9 typ host", Errc::forbidden, 11 },
        { "1 1 udp 1 192.0.2.1 65536 typ host", Errc::out_of_range, 21 },
        { "1 1 udp 1 192.0.2.1 0 typ host", Errc::out_of_range, 21 },
        { "1 1 udp 1 192.0.2.1 9", Errc::missing, 22 },
        { "1 1 udp 1 192.0.2.1 9 typ", Errc::missing, 26 },
        { "1 1 udp 1 192.0.2.1 9 typ ufrag", Errc::unknown_token, 27 },
        { "1 1 udp 1 192.0.2.1 9 typ host raddr x", Errc::forbidden, 38 },
        { "1 1 udp 1 192.0.2.1 9 typ host rport 65536", Errc::out_of_range, 38 },
        { "1 1 tcp 1 192.0.2.1 9 typ host", Errc::missing, 31 },
        { "1 1 tcp 1 192.0.2.1 9 typ host tcptype x", Errc::unknown_token, 40 },
        { "1 1 tcp 1 192.0.2.1 0 typ host tcptype passive", Errc::out_of_range, 21 },
        { "1 1 udp 1 192.0.2.1 9 typ host a b\r\na=x", Errc::forbidden, 35 },
    }));
    CAPTURE(line);
    base::Arena arena;
    const auto result = Candidate::parse(line, arena);
    REQUIRE_FALSE(result);
    CAPTURE(result.error().what);
    CHECK(result.error().code == code);
    CHECK(result.error().column == column);
}

TEST_CASE("candidate: nothing in a value starts a line or a field", "[sdp][candidate]")
{
    base::Arena arena;
    auto c = checked(Candidate::parse("candidate:1 1 udp 1 192.0.2.1 9 typ host", arena));
    const auto evil = GENERATE(as<std::string_view>{}, "a\r\na=x", "a\nb", "a b", "", "a\x01", "\xFF");
    const auto breaks = [&c] {
        std::string out = "kept";
        const bool refused = !c.append_to(out);
        return refused && out == "kept";
    };

    SECTION("foundation")
    {
        c.foundation = evil;
    }
    SECTION("transport")
    {
        c.transport = evil;
    }
    SECTION("address")
    {
        c.address = evil;
    }
    SECTION("related address")
    {
        c.related_address = evil;
    }
    SECTION("name of an extension")
    {
        c.extensions.push_back(arena, { evil, "x" });
    }
    SECTION("value of an extension")
    {
        c.extensions.push_back(arena, { "x", evil });
    }
    CHECK(breaks());
}
