#include <catch2/catch.hpp>

#include "jingle/candidate_buffer.hpp"
#include "jingle/candidate_rate.hpp"
#include "unit/jingle/profiles/requests.hpp"

using namespace jingle;
using namespace requests;
using namespace std::chrono_literals;

namespace {

using Wait = CandidateBuffer::Wait;
const CandidateTime start{};

Content trickled(base::Arena& arena, const std::string& ip, const std::string& type,
                 const std::string& ufrag = "abcd", const std::string& extra = "")
{
    return read(request("transport-info",
                        content("name='a'",
                                ice("ufrag='" + ufrag + "'",
                                    candidate("ip='" + ip + "' port='5' protocol='udp' type='" + type + "'")
                                        + extra))),
                arena)
        .contents[0];
}

}  // namespace

TEST_CASE("buffer: what belongs to a ufrag comes out in order, once, and outlives its turn",
          "[jingle][buffer]")
{
    CandidateBuffer buffer;
    {
        base::Arena turn;
        const std::string end = "<gathering-complete xmlns='urn:xmpp:jingle:transports:ice:0'/>";
        CHECK(buffer.add(trickled(turn, "192.0.2.1", "host"), Wait::for_description, start) == 0);
        CHECK(buffer.add(trickled(turn, "192.0.2.9", "host", "other"), Wait::for_description, start) == 0);
        CHECK(buffer.add(trickled(turn, "192.0.2.2", "srflx", "abcd", end), Wait::for_description, start)
              == 0);
    }
    base::Arena arena;
    const auto taken = buffer.take("a", "abcd", arena);
    REQUIRE(taken);
    REQUIRE(taken->candidates.size() == 2);
    CHECK(taken->candidates[0].ip == "192.0.2.1");
    CHECK(taken->candidates[1].type == "srflx");
    CHECK(taken->gathering_complete);
    CHECK_FALSE(buffer.take("a", "abcd", arena));
    CHECK(buffer.size() == 1);
    buffer.discard("a");
    CHECK(buffer.empty());
    CHECK(buffer.bytes() == 0);
}

TEST_CASE("buffer: when full, reflexive and relayed candidates displace the newest host ones",
          "[jingle][buffer]")
{
    CandidateBuffer buffer;
    base::Arena arena;
    for (int i = 0; i < 200; ++i)
        REQUIRE(
            buffer.add(trickled(arena, "192.0.2." + std::to_string(i), "host"), Wait::for_description, start)
            == 0);
    CHECK(buffer.add(trickled(arena, "198.51.100.1", "host"), Wait::for_description, start) == 1);
    CHECK(buffer.add(trickled(arena, "198.51.100.2", "relay"), Wait::for_description, start) == 0);
    const auto taken = buffer.take("a", "abcd", arena);
    REQUIRE(taken);
    CHECK(taken->candidates.size() == 200);
    CHECK(taken->candidates[198].ip == "192.0.2.198");
    CHECK(taken->candidates[199].ip == "198.51.100.2");
}

TEST_CASE("buffer: bytes are bounded, whatever the candidates hold", "[jingle][buffer]")
{
    CandidateBuffer buffer;
    base::Arena arena;
    auto content = trickled(arena, "192.0.2.1", "relay");
    content.ice()->candidates[0].foundation = std::string_view{ arena.concat(std::string(4000, 'x')) };
    std::size_t lost = 0;
    for (int i = 0; i < 100; ++i)
        lost += buffer.add(content, Wait::for_description, start);
    CHECK(buffer.bytes() <= CandidateBuffer::max_bytes);
    CHECK(lost == 100 - buffer.size());
    CHECK(lost > 80);
}

TEST_CASE("buffer: a minute for a known content, five seconds for an unknown one", "[jingle][buffer]")
{
    CandidateBuffer buffer;
    base::Arena arena;
    (void)buffer.add(trickled(arena, "192.0.2.1", "host"), Wait::for_description, start);
    (void)buffer.add(trickled(arena, "192.0.2.2", "host"), Wait::for_content, start);
    CHECK(buffer.expire(start + 4s) == 0);
    CHECK(buffer.expire(start + 5s) == 1);
    CHECK(buffer.expire(start + 60s) == 1);
    CHECK(buffer.empty());
}

TEST_CASE("rate: burst, generation, session and patience each have an end", "[jingle][rate]")
{
    using Verdict = CandidateRate::Verdict;
    CandidateRate rate;
    CHECK(rate.count("a", "u1", 50, start) == Verdict::pass);
    CHECK(rate.count("a", "u1", 1, start) == Verdict::drop);
    CHECK(rate.count("a", "u1", 50, start + 1s) == Verdict::pass);
    CHECK(rate.count("a", "u1", 1, start + 2s) == Verdict::drop);
    CHECK(rate.count("a", "u2", 50, start + 2s) == Verdict::pass);
    for (int i = 3; i < 8; ++i)
        CHECK(rate.count("a", "u" + std::to_string(i), 50, start + 1s * i) == Verdict::pass);
    CHECK(rate.count("b", "u9", 1, start + 60s) == Verdict::drop);
    CHECK(rate.count("b", "u9", 4000, start + 60s) == Verdict::end);
}
