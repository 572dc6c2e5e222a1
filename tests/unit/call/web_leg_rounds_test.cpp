// What two pages negotiate in a running call.

#include <iostream>

#include "unit/call/web_rounds.hpp"
#include "unit/jingle/documents.hpp"

using namespace web;

namespace {

struct Round {
    std::string folder;
    std::string name;
};

std::vector<Round> scenarios()
{
    std::vector<Round> all;
    for (const auto* folder : { "aiortc", "chromium", "firefox" })
        for (const auto& path : documents::files(std::string{ "corpus/" } + folder, "-2.offer.sdp")) {
            const auto file = path.filename().string();
            all.push_back(
                { folder, file.substr(0, file.size() - std::string_view{ "-2.offer.sdp" }.size()) });
        }
    return all;
}

std::filesystem::path path_of(const Round& scenario, int round, const std::string& kind)
{
    return std::filesystem::path{ TEST_DATA } / "corpus" / scenario.folder
        / (scenario.name + "-" + std::to_string(round) + "." + kind + ".sdp");
}

std::string session_id(const std::string& text)
{
    const auto start = text.find("o=");
    return lines::split(text.substr(start, text.find('\n', start) - start), ' ')[1];
}

/// The answer of the corpus with the m-lines that its browser did not have, since it recycles.
std::string fitted(const std::string& answer, const std::string& offer)
{
    auto out = lines::sections(answer);
    const auto offered = lines::sections(offer);
    for (std::size_t i = 1; i < offered.size(); ++i)
        if (out.size() < offered.size() && lines::is_rejected(offered[i]))
            out.insert(out.begin() + std::ptrdiff_t(i), offered[i]);
    std::string text;
    for (const auto& section : out)
        for (const auto& line : section)
            text += line + "\r\n";
    return text;
}

}  // namespace

TEST_CASE("web leg: every later round of the corpus goes from page to page", "[call][web]")
{
    int rounds = 0;
    int shown = 0;
    for (const auto& scenario : scenarios()) {
        Pair pair;
        const auto first = documents::slurp(path_of(scenario, 1, "offer"));
        const auto second = documents::slurp(path_of(scenario, 1, "answer"));
        pair.connect(first, second);
        for (auto round = 2; std::filesystem::exists(path_of(scenario, round, "offer")); ++round, ++rounds) {
            const auto offer = documents::slurp(path_of(scenario, round, "offer"));
            const auto answer = documents::slurp(path_of(scenario, round, "answer"));
            const auto by_callee
                = session_id(offer) == session_id(second) && session_id(first) != session_id(second);
            auto& writer = by_callee ? pair.callee : pair.caller;
            auto& reader = pair.other(writer);
            CAPTURE(scenario.folder, scenario.name, round, offer);
            REQUIRE_FALSE(pair.offers(writer, offer));
            CAPTURE(pair.all());
            if (!reader.offer.empty()) {
                ++shown;
                CHECK(live(offer) == live(reader.offer));
                REQUIRE_FALSE(pair.answers(reader, fitted(answer, reader.offer)));
                const auto mid = lines::sections(reader.offer);
                // With its first candidate goes the answer to an ICE restart.
                for (const auto& line : lines::split(answer, '\n'))
                    if (lines::has_prefix(line, "a=mid:")) {
                        const auto ufrag = answer.substr(answer.find("a=ice-ufrag:") + 12, 4);
                        auto one = candidate(line.substr(6), ufrag);
                        one.username_fragment.reset();
                        (void)pair.says(reader, PageCandidates{ { one } });
                        break;
                    }
            }
            CAPTURE(writer.heard, writer.answer, reader.offer);
            // A narrower answer to a content-add comes as an offer behind the answer.
            if (writer.leg.state() == WebLeg::State::active && !writer.answer.empty())
                CHECK(live(answer) == live(writer.answer));
            CHECK(!writer.answer.empty());
            if (writer.has_heard("negotiate offer")) {
                (void)pair.answers(writer, fitted(offer, writer.offer));
                writer.heard.clear();
            }
            check_answers(pair);
        }
        CHECK(pair.caller.leg.state() == WebLeg::State::active);
        CHECK(pair.callee.leg.state() == WebLeg::State::active);
    }
    std::cout << rounds << " later rounds of page to page, " << shown << " shown as an offer\n";
    CHECK(rounds > 30);
}

