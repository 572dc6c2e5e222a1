#include <catch2/catch.hpp>

#include "component/outgoing.hpp"
#include "xmpp/ns.hpp"

TEST_CASE("outgoing: a stanza has all its addresses and no xmlns", "[component][outgoing]")
{
    std::string out;
    xmpp::Writer writer{ out, xmpp::ns::component };

    component::open_stanza(writer, { "iq", "call.example.org", "a&b@example.org", "1", "get" });
    writer.open("ping", xmpp::ns::ping).close().close();
    component::open_stanza(writer, { "presence", "call.example.org", "bob@example.org", "2" }).close();

    CHECK(out
          == "<iq from='call.example.org' to='a&amp;b@example.org' id='1' type='get'>"
             "<ping xmlns='urn:xmpp:ping'/></iq>"
             "<presence from='call.example.org' to='bob@example.org' id='2'/>");
}
