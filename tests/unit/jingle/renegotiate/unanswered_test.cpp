#include <catch2/catch.hpp>

#include "unit/jingle/renegotiate/requests.hpp"

using namespace peers;
using sample::replaced;
using namespace std::chrono_literals;

TEST_CASE("renegotiation: an error to a content-add takes back that content alone", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::one);
    auto offer = replaced(sample::two, "a=mid:0\r\na=extmap:1 urn:one\r\na=sendrecv",
                          "a=mid:0\r\na=extmap:1 urn:one\r\na=recvonly");
    pair.offer(Role::initiator, offer);
    CHECK(pair.initiator.actions() == "content-add");
    pair.initiator.take(pair.initiator.state->replied(Reply::error, pair.now));
    CHECK(pair.initiator.actions() == "content-add content-modify");
    pair.initiator.take(pair.initiator.state->replied(Reply::result, pair.now));
    CHECK(pair.initiator.rolled_back.empty());
    CHECK(pair.initiator.state->is_stable());
    CHECK(pair.initiator.shown_answer.find("a=sendonly") != std::string::npos);
    CHECK(pair.initiator.shown_answer.find("m=video 0 ") != std::string::npos);
}

TEST_CASE("renegotiation: a page that never answers is rolled back in time", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::one);
    auto& party = pair.responder;

    SECTION("a new content is refused after a minute")
    {
        give(party, jingle_xml("content-add", video_content("1") + bundle_of_two), pair.now);
        party.take(party.state->time_passed(pair.now + window));
        REQUIRE_FALSE(party.shown_offer.empty());
        REQUIRE(party.state->deadline() == pair.now + window + human_answer_limit);
        CHECK(party.state->time_passed(*party.state->deadline() - 1ms).empty());
        party.take(party.state->time_passed(*party.state->deadline()));
        CHECK_FALSE(party.rolled_back.empty());
        CHECK(party.actions() == "content-reject");
        party.take(party.state->replied(Reply::result, pair.now + 62s));
        CHECK(party.state->is_stable());
        CHECK_FALSE(party.state->deadline());
        CHECK(party.state->own_answer(sdp::Description{}, pair.now + 62s).empty());
    }
    SECTION("a direction goes with the next offer")
    {
        give(party, jingle_xml("content-modify", content("0", "initiator")), pair.now);
        party.take(party.state->time_passed(pair.now + window));
        REQUIRE(party.state->deadline() == pair.now + window + answer_limit);
        party.take(party.state->time_passed(*party.state->deadline()));
        CHECK_FALSE(party.rolled_back.empty());
        CHECK(party.sent.empty());
        party.shown_offer.clear();
        give(party, jingle_xml("content-add", video_content("1") + bundle_of_two), pair.now + 30s);
        party.take(party.state->time_passed(pair.now + 30s + window));
        CHECK(party.shown_offer.find("a=sendonly") != std::string::npos);
        CHECK(party.shown_offer.find("m=video 9") != std::string::npos);
    }
    SECTION("hold is shown again")
    {
        const auto info = [](const std::string& kind) {
            return jingle_xml("session-info", "<" + kind + " xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>");
        };
        give(party, info("hold"), pair.now);
        party.take(party.state->time_passed(pair.now + window));
        party.take(party.state->time_passed(*party.state->deadline()));
        CHECK_FALSE(party.rolled_back.empty());
        party.shown_offer.clear();
        give(party, info("hold"), pair.now + 30s);
        party.take(party.state->time_passed(pair.now + 30s + window));
        CHECK(party.shown_offer.find("a=sendonly") != std::string::npos);
    }
}

namespace {

std::string replacing(const std::string& transport)
{
    return jingle_xml("transport-replace", content("0", "", transport));
}

std::string new_transport(const std::string& ns)
{
    return "<transport xmlns='" + ns + "' ufrag='zzzz' pwd='zzzzzzzzzzzzzzzzzzzzzzzz'/>";
}

}  // namespace

TEST_CASE("renegotiation: a transport-replace with new ICE credentials is a restart", "[jingle][renegotiate]")
{
    const std::string ns = GENERATE(as<std::string>{}, "urn:xmpp:jingle:transports:ice-udp:1",
                                    "urn:xmpp:jingle:transports:ice:0");
    auto pair = pair_of(sample::one);
    auto& party = pair.responder;
    CHECK_FALSE(give(party, replacing(new_transport(ns)), pair.now).empty());
    CHECK_FALSE(party.refused);
    party.take(party.state->time_passed(pair.now + window));
    CHECK(party.shown_offer.find("a=ice-ufrag:zzzz") != std::string::npos);

    SECTION("accepted")
    {
        pair.answer(Role::responder, replaced(sample::answered(sample::one), "bbbb", "yyyy"));
        CHECK(party.actions() == "transport-accept");
        REQUIRE_FALSE(party.sent.empty());
        CHECK(party.sent[0].find(ns) != std::string::npos);
        CHECK(party.sent[0].find("ufrag='yyyy'") != std::string::npos);
    }
    SECTION("not answered")
    {
        party.take(party.state->time_passed(*party.state->deadline()));
        CHECK(party.actions() == "transport-reject");
        CHECK(party.state->is_stable());
    }
}

TEST_CASE("renegotiation: any other transport-replace is rejected", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::one);
    auto& party = pair.responder;
    SECTION("another transport")
    {
        give(party, replacing("<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='x'/>"), pair.now);
        CHECK_FALSE(party.refused);
        CHECK(party.actions() == "transport-reject");
    }
    SECTION("the credentials that are there")
    {
        give(party,
             replacing("<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='aaaa' "
                       "pwd='aaaaaaaaaaaaaaaaaaaaaaaa'/>"),
             pair.now);
        CHECK(party.actions() == "transport-reject");
    }
    SECTION("of a content that is not there")
    {
        give(party,
             jingle_xml("transport-replace",
                        content("9", "", new_transport("urn:xmpp:jingle:transports:ice-udp:1"))),
             pair.now);
        CHECK(party.refused == Refusal::unknown_content);
        CHECK(party.sent.empty());
    }
    CHECK(party.state->is_stable());
    CHECK(party.shown_offer.empty());
}

TEST_CASE("renegotiation: a content-modify of a content-add that is open is acknowledged and shown after it",
          "[jingle][renegotiate]")
{
    // Conversations: video one way is offered, it asks for both and accepts then.
    auto pair = pair_of(sample::one);
    auto& party = pair.initiator;
    const auto video = replaced(sample::video(), "a=sendrecv", "a=sendonly");
    pair.offer(Role::initiator, sample::session("0 1") + sample::audio() + video);
    party.take(party.state->replied(Reply::result, pair.now));
    REQUIRE(party.sent[0].find("senders='initiator'") != std::string::npos);

    give(party, jingle_xml("content-modify", content("1", "both")), pair.now);
    CHECK_FALSE(party.refused);
    CHECK(party.shown_answer.empty());
    give(party, jingle_xml("content-accept", replaced(video_content("1", "both"), "actpass", "active")),
         pair.now);
    CHECK_FALSE(party.refused);
    CHECK(party.shown_answer.find("a=recvonly") != std::string::npos);
    party.take(party.state->time_passed(pair.now + window));
    CHECK(party.shown_offer.find("m=video 9") != std::string::npos);
    CHECK(party.shown_offer.find("a=recvonly") == std::string::npos);
}
