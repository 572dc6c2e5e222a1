#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64url.hpp"
#include "component/auth/jwt.hpp"
#include "component/auth/link_secret.hpp"
#include "component/page_access.hpp"
#include "component/web/frame.hpp"
#include "component/web/resume_token.hpp"
#include "xmpp/reader.hpp"

using component::Confirmations;
using component::PageAccess;
using component::web::AuthFailure;
using component::web::Credentials;
using component::web::Identity;
using component::web::WallTime;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view secret = "0123456789abcdef0123456789abcdef";

std::string token(const std::string& claims, const std::string& header = R"({"alg":"HS256","kid":"k"})")
{
    const auto body = base::to_base64url(header) + "." + base::to_base64url(claims);
    std::string mac(32, '\0');
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(body.data()), body.size(),
         reinterpret_cast<unsigned char*>(mac.data()), nullptr);
    return body + "." + base::to_base64url(mac);
}

/// A token of `more` claims that is good at the clock of the tests.
std::string good(const std::string& more)
{
    return token(R"({"aud":"call.test","exp":2000,)" + more + "}");
}

roster::Line support()
{
    roster::Line line;
    line.name = "support";
    return line;
}

struct Scene {
    component::asio::io_context io{ 1 };
    component::Store store{ io, {} };
    roster::Roster roster{
        { .domain = "call.test", .policy = { roster::Default::local, { "a.test" } }, .lines = { support() } },
        { .wall_clock = [] { return roster::WallTime{ 1000s }; }, .storage = &store }
    };
    component::TurnConfig turn;
    component::Relaying relaying{ turn, "", [](const auto&, auto done) { done(nullptr); } };
    std::vector<std::string> asked;
    Confirmations confirmations{ "call.test", [] { return std::string{ "id" }; },
                                 [this](const xmpp::Element& stanza) {
                                     asked.emplace_back(stanza.attribute_or_empty("to"));
                                 } };
    PageAccess access{
        { .instance_key = std::string(32, 'k'),
          .audience = "call.test",
          .keys
          = { component::auth::make_jwt_key("k", component::auth::JwtAlgorithm::hs256, secret).value() },
          .served_domains = { "a.test" },
          .origins = { "https://www.test" } },
        store,
        roster,
        relaying
    };
    std::optional<PageAccess::Checked> result;
    WallTime now{ 1000s };

    PageAccess::Checked& check(Credentials credentials)
    {
        result.reset();
        access.check(credentials, now, [this](PageAccess::Checked checked) { result = std::move(checked); });
        for (int i = 0; !result && i < 1000 && credentials.type == Credentials::Type::guest; ++i)
            io.run_one_for(100ms);
        REQUIRE(result);
        return *result;
    }
    PageAccess::Checked& jwt(std::string text) { return check({ .token = std::move(text) }); }
    PageAccess::Checked& guest(std::string text, std::optional<std::string> origin = "https://www.test")
    {
        return check({ .type = Credentials::Type::guest,
                       .token = std::move(text),
                       .guest_name = "Carol",
                       .origin = std::move(origin) });
    }
    /// A link with this secret byte; its token.
    std::string link(std::uint8_t byte, const std::function<void(roster::CallLink&)>& change = {})
    {
        component::auth::LinkSecret bytes{};
        bytes.fill(byte);
        roster::CallLink link;
        link.name = "shop-" + std::to_string(byte);
        link.owner = xmpp::Jid::parse("bob@a.test").value();
        link.secret_hash = component::auth::hash_of(bytes);
        link.title = "The shop";
        link.uses_left = 1;
        link.made = now;
        if (change)
            change(link);
        REQUIRE(roster.add_link(link));
        return component::auth::to_text(bytes);
    }
};

}  // namespace

TEST_CASE("page access: what a token says is who the page is", "[page_access]")
{
    Scene scene;
    auto& all = scene.jwt(
        good(R"("sub":"alice@a.test","name":"Alice","to":["*@a.test"],"media":["audio"],"max_calls":2)"));
    REQUIRE(all);
    CHECK(all->user->full() == "alice@a.test");
    CHECK(all->display_name == "Alice");
    CHECK(all->may_call == std::vector<std::string>{ "*@a.test" });
    CHECK(all->media == component::web::PageMedia{ .audio = true, .video = false });
    CHECK(all->max_calls == 2);
    CHECK(all->expires == WallTime{ 2000s });

    auto& plain = scene.jwt(good(R"("sub":"nick")"));
    REQUIRE(plain);
    CHECK(plain->name == "nick");
    CHECK(plain->display_name == "nick");
    CHECK_FALSE(plain->may_call);

    auto& nobody = scene.jwt(good(R"("sub":"nick","to":[])"));
    REQUIRE(nobody);
    CHECK(nobody->may_call == std::vector<std::string>{});
    CHECK(nobody->max_calls == Identity{}.max_calls);
}

