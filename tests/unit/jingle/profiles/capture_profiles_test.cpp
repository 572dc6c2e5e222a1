#include <catch2/catch.hpp>

#include "unit/jingle/profiles/requests.hpp"

using namespace jingle;

namespace {

/// What a client of that profile would be sent: one request or several.
std::vector<Jingle> sent(const Profile& profile, Jingle& jingle, base::Arena& arena)
{
    const auto result = adapt(profile, jingle, {}, arena);
    std::vector<Jingle> requests;
    if (result.verdict == Verdict::split)
        for (const auto* request : result.requests)
            requests.push_back(*request);
    else if (result.verdict == Verdict::as_is || result.verdict == Verdict::changed)
        requests.push_back(jingle);
    return requests;
}

void check_flags(const Profile& profile, const Jingle& jingle)
{
    for (const auto& content : jingle.contents) {
        CHECK((!profile.has(Trait::no_senders_none) || content.senders != Senders::none));
        CHECK((!profile.has(Trait::no_data_channels) || jingle.action != Action::session_initiate
               || !content.ice() || !content.ice()->sctpmap));
        if (content.ice() != nullptr)
            for (const auto& candidate : content.ice()->candidates) {
                CHECK((!profile.has(Trait::no_tcp_candidates) || candidate.protocol != "tcp"));
                CHECK((!profile.has(Trait::complete_candidates) || (candidate.id && candidate.generation)));
            }
        if (content.rtp() != nullptr)
            CHECK((!profile.has(Trait::no_bandwidth) || content.rtp()->bandwidths.empty()));
    }
    CHECK((!profile.has(Trait::no_carry)
           || documents::written(jingle).find("urn:carillon:sdp-carry") == std::string::npos));
}

std::size_t check_all(const std::string& folder, const std::string& ending)
{
    std::size_t count = 0;
    for (const auto& path : documents::files(folder, ending)) {
        base::Arena parsed;
        std::vector<const xmpp::Element*> found;
        documents::find_all(*documents::parse(documents::slurp(path), parsed), "jingle", xmpp::ns::jingle,
                            found);
        for (const auto& profile : profiles())
            for (const auto* element : found) {
                base::Arena arena;
                auto value = Jingle::from_element(*element, arena);
                CAPTURE(path.filename().string(), profile.id, xmpp::to_string(*element));
                REQUIRE(value);
                for (auto request : sent(profile, *value, arena)) {
                    check_flags(profile, request);
                    const auto text = documents::written(request);
                    const auto again = Jingle::from_element(*documents::parse(text, arena), arena);
                    CHECK(again);
                    (void)adapt(profile, request, {}, arena);
                    CHECK(documents::written(request) == text);
                    ++count;
                }
            }
    }
    return count;
}

}  // namespace

TEST_CASE("profiles: every capture adapted to every client parses, obeys and stays so", "[jingle][profiles]")
{
    CHECK(check_all("jingle", ".xml") > 1000);
}

TEST_CASE("profiles: every vector adapted to every client parses, obeys and stays so", "[jingle][profiles]")
{
    CHECK(check_all("vectors", ".jingle.xml") > 300);
}
