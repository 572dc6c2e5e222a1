#include <iostream>
#include <set>

#include <catch2/catch.hpp>

#include "unit/jingle/renegotiate/peers.hpp"

using namespace peers;

namespace {

struct Scenario {
    std::string folder;
    std::string name;
};

/// Every scenario of the corpus with more than one round.
std::vector<Scenario> scenarios()
{
    std::vector<Scenario> all;
    for (const auto* folder : { "aiortc", "chromium", "firefox" })
        for (const auto& path : documents::files(std::string{ "corpus/" } + folder, "-2.offer.sdp")) {
            const auto file = path.filename().string();
            all.push_back({ folder, file.substr(0, file.size() - std::string{ "-2.offer.sdp" }.size()) });
        }
    return all;
}

std::filesystem::path path_of(const Scenario& scenario, int round, const std::string& kind)
{
    return std::filesystem::path{ TEST_DATA } / "corpus" / scenario.folder
        / (scenario.name + "-" + std::to_string(round) + "." + kind + ".sdp");
}

std::string file(const Scenario& scenario, int round, const std::string& kind)
{
    return documents::slurp(path_of(scenario, round, kind));
}

/// The kind of description a party wrote first is how its o= line is recognised later.
std::string session_id(const std::string& text)
{
    const auto start = text.find("o=");
    return lines::split(text.substr(start, text.find('\n', start) - start), ' ')[1];
}

/// What a renegotiation does not carry: candidates (they trickle), ports and addresses, and what the other
/// side kept because it is the superset.
bool may_differ(const std::string& line)
{
    for (const auto* prefix : { "a=candidate:", "a=end-of-candidates", "c=", "a=msid-semantic",
                                "a=rtcp:", "a=setup:", "m=", "a=group:", "a=ice-options:trickle" })
        if (lines::has_prefix(line, prefix))
            return true;
    return false;
}

/// Chromium answers without the msid lines of its sources, and so on: an answer in Jingle keeps what was
/// said before.
bool may_differ_in_answer(const std::string& line)
{
    for (const auto* prefix : { "a=ssrc", "a=msid:", "a=extmap:", "a=rtpmap:", "a=fmtp:", "a=rtcp-fb:" })
        if (lines::has_prefix(line, prefix))
            return true;
    return may_differ(line);
}

std::string differences(const std::string& wanted, const std::string& got, bool (*may)(const std::string&))
{
    std::string out;
    for (const auto& line : lines::missing(wanted, got))
        if (!may(line))
            out += "- " + line + '\n';
    for (const auto& line : lines::missing(got, wanted))
        if (!may(line))
            out += "+ " + line + '\n';
    return out;
}

std::string text_of(const lines::Section& section)
{
    std::string out;
    for (const auto& line : section)
        out += line + "\r\n";
    return out;
}

/// Without the m-lines that are gone: where one side recycles its place, the other appends.
std::string live_only(const std::string& text)
{
    std::string out;
    for (const auto& section : lines::sections(text))
        if (!section.empty() && (!lines::has_prefix(section.front(), "m=") || !lines::is_rejected(section)))
            out += text_of(section);
    return out;
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
        text += text_of(section);
    return text;
}

/// Which m-lines are live, and of what kind.
std::string shape(const std::string& text)
{
    std::string out;
    for (const auto& section : lines::sections(text))
        if (!section.empty() && lines::has_prefix(section.front(), "m="))
            out += lines::split(section.front(), ' ')[0]
                + (lines::is_rejected(section) ? " gone;" : " live;");
    return out;
}

std::string groups(const std::string& text)
{
    const auto all = lines::sections(text);
    for (const auto& line : all.front())
        if (lines::has_prefix(line, "a=group:BUNDLE"))
            return line;
    return "";
}

}  // namespace

TEST_CASE("renegotiation: every later round of the corpus reaches the other side as it was written",
          "[jingle][renegotiate]")
{
    std::size_t rounds = 0;
    for (const auto& scenario : scenarios()) {
        Options options;
        options.removal = jingle::Removal::remove;
        Pair pair{ file(scenario, 1, "offer"), file(scenario, 1, "answer"), options };
        const auto first = session_id(file(scenario, 1, "offer"));
        // aiortc makes a new o= line for each description; there the initiator always offers.
        const auto second = session_id(file(scenario, 1, "answer"));
        for (auto round = 2; std::filesystem::exists(path_of(scenario, round, "offer")); ++round) {
            const auto offer = file(scenario, round, "offer");
            const auto answer = file(scenario, round, "answer");
            const auto by
                = session_id(offer) == second && second != first ? Role::responder : Role::initiator;
            CAPTURE(scenario.folder, scenario.name, round, offer);
            pair.offer(by, offer);
            pair.settle();
            CAPTURE(pair.of(by).actions(), pair.of(by).rolled_back);
            auto& other = pair.other_of(by);
            if (!other.shown_offer.empty()) {
                CHECK(differences(live_only(offer), live_only(other.shown_offer), may_differ) == "");
                CHECK(shape(live_only(offer)) == shape(live_only(other.shown_offer)));
                CHECK(groups(offer) == groups(other.shown_offer));
                pair.answer(jingle::other(by), fitted(answer, other.shown_offer));
                pair.settle();
            }
            CAPTURE(other.actions());
            CHECK(shape(answer) == shape(pair.of(by).shown_answer));
            CHECK(groups(answer) == groups(pair.of(by).shown_answer));
            auto& writer = pair.of(by);
            // A narrower answer to a content-add is told by a content-modify behind the content-accept.
            const auto told = writer.shown_offer.empty() ? writer.shown_answer : writer.shown_offer;
            CHECK(differences(live_only(answer), live_only(told), may_differ_in_answer) == "");
            if (!writer.shown_offer.empty())
                pair.answer(by, fitted(offer, writer.shown_offer));
            pair.settle();
            CHECK(pair.of(by).state->is_stable());
            CHECK(other.state->is_stable());
            ++rounds;
        }
    }
    std::cout << rounds << " later rounds\n";
    CHECK(rounds > 30);
}
