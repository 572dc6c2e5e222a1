#include <catch2/catch.hpp>

#include "jingle/media_kinds.hpp"
#include "jingle/message.hpp"
#include "unit/jingle/documents.hpp"

using namespace jingle;
using base::Errc;

namespace {

std::string stanza(const std::string& inside)
{
    return "<message xmlns='jabber:component:accept'>" + inside + "</message>";
}

base::Result<Message> read_text(const std::string& inside, base::Arena& arena)
{
    return Message::from_stanza(*documents::parse(stanza(inside), arena), arena);
}

const std::string jmi = " xmlns='urn:xmpp:jingle-message:0' id='c1'";
const std::string audio = "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>";

}  // namespace

TEST_CASE("message: every kind comes out as it went in", "[jingle][message]")
{
    const auto inside = GENERATE(values<std::string>({
        "<propose" + jmi + ">" + audio + "</propose>",
        "<propose" + jmi + ">" + audio
            + "<description xmlns='urn:x' a='b'/><via xmlns='urn:carillon:via:0'/></propose>",
        // A description without a namespace proposes nothing; it stays as what it is.
        "<propose" + jmi + ">" + audio + "<description xmlns='' media='audio'/></propose>",
        "<ringing" + jmi + "/>",
        "<proceed" + jmi + "><device xmlns='urn:x' id='7'/></proceed>",
        "<accept" + jmi + "/>",
        "<reject" + jmi + "/>",
        "<reject" + jmi + "><reason xmlns='urn:xmpp:jingle:1'><busy/><text>no</text></reason></reject>",
        "<retract" + jmi + "><reason xmlns='urn:xmpp:jingle:1'><expired/></reason><tie-break/></retract>",
        "<finish" + jmi
            + "><reason xmlns='urn:xmpp:jingle:1'><expired/></reason><migrated to='c2'/></finish>",
    }));
    base::Arena arena;
    CAPTURE(inside);

    const auto value = read_text(inside + "<store xmlns='urn:xmpp:hints'/>", arena);

    CAPTURE(value ? "" : value.error().what);
    REQUIRE(value);
    const auto* expected = documents::parse(stanza(inside), arena)->first_child();
    const auto* again = documents::parse(stanza(documents::written(*value)), arena);
    CHECK(documents::difference(*expected, *again->first_child()) == "");
    CHECK(*Message::from_stanza(*again, arena) == *value);
}

TEST_CASE("message: each mistake is refused with its code and its place", "[jingle][message]")
{
    struct Row {
        std::string inside;
        Errc code;
        std::string what;
    };
    const auto row = GENERATE(values<Row>({
        { "", Errc::missing, "no jingle-message" },
        { "<propose xmlns='urn:x' id='c1'/>", Errc::missing, "no jingle-message" },
        { "<forwarded xmlns='urn:xmpp:forward:0'><propose" + jmi + "/></forwarded>", Errc::missing,
          "no jingle-message" },
        { "<hum" + jmi + "/>", Errc::unknown_token, "jingle-message" },
        { "<propose" + jmi + "/>", Errc::missing, "description" },
        { "<propose" + jmi + "><xml:description/></propose>", Errc::forbidden,
          "element in the namespace of XML" },
        { "<proceed" + jmi + "><x xmlns='urn:x'><xml:y/></x></proceed>", Errc::forbidden,
          "element in the namespace of XML" },
        { "<proceed xmlns='urn:xmpp:jingle-message:0'/>", Errc::missing, "id" },
        { "<proceed xmlns='urn:xmpp:jingle-message:0' id=''/>", Errc::malformed, "id" },
        { "<proceed xmlns='urn:xmpp:jingle-message:0' id='a b'/>", Errc::forbidden, "id" },
        { "<proceed xmlns='urn:xmpp:jingle-message:0' id='" + std::string(129, 'x') + "'/>", Errc::too_long,
          "id" },
        { "<propose" + jmi + "><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='a&#10;b'/></propose>",
          Errc::forbidden, "description media" },
        { "<reject" + jmi
              + "><reason xmlns='urn:xmpp:jingle:1'/><reason xmlns='urn:xmpp:jingle:1'/></reject>",
          Errc::duplicate, "reason" },
        { "<finish" + jmi + "><migrated/></finish>", Errc::missing, "migrated to" },
        { "<finish" + jmi + "><migrated to='a b'/></finish>", Errc::forbidden, "migrated to" },
        { "<proceed" + jmi + "><x xmlns='urn:x'>" + std::string(limits::extra_bytes, 'x') + "</x></proceed>",
          Errc::too_long, "unknown elements" },
    }));
    base::Arena arena;
    CAPTURE(row.inside);

    const auto value = read_text(row.inside, arena);

    REQUIRE_FALSE(value);
    CHECK(value.error() == base::Error{ row.code, row.what });
}

TEST_CASE("message: proposed descriptions are counted", "[jingle][message]")
{
    base::Arena arena;
    std::string descriptions;
    for (std::size_t i = 0; i < limits::proposed; ++i)
        descriptions += audio;
    CHECK(read_text("<propose" + jmi + ">" + descriptions + "</propose>", arena));
    CHECK(read_text("<propose" + jmi + ">" + descriptions + audio + "</propose>", arena).error()
          == base::Error{ Errc::too_long, "description (too many)" });
}

TEST_CASE("message: the media kinds of a propose", "[jingle][message]")
{
    base::Arena arena;
    const auto value = read_text(
        "<propose" + jmi + ">" + audio + "<description xmlns='urn:x' media='video'/></propose>", arena);
    REQUIRE(value);
    CHECK(media_kinds(*value) == MediaKinds{ .audio = true, .other = true });
}
