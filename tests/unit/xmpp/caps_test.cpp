#include <catch2/catch.hpp>

#include "parse.hpp"
#include "xmpp/caps.hpp"
#include "xmpp/writer.hpp"

using base::Errc;
using xmpp::Caps;
using xmpp::DiscoInfo;

namespace {

// XEP-0115, 5.2 and 5.3.
constexpr std::string_view simple = R"(
<query xmlns='http://jabber.org/protocol/disco#info' node='http://psi-im.org#q07IKJEyjvHSyhy//CH0CxmKi8w='>
  <identity category='client' name='Exodus 0.9.1' type='pc'/>
  <feature var='http://jabber.org/protocol/caps'/>
  <feature var='http://jabber.org/protocol/disco#items'/>
  <feature var='http://jabber.org/protocol/disco#info'/>
  <feature var='http://jabber.org/protocol/muc'/>
</query>)";
constexpr std::string_view complex = R"(
<query xmlns='http://jabber.org/protocol/disco#info' node='http://psi-im.org#q07IKJEyjvHSyhy//CH0CxmKi8w='>
  <identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>
  <identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>
  <feature var='http://jabber.org/protocol/caps'/>
  <feature var='http://jabber.org/protocol/disco#info'/>
  <feature var='http://jabber.org/protocol/disco#items'/>
  <feature var='http://jabber.org/protocol/muc'/>
  <x xmlns='jabber:x:data' type='result'>
    <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>
    <field var='ip_version' type='text-multi'><value>ipv4</value><value>ipv6</value></field>
    <field var='os'><value>Mac</value></field>
    <field var='os_version'><value>10.5.1</value></field>
    <field var='software'><value>Psi</value></field>
    <field var='software_version'><value>0.11</value></field>
  </x>
</query>)";

/// A query with these children: "i" = identity, "f" = feature; the rest as it is.
std::string query(std::string_view children)
{
    return "<query xmlns='http://jabber.org/protocol/disco#info'>" + std::string{ children } + "</query>";
}

std::string form(std::string_view fields)
{
    return "<x xmlns='jabber:x:data' type='result'>" + std::string{ fields } + "</x>";
}

const std::string form_type = "<field var='FORM_TYPE' type='hidden'><value>urn:a</value></field>";

}  // namespace

TEST_CASE("caps: the hashes published in XEP-0115 come out", "[xmpp][caps]")
{
    base::Arena arena;
    const auto first = *DiscoInfo::from_element(parse(simple, arena), arena);
    const auto second = *DiscoInfo::from_element(parse(complex, arena), arena);

    CHECK(*verification_hash(first) == "QgayPKawpkPSDYmwT/WM94uAlu0=");
    CHECK(*verification_hash(second) == "q07IKJEyjvHSyhy//CH0CxmKi8w=");
    CHECK(*verification_string(first)
          == "client/pc//Exodus 0.9.1<http://jabber.org/protocol/caps<http://jabber.org/protocol/disco#info<"
             "http://jabber.org/protocol/disco#items<http://jabber.org/protocol/muc<");
}

TEST_CASE("caps: sorting is by octets and forms without a hidden FORM_TYPE do not count", "[xmpp][caps]")
{
    const auto [children, text] = GENERATE(table<std::string, std::string>({
        { "", "" },
        { "<feature var='b'/><feature var='a'/><feature var='B'/>", "B<a<b<" },
        { "<feature var='a!'/><feature var='a'/>", "a<a!<" },
        { "<identity category='b' type='a'/><identity category='a' type='b'/>", "a/b//<b/a//<" },
        { "<identity category='a' type='b' name='n/x'/>", "a/b//n/x<" },
        { form("<field var='FORM_TYPE'><value>urn:a</value></field><field var='x'/>"), "" },
        { form("<field var='x'><value>1</value></field>"), "" },
        { form("<field var='FORM_TYPE' type='hidden'/>"), "" },
        { form("<field var='z'><value>2</value><value>10</value></field><field var='y'/>" + form_type),
          "urn:a<y<z<10<2<" },
        { form("<field var='FORM_TYPE' type='hidden'><value>urn:b</value></field>") + form(form_type),
          "urn:a<urn:b<" },
        { form("<field var='FORM_TYPE' type='hidden'><value>urn:a</value><value>urn:a</value></field>"),
          "urn:a<" },
    }));
    CAPTURE(children);
    base::Arena arena;
    CHECK(*verification_string(*DiscoInfo::from_element(parse(query(children), arena), arena)) == text);
}

