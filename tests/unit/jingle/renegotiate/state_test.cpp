#include <catch2/catch.hpp>

#include "unit/jingle/renegotiate/requests.hpp"

using namespace peers;
using sample::replaced;
using namespace std::chrono_literals;

TEST_CASE("renegotiation: nothing new is answered out of what was said last", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::two);
    pair.offer(Role::initiator, replaced(sample::two, "o=- 1 1", "o=- 1 2"));
    CHECK(pair.initiator.sent.empty());
    CHECK(pair.initiator.shown_answer.find("a=setup:active") != std::string::npos);
    CHECK(pair.initiator.state->is_stable());
}

TEST_CASE("renegotiation: the next request waits for the result of the one before", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::two);
    pair.offer(Role::initiator, replaced(sample::two, "a=sendrecv", "a=sendonly"));
    CHECK(pair.initiator.sent.size() == 1);
    pair.initiator.take(pair.initiator.state->replied(Reply::error, pair.now));  // no hold here: never mind
    CHECK(pair.initiator.sent.size() == 2);
    pair.initiator.take(pair.initiator.state->replied(Reply::result, pair.now));
    CHECK(pair.initiator.actions() == "session-info content-modify content-modify");
    CHECK(pair.initiator.shown_answer.empty());
    pair.initiator.take(pair.initiator.state->replied(Reply::result, pair.now));
    CHECK(pair.initiator.shown_answer.find("a=recvonly") != std::string::npos);
}

TEST_CASE("renegotiation: the requests of each difference", "[jingle][renegotiate]")
{
    struct Row {
        const char* what;
        std::string before;
        std::string after;
        Options options;
        const char* actions;
    };
    const auto gone = replaced(sample::two, "m=video 9", "m=video 0");
    Options removing;
    removing.removal = jingle::Removal::remove;
    Options remaking;
    remaking.extension = jingle::Extension::remake;
    Options ignoring;
    ignoring.extension = jingle::Extension::ignore;
    const auto extended = replaced(sample::two, "SAVPF 111 0", "SAVPF 111 0 8");
    const auto row = GENERATE_COPY(values<Row>({
        { "stopped", sample::two, gone, {}, "content-modify" },
        { "stopped, for who knows", sample::two, gone, removing, "content-remove" },
        { "added", sample::one, sample::two, {}, "content-add" },
        { "came back", gone, sample::two, {}, "content-add" },
        { "recycled", gone, replaced(sample::two, "a=mid:1", "a=mid:2"), {}, "content-add" },
        { "remade", sample::two, replaced(sample::two, "VP8", "VP9"), removing,
          "content-remove content-add" },
        { "extended", sample::two, extended, {}, "description-info" },
        { "extended, remade", sample::two, extended, remaking, "content-modify content-add" },
        { "extended, ignored", sample::two, extended, ignoring, "" },
        { "sources", sample::two, replaced(sample::two, "a=ssrc:2 ", "a=ssrc:3 "), {}, "description-info" },
        { "restart, one content", sample::two, replaced(sample::two, "aaaa", "cccc"), {}, "transport-info" },
    }));
    CAPTURE(row.what);
    auto pair = pair_of(row.before, row.options);
    pair.offer(Role::initiator, row.after);
    pair.settle();
    CAPTURE(pair.initiator.rolled_back);
    CHECK(pair.initiator.actions() == row.actions);
}

TEST_CASE("renegotiation: a content that is made anew has a name that was never used",
          "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::two);
    pair.offer(Role::initiator, replaced(sample::two, "VP8", "VP9"));
    pair.settle();
    REQUIRE(pair.initiator.sent.size() == 2);
    CHECK(pair.initiator.sent[0].find("name='1' senders='none'") != std::string::npos);
    CHECK(pair.initiator.sent[1].find("name='1-2'") != std::string::npos);
    CHECK(pair.initiator.sent[1].find("setup='actpass'") != std::string::npos);
}

