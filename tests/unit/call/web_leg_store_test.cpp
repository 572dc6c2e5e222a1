// A web leg that is written down and read back.

#include "unit/call/web_pair.hpp"
#include "unit/jingle/renegotiate/sample.hpp"

using namespace web;

namespace {

/// As after a restart of Carillon.
void restart(Page& page)
{
    const auto bytes = page.leg.write();
    auto again = WebLeg::read(bytes);
    REQUIRE(again);
    CHECK(again->write() == bytes);
    CHECK(again->snapshot() == page.leg.snapshot());
    page.leg = *std::move(again);
}

}  // namespace

TEST_CASE("web leg: a call goes on after it was written down and read back at any step", "[call][web]")
{
    Pair pair{ Ring::by_propose };
    const auto both = [&] {
        restart(pair.caller);
        restart(pair.callee);
    };
    both();
    pair.says(pair.caller, PageInvite{ "bob", "", { true, false }, {}, {} });
    both();
    pair.says(pair.callee, PageRinging{});
    both();
    CHECK(pair.caller.leg.snapshot().state == PageCall::State::ringing);
    pair.says(pair.callee, PageAccept{});
    both();
    REQUIRE_FALSE(pair.offers(pair.caller, sample::one));
    both();
    REQUIRE_FALSE(pair.answers(pair.callee, sample::answered(sample::one)));
    both();
    pair.says(pair.caller, PageInfo{ {}, { { "audio" } }, {} });
    CHECK(pair.callee.heard.back() == "call.info muted: audio");
    both();
    pair.says(pair.caller, PageInfo{ {}, { { "audio" } }, {} });  // it knows that it has said so
    CHECK(pair.callee.heard.back() == "call.info muted: audio");
    REQUIRE_FALSE(pair.offers(pair.caller, sample::two));
    REQUIRE_FALSE(pair.answers(pair.callee, sample::answered(sample::two)));
    CHECK(pair.caller.answer.find("m=video 9") != std::string::npos);
    both();
    CHECK(pair.caller.leg.snapshot().media == PageMedia{ true, true });
    pair.says(pair.callee,
              PageCandidates{ { { "candidate:1 1 udp 1 192.0.2.1 5000 typ host", "0", {}, "bbbb" } } });
    CHECK(pair.caller.heard.back() == "call.candidates bbbb");
    pair.says(pair.callee, PageHangup{});
    both();
    CHECK(pair.caller.leg.is_ended());
    CHECK(pair.callee.leg.is_ended());
}

TEST_CASE("web leg: the versions of the o= line go on counting after a restart", "[call][web]")
{
    const auto version = [](const std::string& sdp) {
        const auto at = sdp.find("o=- 4711 ") + 9;
        return std::stoi(sdp.substr(at, sdp.find(' ', at) - at));
    };
    Pair pair;
    pair.connect(sample::one, sample::answered(sample::one));
    CHECK(version(pair.caller.answer) == 1);
    REQUIRE_FALSE(pair.offers(pair.caller, sample::two));
    REQUIRE_FALSE(pair.answers(pair.callee, sample::answered(sample::two)));
    const auto before = version(pair.caller.answer);
    CHECK(before > 1);
    restart(pair.caller);
    REQUIRE_FALSE(pair.offers(pair.caller, sample::two));
    CHECK(version(pair.caller.answer) > before);
}

TEST_CASE("web leg: an offer in flight is not written down", "[call][web]")
{
    Pair pair;
    pair.connect(sample::one, sample::answered(sample::one));
    const auto before = pair.caller.leg.write();
    REQUIRE_FALSE(pair.offers(pair.caller, sample::two));
    auto again = WebLeg::read(pair.caller.leg.write());
    REQUIRE(again);
    CHECK(again->snapshot().media == PageMedia{ true, false });
}

