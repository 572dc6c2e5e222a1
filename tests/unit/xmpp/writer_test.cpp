#include <catch2/catch.hpp>

#include "xmpp/ns.hpp"
#include "xmpp/writer.hpp"

using xmpp::Writer;
namespace ns = xmpp::ns;

TEST_CASE("writer: a namespace is declared where it changes", "[xmpp][writer]")
{
    std::string out;
    Writer writer{ out, ns::component };

    writer.open("iq").attribute("id", "1").attribute("n", 7U);
    writer.open("ping", ns::ping).close();
    writer.open("a", "urn:a").open("b").text("x").close().open("c", ns::component).close().close();
    writer.close();

    CHECK(out
          == "<iq id='1' n='7'><ping xmlns='urn:xmpp:ping'/>"
             "<a xmlns='urn:a'><b>x</b><c xmlns='jabber:component:accept'/></a></iq>");
}
