#include <catch2/catch.hpp>

#include "parse.hpp"
#include "xmpp/disco.hpp"
#include "xmpp/writer.hpp"

using base::Errc;
using xmpp::DiscoInfo;
using xmpp::DiscoItems;
using xmpp::Element;
using xmpp::Form;

TEST_CASE("disco: info is written as it was read", "[xmpp][disco]")
{
    const std::string xml = "<query xmlns='http://jabber.org/protocol/disco#info' node='n'>"
                            "<identity category='gateway' type='sip' name='Calls' xml:lang='en'/>"
                            "<identity category='automation' type='rpc'/>"
                            "<feature var='urn:xmpp:ping'/>"
                            "<x xmlns='jabber:x:data' type='result'>"
                            "<field var='FORM_TYPE' type='hidden'><value>urn:a</value></field>"
                            "<field var='b'><value>1</value><value/></field></x></query>";
    base::Arena arena;
    const auto info = *DiscoInfo::from_element(parse(xml, arena), arena);

    REQUIRE(info.identities.size() == 2);
    CHECK(info.identities[0] == xmpp::Identity{ "gateway", "sip", "Calls", "en" });
    CHECK(info.has_feature("urn:xmpp:ping"));
    CHECK_FALSE(info.has_feature("urn:xmpp:time"));
    REQUIRE(info.forms.size() == 1);
    CHECK(info.forms[0].form_type() == "urn:a");
    CHECK(info.forms[0].field("b")->values.size() == 2);
    CHECK(info.forms[0].field("c") == nullptr);
    auto* iq = Element::create(arena, "iq", {});
    CHECK(to_string(info.append_to(*iq, arena)) == xml);
    CHECK(*DiscoInfo::from_element(*iq->first_child(), arena) == info);
}

TEST_CASE("disco: items are written as they were read", "[xmpp][disco]")
{
    const std::string xml = "<query xmlns='http://jabber.org/protocol/disco#items' node='n'>"
                            "<item jid='a@b' node='x' name='A'/><item jid='c'/></query>";
    base::Arena arena;
    const auto items = *DiscoItems::from_element(parse(xml, arena), arena);

    REQUIRE(items.items.size() == 2);
    CHECK(items.items[0] == xmpp::DiscoItem{ "a@b", "x", "A" });
    auto* iq = Element::create(arena, "iq", {});
    CHECK(to_string(items.append_to(*iq, arena)) == xml);
    CHECK(*DiscoItems::from_element(*iq->first_child(), arena) == items);
}

TEST_CASE("disco: unknown children are passed over", "[xmpp][disco]")
{
    base::Arena arena;
    const auto info = *DiscoInfo::from_element(
        parse("<query xmlns='http://jabber.org/protocol/disco#info'><x/><feature xmlns='urn:x'/></query>",
              arena),
        arena);
    CHECK(info == DiscoInfo{});
    const auto items = *DiscoItems::from_element(
        parse("<query xmlns='http://jabber.org/protocol/disco#items'><set xmlns='urn:x'/></query>", arena),
        arena);
    CHECK(items == DiscoItems{});
}

TEST_CASE("disco: what lacks its key is refused", "[xmpp][disco]")
{
    const auto [children, error] = GENERATE(table<std::string, base::Error>({
        { "<identity type='a'/>", { Errc::missing, "category" } },
        { "<identity category='a' type=''/>", { Errc::missing, "type" } },
        { "<feature/>", { Errc::missing, "var" } },
    }));
    CAPTURE(children);
    base::Arena arena;
    const auto& query
        = parse("<query xmlns='http://jabber.org/protocol/disco#info'>" + children + "</query>", arena);
    CHECK(DiscoInfo::from_element(query, arena).error() == error);
    CHECK(DiscoItems::from_element(query, arena).error().code == Errc::malformed);
    const auto& items = parse("<query xmlns='http://jabber.org/protocol/disco#items'><item/></query>", arena);
    CHECK(DiscoItems::from_element(items, arena).error() == base::Error{ Errc::missing, "jid" });
    CHECK(DiscoInfo::from_element(items, arena).error().code == Errc::malformed);
    CHECK(Form::from_element(items, arena).error().code == Errc::malformed);
}
