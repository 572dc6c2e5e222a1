#include <catch2/catch.hpp>

#include "support.hpp"

using jingle::Action;
using jingle::Loss;
using jingle::Role;
using translate::Leg;

namespace {

constexpr auto head = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

std::string offer(const std::string& attributes, const std::string& session = {})
{
    return head + session + "m=audio 5004 RTP/AVP 0\r\nc=IN IP4 192.0.2.2\r\na=mid:0\r\n" + attributes
        + "a=rtpmap:0 PCMU/8000\r\n";
}

std::string there_and_back(const std::string& text)
{
    Leg out;
    const auto xml = out.to_xml(text, Action::session_initiate, Role::initiator);
    Leg in;
    return in.to_text(xml, Role::initiator);
}

bool has(const std::string& text, const std::string& line)
{
    return text.find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("raw UDP: what an m-line without ICE says comes back", "[jingle][translate]")
{
    struct Row {
        std::string said;
        std::string back;
    };
    const auto row = GENERATE(Row{ "a=rtcp:9000\r\n", "a=rtcp:9000" },
                              Row{ "a=rtcp:9000 IN IP4 192.0.2.9\r\n", "a=rtcp:9000 IN IP4 192.0.2.9" },
                              Row{ "a=rtcp:5005 IN IP6 2001:db8::1\r\n", "a=rtcp:5005 IN IP6 2001:db8::1" },
                              Row{ "a=rtcp-mux\r\na=rtcp:9000\r\n", "a=rtcp:9000" },
                              Row{ "a=rtcp-mux\r\n", "a=rtcp-mux" },
                              Row{ "a=ice-options:trickle rtp+ecn\r\n", "a=ice-options:trickle rtp+ecn" },
                              Row{ "a=tls-id:abcdefghijklmnopqrst\r\n", "a=tls-id:abcdefghijklmnopqrst" },
                              Row{ "a=rtcp-mux-only\r\n", "a=rtcp-mux-only" },
                              Row{ "a=end-of-candidates\r\n", "a=end-of-candidates" });
    INFO(row.said);
    const auto once = there_and_back(offer(row.said));
    INFO(once);
    CHECK(has(once, row.back));
    CHECK(there_and_back(once) == once);
}

TEST_CASE("raw UDP: the next port for RTCP is not said", "[jingle][translate]")
{
    const auto text = there_and_back(offer("a=rtcp:5005\r\n"));
    CHECK_FALSE(has(text, "a=rtcp:5005"));
    CHECK_FALSE(has(text, "a=rtcp-mux"));
}

TEST_CASE("raw UDP: a bundle does not multiplex what has a port for RTCP", "[jingle][translate]")
{
    const auto once = there_and_back(offer("a=rtcp:9\r\n", "a=group:BUNDLE 0\r\n"));
    CHECK(has(once, "a=rtcp:9"));
    CHECK_FALSE(has(once, "a=rtcp-mux"));
    CHECK(there_and_back(once) == once);
}

TEST_CASE("raw UDP: what has no place is named", "[jingle][translate]")
{
    const auto candidate = [](const std::string& rest) {
        return "<candidate generation='0' id='a' ip='192.0.2.2' " + rest + "/>";
    };
    const auto initiate = [](const std::string& mux, const std::string& candidates) {
        return "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='a'>"
               "<content creator='initiator' name='0'>"
               "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
               "<payload-type id='0' name='PCMU' clockrate='8000'/>"
            + mux + "</description><transport xmlns='urn:xmpp:jingle:transports:raw-udp:1'>" + candidates
            + "</transport></content></jingle>";
    };
    const auto rtp = candidate("component='1' port='5004'");
    Leg leg;
    SECTION("RTCP that is multiplexed")
    {
        const auto text = leg.to_text(initiate("<rtcp-mux/>", rtp + candidate("component='2' port='5005'")),
                                      Role::initiator);
        CHECK_FALSE(has(text, "a=rtcp:5005"));
        REQUIRE(leg.notes.size() == 1);
        CHECK(leg.notes[0].loss == Loss::component_muxed);
    }
    SECTION("a second address, a third component")
    {
        (void)leg.to_text(initiate({}, rtp + rtp + candidate("component='3' port='5006'")), Role::initiator);
        REQUIRE(leg.notes.size() == 2);
        CHECK(leg.notes[0].loss == Loss::candidate_unusable);
        CHECK(leg.notes[1].loss == Loss::candidate_unusable);
    }
}
