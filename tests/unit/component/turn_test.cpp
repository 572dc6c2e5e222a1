#include <catch2/catch.hpp>

#include "component/relaying.hpp"
#include "component/turn.hpp"
#include "component/turn_answers.hpp"
#include "component/wall_time.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

using component::mint_turn_credentials;
using component::Relaying;
using component::Relays;
using component::RelayService;
using component::TurnConfig;
using component::TurnUri;
using namespace std::chrono_literals;

namespace {

const roster::WallTime now{ 1'800'000'000s };
constexpr std::string_view services_2 = "urn:xmpp:extdisco:2";

TurnConfig config(component::TurnSource source)
{
    TurnConfig turn;
    turn.source = source;
    turn.uris
        = { "stun:turn.example.org", "turn:turn.example.org", "turns:turn.example.org:443?transport=tcp" };
    turn.ttl = 2h;
    turn.username = "fixed";
    return turn;
}

Relaying::AskServer never()
{
    return [](const xmpp::Element&, const std::function<void(const xmpp::Element*)>&) {
        FAIL("asked the server");
    };
}

std::string text_of(const xmpp::Element& element)
{
    std::string out;
    xmpp::Writer{ out, xmpp::ns::component }.element(element);
    return out;
}

const xmpp::Element* parse(const std::string& xml, base::Arena& arena)
{
    const auto document = xmpp::parse_document(xml, arena);
    REQUIRE(document);
    return *document;
}

/// A server that is asked, and answers when it is told to.
struct Server {
    std::vector<std::string> questions;
    std::vector<std::function<void(const xmpp::Element*)>> open;

    Relaying::AskServer asker()
    {
        return [this](const xmpp::Element& payload, std::function<void(const xmpp::Element*)> done) {
            questions.push_back(text_of(payload));
            open.push_back(std::move(done));
        };
    }
    void answer(const std::string& xml)
    {
        base::Arena arena;
        const auto done = std::move(open.back());
        open.pop_back();
        done(xml.empty() ? nullptr : parse(xml, arena));
    }
};

const std::string answer_of_prosody
    = "<iq xmlns='jabber:component:accept' type='result' from='example.org'>"
      "<services xmlns='urn:xmpp:extdisco:2'>"
      "<service type='stun' transport='udp' port='3478' host='turn.example.org'/>"
      "<service type='turn' transport='udp' port='3478' host='turn.example.org' restricted='1' "
      "username='1800007200' password='secret+/=' expires='2027-01-15T10:00:00Z'/>"
      "<service type='turn' transport='tcp' port='3478' host='asks.example.org' restricted='true'/>"
      "<service type='turn' transport='udp' host='over.example.org' username='u' password='p' "
      "expires='2001-01-01T00:00:00Z'/>"
      "<service type='ftp' host='files.example.org' port='21'/>"
      "<service type='turn' transport='udp' host='evil&quot; host' username='u' password='p'/>"
      "</services></iq>";

}  // namespace

TEST_CASE("turn: credentials are those of the shared secret mechanism", "[component][turn]")
{
    // printf %s 1800007200:alice@example.org | openssl dgst -sha1 -hmac north -binary | base64
    const auto made = mint_turn_credentials("north", "alice@example.org", now + 999ms, 2h);

    CHECK(made.username == "1800007200:alice@example.org");
    CHECK(made.password == "suFGnOHJsRNVqAf/2xs+RFpLyKc=");
    CHECK(made.expires == now + 2h);
    CHECK(mint_turn_credentials("n", std::string(5000, 'a'), now, 2h).username.size()
          == component::max_turn_user + std::string_view{ "1800007200:" }.size());
}

TEST_CASE("turn: addresses of servers", "[component][turn]")
{
    CHECK(TurnUri::parse("turn:a.example") == TurnUri{ "turn", "a.example", 3478, "udp" });
    CHECK(TurnUri::parse("turns:a.example") == TurnUri{ "turns", "a.example", 5349, "tcp" });
    CHECK(TurnUri::parse("stun:192.0.2.1:19302") == TurnUri{ "stun", "192.0.2.1", 19302, "udp" });
    CHECK(TurnUri::parse("turn:[2001:db8::1]:443?transport=tcp")
          == TurnUri{ "turn", "2001:db8::1", 443, "tcp" });
    CHECK(TurnUri::parse("turn:[2001:db8::1]")->to_string() == "turn:[2001:db8::1]:3478?transport=udp");
    CHECK(TurnUri::parse("stun:a")->to_string() == "stun:a:3478");
    for (const auto* wrong :
         { "", "turn", "turn:", "turn::3478", "http:a", "turn:a:0", "turn:a:65536", "turn:a:x",
           "turn:a:", "turn:a?transport=sctp", "turn:a?x=y", "stun:a?transport=udp", "turn:[::1", "turn:[zz]",
           "turn:a b", "turn:a\"b", "turn://a", "turn:[::1]x", "TURN:a" }) {
        CAPTURE(wrong);
        CHECK_FALSE(TurnUri::parse(wrong));
    }
}

TEST_CASE("turn: with a secret each question has fresh credentials", "[component][turn]")
{
    Relaying relaying{ config(component::TurnSource::secret), "north", never() };
    std::vector<Relays> told;
    const auto keep = [&](const Relays& relays) { told.push_back(relays); };

    relaying.relays_for("alice@example.org", now, keep);
    relaying.relays_for("alice@example.org", now + 1h, keep);

    REQUIRE(told.size() == 2);
    REQUIRE(told[0].services.size() == 3);
    CHECK(told[0].services[0].username.empty());  // STUN asks for nothing
    CHECK(told[0].services[1].username == "1800007200:alice@example.org");
    CHECK(told[0].services[1].expires == now + 2h);
    CHECK(told[0].renew_at == now + 1h);
    CHECK(told[1].services[1].username == "1800010800:alice@example.org");

    const auto ice = component::ice_servers(told[0]);
    REQUIRE(ice.servers.size() == 2);
    CHECK(ice.servers[0].urls == std::vector<std::string>{ "stun:turn.example.org:3478" });
    CHECK(ice.servers[1].urls
          == std::vector<std::string>{ "turn:turn.example.org:3478?transport=udp",
                                       "turns:turn.example.org:443?transport=tcp" });
    CHECK(ice.servers[1].username == "1800007200:alice@example.org");
    CHECK(ice.expires == now + 2h);
    CHECK(ice.renew_at == now + 1h);
}

TEST_CASE("turn: static credentials have no end, and no source has no servers", "[component][turn]")
{
    Relays told;
    const auto keep = [&](const Relays& relays) { told = relays; };

    Relaying{ config(component::TurnSource::fixed), "pass", never() }.relays_for("a", now, keep);
    REQUIRE(told.services.size() == 3);
    CHECK(told.services[1].username == "fixed");
    CHECK(told.services[1].password == "pass");
    CHECK_FALSE((told.renew_at || component::ice_servers(told).expires));

    Relaying{ config(component::TurnSource::none), "", never() }.relays_for("a", now, keep);
    CHECK(told == Relays{});
}

TEST_CASE("turn: what the server says is passed on, as far as it can be used", "[component][turn]")
{
    Server server;
    Relaying relaying{ config(component::TurnSource::xep0215), "", server.asker() };
    std::vector<Relays> told;
    const auto keep = [&](const Relays& relays) { told.push_back(relays); };

    relaying.relays_for("alice", now, keep);
    relaying.relays_for("bob", now, keep);
    REQUIRE(server.questions.size() == 1);  // one question for both
    CHECK(server.questions[0] == "<services xmlns='urn:xmpp:extdisco:2'/>");
    CHECK(told.empty());
    server.answer(answer_of_prosody);

    REQUIRE(told.size() == 2);
    CHECK(told[0] == told[1]);
    REQUIRE(told[0].services.size() == 2);
    CHECK(told[0].services[0] == RelayService{ { "stun", "turn.example.org", 3478, "udp" }, {}, {}, {} });
    CHECK(told[0].services[1].password == "secret+/=");
    CHECK(told[0].services[1].expires == now + 2h);
    CHECK(told[0].renew_at == now + 1h);
}

TEST_CASE("turn: the server's answer is asked for again in time", "[component][turn]")
{
    Server server;
    Relaying relaying{ config(component::TurnSource::xep0215), "", server.asker() };
    int told = 0;
    const auto count = [&](const Relays&) { ++told; };
    relaying.relays_for("a", now, count);
    server.answer(answer_of_prosody);

    relaying.relays_for("a", now + Relaying::answer_life - 1ms, count);
    CHECK(told == 2);
    CHECK(server.questions.size() == 1);
    relaying.relays_for("a", now + Relaying::answer_life, count);
    CHECK(server.questions.size() == 2);

    // Credentials that are short-lived are asked for at half of their life.
    auto soon = answer_of_prosody;
    soon.replace(soon.find("2027-01-15T10:00:00Z"), 20, "2027-01-15T08:12:00Z");
    server.answer(soon);
    const auto asked_at = now + Relaying::answer_life;
    relaying.relays_for("a", asked_at + 59s, count);
    CHECK(server.questions.size() == 2);
    relaying.relays_for("a", asked_at + 60s, count);
    CHECK(server.questions.size() == 3);
}

TEST_CASE("turn: a server that has no answer is not asked at once again", "[component][turn]")
{
    const auto refusal
        = GENERATE(std::string{}, std::string{ "<iq xmlns='jabber:component:accept' type='error'/>" });
    Server server;
    Relaying relaying{ config(component::TurnSource::xep0215), "", server.asker() };
    std::vector<Relays> told;
    const auto keep = [&](const Relays& relays) { told.push_back(relays); };

    relaying.relays_for("a", now, keep);
    server.answer(refusal);
    relaying.relays_for("a", now + 1s, keep);
    CHECK(told == std::vector<Relays>(2));
    CHECK(server.questions.size() == 1);
    relaying.relays_for("a", now + Relaying::retry_after, keep);
    CHECK(server.questions.size() == 2);
}

TEST_CASE("turn: what the server said is good until it ends, if it says no more", "[component][turn]")
{
    Server server;
    Relaying relaying{ config(component::TurnSource::xep0215), "", server.asker() };
    std::vector<Relays> told;
    const auto keep = [&](const Relays& relays) { told.push_back(relays); };
    relaying.relays_for("a", now, keep);
    server.answer(answer_of_prosody);

    relaying.relays_for("a", now + Relaying::answer_life, keep);
    server.answer({});
    relaying.relays_for("a", now + Relaying::answer_life + 1s, keep);
    REQUIRE(told.size() == 3);
    CHECK(told[1] == told[0]);
    CHECK(told[2] == told[0]);
    CHECK(server.questions.size() == 2);

    relaying.relays_for("a", now + 2h, keep);
    server.answer({});
    CHECK(told.back() == Relays{});
}

TEST_CASE("turn: a client's question is answered in its own namespace", "[component][turn]")
{
    const auto version = GENERATE("urn:xmpp:extdisco:2", "urn:xmpp:extdisco:1");
    base::Arena arena;
    const auto from = *xmpp::Jid::parse("alice@example.org/phone");
    const auto to = *xmpp::Jid::parse("call.example.org");
    const std::vector<std::string> served{ "example.org" };
    const auto* iq
        = parse("<iq xmlns='jabber:component:accept' id='q1' type='get' from='alice@example.org/phone' "
                "to='call.example.org'><services xmlns='"
                    + std::string{ version } + "' type='turn'/></iq>",
                arena);
    REQUIRE(component::is_services_question(*iq->first_child()));
    const auto question = component::take_services_question(*iq, from, to, served, arena);
    REQUIRE(question);
    Relays relays;
    relays.services.push_back({ *TurnUri::parse("turn:t.example"), "1800007200:a", "p&w", now + 2h });
    relays.services.push_back({ *TurnUri::parse("stun:t.example"), {}, {}, {} });

    const auto* answer = component::answer_services(*question, relays, arena);

    const auto* expected
        = parse("<iq xmlns='jabber:component:accept' id='q1' type='result' to='alice@example.org/phone' "
                "from='call.example.org'><services xmlns='"
                    + std::string{ version }
                    + "' type='turn'><service host='t.example' port='3478' type='turn' "
                      "transport='udp' username='1800007200:a' password='p&amp;w' "
                      "expires='2027-01-15T10:00:00Z' restricted='true'/></services></iq>",
                arena);
    INFO(text_of(*answer));
    CHECK(equal(*answer, *expected));
}

TEST_CASE("turn: credentials of one service", "[component][turn]")
{
    base::Arena arena;
    const auto from = *xmpp::Jid::parse("alice@example.org/phone");
    const auto to = *xmpp::Jid::parse("call.example.org");
    const std::vector<std::string> served{ "example.org" };
    Relays relays;
    relays.services.push_back({ *TurnUri::parse("turn:t.example"), "u", "p", now + 2h });
    const auto ask = [&](const std::string& inner) {
        const auto* iq = parse("<iq xmlns='jabber:component:accept' id='q1' type='get'><credentials xmlns='"
                                   + std::string{ services_2 } + "'>" + inner + "</credentials></iq>",
                               arena);
        const auto question = component::take_services_question(*iq, from, to, served, arena);
        if (!question)
            return std::string{ "refused: " } + std::string{ to_string(question.error().condition) };
        return text_of(*component::answer_services(*question, relays, arena));
    };

    CHECK(ask("<service host='t.example' type='turn'/>").find("username='u' password='p'")
          != std::string::npos);
    CHECK(ask("<service host='t.example' type='turn' port='1'/>").find("item-not-found")
          != std::string::npos);
    CHECK(ask("<service host='other.example' type='turn'/>").find("item-not-found") != std::string::npos);
    CHECK(ask("") == "refused: bad-request");
    CHECK(ask("<service type='turn'/>") == "refused: bad-request");
    CHECK(ask("<service host='t.example' type='turn' port='x'/>") == "refused: bad-request");
}

TEST_CASE("turn: nobody else is told", "[component][turn]")
{
    base::Arena arena;
    const std::vector<std::string> served{ "example.org" };
    const auto* get = parse("<iq xmlns='jabber:component:accept' id='q' type='get'><services "
                            "xmlns='urn:xmpp:extdisco:2'/></iq>",
                            arena);
    const auto* set = parse("<iq xmlns='jabber:component:accept' id='q' type='set'><services "
                            "xmlns='urn:xmpp:extdisco:2'/></iq>",
                            arena);
    const auto refused = [&](const xmpp::Element& iq, const char* from, const char* to) {
        const auto question = component::take_services_question(iq, *xmpp::Jid::parse(from),
                                                                *xmpp::Jid::parse(to), served, arena);
        REQUIRE_FALSE(question);
        return question.error();
    };

    CHECK(refused(*get, "eve@other.example/x", "call.example.org") == xmpp::errors::forbidden);
    CHECK(refused(*get, "eve@sub.example.org/x", "call.example.org") == xmpp::errors::forbidden);
    CHECK(refused(*get, "alice@example.org/x", "bob\\40b@call.example.org")
          == xmpp::errors::service_unavailable);
    CHECK(refused(*set, "alice@example.org/x", "call.example.org") == xmpp::errors::service_unavailable);
}

TEST_CASE("wall time: there and back", "[component][wall_time]")
{
    using component::wall_time_of;
    CHECK(component::to_utc_text(now) == "2027-01-15T08:00:00Z");
    CHECK(component::to_utc_text(now + 7ms) == "2027-01-15T08:00:00.007Z");
    CHECK(wall_time_of("2027-01-15T08:00:00Z") == now);
    CHECK(wall_time_of("2027-01-15T08:00:00.007123Z") == now + 7ms);
    CHECK(wall_time_of("2027-01-15T09:30:00+01:30") == now);
    CHECK(wall_time_of("2027-01-14 23:00:00-09:00") == now);
    CHECK(wall_time_of("2027-01-15") == now - 8h);
    for (const auto* wrong :
         { "", "2027", "2027-02-30", "2027-01-15T", "2027-01-15T08:00:00", "2027-01-15T25:00:00Z",
           "2027-01-15T08:00:00.Z", "2027-01-15T08:00:00+1", "x027-01-15", "2027-01-15Z" }) {
        CAPTURE(wrong);
        CHECK_FALSE(wall_time_of(wrong));
    }
}
