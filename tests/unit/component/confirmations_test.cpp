#include <catch2/catch.hpp>

#include "component/confirmations.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

using component::Confirmations;
using Outcome = Confirmations::Outcome;
using xmpp::Jid;
using namespace std::chrono_literals;

namespace {

struct Scene {
    base::Arena arena;
    std::vector<std::string> sent;
    int ids = 0;
    std::vector<Outcome> heard;
    Confirmations::Clock::time_point now{ 1h };
    Confirmations all{ "call.test", [this] { return "id" + std::to_string(++ids); },
                       [this](const xmpp::Element& stanza) {
                           std::string xml;
                           xmpp::Writer{ xml, xmpp::ns::component }.element(stanza);
                           sent.push_back(xml);
                       } };

    bool ask(std::string_view account, std::string code = "K7Q2")
    {
        return all.ask({ Jid::parse(account).value(), "https://www.test", std::move(code) }, now,
                       [this](Outcome outcome) { heard.push_back(outcome); });
    }
    bool take(std::string_view from, std::string_view xml)
    {
        const auto& stanza = **xmpp::parse_document(arena.copy(xml), arena);
        return all.take(stanza, Jid::parse(from).value());
    }
    /// A message with this inside; `start` ends the start tag.
    bool message(std::string_view inside, std::string_view start = ">",
                 std::string_view from = "bob@a.test/x")
    {
        return take(from,
                    "<message xmlns='jabber:component:accept'" + std::string{ start } + std::string{ inside }
                        + "</message>");
    }
};

constexpr auto confirm
    = "<confirm xmlns='http://jabber.org/protocol/http-auth' id='K7Q2' method='GET' url='x'/>";

}  // namespace

TEST_CASE("confirmations: a bare address is asked by a message that people and clients can answer",
          "[confirmations]")
{
    Scene scene;
    REQUIRE(scene.ask("bob@a.test"));
    const auto& asked = scene.sent.front();
    CHECK(asked.find("<message") == 0);
    CHECK(asked.find("to='bob@a.test'") != std::string::npos);
    CHECK(asked.find("<thread>id1</thread>") != std::string::npos);
    CHECK(asked.find("https://www.test") != std::string::npos);
    CHECK(asked.find("code K7Q2") != std::string::npos);
    CHECK(asked.find("<confirm xmlns='http://jabber.org/protocol/http-auth' id='K7Q2'") != std::string::npos);

    const auto [inside, start, outcome] = GENERATE(table<std::string, std::string, Outcome>({
        { "<body>OK</body>", ">", Outcome::confirmed },
        { "<body> ok!\n</body>", ">", Outcome::confirmed },
        { "<thread>id1</thread><body>OK</body>", ">", Outcome::confirmed },
        { confirm, ">", Outcome::confirmed },
        { "<body>No</body>", ">", Outcome::denied },
        { std::string{ confirm } + "<body>no.</body>", ">", Outcome::denied },
        { confirm, " type='error'>", Outcome::denied },
        { "", " type='error' id='id1'>", Outcome::denied },
        { "<thread>id1</thread>", " type='error'>", Outcome::denied },
    }));
    CAPTURE(inside, start);
    CHECK(scene.message(inside, start));
    CHECK(scene.heard == std::vector{ outcome });
    CHECK(scene.all.open() == 0);
    CHECK_FALSE(scene.message(inside, start));
}

TEST_CASE("confirmations: what is no answer, or comes from somebody else, confirms nothing",
          "[confirmations][hostile]")
{
    Scene scene;
    REQUIRE(scene.ask("bob@a.test"));
    CHECK_FALSE(scene.message("<body>OK</body>", ">", "mallory@a.test/x"));
    CHECK_FALSE(scene.message("<body>OK</body>", ">", "bob@b.test/x"));
    CHECK_FALSE(scene.message("<body>hello</body>"));
    CHECK_FALSE(scene.message(""));
    CHECK_FALSE(scene.message("<thread>id0</thread><body>OK</body>"));
    CHECK_FALSE(
        scene.message("<confirm xmlns='http://jabber.org/protocol/http-auth' id='other'/><body>OK</body>"));
    CHECK_FALSE(scene.message("", " type='error' id='another'>"));
    CHECK_FALSE(scene.take("bob@a.test/x", "<iq xmlns='jabber:component:accept' type='result' id='id0'/>"));
    CHECK(scene.heard.empty());
    CHECK(scene.all.open() == 1);
}

TEST_CASE("confirmations: a device is asked by an IQ, and it alone answers", "[confirmations]")
{
    Scene scene;
    REQUIRE(scene.ask("bob@a.test/phone"));
    CHECK(scene.sent.front().find("<iq") == 0);
    CHECK(scene.sent.front().find("type='get'") != std::string::npos);
    const auto type = GENERATE(as<std::string>(), "result", "error");
    const auto reply = "<iq xmlns='jabber:component:accept' id='id1' type='" + type + "'/>";
    CHECK_FALSE(scene.take("bob@a.test/pc", reply));
    CHECK(scene.take("bob@a.test/phone", reply));
    CHECK(scene.heard == std::vector{ type == "result" ? Outcome::confirmed : Outcome::denied });
}

TEST_CASE("confirmations: nobody is asked twice at once, nor too often, nor for ever",
          "[confirmations][limits]")
{
    Scene scene;
    REQUIRE(scene.ask("bob@a.test"));
    CHECK_FALSE(scene.ask("bob@a.test"));
    CHECK_FALSE(scene.ask("bob@a.test/phone"));
    CHECK(scene.all.deadline() == scene.now + Confirmations::answer_limit);
    scene.all.expire(scene.now + Confirmations::answer_limit - 1s);
    CHECK(scene.heard.empty());
    scene.all.expire(scene.now + Confirmations::answer_limit);
    CHECK(scene.heard == std::vector{ Outcome::unanswered });
    CHECK_FALSE(scene.all.deadline());

    Scene often;
    for (unsigned i = 0; i < Confirmations::per_minute; ++i) {
        REQUIRE(often.ask("bob@a.test"));
        CHECK(often.message("<body>no</body>"));
    }
    CHECK_FALSE(often.ask("bob@a.test"));
    for (std::size_t i = 0; i < Confirmations::max_open; ++i)
        REQUIRE(often.ask("u" + std::to_string(i) + "@a.test"));
    CHECK_FALSE(often.ask("one-more@a.test"));
}
