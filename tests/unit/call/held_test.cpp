#include <catch2/catch.hpp>

#include "jingle/call/held.hpp"
#include "jingle/call/leg.hpp"
#include "support/dialogue.hpp"

using namespace jingle::call;
using jingle::Action;

namespace {

struct Values {
    base::Arena arena;

    const jingle::Jingle& make(std::string_view action, std::string_view inside)
    {
        const auto xml = arena.concat("<jingle xmlns='urn:xmpp:jingle:1' action='", action, "' sid='s'>",
                                      inside, "</jingle>");
        const auto* element = *xmpp::parse_document(xml, arena);
        return *arena.make<jingle::Jingle>(jingle::Jingle::from_element(*element, arena).value());
    }
    const jingle::Jingle& transport_info(int candidates)
    {
        std::string inside
            = "<content creator='initiator' name='a'><transport "
              "xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' pwd='0123456789012345678901'>";
        for (int i = 0; i < candidates; ++i)
            inside += "<candidate component='1' foundation='1' id='c" + std::to_string(i)
                + "' ip='192.0.2.1' port='5000' priority='1' protocol='udp' type='host' generation='0'/>";
        return make("transport-info", inside + "</transport></content>");
    }
    const jingle::Jingle& restart(std::string_view name, std::string_view ufrag)
    {
        return make("transport-info",
                    arena.concat("<content creator='initiator' name='", name,
                                 "'><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='", ufrag,
                                 "' pwd='0123456789012345678901'/></content>"));
    }
};

constexpr auto all = [](const Held::Kept&) { return true; };

}  // namespace

TEST_CASE("held: what was kept comes back equal and in order", "[call][held]")
{
    Values values;
    Held held;
    const auto& offer = values.make("session-initiate", test::Dialogue::body_of("session-initiate"));
    const auto& first = values.transport_info(2);
    const auto& second = values.make("content-modify", test::Dialogue::body_of("content-modify"));
    held.keep_offer(offer);
    REQUIRE(held.keep(caller_leg, first));
    REQUIRE(held.keep(callee_leg, second));

    base::Arena later;
    const auto* again = held.offer(later);
    REQUIRE(again != nullptr);
    CHECK(*again == offer);
    CHECK(held.offer(later) != again);
    held.forget_offer();
    CHECK(held.offer(later) == nullptr);

    const auto some
        = held.take(later, [](const Held::Kept& kept) { return kept.action == Action::transport_info; });
    REQUIRE(some.size() == 1);
    CHECK(*some[0].request == first);
    const auto rest = held.take(later, all);
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].from == callee_leg);
    CHECK(*rest[0].request == second);
}

TEST_CASE("held: each limit refuses and keeps what is there", "[call][held][limits]")
{
    Values values;
    Held held;
    SECTION("candidates")
    {
        REQUIRE(held.keep(caller_leg, values.transport_info(100)));
        REQUIRE(held.keep(caller_leg, values.transport_info(100)));
        CHECK_FALSE(held.keep(caller_leg, values.transport_info(1)));
        CHECK(held.take(values.arena, all).size() == 2);
        CHECK(held.keep(caller_leg, values.transport_info(1)));
    }
    SECTION("requests")
    {
        for (std::size_t i = 0; i < Held::max_requests; ++i)
            REQUIRE(held.keep(caller_leg, values.transport_info(1)));
        CHECK_FALSE(held.keep(caller_leg, values.transport_info(1)));
    }
    SECTION("bytes")
    {
        const auto& big = values.make("session-info", "<x xmlns='urn:x'>" + std::string(7000, 'x') + "</x>");
        std::size_t kept = 0;
        while (held.keep(caller_leg, big))
            ++kept;
        CHECK(kept == Held::max_bytes / 7100);
        // Others have bounds of their own, up to what all may have together.
        for (LegIndex leg = callee_leg; leg < 10; ++leg)
            while (held.keep(leg, big))
                ++kept;
        CHECK(kept == Held::max_bytes_of_all / 7100);
        held.drop(caller_leg);
        CHECK(held.keep(9, big));
    }
}

TEST_CASE("leg: new credentials for a known content are a restart", "[call][leg]")
{
    Values values;
    Leg leg;
    CHECK(leg.note_credentials(values.restart("a", "abcd")) == jingle::call::CredentialNews::first);
    CHECK(leg.note_credentials(values.restart("a", "abcd")) == jingle::call::CredentialNews::none);
    CHECK(leg.note_credentials(values.restart("b", "efgh")) == jingle::call::CredentialNews::first);
    CHECK(leg.note_credentials(values.restart("a", "wxyz")) == jingle::call::CredentialNews::replaced);
    CHECK(leg.note_credentials(values.restart("a", "wxyz")) == jingle::call::CredentialNews::none);
    CHECK(leg.note_credentials(values.restart("b", "efgh")) == jingle::call::CredentialNews::none);
}

TEST_CASE("leg: the memory of credentials is bounded", "[call][leg][limits]")
{
    Values values;
    Leg leg;
    for (int i = 0; i < 1000; ++i)
        (void)leg.note_credentials(values.restart("content" + std::to_string(i), "abcd"));
    CHECK(leg.credentials.size() == Leg::max_credentials);
}
