#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "fake_server/scanner.hpp"

using bench::Scanner;

namespace {

constexpr std::string_view stream
    = "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' to='call.bench.test'>"
      " <iq from='a@x/1' id=\"7\" to='b@y/2' type='set'><jingle xmlns='urn:xmpp:jingle:1' "
      "action='session-info' sid='s>1'><x/><y>z</y></jingle></iq>\n"
      "<iq type='result' id='8' to='a@x'/>"
      "<message to='b@y'><p:propose xmlns:p='urn:xmpp:jingle-message:0' id='s2'/></message>"
      "</stream:stream>";

std::string names(const bench::Envelope& e)
{
    return std::string{ e.name } + " to=" + std::string{ e.to } + " id=" + std::string{ e.id }
    + " type=" + std::string{ e.type } + " child=" + std::string{ e.child }
    + " action=" + std::string{ e.action } + " sid=" + std::string{ e.sid } + std::string{ e.child_id };
}

}  // namespace

TEST_CASE("scanner: the stanzas are the same wherever the stream is split", "[bench][scanner]")
{
    const auto split = GENERATE(range(std::size_t{ 0 }, stream.size()));
    Scanner scanner;
    std::vector<std::string> found;

    for (const auto part : { stream.substr(0, split), stream.substr(split) }) {
        scanner.append(part);
        while (const auto stanza = scanner.next())
            found.push_back(names(*stanza));
    }

    REQUIRE(found.size() == 4);
    CHECK(found[0] == "stream:stream to=call.bench.test id= type= child= action= sid=");
    CHECK(found[1] == "iq to=b@y/2 id=7 type=set child=jingle action=session-info sid=s>1");
    CHECK(found[2] == "iq to=a@x id=8 type=result child= action= sid=");
    CHECK(found[3] == "message to=b@y id= type= child=propose action= sid=s2");
    CHECK(scanner.at_end());
}

TEST_CASE("scanner: a stanza is not given out before its last byte", "[bench][scanner]")
{
    Scanner scanner;
    scanner.append("<stream:stream to='x'><message to='a'><body>hello</body></message");
    REQUIRE(scanner.next()->name == "stream:stream");
    CHECK_FALSE(scanner.next().has_value());

    scanner.append(">");

    const auto stanza = scanner.next();
    REQUIRE(stanza.has_value());
    CHECK(stanza->text == "<message to='a'><body>hello</body></message>");
}