TEST_CASE("renegotiation: offers that cannot be followed are rolled back", "[jingle][renegotiate]")
{
    struct Row {
        const char* from;
        const char* to;
    };
    const auto row = GENERATE(values<Row>({
        { "ufrag:aaaa", "ufrag:cccc" },
        { "aaaa", "bbbb" },
        { "52:2B", "00:00" },
    }));
    auto pair = pair_of(sample::two);
    pair.offer(Role::initiator, replaced(sample::two, row.from, row.to));
    CHECK_FALSE(pair.initiator.rolled_back.empty());
    CHECK(pair.initiator.sent.empty());
    CHECK(pair.initiator.state->is_stable());
}

TEST_CASE("renegotiation: another certificate needs a peer that takes it", "[jingle][renegotiate]")
{
    const auto next = replaced(replaced(sample::two, "aaaa", "cccc"), "52:2B", "00:00");
    auto refusing = pair_of(sample::two);
    refusing.offer(Role::initiator, next);
    CHECK(refusing.initiator.rolled_back.find("certificate") != std::string::npos);

    Options options;
    options.association = jingle::Association::restart;
    auto pair = pair_of(sample::two, options);
    pair.offer(Role::initiator, next);
    pair.settle();
    REQUIRE(pair.initiator.sent.size() == 1);
    CHECK(pair.initiator.sent[0].find("00:00:27") != std::string::npos);
    CHECK(pair.responder.shown_offer.find("00:00:27") != std::string::npos);
}

TEST_CASE("renegotiation: the last m-line that goes ends the session", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::one);
    pair.offer(Role::initiator, replaced(sample::one, "m=audio 9", "m=audio 0"));
    CHECK(pair.initiator.ended == jingle::Condition::success);

    auto other = pair_of(sample::one);
    other.initiator.outbox.push_back(jingle_xml("content-remove", content("0")));
    other.settle();
    CHECK(other.responder.ended == jingle::Condition::success);
}

TEST_CASE("renegotiation: a rejected content is port 0 in the answer", "[jingle][renegotiate]")
{
    const auto by = GENERATE(Role::initiator, Role::responder);
    auto pair = pair_of(sample::one);
    const auto offer = by == Role::initiator
        ? sample::two
        : replaced(sample::answered(sample::two), "setup:active", "setup:actpass");
    const auto answer = by == Role::initiator ? sample::answered(sample::two) : sample::two;
    pair.offer(by, offer);
    pair.settle();
    auto rejecting = replaced(answer, "m=video 9", "m=video 0");
    rejecting = replaced(rejecting, "BUNDLE 0 1", "BUNDLE 0");
    pair.answer(jingle::other(by), rejecting);
    pair.settle();
    CHECK(pair.other_of(by).actions() == "content-reject");
    CHECK(pair.of(by).shown_answer.find("m=video 0") != std::string::npos);
    CHECK(pair.of(by).state->is_stable());
}

TEST_CASE("renegotiation: a narrower answer accepts as offered, then modifies", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::one);
    pair.offer(Role::initiator, sample::two);
    pair.settle();
    auto narrow = sample::answered(sample::one)
        + replaced(sample::answered(sample::video()), "a=sendrecv", "a=recvonly");
    narrow = replaced(narrow, "BUNDLE 0", "BUNDLE 0 1");
    pair.answer(Role::responder, narrow);
    pair.settle();
    CHECK(pair.responder.actions() == "content-accept content-modify");
    CHECK(pair.responder.sent[0].find("senders") == std::string::npos);
    CHECK(pair.responder.sent[1].find("senders='initiator'") != std::string::npos);
}

TEST_CASE("renegotiation: actions within the window are one offer", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::two);
    auto& party = pair.responder;
    give(party, jingle_xml("content-modify", content("0", "initiator")), pair.now);
    CHECK(party.state->deadline() == pair.now + window);
    give(party, jingle_xml("content-modify", content("1", "none")), pair.now + 20ms);
    party.take(party.state->time_passed(pair.now + 49ms));
    CHECK(party.shown_offer.empty());
    party.take(party.state->time_passed(pair.now + 50ms));
    CHECK(party.shown_offer.find("a=sendonly") != std::string::npos);
    CHECK(party.shown_offer.find("a=inactive") != std::string::npos);
    CHECK(party.shown_offer.find("a=setup:actpass") != std::string::npos);
}