TEST_CASE("web leg: video is added and stopped", "[call][web]")
{
    auto pair = connected();
    REQUIRE_FALSE(pair.offers(pair.caller, both));
    CHECK(live(pair.callee.offer) == "m=audio m=video ");
    CHECK(pair.caller.answer.empty());
    REQUIRE_FALSE(pair.answers(pair.callee, sample::answered(both)));
    CHECK(live(pair.caller.answer) == "m=audio m=video ");
    CHECK(pair.caller.leg.snapshot().media == PageMedia{ true, true });
    CHECK(pair.callee.leg.snapshot().media == PageMedia{ true, true });
    const auto stopped = sample::session("0") + sample::audio()
        + sample::replaced(sample::video(), "m=video 9", "m=video 0");
    REQUIRE_FALSE(pair.offers(pair.caller, stopped));
    CHECK(live(pair.callee.offer) == "m=audio ");
    REQUIRE_FALSE(pair.answers(pair.callee, sample::answered(stopped)));
    CHECK(live(pair.caller.answer) == "m=audio ");
    CHECK(pair.callee.leg.snapshot().media == PageMedia{ true, false });
    check_answers(pair);
}

TEST_CASE("web leg: hold goes as session-info and as a direction", "[call][web]")
{
    auto pair = connected();
    const auto held = sample::replaced(sample::one, "a=sendrecv", "a=sendonly");
    pair.says(pair.caller, PageInfo{ true, {}, {} });
    CHECK(pair.callee.heard.front() == "call.info hold");
    CHECK(pair.callee.leg.snapshot().held);
    REQUIRE(pair.callee.has_heard("negotiate offer"));
    CHECK(pair.callee.offer.find("a=sendonly") != std::string::npos);
    REQUIRE_FALSE(
        pair.answers(pair.callee, sample::replaced(sample::answered(sample::one), "sendrecv", "recvonly")));
    REQUIRE_FALSE(pair.offers(pair.caller, held));
    CHECK_FALSE(pair.caller.answer.empty());
    pair.says(pair.caller, PageInfo{ false, {}, {} });
    CHECK(pair.callee.has_heard("call.info unhold"));
    CHECK_FALSE(pair.callee.leg.snapshot().held);
    check_answers(pair);
}

TEST_CASE("web leg: mute is told and changes no direction", "[call][web]")
{
    auto pair = connected(both);
    pair.says(pair.caller, PageInfo{ {}, { { "audio" } }, {} });
    pair.says(pair.caller, PageInfo{ {}, { { "audio" } }, {} });
    pair.says(pair.caller, PageInfo{ {}, { { "audio", "video" } }, {} });
    pair.says(pair.caller, PageInfo{ {}, { std::vector<std::string>{} }, {} });
    CHECK(pair.callee.heard
          == std::vector<std::string>{ "call.info muted: audio", "call.info muted: audio video",
                                       "call.info muted: video", "call.info muted:" });
    const auto refused = pair.says(pair.caller, PageInfo{ {}, {}, "12#" });
    REQUIRE(refused);
    CHECK(refused->code == PageError::Code::wrong_state);
    check_answers(pair);
}

TEST_CASE("web leg: ICE restarts, and candidates wait for their credentials", "[call][web]")
{
    auto pair = connected(both);
    // Before anything has been delivered: the candidates behind the offer are those of the new credentials.
    REQUIRE_FALSE(pair.offers(pair.caller, restarted(both), false));
    REQUIRE_FALSE(
        pair.says(pair.caller, PageCandidates{ { candidate("0", "cccc"), candidate("0", "aaaa") } }));
    CAPTURE(pair.all());
    CHECK(pair.callee.offer.find("a=ice-ufrag:cccc") != std::string::npos);
    CHECK(pair.callee.heard
          == std::vector<std::string>{ "call.candidates aaaa", "call.negotiate offer",
                                       "call.candidates cccc" });
    REQUIRE_FALSE(pair.answers(pair.callee, restarted(sample::answered(both))));
    CHECK(pair.caller.answer.empty());  // goes with the first candidate
    REQUIRE_FALSE(pair.says(pair.callee, PageCandidates{ { candidate("0", "dddd") } }));
    CHECK(pair.caller.answer.find("a=ice-ufrag:dddd") != std::string::npos);
    REQUIRE_FALSE(
        pair.says(pair.callee, PageCandidates{ { candidate("0", "dddd"), candidate("0", "bbbb") } }));
    CHECK(pair.caller.heard.back() == "call.candidates dddd");
    check_answers(pair);
}

