#include <catch2/catch.hpp>

#include "component/answers.hpp"
#include "xmpp/caps.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

namespace ns = xmpp::ns;

namespace {

struct Asked {
    base::Arena arena;
    component::Answers answers{ "1.2.3" };
    component::Answers::WallTime now{ std::chrono::seconds{ 1'790'000'000 } };

    xmpp::Element& parse(std::string_view xml) { return **xmpp::parse_document(arena.copy(xml), arena); }

    const xmpp::Element* request(std::string_view to, std::string_view payload, std::string_view type = "get")
    {
        auto& iq = parse("<iq xmlns='jabber:component:accept' from='alice@a.test/x' id='1' type='"
                         + std::string{ type } + "' to='" + std::string{ to } + "'>" + std::string{ payload }
                         + "</iq>");
        return answers.to_request(iq, xmpp::Jid::parse(to).value(), now, arena);
    }
};

constexpr std::string_view contact = "bob\\40b.test@call.test";

bool is_error(const xmpp::Element* answer, std::string_view condition)
{
    return answer != nullptr && answer->attribute("type") == "error"
        && answer->child("error", ns::component)->child(condition, ns::stanza_errors) != nullptr;
}

}  // namespace

TEST_CASE("answers: the domain is a gateway, a contact is something to call", "[component][answers]")
{
    Asked asked;
    const auto info = [&](std::string_view to) {
        const auto* answer = asked.request(to, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
        REQUIRE(answer->attribute("type") == "result");
        CHECK(answer->attribute("from") == to);
        CHECK(answer->attribute("to") == "alice@a.test/x");
        return xmpp::DiscoInfo::from_element(*answer->first_child(), asked.arena).value();
    };
    const auto domain = info("call.test");
    CHECK(domain.identities.front().category == "component");
    CHECK(domain.has_feature(ns::jid_escaping));
    CHECK_FALSE(domain.has_feature(ns::jingle));

    for (const auto to :
         { "bob\\40b.test@call.test", "bob\\40b.test@call.test/call", "bob\\40b.test@call.test/pc" }) {
        const auto callable = info(to);
        CHECK(callable.identities.front().category == "client");
        for (const auto feature :
             { ns::jingle, ns::rtp, ns::rtp_audio, ns::rtp_video, ns::ice_udp, ns::dtls, ns::jmi,
               ns::call_invites, ns::rtcp_fb, ns::rtp_hdrext, ns::ssma, ns::grouping, ns::ping })
            CHECK(callable.has_feature(feature));
    }
}

TEST_CASE("answers: caps in presence are the hash of what disco says", "[component][answers]")
{
    Asked asked;
    const auto own = xmpp::Jid::parse(contact).value();
    const auto* presence
        = asked.answers.presence(own, xmpp::Jid::parse("alice@a.test").value(), {}, asked.arena);
    const auto caps = xmpp::Caps::from_element(*presence->child("c", ns::caps)).value();
    const auto node = caps.info_node(asked.arena);
    const auto* answer = asked.request(
        contact, "<query xmlns='http://jabber.org/protocol/disco#info' node='" + std::string{ node } + "'/>");
    const auto info = xmpp::DiscoInfo::from_element(*answer->first_child(), asked.arena).value();
    CHECK(info.node == node);
    CHECK(xmpp::matches(caps, info));
    CHECK(is_error(
        asked.request(contact,
                      "<query xmlns='http://jabber.org/protocol/disco#info' node='urn:carillon#old'/>"),
        "item-not-found"));
}

TEST_CASE("answers: ping, version, time and items are answered", "[component][answers]")
{
    Asked asked;
    const auto to = GENERATE(std::string{ "call.test" }, std::string{ contact });
    CHECK(asked.request(to, "<ping xmlns='urn:xmpp:ping'/>")->first_child() == nullptr);
    const auto* version = asked.request(to, "<query xmlns='jabber:iq:version'/>")->first_child();
    CHECK(version->child("version", ns::version)->text == "1.2.3");
    const auto* time = asked.request(to, "<time xmlns='urn:xmpp:time'/>")->first_child();
    CHECK(time->child("utc", ns::time)->text == "2026-09-21T14:13:20Z");
    CHECK(asked.request(to, "<query xmlns='http://jabber.org/protocol/disco#items'/>")->attribute("type")
          == "result");
}

TEST_CASE("answers: what is not offered and who is not there are the same error", "[component][answers]")
{
    Asked asked;
    CHECK(is_error(asked.request(contact, "<query xmlns='jabber:iq:roster'/>"), "service-unavailable"));
    CHECK(is_error(asked.request(contact, "<ping xmlns='urn:xmpp:ping'/>", "set"), "service-unavailable"));
    CHECK(
        is_error(asked.request("nobody@call.test", "<ping xmlns='urn:xmpp:ping'/>"), "service-unavailable"));
}

TEST_CASE("answers: who writes is told where to write", "[component][answers]")
{
    Asked asked;
    auto& message
        = asked.parse("<message xmlns='jabber:component:accept' from='alice@a.test/x' id='1' type='chat' "
                      "to='bob\\40b.test@call.test'><body>hello</body></message>");
    const auto* answer = asked.answers.to_text(message, xmpp::Jid::parse(contact).value(), asked.arena);
    REQUIRE(is_error(answer, "not-acceptable"));
    CHECK(answer->child("error", ns::component)->child("text", ns::stanza_errors)->text
          == "This address is for calls only. Please write to bob@b.test instead.");
    CHECK(xmpp::to_string(*answer).find("hello") == std::string::npos);

    auto& no_body
        = asked.parse("<message xmlns='jabber:component:accept' from='a@a.test/x' to='x' type='chat'/>");
    CHECK(asked.answers.to_text(no_body, xmpp::Jid::parse(contact).value(), asked.arena) == nullptr);
    auto& error
        = asked.parse("<message xmlns='jabber:component:accept' from='a@a.test/x' to='x' type='error'>"
                      "<body>x</body></message>");
    CHECK(asked.answers.to_text(error, xmpp::Jid::parse(contact).value(), asked.arena) == nullptr);
}

TEST_CASE("answers: lines and links have a name, and what is nobody's has none", "[component][answers]")
{
    Asked asked;
    asked.answers.know([](const xmpp::Jid& own) {
        return own.local() == "support" ? std::optional<std::string>{ "Support desk" } : std::nullopt;
    });
    constexpr auto vcard = "<vCard xmlns='vcard-temp'/>";
    constexpr auto disco = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
    CHECK(xmpp::to_string(*asked.request("support@call.test", vcard)).find("<FN>Support desk</FN>")
          != std::string::npos);
    const auto info = xmpp::DiscoInfo::from_element(
        *asked.request("support@call.test/call", disco)->first_child(), asked.arena);
    CHECK(info->has_feature(ns::jmi));
    CHECK(is_error(asked.request("other@call.test", disco), "service-unavailable"));

    auto& message
        = asked.parse("<message xmlns='jabber:component:accept' from='a@a.test/x' id='1' type='chat' "
                      "to='support@call.test'><body>hello</body></message>");
    const auto* answer
        = asked.answers.to_text(message, xmpp::Jid::parse("support@call.test").value(), asked.arena);
    CHECK(answer->child("error", ns::component)->child("text", ns::stanza_errors)->text
          == "This address is for calls only. Nobody reads what is written to it.");
}

TEST_CASE("answers: presence comes from the resource that means any device", "[component][answers]")
{
    Asked asked;
    const auto alice = xmpp::Jid::parse("alice@a.test/x").value();
    const auto bob = xmpp::Jid::parse(contact).value();
    const auto shown = [&](const xmpp::Jid& own, const component::Look& look) {
        return xmpp::to_string(*asked.answers.presence(own, alice, look, asked.arena));
    };
    const auto presence = shown(bob, { "Bob & Co", "abc" });
    CHECK(presence.find("from='bob\\40b.test@call.test/call' to='alice@a.test/x'") != std::string::npos);
    CHECK(presence.find("type=") == std::string::npos);
    CHECK(presence.find("<nick xmlns='http://jabber.org/protocol/nick'>Bob &amp; Co</nick>")
          != std::string::npos);
    CHECK(presence.find("<x xmlns='vcard-temp:x:update'><photo>abc</photo></x>") != std::string::npos);
    CHECK(shown(bob, { "Bob", "" }).find("<photo/>") != std::string::npos);
    CHECK(shown(bob, {}).find("photo") == std::string::npos);

    const auto gone = shown(bob, { "Bob", "abc", false });
    CHECK(gone.find("type='unavailable'") != std::string::npos);
    CHECK(gone.find("Bob") == std::string::npos);
    CHECK(shown(xmpp::Jid::parse("call.test").value(), {}).find("from='call.test'") != std::string::npos);
}

TEST_CASE("answers: a request to see somebody says who it is for", "[component][answers]")
{
    base::Arena arena;
    const auto alice = xmpp::Jid::parse("alice@a.test/x").value();
    const auto bob = xmpp::Jid::parse(contact).value();
    CHECK(xmpp::to_string(*component::Answers::subscription("subscribe", bob, alice, "Bob", arena))
              .find("from='bob\\40b.test@call.test' to='alice@a.test' type='subscribe'><nick ")
          != std::string::npos);
    CHECK(component::Answers::subscription("probe", bob, alice, "Bob", arena)->first_child() == nullptr);
}

TEST_CASE("answers: the gateway prompt makes an address of what people type", "[component][answers]")
{
    Asked asked;
    const auto prompt = [&](std::string_view typed) {
        return asked.request(
            "call.test",
            "<query xmlns='jabber:iq:gateway'><prompt>" + std::string{ typed } + "</prompt></query>", "set");
    };
    const auto* question = asked.request("call.test", "<query xmlns='jabber:iq:gateway'/>")->first_child();
    CHECK(question->child("desc", ns::gateway)->text.find("call") != std::string_view::npos);
    CHECK(question->child("prompt", ns::gateway) != nullptr);

    const auto typed
        = GENERATE(as<std::string>{}, "bob@b.test", " BOB@b.test/phone\n", "xmpp:bob@b.test?call",
                   "bob\\40b.test@call.test", "bob\\40b.test@call.test/call");
    const auto* answer = prompt(typed)->first_child();
    CHECK(answer->child("jid", ns::gateway)->text == contact);
    CHECK(answer->child("prompt", ns::gateway)->text == contact);

    const auto wrong = GENERATE(as<std::string>{}, "", "  ", "bob", "b.test", "@b.test", "bob@", "call.test",
                                "nobody@call.test", "xmpp:");
    CHECK(is_error(prompt(wrong), "jid-malformed"));
    CHECK(is_error(asked.request("call.test", "<query xmlns='jabber:iq:gateway'/>", "set"), "bad-request"));
    CHECK(is_error(asked.request(contact, "<query xmlns='jabber:iq:gateway'/>"), "service-unavailable"));
}

TEST_CASE("answers: who missed a call reads of it", "[component][answers]")
{
    base::Arena arena;
    const component::MissedCall call{ .contact = xmpp::Jid::parse("alice\\40a.test@call.test/call").value(),
                                      .callee = xmpp::Jid::parse("bob@b.test/pc").value(),
                                      .caller = "alice@a.test",
                                      .video = GENERATE(true, false),
                                      .at = std::chrono::system_clock::time_point{
                                          std::chrono::seconds{ 1'790'000'000 } } };
    const auto* message = component::Answers::missed_call(call, arena);
    CHECK(message->attribute("from") == "alice\\40a.test@call.test");
    CHECK(message->attribute("to") == "bob@b.test");
    CHECK(message->child("body", ns::component)->text
          == (call.video ? "You missed a video call from alice@a.test at 2026-09-21 14:13 UTC."
                         : "You missed a call from alice@a.test at 2026-09-21 14:13 UTC."));
    CHECK(message->child("store", ns::hints) != nullptr);
}

TEST_CASE("answers: what the configuration brings is a feature of the domain, and in its caps",
          "[component][answers]")
{
    Asked plain;
    Asked announced;
    announced.answers.announce_relays(true);
    const auto features = [](Asked& asked, std::string_view to) {
        const auto* answer = asked.request(to, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
        return *xmpp::DiscoInfo::from_element(*answer->first_child(), asked.arena);
    };

    CHECK(features(announced, "call.test").has_feature(ns::external_services));
    CHECK_FALSE(features(plain, "call.test").has_feature(ns::external_services));
    CHECK_FALSE(features(announced, contact).has_feature(ns::external_services));
    const auto own = xmpp::Jid::parse("call.test").value();
    const auto peer = xmpp::Jid::parse("alice@a.test/x").value();
    const auto ver = [&](Asked& asked) {
        const auto* caps = asked.answers.presence(own, peer, {}, asked.arena)->child("c", ns::caps);
        return std::string{ caps->attribute_or_empty("ver") };
    };
    CHECK(ver(announced) != ver(plain));
    CHECK(ver(announced) == xmpp::verification_hash(features(announced, "call.test")));
}
