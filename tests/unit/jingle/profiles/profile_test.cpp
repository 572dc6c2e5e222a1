#include <catch2/catch.hpp>

#include "unit/jingle/profiles/requests.hpp"

using namespace jingle;

namespace {

constexpr std::string_view begin_mark = "<!-- begin: profiles -->\n";
constexpr std::string_view end_mark = "<!-- end: profiles -->\n";

/// What docs/interop.md says between its marks.
std::string rendered()
{
    std::string out;
    for (const auto& profile : profiles()) {
        out.append("\n### ").append(profile.title).append("\n\n`--for ").append(profile.id);
        out.append("` · known from: ")
            .append(profile.seen)
            .append(".\n")
            .append(profile.remarks)
            .append("\n\n");
        for (const auto& row : trait_rows)
            if (profile.has(row.trait))
                out.append("* ").append(row.words).append("\n");
        if (profile.traits == Traits{})
            out.append("* nothing is left out or rewritten\n");
    }
    return out + "\n";
}

}  // namespace

TEST_CASE("profile: the rows of the traits stand in their order, each word once", "[jingle][profile]")
{
    for (std::size_t i = 0; i < trait_rows.size(); ++i) {
        CHECK(static_cast<std::size_t>(trait_rows[i].trait) == i);
        for (std::size_t j = 0; j < i; ++j)
            CHECK(trait_rows[i].token != trait_rows[j].token);
    }
}

TEST_CASE("profile: a client is known by its node before its name, in any case and version",
          "[jingle][profile]")
{
    struct Row {
        const char* node;
        const char* name;
        const char* id;
    };
    const auto row = GENERATE(values<Row>({
        { "", "", "default" },
        { "https://example.org/client", "Example", "default" },
        { "http://conversations.im", "Snikket", "conversations" },
        { "", "Cheogram", "conversations" },
        { "", "Quicksy 2.1", "conversations" },
        { "https://dino.im", "Dino", "dino" },
        { "", "dino", "dino" },
        { "https://movim.eu/", "", "movim" },
        { "https://monal-im.org/", "", "monal" },
        { "https://github.com/qxmpp-project/qxmpp", "Kaidan", "qxmpp" },
        { "https://stanzajs.org", "", "stanza" },
        { "https://gajim.org", "", "gajim" },
        { "", "Siskin IM", "siskin" },
        { "", "Snikket", "siskin" },
        { "http://jitsi.org/jitsimeet", "", "jitsi" },
        { "", "Libervia", "libervia" },
        { "urn:carillon", "Bob's phone", "carillon" },
    }));
    CAPTURE(row.node, row.name);
    CHECK(profile_of(row.node, row.name).id == row.id);
    REQUIRE(find_profile(row.id) != nullptr);
}

TEST_CASE("profile: a row only subtracts from the default one, but for our own", "[jingle][profile]")
{
    const auto plain = default_profile().traits;
    CHECK(plain.has(Trait::no_tcp_candidates));
    for (const auto& profile : profiles()) {
        CAPTURE(profile.id);
        CHECK((profile.traits.with(plain) == profile.traits) == (&profile != &own_profile()));
        CHECK(find_profile(profile.id) == &profile);
    }
    CHECK(own_profile().traits == Traits{});
    CHECK(find_profile("nobody") == nullptr);
}

TEST_CASE("profile: who announces the carry or ICE over TCP may have it", "[jingle][profile]")
{
    constexpr std::array features{ xmpp::ns::ping, xmpp::ns::carry };
    const auto& wider = with_features(default_profile(), features);
    CHECK(wider.id == "default+carry");
    CHECK_FALSE(wider.has(Trait::no_carry));
    CHECK(wider.has(Trait::no_tcp_candidates));
    constexpr std::array ice{ xmpp::ns::ice };
    CHECK(narrowed({ .tcp = true }, with_features(default_profile(), ice)).tcp);
    CHECK_FALSE(narrowed({ .tcp = true }, default_profile()).tcp);
    CHECK_FALSE(narrowed({}, *find_profile("qxmpp")).mdns);
    CHECK_FALSE(narrowed({ .tcp = false }, own_profile()).tcp);
}

TEST_CASE("profile: each has a name for what may widen it, and nothing else becomes different",
          "[jingle][profile]")
{
    constexpr std::array both{ xmpp::ns::carry, xmpp::ns::ice };
    for (const auto& profile : profiles()) {
        CAPTURE(profile.id);
        const auto& widened = with_features(profile, both);
        CHECK(find_profile(widened.id) == &widened);
        CHECK(widened.title == profile.title);
        CHECK(widened.traits == profile.traits.without({ Trait::no_carry, Trait::no_tcp_candidates }));
        CHECK(with_features(profile, {}).id == profile.id);
    }
    CHECK(with_features(own_profile(), both).id == own_profile().id);
    CHECK(find_profile("dino+tcp+carry") == nullptr);
    REQUIRE(profile_count() < 256);  // A leg keeps the number in a byte.
    for (std::size_t i = 0; i < profile_count(); ++i)
        CHECK(number_of(profile_at(i)) == i);
}

TEST_CASE("profile: docs/interop.md says what the table says", "[jingle][profile]")
{
    const auto page = documents::slurp(std::string{ DOCS } + "/interop.md");
    const auto begin = page.find(begin_mark);
    const auto end = page.find(end_mark);
    REQUIRE(begin != std::string::npos);
    REQUIRE(end != std::string::npos);
    const auto said = page.substr(begin + begin_mark.size(), end - begin - begin_mark.size());
    if (said != rendered())
        WARN("put this between the marks of docs/interop.md:\n" << rendered());
    CHECK(said == rendered());
}