TEST_CASE("web leg: both offer at once and the caller's stands", "[call][web]")
{
    SECTION("neither has heard of the other's")
    {
        auto pair = connected();
        REQUIRE_FALSE(pair.offers(pair.callee, offered_by_callee(both), false));
        REQUIRE_FALSE(pair.offers(pair.caller, both, false));
        pair.settle();
        CAPTURE(pair.all());
        CHECK(pair.callee.rollbacks == 1);
        CHECK(pair.callee.heard.back() == "call.negotiate offer");
        REQUIRE_FALSE(pair.answers(pair.callee, sample::answered(both)));
        CHECK(live(pair.caller.answer) == "m=audio m=video ");
        CHECK(pair.caller.rollbacks == 0);
        check_answers(pair);
    }
    SECTION("the caller was shown the callee's and offers itself")
    {
        auto pair = connected();
        REQUIRE_FALSE(pair.offers(pair.callee, offered_by_callee(both)));
        CHECK(pair.caller.heard.back() == "call.negotiate offer");
        REQUIRE_FALSE(pair.offers(pair.caller, both));
        CAPTURE(pair.all());
        CHECK(pair.callee.rollbacks == 1);
        CHECK(pair.callee.heard.back() == "call.negotiate offer");
        REQUIRE_FALSE(pair.answers(pair.callee, sample::answered(both)));
        CHECK(live(pair.caller.answer).starts_with("m=audio m=video "));
        check_answers(pair);
    }
    SECTION("the callee was shown the caller's and offers itself")
    {
        auto pair = connected();
        REQUIRE_FALSE(pair.offers(pair.caller, both));
        const auto refused = pair.offers(pair.callee, offered_by_callee(both));
        REQUIRE(refused);
        CHECK(refused->code == PageError::Code::wrong_state);
        REQUIRE_FALSE(pair.answers(pair.callee, sample::answered(both)));
        CHECK(live(pair.caller.answer) == "m=audio m=video ");
        check_answers(pair);
    }
    SECTION("a page has two open")
    {
        auto pair = connected();
        REQUIRE_FALSE(pair.offers(pair.caller, both));
        CHECK(pair.offers(pair.caller, both)->code == PageError::Code::wrong_state);
    }
}

TEST_CASE("web leg: an offer is taken back", "[call][web]")
{
    auto pair = connected();
    REQUIRE_FALSE(pair.offers(pair.caller, both));
    const PageNegotiate rollback{ { PageDescription::Type::rollback, {} } };
    REQUIRE_FALSE(pair.says(pair.caller, rollback));
    CAPTURE(pair.all());
    CHECK(pair.says(pair.caller, rollback)->code == PageError::Code::wrong_state);
    CHECK(pair.caller.rollbacks == 0);
    (void)pair.answers(pair.callee, sample::answered(both));
    pair.settle();
    CHECK(live(pair.callee.offer) == "m=audio ");
    check_answers(pair);
}

TEST_CASE("web leg: a track is replaced without a word, and nothing new is answered at once", "[call][web]")
{
    auto pair = connected();
    REQUIRE_FALSE(pair.offers(pair.caller, sample::replaced(sample::one, "o=- 1 1", "o=- 1 2")));
    CHECK_FALSE(pair.caller.answer.empty());
    CHECK(pair.callee.heard.empty());
}

TEST_CASE("web leg: a page that never answers is gone", "[call][web]")
{
    auto pair = connected();
    REQUIRE_FALSE(pair.offers(pair.caller, both));
    REQUIRE(pair.callee.leg.deadline());
    pair.now += page_answer_limit;
    pair.settle();
    CHECK(pair.callee.heard.back() == "call.hangup gone");
    CHECK(pair.caller.heard.back() == "call.hangup gone");
    CHECK(pair.caller.leg.is_ended());
    check_answers(pair);
}
