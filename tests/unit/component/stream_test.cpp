#include <catch2/catch.hpp>

#include "component/stream.hpp"
#include "recorder.hpp"

using component::Stream;
using component::StreamEnd;

namespace {

constexpr std::string_view header
    = "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
      "xmlns:stream='http://etherx.jabber.org/streams' from='call.example.org' id='3BF9'>";
constexpr std::string_view hello = "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                                   "xmlns:stream='http://etherx.jabber.org/streams' to='call.example.org'>";
constexpr std::string_view stream_end = "</stream:stream>";

struct Fixture {
    component::LinkOptions options = [] {
        component::LinkOptions made;
        made.domain = "call.example.org";
        made.secret = "secret";
        made.reader.max_stanza_bytes = 4096;
        made.reader.max_kept_bytes = 1024;
        return made;
    }();
    Recorder recorder;
    std::string out;
    Stream stream{ options, recorder, out };

    Fixture& go_online()
    {
        stream.open();
        stream.feed(header);
        stream.feed("<handshake/>");
        out.clear();
        return *this;
    }
};

}  // namespace

// echo -n 3BF9secret | sha1sum
TEST_CASE("stream: the handshake is the hex SHA-1 of id and secret", "[component][stream]")
{
    CHECK(component::handshake_digest("3BF9", "secret") == "ca13131ef91b7ed805c5b4889990559935ea40ef");
}

TEST_CASE("stream: says hello, proves the secret, is online", "[component][stream]")
{
    Fixture fixture;
    fixture.stream.open();
    CHECK(fixture.out == hello);
    fixture.out.clear();

    fixture.stream.feed(header);
    CHECK(fixture.out == "<handshake>" + component::handshake_digest("3BF9", "secret") + "</handshake>");
    CHECK(fixture.stream.state() == Stream::State::authenticating);

    fixture.stream.feed("<handshake/>");
    CHECK(fixture.stream.is_online());
    CHECK(fixture.recorder.events == std::vector<std::string>{ "online" });
}

TEST_CASE("stream: it makes no difference where the bytes are split", "[component][stream]")
{
    const auto input = std::string{ header }
        + "<handshake></handshake><iq id='1'/> \n<message id='2'>x</message>" + std::string{ stream_end };
    const auto size = GENERATE(as<std::size_t>{}, 1, 2, 3, 7, 1000);
    Fixture fixture;
    fixture.stream.open();

    for (std::size_t at = 0; at < input.size(); at += size)
        fixture.stream.feed(std::string_view{ input }.substr(at, size));

    CHECK(fixture.recorder.events == std::vector<std::string>{ "online", "iq 1", "message 2" });
    CHECK(fixture.stream.state() == Stream::State::ended);
    CHECK(fixture.out.ends_with(stream_end));
}

TEST_CASE("stream: a stanza before the handshake and foreign elements are passed over", "[component][stream]")
{
    Fixture fixture;
    fixture.stream.open();
    fixture.stream.feed(header);

    fixture.stream.feed(
        "<iq id='early'/><handshake/><r xmlns='urn:xmpp:sm:3'/><iq xmlns='urn:x' id='odd'/><iq id='1'/>");

    CHECK(fixture.recorder.events == std::vector<std::string>{ "online", "iq 1" });
}

TEST_CASE("stream: the server's error ends it, with condition and words", "[component][stream]")
{
    Fixture fixture;
    fixture.stream.open();
    fixture.stream.feed(header);
    fixture.out.clear();

    fixture.stream.feed("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                        "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced</text></stream:error>");
    fixture.stream.feed("</stream:stream>");

    CHECK(fixture.stream.state() == Stream::State::ended);
    CHECK(fixture.stream.end().cause == StreamEnd::Cause::server_error);
    CHECK(fixture.stream.end().condition == "conflict");
    CHECK(fixture.stream.end().text == "Replaced");
    CHECK(fixture.out == stream_end);
}

TEST_CASE("stream: what cannot be read is answered with a stream error", "[component][stream]")
{
    struct Row {
        std::string input;
        std::string condition;
    };
    const auto row = GENERATE(values<Row>({
        { "<iq id='1'></message>", "not-well-formed" },
        { "\x01", "not-well-formed" },
        { "<iq id='\xff'/>", "not-well-formed" },
        { "<x:iq id='1'/>", "not-well-formed" },
        { "GET / HTTP/1.1\r\n<", "not-well-formed" },
        { "<?php ?>", "restricted-xml" },
        { "<!-- hello -->", "restricted-xml" },
        { "<message>" + std::string(5000, 'x') + "</message>", "policy-violation" },
    }));
    CAPTURE(row.input);
    Fixture fixture;
    fixture.go_online();

    fixture.stream.feed(row.input);
    while (fixture.stream.is_online())
        fixture.stream.feed("</x>");

    CHECK(fixture.stream.state() == Stream::State::ended);
    CHECK(fixture.stream.end().cause == StreamEnd::Cause::broken_input);
    CHECK(fixture.out
          == "<stream:error><" + row.condition
              + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>" + std::string{ stream_end });
    fixture.stream.feed("<iq id='2'/>");
    CHECK(fixture.recorder.events == std::vector<std::string>{ "online" });
}

TEST_CASE("stream: a DTD in place of the header is refused", "[component][stream]")
{
    Fixture fixture;
    fixture.stream.open();
    fixture.out.clear();

    fixture.stream.feed("<!DOCTYPE stream [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>");

    CHECK(fixture.stream.state() == Stream::State::ended);
    CHECK(fixture.out.find("<restricted-xml ") != std::string::npos);
}

TEST_CASE("stream: a stanza past a limit is skipped and told", "[component][stream]")
{
    Fixture fixture;
    fixture.go_online();

    fixture.stream.feed("<message id='big'>" + std::string(2000, 'x') + "</message><iq id='next'/>");

    CHECK(fixture.recorder.events == std::vector<std::string>{ "online", "skipped message big", "iq next" });
}

TEST_CASE("stream: after our goodbye nothing is handed over, and the server's ends it", "[component][stream]")
{
    Fixture fixture;
    fixture.go_online();

    fixture.stream.close();
    CHECK(fixture.stream.state() == Stream::State::closing);
    fixture.stream.feed("<iq id='late'/>");
    fixture.stream.close();
    fixture.stream.feed("</stream:stream>");

    CHECK(fixture.stream.state() == Stream::State::ended);
    CHECK(fixture.out == stream_end);
    CHECK(fixture.recorder.events == std::vector<std::string>{ "online" });
}

TEST_CASE("stream: starts anew after any end", "[component][stream]")
{
    Fixture fixture;
    fixture.go_online();
    fixture.stream.feed(GENERATE(as<std::string>{}, "</stream:stream>", "<<", "<iq id='half'"));
    fixture.stream.abandon();
    fixture.out.clear();

    fixture.stream.open();
    CHECK(fixture.out == hello);
    fixture.stream.feed(header);
    fixture.stream.feed("<handshake/><iq id='1'/>");

    CHECK(fixture.recorder.events.back() == "iq 1");
}

TEST_CASE("stream: a handler that abandons it hears no more", "[component][stream]")
{
    Fixture fixture;
    fixture.go_online();
    fixture.recorder.then = [&](const std::string&) { fixture.stream.abandon(); };

    fixture.stream.feed("<iq id='1'/><iq id='2'/><<");

    CHECK(fixture.recorder.events == std::vector<std::string>{ "online", "iq 1" });
    CHECK(fixture.stream.state() == Stream::State::closed);
    CHECK(fixture.out.empty());
}