TEST_CASE("page access: whoever has the longest token that is taken can be resumed", "[page_access][limits]")
{
    Scene scene;
    const auto user = std::string(500, 'u') + "@a.test";
    std::string to;
    for (int i = 0; i < 64; ++i)
        to += (i == 0 ? "\"" : ",\"") + std::string(73, 'c') + "@c.test\"";
    const auto longest = good("\"sub\":\"" + user + "\",\"to\":[" + to + "]");
    REQUIRE(longest.size() > component::auth::max_jwt_bytes * 95 / 100);
    const auto all = scene.jwt(longest);
    REQUIRE(all);
    const component::web::ResumeToken token{ "id", 1, scene.now, "https://www.test", *all };
    const auto sealed = scene.access.seal(token.to_text());
    CHECK(sealed.size() <= component::web::max_token);
    const auto text = scene.access.unseal(sealed);
    REQUIRE(text);
    CHECK(component::web::ResumeToken::parse(*text) == token);
}

TEST_CASE("page access: tokens that are forged, over, of others or for nobody sound alike",
          "[page_access][hostile]")
{
    Scene scene;
    const auto right = good(R"("sub":"alice@a.test")");
    REQUIRE(scene.jwt(right));
    const std::vector<std::string> wrong{
        "",
        "x",
        right + "x",
        right.substr(0, right.size() - 2),
        token(R"({"aud":"call.test","exp":900,"sub":"alice@a.test"})"),
        token(R"({"aud":"other.test","exp":2000,"sub":"alice@a.test"})"),
        token(R"({"aud":"call.test","sub":"alice@a.test"})"),
        token(R"({"aud":"call.test","exp":2000})"),
        token(R"({"aud":"call.test","exp":2000,"sub":"alice@a.test"})", R"({"alg":"none","kid":"k"})"),
        token(R"({"aud":"call.test","exp":2000,"sub":"alice@a.test"})", R"({"alg":"ES256","kid":"k"})"),
        token(R"({"aud":"call.test","exp":2000,"sub":"alice@a.test"})", R"({"alg":"HS256","kid":"other"})"),
        good(R"("sub":"alice@foreign.test")"),
        good(R"("sub":"support")"),
        good(R"("sub":"call.test/x")"),
    };
    for (const auto& each : wrong) {
        CAPTURE(each);
        const auto& refused = scene.jwt(each);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().why == AuthFailure::Why::unauthorized);
        CHECK(refused.error().detail == "this token is not valid");
    }
    scene.link(7);
    CHECK_FALSE(scene.jwt(good(R"("sub":"shop-7")")));
    scene.now = WallTime{ 2000s };
    CHECK_FALSE(scene.jwt(right));
}

TEST_CASE("page access: a link lets a guest in, as the link says", "[page_access]")
{
    Scene scene;
    auto& in = scene.guest(scene.link(1));
    REQUIRE(in);
    CHECK(in->kind == Identity::Kind::guest);
    CHECK(in->name == "shop-1");
    CHECK(in->callee == "bob@a.test");
    CHECK(in->callee_name == "The shop");
    CHECK(in->display_name == "Carol");
    CHECK(in->max_calls == 1);
    CHECK(scene.access.still_good(*in, scene.now));
    const auto identity = *in;
    REQUIRE(scene.roster.revoke_link("shop-1", xmpp::Jid::parse("bob@a.test").value()));
    CHECK_FALSE(scene.access.still_good(identity, scene.now));
}

TEST_CASE("page access: a link that is none, over, used or elsewhere lets nobody in",
          "[page_access][hostile]")
{
    Scene scene;
    const auto why = [&](const PageAccess::Checked& checked) {
        REQUIRE_FALSE(checked);
        return checked.error().detail;
    };
    CHECK(why(scene.guest("")) == "this link is not valid");
    CHECK(why(scene.guest(std::string(22, 'A'))) == "this link is not valid");
    CHECK(why(scene.guest(std::string(5000, 'A'))) == "this link is not valid");
    CHECK(why(scene.guest(scene.link(1, [](auto& l) { l.revoked = true; }))) == "this link was withdrawn");
    CHECK(why(scene.guest(scene.link(2, [](auto& l) { l.expires = WallTime{ 999s }; })))
          == "this link has expired");
    CHECK(why(scene.guest(scene.link(3, [](auto& l) { l.uses_left = 0; }))) == "this link was used before");
    CHECK(why(scene.guest(scene.link(4), "https://evil.test")) == "this link is not good on this page");
    CHECK(why(scene.guest(scene.link(5, [](auto& l) { l.origins = { "https://shop.test" }; })))
          == "this link is not good on this page");
    CHECK(scene.guest(scene.link(6, [](auto& l) { l.origins = { "https://shop.test" }; }),
                      "https://shop.test"));
}