TEST_CASE("renegotiation: a description-info waits for the next offer", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::two);
    auto& party = pair.responder;
    const std::string sources
        = "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'><source "
          "xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='77'><parameter name='cname' value='z'/></source>"
          "</description>";
    give(party, jingle_xml("description-info", content("1", "", sources)), pair.now);
    CHECK_FALSE(party.state->deadline());
    give(party, jingle_xml("content-modify", content("0", "initiator")), pair.now);
    party.take(party.state->time_passed(pair.now + 50ms));
    CHECK(party.shown_offer.find("a=ssrc:77 cname:z") != std::string::npos);
    CHECK(party.shown_offer.find("a=rtpmap:96 VP8/90000") != std::string::npos);
}

TEST_CASE("renegotiation: requests that are refused", "[jingle][renegotiate]")
{
    struct Row {
        const char* what;
        std::string xml;
        Refusal why;
    };
    const std::string no_transport = "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'";
    const auto row = GENERATE_COPY(values<Row>({
        { "unknown content", jingle_xml("content-modify", content("9", "both")), Refusal::unknown_content },
        { "known name", jingle_xml("content-add", video_content("1")), Refusal::bad_request },
        { "accept of nothing", jingle_xml("content-accept", video_content("1")), Refusal::out_of_order },
        { "reject of nothing", jingle_xml("content-reject", content("1")), Refusal::out_of_order },
        { "another fingerprint",
          jingle_xml("transport-info",
                     content("0", "",
                             no_transport
                                 + " ufrag='aaaa' pwd='aaaaaaaaaaaaaaaaaaaaaaaa'><fingerprint "
                                   "xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1' setup='active'>"
                                   "00:00:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8</fingerprint>"
                                   "</transport>")),
          Refusal::security },
    }));
    CAPTURE(row.what);
    auto pair = pair_of(sample::two);
    const auto actions = give(pair.responder, row.xml, pair.now);
    REQUIRE(actions.size() == 1);
    CHECK(pair.responder.refused == row.why);
}

TEST_CASE("renegotiation: the initiator's stands when both do the same", "[jingle][renegotiate]")
{
    const auto add = jingle_xml("content-add", video_content("x", "", "responder") + bundle_of_two);
    auto pair = pair_of(sample::one);
    pair.offer(Role::initiator, sample::two);
    give(pair.initiator, add, pair.now);
    CHECK(pair.initiator.refused == Refusal::tie_break);
    CHECK(pair.initiator.rolled_back.empty());

    auto theirs = pair_of(sample::one);
    theirs.offer(Role::responder, replaced(sample::answered(sample::two), "setup:active", "setup:actpass"));
    give(theirs.responder, jingle_xml("content-add", video_content("x") + bundle_of_two), theirs.now);
    CHECK_FALSE(theirs.responder.refused);
    CHECK_FALSE(theirs.responder.rolled_back.empty());

    auto told = pair_of(sample::one);
    told.offer(Role::responder, replaced(sample::answered(sample::two), "setup:active", "setup:actpass"));
    told.responder.take(told.responder.state->replied(Reply::tie_break, told.now));
    CHECK_FALSE(told.responder.rolled_back.empty());
    CHECK(told.responder.state->is_stable());
}

