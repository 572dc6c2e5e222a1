// Pages that were loaded anew, and pages that missed something, in a running call.

#include "unit/call/web_rounds.hpp"

using namespace web;

namespace {

/// Another peer connection offers: other credentials, another certificate.
std::string renewed(const std::string& text)
{
    auto out = sample::replaced(restarted(text), "52:2B", "77:88");
    return sample::replaced(sample::replaced(out, "11:22", "33:44"), "setup:active", "setup:actpass");
}

std::string renewed_answer(const std::string& text)
{
    return sample::replaced(renewed(text), "actpass", "active");
}

void come_back(Pair& pair, Page& page, void (WebLeg::*how)(WebTurn&))
{
    page.heard.clear();
    page.offer.clear();
    auto turn = pair.turn();
    (page.leg.*how)(turn);
    pair.take(page, turn);
    pair.settle();
}

void reload(Pair& pair, Page& page)
{
    come_back(pair, page, &WebLeg::reloaded);
}

bool has(const std::string& text, std::string_view what)
{
    return text.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("web leg: a page that was loaded anew goes on with a new connection", "[call][web]")
{
    auto pair = connected(both);
    reload(pair, pair.caller);
    CHECK(pair.caller.leg.snapshot().state == PageCall::State::active);
    const auto anew = renewed(both);
    SECTION("the other side takes it")
    {
        REQUIRE_FALSE(pair.offers(pair.caller, anew));
        CAPTURE(pair.all());
        CHECK(pair.callee.offer.find("77:88") != std::string::npos);
        CHECK(pair.callee.offer.find("a=ice-ufrag:cccc") != std::string::npos);
        REQUIRE_FALSE(pair.answers(pair.callee, restarted(sample::answered(both))));
        REQUIRE_FALSE(pair.says(pair.callee, PageCandidates{ { candidate("0", "dddd") } }));
        CHECK(pair.caller.answer.find("a=ice-ufrag:dddd") != std::string::npos);
        CHECK(pair.caller.answer.find("a=setup:active") != std::string::npos);
    }
    SECTION("it never offers")
    {
        pair.now += page_answer_limit;
        pair.settle();
        CHECK(pair.caller.heard.back() == "call.hangup gone");
        CHECK(pair.callee.heard.back() == "call.hangup gone");
    }
    check_answers(pair);
}

TEST_CASE("web leg: the offer that a page may not have got is said again", "[call][web]")
{
    auto pair = connected(both);
    reload(pair, pair.callee);
    REQUIRE_FALSE(pair.offers(pair.callee, renewed(sample::answered(both))));
    const auto shown = pair.caller.offer;
    REQUIRE(has(shown, "33:44"));
    come_back(pair, pair.caller, &WebLeg::missed);
    CHECK(pair.caller.offer == shown);
    REQUIRE_FALSE(pair.answers(pair.caller, sample::replaced(restarted(both), "actpass", "active")));
    REQUIRE_FALSE(pair.says(pair.caller, PageCandidates{ { candidate("0", "cccc") } }));
    CHECK(has(pair.callee.answer, "a=ice-ufrag:cccc"));
    come_back(pair, pair.caller, &WebLeg::missed);
    CHECK(pair.caller.offer.empty());  // it has been answered
    check_answers(pair);
}

TEST_CASE("web leg: the offer of a new connection is not overruled by one of the old", "[call][web]")
{
    auto pair = connected(both);
    reload(pair, pair.callee);
    const auto shown = GENERATE(true, false);  // or about to be, within the window
    REQUIRE_FALSE(pair.offers(pair.callee, renewed(sample::answered(both)), shown));
    if (!shown)
        pair.run();
    const auto refused = pair.offers(pair.caller, restarted(both));
    REQUIRE(refused);
    CHECK(refused->code == PageError::Code::wrong_state);
    come_back(pair, pair.caller, &WebLeg::missed);
    REQUIRE(has(pair.caller.offer, "33:44"));
    REQUIRE_FALSE(pair.answers(pair.caller, sample::replaced(restarted(both), "actpass", "active")));
    REQUIRE_FALSE(pair.says(pair.caller, PageCandidates{ { candidate("0", "cccc") } }));
    CHECK(has(pair.callee.answer, "a=ice-ufrag:cccc"));
    check_answers(pair);
}

TEST_CASE("web leg: when both pages were loaded anew each offer answers the other", "[call][web]")
{
    auto pair = connected(both);
    auto& first = GENERATE(true, false) ? pair.caller : pair.callee;
    auto& second = pair.other(first);
    const auto of
        = [&](const Page& page) { return renewed(&page == &pair.caller ? both : sample::answered(both)); };
    const auto told_by = [&](const Page& page) { return &page == &pair.caller ? "77:88" : "33:44"; };
    reload(pair, first);
    REQUIRE_FALSE(pair.offers(first, of(first)));
    REQUIRE(has(second.offer, told_by(first)));
    reload(pair, second);
    REQUIRE_FALSE(pair.offers(second, of(second)));
    CAPTURE(pair.all());
    CHECK(has(second.answer, told_by(first)));
    CHECK(has(first.answer, told_by(second)));
    // One of them is the DTLS client.
    CHECK(has(first.answer, "setup:active") != has(second.answer, "setup:active"));
    CHECK(has(first.answer, "setup:passive") != has(second.answer, "setup:passive"));
    CHECK(first.rollbacks + second.rollbacks == 0);
    CHECK(second.offer.empty());  // not shown again: it is answered
    check_answers(pair);
    // And the call can be changed.
    REQUIRE_FALSE(
        pair.says(first, PageCandidates{ { candidate("0", &first == &pair.caller ? "cccc" : "dddd") } }));
    CHECK(second.heard.back().starts_with("call.candidates"));
}

TEST_CASE("web leg: what the other side wants while a page is loaded anew waits for its offer", "[call][web]")
{
    auto pair = connected();
    auto& page = GENERATE(true, false) ? pair.caller : pair.callee;
    auto& far = pair.other(page);
    const auto more = &far == &pair.caller ? both : offered_by_callee(both);
    const auto one = &page == &pair.caller ? sample::one : sample::answered(sample::one);
    SECTION("it was shown to the page that is gone")
    {
        REQUIRE_FALSE(pair.offers(far, more));
        REQUIRE(live(page.offer) == "m=audio m=video ");
        reload(pair, page);
    }
    SECTION("it comes before the new page has offered")
    {
        reload(pair, page);
        REQUIRE_FALSE(pair.says(far, PageInfo{ true, {}, {} }));
        REQUIRE_FALSE(pair.offers(far, more));
        CHECK(page.offer.empty());
    }
    SECTION("Carillon restarts meanwhile")
    {
        reload(pair, page);
        page.leg = *WebLeg::read(page.leg.write());
        REQUIRE_FALSE(pair.offers(far, more));
        CHECK(page.offer.empty());
    }
    REQUIRE_FALSE(page.leg.is_ended());
    REQUIRE_FALSE(pair.offers(page, renewed(one)));
    CAPTURE(pair.all());
    // Each takes the new connection, and then what waited.
    const auto answer = [&](Page& by) {
        const auto& offered = has(std::exchange(by.offer, {}), "m=video") ? both : sample::one;
        auto text = &by == &pair.caller ? sample::replaced(offered, "actpass", "active")
                                        : sample::answered(offered);
        CHECK_FALSE(pair.answers(by, &by == &page ? renewed_answer(text) : restarted(text)));
        (void)pair.says(by, PageCandidates{ { candidate("0", &by == &pair.caller ? "cccc" : "dddd") } });
    };
    for (auto round = 0; round < 4; ++round)
        for (auto* each : { &far, &page })
            if (!each->offer.empty())
                answer(*each);
    CHECK_FALSE(page.leg.is_ended());
    CHECK_FALSE(far.leg.is_ended());
    CHECK_FALSE(page.answer.empty());
    check_answers(pair);
}

TEST_CASE("web leg: when both pages restart ICE each offer answers the other", "[call][web]")
{
    auto pair = connected(both);
    const auto caller = restarted(both);
    const auto callee = restarted(offered_by_callee(both));
    REQUIRE_FALSE(pair.offers(pair.callee, callee, false));
    const auto shown = GENERATE(true, false);  // to the caller, or about to be, within the window
    if (shown)
        pair.settle();
    else
        pair.run();
    REQUIRE(pair.caller.offer.empty() != shown);
    REQUIRE_FALSE(pair.offers(pair.caller, caller));
    CAPTURE(pair.all());
    CHECK(has(pair.caller.answer, "a=ice-ufrag:dddd"));
    CHECK(has(pair.callee.answer, "a=ice-ufrag:cccc"));
    REQUIRE_FALSE(pair.says(pair.callee, PageCandidates{ { candidate("0", "dddd") } }));
    CHECK(pair.caller.heard.back() == "call.candidates dddd");
    REQUIRE_FALSE(pair.says(pair.caller, PageCandidates{ { candidate("0", "cccc") } }));
    CHECK(pair.callee.heard.back() == "call.candidates cccc");
    check_answers(pair);
    // Nothing is open: the call can be changed by either.
    REQUIRE_FALSE(pair.offers(pair.callee, sample::replaced(callee, "o=- 2 1", "o=- 2 2")));
    CHECK_FALSE(pair.callee.answer.empty());
    REQUIRE_FALSE(pair.offers(pair.caller, sample::replaced(caller, "o=- 1 1", "o=- 1 2")));
    CHECK_FALSE(pair.caller.answer.empty());
}