TEST_CASE("caps: an ill-formed answer has no hash", "[xmpp][caps]")
{
    const auto [children, code] = GENERATE(table<std::string, Errc>({
        { "<identity category='a' type='b' name='n'/><identity category='a' type='b' name='n'/>",
          Errc::duplicate },
        { "<feature var='a'/><feature var='b'/><feature var='a'/>", Errc::duplicate },
        { form(form_type) + form(form_type), Errc::duplicate },
        { form("<field var='FORM_TYPE' type='hidden'><value>a</value><value>b</value></field>"),
          Errc::duplicate },
        { "<identity category='a&lt;' type='b'/>", Errc::forbidden },
        { "<identity category='a' type='b/c'/>", Errc::forbidden },
        { "<identity category='a' type='b' name='n&lt;f'/>", Errc::forbidden },
        { "<feature var='a&lt;b'/>", Errc::forbidden },
        { form(form_type + "<field var='a&lt;'/>"), Errc::forbidden },
        { form(form_type + "<field var='a'><value>&lt;</value></field>"), Errc::forbidden },
        { form("<field var='FORM_TYPE' type='hidden'><value>a&lt;</value></field>"), Errc::forbidden },
    }));
    CAPTURE(children);
    base::Arena arena;
    const auto info = *DiscoInfo::from_element(parse(query(children), arena), arena);
    CHECK(verification_hash(info).error().code == code);
    CHECK_FALSE(matches({ "n", "anything", Caps::sha1 }, info));
}

TEST_CASE("caps: only the right hash of a known kind matches", "[xmpp][caps]")
{
    base::Arena arena;
    const auto info = *DiscoInfo::from_element(parse(simple, arena), arena);
    CHECK(matches({ "n", "QgayPKawpkPSDYmwT/WM94uAlu0=", "sha-1" }, info));
    CHECK_FALSE(matches({ "n", "QgayPKawpkPSDYmwT/WM94uAlu0=", "sha-256" }, info));
    CHECK(matches({ "n", "Wr6IGEKhx6b9627gBmi/cCmpxXBc/GYq5zWuYfWGWoc=", "sha-256" }, info));
    CHECK_FALSE(matches({ "n", "QgayPKawpkPSDYmwT/WM94uAlu0=", "md5" }, info));
    CHECK_FALSE(matches({ "n", "QgayPKawpkPSDYmwT/WM94uAlu0=", "" }, info));
    CHECK_FALSE(matches({ "n", "q07IKJEyjvHSyhy//CH0CxmKi8w=", "sha-1" }, info));
}

TEST_CASE("caps: the element is read and written", "[xmpp][caps]")
{
    base::Arena arena;
    const std::string_view xml
        = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:n' ver='v='/>";
    const auto caps = *Caps::from_element(parse(xml, arena));
    CHECK(caps == Caps{ "urn:n", "v=", "sha-1" });
    CHECK(caps.info_node(arena) == "urn:n#v=");

    auto* presence = xmpp::Element::create(arena, "presence", {});
    CHECK(to_string(caps.append_to(*presence, arena)) == xml);
    CHECK(Caps::from_element(*presence).error().code == Errc::malformed);
    CHECK(Caps::from_element(parse("<c xmlns='http://jabber.org/protocol/caps' node='n'/>", arena)).error()
          == base::Error{ Errc::missing, "ver" });
    CHECK(Caps::from_element(parse("<c xmlns='http://jabber.org/protocol/caps' ver='v'/>", arena)).error()
          == base::Error{ Errc::missing, "node" });
}
