#include <catch2/catch.hpp>

#include "component/lone_stream.hpp"
#include "component/stream.hpp"

using component::LoneStream;

namespace {

constexpr std::string_view opening = "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                                     "xmlns:stream='http://etherx.jabber.org/streams' to='call.test'>";

struct Scene {
    LoneStream stream{ "secret", "id1" };

    std::string says(std::string_view xml)
    {
        (void)stream.feed(xml);
        return std::exchange(stream.out(), {});
    }
    void log_in()
    {
        CHECK(says(opening).find("from='call.test' id='id1'") != std::string::npos);
        CHECK(says("<handshake>" + component::handshake_digest("id1", "secret") + "</handshake>")
              == "<handshake/>");
        REQUIRE(stream.is_authenticated());
    }
};

}  // namespace

TEST_CASE("lone stream: takes the component's handshake, answers pings, and nobody is behind it",
          "[lone_stream]")
{
    Scene scene;
    scene.log_in();
    CHECK(scene.says("<iq id='1' type='get' from='call.test' to='a.test'><ping xmlns='urn:xmpp:ping'/></iq>")
              .find("type='result'")
          != std::string::npos);
    for (const auto* said : { "<iq id='2' type='set' from='x@call.test' to='bob@a.test/x'><jingle "
                              "xmlns='urn:xmpp:jingle:1'/></iq>",
                              "<message id='2' from='x@call.test' to='bob@a.test'><propose "
                              "xmlns='urn:xmpp:jingle-message:0' id='s'/></message>" }) {
        const auto answer = scene.says(said);
        CHECK(answer.find("service-unavailable") != std::string::npos);
        CHECK(answer.find("to='x@call.test'") != std::string::npos);
    }
    CHECK(scene.says("<presence from='x@call.test' to='bob@a.test'/>").empty());
    CHECK(scene.says("<message type='error' from='x@call.test' to='bob@a.test'/>").empty());
    CHECK(scene.says("<iq id='3' type='result' from='x@call.test' to='bob@a.test'/>").empty());
    CHECK(scene.says("</stream:stream>") == "</stream:stream>");
}

TEST_CASE("lone stream: who does not know the secret is turned away, as is what cannot be read",
          "[lone_stream][hostile]")
{
    Scene scene;
    (void)scene.says(opening);
    SECTION("a wrong handshake")
    {
        CHECK(scene.says("<handshake>no</handshake>").find("not-authorized") != std::string::npos);
    }
    SECTION("a stanza before it")
    {
        CHECK(scene.says("<iq id='1' type='get' from='x' to='y'/>").find("not-authorized")
              != std::string::npos);
    }
    SECTION("no XML")
    {
        CHECK(scene.says("<<<") == "</stream:stream>");
    }
    CHECK_FALSE(scene.stream.is_authenticated());
    CHECK_FALSE(scene.stream.feed("<iq id='1' type='get' from='x' to='y'/>"));
}