TEST_CASE("web leg: an answer that the page may not have got is said again", "[call][web]")
{
    Pair pair{ GENERATE(Ring::by_offer, Ring::by_propose) };
    pair.connect(sample::one, sample::answered(sample::one));
    const auto answer = pair.caller.answer;
    REQUIRE_FALSE(answer.empty());
    const auto missed = [&](Page& page) {
        restart(page);
        page.heard.clear();
        page.answer.clear();
        auto turn = pair.turn();
        page.leg.missed(turn);
        pair.take(page, turn);
        pair.settle();
        return page.heard;
    };
    CHECK(missed(pair.caller) == std::vector<std::string>{ "call.answer", "call.info unhold muted:" });
    CHECK(pair.caller.answer == answer);
    CHECK(missed(pair.callee) == std::vector<std::string>{ "call.info unhold muted:" });
    CHECK(missed(pair.caller).front() == "call.answer");  // it may have missed that too

    SECTION("until the page shows that it has it")
    {
        REQUIRE_FALSE(pair.says(pair.caller, PageInfo{ true, { { "audio" } }, {} }));
        CHECK(missed(pair.caller) == std::vector<std::string>{ "call.info unhold muted:" });
        CHECK(missed(pair.callee) == std::vector<std::string>{ "call.info hold muted: audio" });
    }
    SECTION("or offers")
    {
        REQUIRE_FALSE(pair.offers(pair.caller, sample::two));
        REQUIRE_FALSE(pair.answers(pair.callee, sample::answered(sample::two)));
        CHECK(missed(pair.caller) == std::vector<std::string>{ "call.info unhold muted:" });
    }
}

TEST_CASE("web leg: taking a call may be said again", "[call][web]")
{
    Pair pair{ GENERATE(Ring::by_offer, Ring::by_propose) };
    REQUIRE_FALSE(pair.says(pair.caller, PageInvite{ "b", "", { true, false }, {}, sample::one }));
    const auto answer = sample::answered(sample::one);
    const bool by_offer = pair.ring == Ring::by_offer;
    const PageAccept accept{ by_offer ? std::optional{ answer } : std::nullopt };
    REQUIRE_FALSE(pair.says(pair.callee, accept));
    CHECK_FALSE(pair.says(pair.callee, accept));
    if (!by_offer)
        REQUIRE_FALSE(pair.answers(pair.callee, answer));
    restart(pair.callee);
    const auto before = pair.log.size();
    CHECK_FALSE(pair.says(pair.callee, accept));
    CHECK(pair.log.size() == before);
    CHECK(pair.says(pair.callee, PageAccept{ by_offer ? std::nullopt : std::optional{ answer } }));
    CHECK(pair.callee.leg.state() == WebLeg::State::active);
}

TEST_CASE("web leg: the bytes of version 1 are read", "[call][web]")
{
    Pair pair;
    pair.connect(sample::one, sample::answered(sample::one));
    const auto bytes = pair.callee.leg.write();
    const auto old = "W\1" + bytes.substr(2, bytes.size() - 3);
    const auto read = WebLeg::read(old);
    REQUIRE(read);
    CHECK(read->write() == bytes);
    CHECK_FALSE(WebLeg::read("W\1" + bytes.substr(2)));
}

TEST_CASE("web leg: bytes that are none are refused", "[call][web]")
{
    Pair pair;
    pair.connect(sample::two, sample::answered(sample::two));
    const auto bytes = pair.caller.leg.write();
    for (std::size_t size = 0; size < bytes.size(); size += size < 200 ? 1 : 37)
        CHECK_FALSE(WebLeg::read(std::string_view{ bytes }.substr(0, size)));
    CHECK_FALSE(WebLeg::read(bytes + "x"));
    for (std::size_t at = 0; at < bytes.size(); at += 3)
        for (const char value : { '\0', '\x7F', '\xFF' }) {
            auto changed = bytes;
            changed[at] = value;
            if (auto leg = WebLeg::read(changed)) {  // whatever it is, it stands and can be ended
                WebTurn turn{ pair.arena, pair.now, {} };
                (void)leg->says(PageHangup{}, turn);
                leg->pass_time(turn);
            }
        }
}
