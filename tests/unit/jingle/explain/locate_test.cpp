#include <catch2/catch.hpp>

#include "jingle/locate.hpp"
#include "unit/jingle/documents.hpp"

using namespace jingle;

namespace {

constexpr std::string_view xml = R"(<?xml version='1.0'?>
<!-- <a> -->
<iq xmlns='jabber:client' a='>'
    b="'>">
 <jingle xmlns='urn:xmpp:jingle:1'><content name='audio'>
   <description xmlns='urn:xmpp:jingle:apps:rtp:1'><![CDATA[ ]]>
     <payload-type id='0'/><payload-type id='111'>
       <parameter name='x'/></payload-type></description></content>
 <content name='video'/>
 </jingle></iq>
)";

}  // namespace

TEST_CASE("element places: comments, CDATA and > in values do not disturb", "[jingle][locate]")
{
    base::Arena arena;
    const auto& root = *documents::parse(xml, arena);
    const ElementPlaces places{ xml, root };
    const auto& jingle = *find_jingle(root);

    CHECK(places.of(root) == Place{ 3, 1 });
    CHECK(places.of(jingle) == Place{ 5, 2 });
    CHECK(places.of(*jingle.first_child()) == Place{ 5, 36 });
    CHECK(places.of(*xmpp::Element::create(arena, "other", "")) == Place{});
}

TEST_CASE("locate: an error in words finds its element", "[jingle][locate]")
{
    base::Arena arena;
    const auto& root = *documents::parse(xml, arena);
    const ElementPlaces places{ xml, root };
    const auto place = [&](std::string_view what) { return places.of(locate(*find_jingle(root), what)); };

    CHECK(place("sid") == Place{ 5, 2 });
    CHECK(place("content 'audio': payload-type 111: parameter name") == Place{ 8, 8 });
    CHECK(place("content 'audio': payload-type 111: clockrate") == Place{ 7, 28 });
    CHECK(place("content 'audio': payload-type (too many)") == Place{ 7, 6 });
    CHECK(place("content 'video': whatever it is") == Place{ 9, 2 });
    CHECK(place("content 'none': whatever it is") == Place{ 5, 36 });
    CHECK(place("") == Place{ 5, 2 });
}

TEST_CASE("locate: an error about a content finds its m-line", "[jingle][locate]")
{
    constexpr std::string_view sdp = "v=0\no=- 1 1 IN IP4 0.0.0.0\nm=audio 9 RTP/AVP 0\na=mid:a\n"
                                     "m=video 9 RTP/AVP 96\nm=application 9 UDP/DTLS/SCTP x\na=mid:audio\n";

    CHECK(locate(sdp, "content 'a': too much") == Place{ 3, 1 });
    CHECK(locate(sdp, "content 'video': too much") == Place{ 5, 1 });
    CHECK(locate(sdp, "content 'audio': too much") == Place{ 6, 1 });
    CHECK(locate(sdp, "content 'none': too much") == Place{ 1, 1 });
    CHECK(locate(sdp, "everything") == Place{ 1, 1 });
}

TEST_CASE("place of: a view into the text has one, another has none", "[jingle][locate]")
{
    const std::string text = "v=0\r\ns=-\r\n";
    const std::string_view view{ text };

    CHECK(place_of(text, view.substr(0, 1)) == Place{ 1, 1 });
    CHECK(place_of(text, view.substr(7, 1)) == Place{ 2, 3 });
    CHECK(place_of(text, "s=-").line == 0);
    CHECK(place_of(text, view.substr(3, 0)).line == 0);
}