TEST_CASE("renegotiation: an offer against an offer: the initiator is the impolite side",
          "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::two);
    give(pair.responder, jingle_xml("content-modify", content("0", "initiator")), pair.now);
    pair.responder.take(pair.responder.state->time_passed(pair.now + 50ms));
    REQUIRE_FALSE(pair.responder.shown_offer.empty());
    pair.offer(Role::responder, replaced(sample::answered(sample::two), "a=sendrecv", "a=recvonly"));
    CHECK_FALSE(pair.responder.rolled_back.empty());

    auto other = pair_of(sample::two);
    give(other.initiator, jingle_xml("content-modify", content("0", "responder")), other.now);
    other.initiator.take(other.initiator.state->time_passed(other.now + 50ms));
    REQUIRE_FALSE(other.initiator.shown_offer.empty());
    other.offer(Role::initiator, replaced(sample::two, "a=ssrc:2 ", "a=ssrc:3 "));
    CHECK(other.initiator.rolled_back.empty());
    other.initiator.shown_offer.clear();
    other.initiator.take(other.initiator.state->replied(Reply::result, other.now + 60ms));
    // What theirs wanted is in the answer already.
    CHECK(other.initiator.shown_answer.find("a=sendonly") != std::string::npos);
}

TEST_CASE("renegotiation: an answer that does not come is given up after 20 seconds", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::one);
    pair.offer(Role::initiator, sample::two);
    pair.initiator.take(pair.initiator.state->replied(Reply::result, pair.now));
    const auto deadline = pair.initiator.state->deadline();
    REQUIRE(deadline == pair.now + answer_limit);
    CHECK(pair.initiator.state->time_passed(*deadline - 1ms).empty());
    pair.initiator.take(pair.initiator.state->time_passed(*deadline));
    CHECK_FALSE(pair.initiator.rolled_back.empty());
    CHECK(pair.initiator.actions() == "content-add content-remove");
    pair.initiator.take(pair.initiator.state->replied(Reply::result, pair.now));
    CHECK(pair.initiator.state->is_stable());
    pair.offer(Role::initiator, sample::two);  // and again
    CHECK(pair.initiator.actions() == "content-add");
}

TEST_CASE("renegotiation: a direction that was sent is taken back by the contrary one",
          "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::one);
    auto both = replaced(sample::two, "a=mid:0\r\na=extmap:1 urn:one\r\na=sendrecv",
                         "a=mid:0\r\na=extmap:1 urn:one\r\na=recvonly");
    pair.offer(Role::initiator, both);
    pair.initiator.take(pair.initiator.state->replied(Reply::result, pair.now));
    pair.initiator.take(pair.initiator.state->replied(Reply::result, pair.now));
    CHECK(pair.initiator.actions() == "content-add content-modify");
    pair.initiator.take(pair.initiator.state->own_rollback(pair.now));
    pair.initiator.take(pair.initiator.state->replied(Reply::result, pair.now));
    CHECK(pair.initiator.actions() == "content-add content-modify content-modify content-remove");
    CHECK(pair.initiator.sent[2].find("senders='both'") != std::string::npos);
}

TEST_CASE("renegotiation: a session that is unknown there ends without a word", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::one);
    pair.offer(Role::initiator, sample::two);
    const auto actions = pair.initiator.state->replied(Reply::unknown_session, pair.now);
    REQUIRE(actions.size() == 1);
    CHECK(std::get<End>(actions[0]).tell == Tell::no);
}

TEST_CASE("renegotiation: limits", "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::two);

    SECTION("16 requests wait")
    {
        for (std::size_t i = 0; i < max_queued; ++i) {
            give(pair.responder, jingle_xml("content-modify", content("0", i % 2 == 0 ? "both" : "none")),
                 pair.now);
            CHECK_FALSE(pair.responder.refused);
        }
        give(pair.responder, jingle_xml("content-modify", content("0", "both")), pair.now);
        CHECK(pair.responder.refused == Refusal::too_many);
    }
    SECTION("4 contents are open")
    {
        for (std::size_t i = 0; i < max_open_adds; ++i) {
            give(pair.responder, jingle_xml("content-add", video_content("n" + std::to_string(i))), pair.now);
            CHECK_FALSE(pair.responder.refused);
        }
        give(pair.responder, jingle_xml("content-add", video_content("n9")), pair.now);
        CHECK(pair.responder.refused == Refusal::too_many);
    }
    SECTION("4 new m-lines in one offer")
    {
        auto offer = sample::two;
        for (auto i = 2; i < 7; ++i)
            offer += sample::video(std::to_string(i));
        pair.offer(Role::initiator, offer);
        CHECK_FALSE(pair.initiator.rolled_back.empty());
        CHECK(pair.initiator.sent.empty());
    }
    SECTION("20 rounds in a minute")
    {
        for (std::size_t i = 0; i < max_rounds; ++i) {
            pair.offer(Role::initiator, sample::two);
            CHECK(pair.initiator.rolled_back.empty());
        }
        give(pair.initiator, jingle_xml("content-modify", content("0", "none")), pair.now);
        CHECK(pair.initiator.refused == Refusal::too_many);
        pair.offer(Role::initiator, sample::two);
        CHECK_FALSE(pair.initiator.rolled_back.empty());
        pair.initiator.rolled_back.clear();
        pair.now += 1min;
        pair.offer(Role::initiator, sample::two);
        CHECK(pair.initiator.rolled_back.empty());
    }
}

