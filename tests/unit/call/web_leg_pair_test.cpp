// Two pages through one call.

#include <iostream>

#include "unit/call/web_pair.hpp"
#include "unit/jingle/documents.hpp"
#include "unit/jingle/renegotiate/sample.hpp"
#include "unit/jingle/translate/lines.hpp"

using namespace web;

namespace {

struct Exchange {
    std::filesystem::path offer;
    std::filesystem::path answer;
};

/// Every first offer of the corpus with its answer.
std::vector<Exchange> first_rounds()
{
    std::vector<Exchange> all;
    for (const auto* folder : { "aiortc", "chromium", "firefox" })
        for (const auto& answer : documents::files(std::string{ "corpus/" } + folder, ".answer.sdp")) {
            auto name = answer.filename().string();
            const auto scenario = name.substr(0, name.size() - std::string_view{ ".answer.sdp" }.size());
            const auto last = scenario.back();
            if (scenario[scenario.size() - 2] == '-' && last >= '2' && last <= '9')
                continue;  // a later round
            all.push_back({ answer.parent_path() / (scenario + ".offer.sdp"), answer });
        }
    return all;
}

std::string joined(const std::vector<std::string>& all)
{
    std::string out;
    for (const auto& one : all)
        out += one + '\n';
    return out;
}

PageCandidate candidate(const std::string& mid, const std::string& ufrag, int port = 5000)
{
    return { "candidate:1 1 udp 2130706431 0d2c1f34-9e1c-4b5e-8f5d-000000000001.local " + std::to_string(port)
                 + " typ host generation 0 ufrag " + ufrag + " network-cost 999",
             mid,
             {},
             ufrag };
}

}  // namespace

TEST_CASE("web leg: page to page no line of a real offer or answer is lost", "[call][web]")
{
    std::size_t calls = 0;
    std::size_t lost = 0;
    for (const auto& [offer_file, answer_file] : first_rounds())
        for (const auto ring : { Ring::by_offer, Ring::by_propose }) {
            CAPTURE(offer_file.string());
            const auto offer = documents::slurp(offer_file);
            const auto answer = documents::slurp(answer_file);
            Pair pair{ ring };
            pair.connect(offer, answer);
            CAPTURE(pair.callee.offer, pair.caller.answer);
            for (const auto& line : lines::lost(offer, pair.callee.offer))
                std::cout << offer_file << ": lost " << line << '\n', ++lost;
            for (const auto& line : lines::lost(answer, pair.caller.answer))
                std::cout << answer_file << ": lost " << line << '\n', ++lost;
            CHECK(joined(lines::gained(offer, pair.callee.offer)) == "");
            CHECK(joined(lines::gained(answer, pair.caller.answer)) == "");
            ++calls;
        }
    std::cout << calls << " calls of page to page, " << lost << " lines lost\n";
    CHECK(calls > 150);
    CHECK(lost == 0);
}

TEST_CASE("web leg: a page calls another that rings first", "[call][web]")
{
    Pair pair{ Ring::by_propose };
    pair.says(pair.caller, PageInvite{ "bob", "", { true, true }, {}, sample::two });
    CHECK(pair.callee.heard == std::vector<std::string>{ "call.invite audio video" });
    pair.says(pair.callee, PageRinging{});
    CHECK(pair.caller.heard == std::vector<std::string>{ "call.ringing" });
    pair.says(pair.callee, PageAccept{});
    CHECK(pair.callee.heard.back() == "call.negotiate offer");
    pair.answers(pair.callee, sample::answered(sample::two));
    CHECK(pair.caller.heard.back() == "call.answer");
    pair.says(pair.callee, PageHangup{});
    CHECK(pair.caller.heard.back() == "call.hangup user_hangup");
    CHECK(pair.caller.leg.is_ended());
    CHECK(pair.callee.leg.is_ended());
}

TEST_CASE("web leg: a page calls without an offer and makes it when somebody takes the call", "[call][web]")
{
    Pair pair{ Ring::by_propose };
    pair.says(pair.caller, PageInvite{ "bob", "", { true, false }, {}, {} });
    pair.says(pair.callee, PageRinging{});
    pair.says(pair.callee, PageAccept{});
    CHECK(pair.caller.heard == std::vector<std::string>{ "call.ringing", "call.accept" });
    REQUIRE_FALSE(pair.offers(pair.caller, sample::one));
    CHECK(pair.callee.heard.back() == "call.negotiate offer");
    REQUIRE_FALSE(pair.answers(pair.callee, sample::answered(sample::one)));
    CHECK(pair.caller.heard.back() == "call.answer");
    CHECK(pair.caller.leg.state() == WebLeg::State::active);
}

TEST_CASE("web leg: candidates trickle both ways with mid, index and ufrag", "[call][web]")
{
    Pair pair;
    pair.says(pair.caller, PageInvite{ "bob", "", {}, {}, sample::two });
    pair.says(pair.caller, PageCandidates{ { candidate("0", "aaaa"), candidate("1", "aaaa", 5001) } });
    REQUIRE(pair.callee.candidates.size() == 2);
    CHECK(pair.callee.candidates[1].sdp_mid == "1");
    CHECK(pair.callee.candidates[1].sdp_m_line_index == 1);
    CHECK(pair.callee.candidates[1].username_fragment == "aaaa");
    CHECK(pair.callee.candidates[1].candidate
          == sample::replaced(candidate("1", "aaaa", 5001).candidate, " ufrag aaaa", ""));
    // The callee's wait for its answer, and then follow it.
    pair.says(pair.callee, PageCandidates{ { candidate("0", "bbbb") } });
    CHECK(pair.caller.candidates.empty());
    pair.says(pair.callee, PageAccept{ sample::answered(sample::two) });
    CHECK(pair.caller.heard == std::vector<std::string>{ "call.answer", "call.candidates bbbb" });
    pair.says(pair.callee, PageCandidates{ { { "", "0", {}, {} } } });
    CHECK(pair.caller.heard.back() == "call.candidates end");
    CHECK(pair.caller.candidates.back().sdp_mid == "0");
    CHECK(pair.caller.candidates.back().username_fragment == "bbbb");
    pair.says(pair.callee, PageCandidates{ { candidate("0", "zzzz"), candidate("7", "bbbb") } });
    CHECK(pair.caller.heard.back() == "call.candidates end");
}