TEST_CASE("page access: where guests are not let in, no link is good", "[page_access]")
{
    Scene scene;
    const auto link = scene.link(1);
    component::PageAccessSettings settings;
    settings.lets_guests_in = false;
    PageAccess closed{ settings, scene.store, scene.roster, scene.relaying };
    std::optional<PageAccess::Checked> result;
    closed.check({ .type = Credentials::Type::guest, .token = link }, scene.now,
                 [&](PageAccess::Checked checked) { result = std::move(checked); });
    REQUIRE(result);
    REQUIRE_FALSE(*result);
    CHECK(result->error().detail == "guests are not let in here");
}

TEST_CASE("page access: the owner of an account confirms it, and nobody else", "[page_access]")
{
    Scene scene;
    const auto ask = [&](std::string account) {
        scene.result.reset();
        scene.access.check(
            { .type = Credentials::Type::xmpp, .jid = std::move(account), .origin = "https://www.test" },
            scene.now, [&](PageAccess::Checked checked) { scene.result = std::move(checked); });
    };
    ask("alice@a.test");
    REQUIRE(scene.result);
    CHECK_FALSE(*scene.result);  // not offered

    scene.access.connect(scene.confirmations);
    for (const auto* nobody : { "alice@foreign.test", "a.test", "@", "" }) {
        ask(nobody);
        REQUIRE(scene.result);
        CHECK_FALSE(*scene.result);
    }
    CHECK(scene.asked.empty());

    ask("alice@a.test");
    CHECK_FALSE(scene.result);
    CHECK(scene.asked == std::vector<std::string>{ "alice@a.test" });
    base::Arena arena;
    auto* ok = xmpp::Element::create(arena, "message", "jabber:component:accept");
    ok->add(arena, "body").text = "OK";
    REQUIRE(scene.confirmations.take(*ok, xmpp::Jid::parse("alice@a.test/phone").value()));
    REQUIRE(scene.result);
    REQUIRE(*scene.result);
    CHECK((*scene.result)->user->full() == "alice@a.test");
    CHECK((*scene.result)->expires == scene.now + PageAccess::confirmed_for);

    ask("alice@a.test");
    CHECK_FALSE(scene.result);
    const auto waiting = scene.asked.size();
    scene.access.check({ .type = Credentials::Type::xmpp, .jid = "alice@a.test" }, scene.now,
                       [&](PageAccess::Checked checked) {
                           REQUIRE_FALSE(checked);
                           CHECK(checked.error().why == AuthFailure::Why::rate_limited);
                       });
    CHECK(scene.asked.size() == waiting);
}

TEST_CASE("page access: relays from each source last as they should, and are renewed by half of that",
          "[page_access][turn]")
{
    using component::TurnSource;
    struct Row {
        TurnSource source;
        std::size_t servers;
        std::optional<std::chrono::seconds> lifetime;
        std::optional<std::chrono::seconds> renew_in;
    };
    const auto row = GENERATE(values<Row>({
        { TurnSource::none, 0, {}, {} },
        { TurnSource::fixed, 2, {}, {} },
        { TurnSource::secret, 2, 3600s, 1800s },
        { TurnSource::xep0215, 1, 2401s, 901s },
    }));
    Scene scene;
    component::TurnConfig turn;
    turn.source = row.source;
    turn.username = "u";
    turn.uris = { "stun:t.test", "turn:t.test" };
    turn.ttl = 3600s;
    const std::string answer
        = "<iq xmlns='jabber:component:accept' type='result'><services xmlns='urn:xmpp:extdisco:2'>"
          "<service type='turn' host='t.test' username='u' password='p' expires='1970-01-01T01:06:40Z'/>"
          "</services></iq>";
    component::Relaying relaying{ turn, "secret", [&](const auto&, auto done) {
                                     base::Arena arena;
                                     done(*xmpp::parse_document(answer, arena));
                                 } };
    PageAccess access{ {}, scene.store, scene.roster, relaying };
    const auto page = xmpp::Jid::parse("alice\\40a.test@call.test/web-1").value();
    (void)access.servers_for(page, scene.now);
    // 600 s later, what the server said is that old, and the rest is new.
    const auto ice = access.servers_for(page, scene.now + (row.source == TurnSource::xep0215 ? 599s : 600s));
    REQUIRE(ice);
    CHECK(ice->servers.size() == row.servers);
    CHECK(ice->lifetime == row.lifetime);
    CHECK(ice->renew_in == row.renew_in);
}