TEST_CASE("renegotiation: a browser that would like another DTLS role keeps its own", "[jingle][renegotiate]")
{
    // Firefox called, Chromium answered active; Chromium restarts, and Firefox answers active as well.
    auto pair = pair_of(sample::two);
    auto restart = replaced(sample::answered(sample::two), "bbbb", "dddd");
    restart = replaced(restart, "setup:active", "setup:actpass");
    pair.offer(Role::responder, restart);
    pair.settle();
    auto answer = replaced(sample::two, "setup:actpass", "setup:active");
    answer = replaced(answer, "aaaa", "eeee");
    pair.answer(Role::initiator, answer);
    pair.settle();
    CHECK(pair.responder.shown_answer.find("a=ice-ufrag:eeee") != std::string::npos);
    CHECK(pair.responder.shown_answer.find("a=setup:passive") != std::string::npos);
    CHECK(pair.responder.shown_answer.find("a=setup:active") == std::string::npos);
}

TEST_CASE("renegotiation: who answers with another certificate has it told, and the roles are settled anew",
          "[jingle][renegotiate]")
{
    // A page was loaded anew and offers; the other one makes a new connection as well, and answers active.
    Options options;
    options.association = jingle::Association::restart;
    auto pair = pair_of(sample::two, options);
    auto offer = replaced(sample::answered(sample::two), "bbbb", "dddd");
    offer = replaced(replaced(offer, "setup:active", "setup:actpass"), "11:22", "33:44");
    pair.offer(Role::responder, offer);
    pair.settle();
    CHECK(pair.initiator.shown_offer.find("33:44:27") != std::string::npos);

    auto answer = replaced(replaced(sample::two, "setup:actpass", "setup:active"), "aaaa", "eeee");
    pair.answer(Role::initiator, replaced(answer, "52:2B", "55:66"));
    pair.settle();
    const auto& shown = pair.responder.shown_answer;
    CHECK(shown.find("a=ice-ufrag:eeee") != std::string::npos);
    CHECK(shown.find("55:66:27") != std::string::npos);
    CHECK(shown.find("52:2B:27") == std::string::npos);
    CHECK(shown.find("a=setup:active") != std::string::npos);
    CHECK(shown.find("a=setup:passive") == std::string::npos);
}

TEST_CASE("renegotiation: what both add is there once, when the polite side has taken its own back",
          "[jingle][renegotiate]")
{
    auto pair = pair_of(sample::one);
    auto theirs = replaced(sample::answered(sample::two), "setup:active", "setup:actpass");
    pair.offer(Role::responder, theirs);
    REQUIRE(pair.deliver(pair.responder, pair.initiator));  // acknowledged, and not shown yet
    pair.offer(Role::initiator, sample::two);
    pair.responder.take(pair.responder.state->own_rollback(pair.now));
    pair.settle();
    REQUIRE_FALSE(pair.responder.shown_offer.empty());
    pair.answer(Role::responder, sample::answered(sample::two));
    pair.settle();
    CHECK(pair.initiator.shown_answer.find("m=video 9") != std::string::npos);
    CHECK(pair.initiator.shown_offer.empty());
    CHECK(pair.initiator.state->is_stable());
}
