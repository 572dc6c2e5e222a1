#include <catch2/catch.hpp>

#include "jingle/call_invite.hpp"
#include "unit/jingle/documents.hpp"

using namespace jingle;
using base::Errc;

namespace {

const std::string ns = " xmlns='urn:xmpp:call-invites:0'";

const xmpp::Element& stanza(const std::string& inside, base::Arena& arena)
{
    return *documents::parse("<message xmlns='jabber:component:accept' id='m1'>" + inside + "</message>",
                             arena);
}

/// "propose s1 audio video"
std::string in_words(const Message& message)
{
    auto words
        = std::string{ base::find_token(message_rows, message.kind) } + " " + std::string{ message.id };
    for (const auto& description : message.descriptions)
        words += " " + std::string{ description.media.value_or("?") };
    return words;
}

}  // namespace

TEST_CASE("call invite: every kind comes out as it went in", "[jingle][call-invite]")
{
    const auto inside = GENERATE(values<std::string>({
        "<invite" + ns + " id='c1' video='true'><jingle sid='s1'/></invite>",
        "<invite" + ns
            + " id='c1' audio='false' video='true'><jingle sid='s1' jid='alice@a.test/pc'/></invite>",
        "<accept" + ns + " id='c1'><jingle sid='s1' jid='alice@a.test/pc'/></accept>",
        "<accept" + ns + " id='c1'/>",
        "<reject" + ns + " id='c1'/>",
        "<retract" + ns + " id='c1'/>",
        "<left" + ns + " id='c1'/>",
    }));
    base::Arena arena;
    CAPTURE(inside);

    const auto value
        = CallInvite::from_stanza(stanza(inside + "<store xmlns='urn:xmpp:hints'/>", arena), arena);

    REQUIRE(value);
    const auto& again = stanza(documents::written(*value), arena);
    CHECK(documents::difference(*stanza(inside, arena).first_child(), *again.first_child()) == "");
    CHECK(*CallInvite::from_stanza(again, arena) == *value);
}

TEST_CASE("call invite: means what Message Initiation says with other words", "[jingle][call-invite]")
{
    const auto [inside, words] = GENERATE(table<std::string, std::string>({
        { "<invite" + ns + "><jingle sid='s1'/></invite>", "propose s1 audio" },
        { "<invite" + ns + " video='1'><jingle sid='s1'/></invite>", "propose s1 audio video" },
        { "<invite" + ns + " audio='0' video='1'><jingle sid='s1'/></invite>", "propose s1 video" },
        { "<accept" + ns + " id='c1'><jingle sid='s1'/></accept>", "proceed s1" },
        { "<reject" + ns + " id='c1'/>", "reject c1" },
        { "<retract" + ns + " id='c1'/>", "retract c1" },
        { "<left" + ns + " id='c1'/>", "finish c1" },
    }));
    base::Arena arena;
    CHECK(in_words(CallInvite::from_stanza(stanza(inside, arena), arena).value().to_message(arena)) == words);
}

TEST_CASE("call invite: its id is that of the element, else the sender's of the stanza",
          "[jingle][call-invite]")
{
    const auto [inside, id] = GENERATE(table<std::string, std::string>({
        { "<invite" + ns + " id='c1'><jingle sid='s1'/></invite>", "c1" },
        { "<invite" + ns + "><jingle sid='s1'/></invite>", "m1" },
        { "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/><invite" + ns + "><jingle sid='s1'/></invite>", "o1" },
        { "<stanza-id xmlns='urn:xmpp:sid:0' id='x' by='a.test'/><invite" + ns + "/>", "m1" },
    }));
    base::Arena arena;
    CHECK(CallInvite::from_stanza(stanza(inside, arena), arena).value().id == id);
}

TEST_CASE("call invite: ways to join that nobody here knows are left out, the first Jingle counts",
          "[jingle][call-invite]")
{
    base::Arena arena;
    const auto value = CallInvite::from_stanza(
        stanza("<invite" + ns
                   + " multi='true'><muji xmlns='urn:xmpp:jingle:muji:0' room='r@muc.test'/>"
                     "<external uri='tel:1'/><jingle sid='s1'/><jingle sid='s2'/></invite>",
               arena),
        arena);
    CHECK(value.value().jingle == JingleMethod{ "s1", {} });
    CHECK_FALSE(
        CallInvite::from_stanza(stanza("<invite" + ns + "><external uri='tel:1'/></invite>", arena), arena)
            .value()
            .jingle);
}

TEST_CASE("call invite: each mistake is refused with its code and its place", "[jingle][call-invite]")
{
    struct Row {
        std::string inside;
        Errc code;
        std::string what;
    };
    const auto row = GENERATE(values<Row>({
        { "", Errc::missing, "no call invite" },
        { "<forwarded xmlns='urn:xmpp:forward:0'><invite" + ns + "/></forwarded>", Errc::missing,
          "no call invite" },
        { "<dance" + ns + " id='c1'/>", Errc::unknown_token, "call invite" },
        { "<retract" + ns + "/>", Errc::malformed, "id of a call invite" },
        { "<retract" + ns + " id='" + std::string(129, 'x') + "'/>", Errc::too_long, "id" },
        { "<retract" + ns + " id='a&#10;b'/>", Errc::forbidden, "id" },
        { "<invite" + ns + " id='c1' video='maybe'><jingle sid='s1'/></invite>", Errc::malformed, "video" },
        { "<invite" + ns + " id='c1' audio='false'><jingle sid='s1'/></invite>", Errc::missing,
          "audio or video" },
        { "<invite" + ns + " id='c1'><jingle/></invite>", Errc::missing, "sid" },
        { "<invite" + ns + " id='c1'><jingle sid='a b'/></invite>", Errc::forbidden, "sid" },
    }));
    base::Arena arena;
    CAPTURE(row.inside);

    const auto value = CallInvite::from_stanza(stanza(row.inside, arena), arena);

    REQUIRE_FALSE(value);
    CHECK(value.error().code == row.code);
    CHECK(value.error().what.find(row.what) != std::string::npos);
}

TEST_CASE("call invite: there is no word for ringing", "[jingle][call-invite]")
{
    CHECK(invite_kind(MessageKind::proceed) == InviteKind::accept);
    CHECK(invite_kind(MessageKind::finish) == InviteKind::left);
    CHECK_FALSE(invite_kind(MessageKind::ringing));
    CHECK_FALSE(invite_kind(MessageKind::accept));
}
