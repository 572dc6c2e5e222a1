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
    std::vector<std::string> presence(std::string_view type, std::string_view own, std::string_view peer)
    {
        std::vector<std::string> lines;
        for (const auto* p :
             answers.to_presence(type, xmpp::Jid::parse(own).value(), xmpp::Jid::parse(peer).value(), arena))
            lines.push_back(std::string{ p->attribute_or_empty("from") } + " -> "
                            + std::string{ p->attribute_or_empty("to") } + " "
                            + std::string{ p->attribute("type").value_or("available") });
        return lines;
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
        for (const auto feature : { ns::jingle, ns::rtp, ns::rtp_audio, ns::rtp_video, ns::ice_udp, ns::dtls,
                                    ns::jmi, ns::rtcp_fb, ns::rtp_hdrext, ns::ssma, ns::grouping, ns::ping })
            CHECK(callable.has_feature(feature));
    }
}

TEST_CASE("answers: caps in presence are the hash of what disco says", "[component][answers]")
{
    Asked asked;
    const auto own = xmpp::Jid::parse(contact).value();
    const auto* presence
        = asked.answers.available(own, xmpp::Jid::parse("alice@a.test").value(), asked.arena);
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

TEST_CASE("answers: presence is answered so that a call button appears", "[component][answers]")
{
    using Lines = std::vector<std::string>;
    Asked asked;
    CHECK(asked.presence("subscribe", contact, "alice@a.test")
          == Lines{ "bob\\40b.test@call.test -> alice@a.test subscribed",
                    "bob\\40b.test@call.test/call -> alice@a.test available" });
    CHECK(asked.presence("probe", contact, "alice@a.test/x")
          == Lines{ "bob\\40b.test@call.test/call -> alice@a.test/x available" });
    CHECK(asked.presence("", contact, "alice@a.test/x")
          == Lines{ "bob\\40b.test@call.test/call -> alice@a.test/x available" });
    CHECK(asked.presence("unsubscribe", contact, "alice@a.test")
          == Lines{ "bob\\40b.test@call.test -> alice@a.test unsubscribed",
                    "bob\\40b.test@call.test -> alice@a.test unavailable" });
    CHECK(asked.presence("probe", "call.test", "alice@a.test/x")
          == Lines{ "call.test -> alice@a.test/x available" });
    CHECK(asked.presence("unavailable", contact, "alice@a.test/x").empty());
    CHECK(asked.presence("subscribed", contact, "alice@a.test").empty());
    CHECK(asked.presence("probe", "nobody@call.test", "alice@a.test/x").empty());
}
