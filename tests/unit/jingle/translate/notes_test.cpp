#include <catch2/catch.hpp>

#include "unit/jingle/translate/support.hpp"

using namespace translate;
using jingle::Loss;
using jingle::Role;

namespace {

std::string content(const std::string& name, const std::string& mid_id, const std::string& fingerprint = "",
                    const std::string& channel = "")
{
    return "<content creator='initiator' name='" + name
        + "'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='0'/><rtp-hdrext "
          "xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='"
        + mid_id
        + "' uri='urn:ietf:params:rtp-hdrext:sdes:mid'/><rtcp-mux/></description><transport "
          "xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' "
          "pwd='abcdefghijklmnopqrstuv'><fingerprint "
          "xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1' setup='actpass' "
        + fingerprint + ">52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8</fingerprint>" + channel
        + "</transport></content>";
}

std::string initiate(const std::string& contents, const std::string& group = "")
{
    return "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s'>" + contents + group
        + "</jingle>";
}

std::size_t count(const Leg& leg, Loss loss)
{
    return static_cast<std::size_t>(std::count_if(leg.notes.begin(), leg.notes.end(),
                                                  [loss](const auto& note) { return note.loss == loss; }));
}

const std::string bundle = "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content "
                           "name='a'/><content name='b'/></group>";

}  // namespace

TEST_CASE("notes: what a transport says in vain is told", "[jingle][translate]")
{
    Leg leg;
    const auto text = leg.to_text(
        initiate(content("a", "1", "cryptex='true' required='true'",
                         "<channel xmlns='urn:xmpp:jingle:transports:webrtc-datachannel:0' id='1'/>")),
        Role::initiator);
    CHECK(text.find("required") == std::string::npos);
    CHECK(count(leg, Loss::fingerprint_attribute) == 1);
    CHECK(count(leg, Loss::channel) == 1);
}

TEST_CASE("notes: one id tells the m-line in a whole bundle", "[jingle][translate]")
{
    const std::string mid = "urn:ietf:params:rtp-hdrext:sdes:mid";
    Leg leg;
    const auto text = leg.to_text(initiate(content("a", "1") + content("b", "2"), bundle), Role::initiator);
    CHECK(text.find("a=extmap:1 " + mid) != std::string::npos);
    CHECK(text.find("a=extmap:2 ") == std::string::npos);
    CHECK(count(leg, Loss::header_extension_conflict) == 1);

    Leg same;
    (void)same.to_text(initiate(content("a", "1") + content("b", "1"), bundle), Role::initiator);
    CHECK(count(same, Loss::header_extension_conflict) == 0);
    Leg apart;
    CHECK(apart.to_text(initiate(content("a", "1") + content("b", "2")), Role::initiator)
              .find("a=extmap:2 " + mid)
          != std::string::npos);
}
