#include <catch2/catch.hpp>

#include "jingle/candidate_translation.hpp"
#include "unit/jingle/translate/lines.hpp"
#include "unit/jingle/translate/support.hpp"

using namespace translate;
using jingle::Action;
using jingle::Role;

namespace {

std::string file(const std::string& name)
{
    return documents::slurp(std::filesystem::path{ TEST_DATA } / "vectors" / name);
}

}  // namespace

TEST_CASE("fragment: transport-info says credentials, candidates and their end", "[jingle][translate]")
{
    const std::string name = GENERATE("30-transport-info-candidate", "32-transport-info-end-of-candidates",
                                      "33-ice-restart-offer", "50-ice-restart-answer");
    CAPTURE(name);
    base::Arena arena;
    const auto text = file(name + ".sdp");
    const auto description = must(sdp::Description::parse_fragment(text, arena));
    jingle::Slots slots;
    const auto value = must(jingle::from_sdp(
        description, { .action = Action::transport_info, .sid = "a73sjjvkla37jfea", .slots = slots }, arena));

    auto* wanted = documents::parse(file(name + ".jingle.xml"), arena);
    auto* got = documents::parse(documents::written(value), arena);
    number_candidates(*wanted, arena);
    number_candidates(*got, arena);
    CHECK(documents::difference(*wanted, *got) == "");
}

TEST_CASE("fragment: transport-info becomes a fragment again", "[jingle][translate]")
{
    const std::string name = GENERATE("30-transport-info-candidate", "32-transport-info-end-of-candidates",
                                      "33-ice-restart-offer", "50-ice-restart-answer");
    CAPTURE(name);
    base::Arena arena;
    jingle::Slots slots;
    const auto value = read_jingle(file(name + ".jingle.xml"), arena);
    const auto description = must(jingle::to_sdp_fragment(value, { .slots = slots }, arena));
    const auto text = must(description.fragment_to_string());
    CAPTURE(text);

    auto lost = lines::lost(file(name + ".sdp"), text);
    // The group is not repeated: the element does not have it, and RFC 8840 does not ask for it.
    lost.erase(std::remove(lost.begin(), lost.end(), "a=group:BUNDLE 0 1"), lost.end());
    CHECK(joined(lost) == "");
    CHECK(joined(lines::gained(file(name + ".sdp"), text)) == "");
}

TEST_CASE("fragment: a content that the leg does not have is refused", "[jingle][translate]")
{
    base::Arena arena;
    jingle::Slots slots;
    slots.add(Role::initiator, "other");
    const auto value = read_jingle(file("30-transport-info-candidate.jingle.xml"), arena);
    CHECK(jingle::to_sdp_fragment(value, { .slots = slots }, arena).error().code == base::Errc::missing);
}

TEST_CASE("candidate: each one that no endpoint can use is left out alone", "[jingle][translate]")
{
    struct Row {
        const char* what;
        void (*spoil)(jingle::Candidate&);
        base::Errc code;
    };
    using C = jingle::Candidate;
    const auto row = GENERATE(values<Row>({
        { "protocol", [](C& c) { c.protocol = "ssltcp"; }, base::Errc::unsupported },
        { "type", [](C& c) { c.type = "ufrag"; }, base::Errc::unsupported },
        { "no type", [](C& c) { c.type.reset(); }, base::Errc::unsupported },
        { "host name", [](C& c) { c.ip = "example.org"; }, base::Errc::unsupported },
        { "bracketed address", [](C& c) { c.ip = "[2001:db8::1]"; }, base::Errc::unsupported },
        { "port 0", [](C& c) { c.port = 0; }, base::Errc::unsupported },
        { "component", [](C& c) { c.component = 3; }, base::Errc::unsupported },
        { "priority", [](C& c) { c.priority = 0; }, base::Errc::unsupported },
        { "tcp without tcptype", [](C& c) { c.protocol = "tcp"; }, base::Errc::unsupported },
        { "line end", [](C& c) { c.ip = "192.0.2.1\r\na=x"; }, base::Errc::forbidden },
        { "blank", [](C& c) { c.foundation = "1 1"; }, base::Errc::forbidden },
    }));
    CAPTURE(row.what);
    base::Arena arena;
    C candidate;
    candidate.ip = "192.0.2.1";
    candidate.port = 5000;
    candidate.type = "host";
    REQUIRE(jingle::to_sdp(candidate, {}, arena));
    row.spoil(candidate);
    CHECK(jingle::to_sdp(candidate, {}, arena).error().code == row.code);
}

TEST_CASE("candidate: what clients leave out is filled in", "[jingle][translate]")
{
    base::Arena arena;
    jingle::Candidate candidate;
    candidate.ip = "2001:db8::1";
    candidate.port = 5000;
    candidate.type = "srflx";
    const auto line = must(must(jingle::to_sdp(candidate, { {}, "abcd" }, arena)).to_string());
    const auto words = lines::split(line, ' ');
    CHECK(words[2] == "udp");
    CHECK(words[3] == std::to_string((100U << 24) + (65535U << 8) + 255));
    CHECK(line.find("typ srflx raddr :: rport 0 generation 0 ufrag abcd") != std::string::npos);
}

TEST_CASE("fragment: without slots every content is found", "[jingle][translate]")
{
    base::Arena arena;
    jingle::Slots slots;
    auto value = read_jingle(file("30-transport-info-candidate.jingle.xml"), arena);
    auto second = value.contents.front();
    second.name = "1";
    value.contents.push_back(arena, second);
    CHECK(must(jingle::to_sdp_fragment(value, { .slots = slots }, arena)).media.size() == 2);
}
