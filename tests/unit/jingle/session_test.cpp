#include <catch2/catch.hpp>

#include "jingle/media_kinds.hpp"
#include "jingle/session.hpp"
#include "unit/jingle/documents.hpp"

using namespace jingle;
using base::Errc;

namespace {

base::Result<Jingle> read_text(std::string_view xml, base::Arena& arena)
{
    return Jingle::from_element(*documents::parse(xml, arena), arena);
}

std::string request(std::string_view action, std::string_view inside)
{
    return "<jingle xmlns='urn:xmpp:jingle:1' sid='s1' action='" + std::string{ action } + "'>"
        + std::string{ inside } + "</jingle>";
}

const std::string rtp = "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>";
const std::string ice = "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'/>";
const std::string sctp
    = "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'>"
      "<sctpmap xmlns='urn:xmpp:jingle:transports:dtls-sctp:1' number='5000'/></transport>";

std::string content(std::string_view inside, std::string_view attributes = "creator='initiator' name='a'")
{
    return "<content " + std::string{ attributes } + ">" + std::string{ inside } + "</content>";
}

std::string offer(std::string_view in_description, std::string_view in_transport = "")
{
    return request("session-initiate",
                   content("<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
                           + std::string{ in_description }
                           + "</description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'>"
                           + std::string{ in_transport } + "</transport>"));
}

struct Mistake {
    std::string xml;
    Errc code;
    std::string what;
};

}  // namespace

TEST_CASE("session: each mistake is refused with its code and its place", "[jingle][session]")
{
    const auto row = GENERATE(values<Mistake>({
        { "<jingle xmlns='urn:xmpp:jingle:1' sid='s'/>", Errc::missing, "action" },
        { "<jingle xmlns='urn:xmpp:jingle:1' action='session-info'/>", Errc::missing, "sid" },
        { "<jingle xmlns='urn:xmpp:jingle:1' action='session-sing' sid='s'/>", Errc::unknown_token,
          "action" },
        { "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='a b'/>", Errc::forbidden, "sid" },
        { request("session-initiate", content(rtp + ice, "creator='me' name='a'")), Errc::unknown_token,
          "content 'a': creator" },
        { request("session-initiate", content(rtp + ice, "name='a' senders='Both'")), Errc::unknown_token,
          "content 'a': senders" },
        { request("session-initiate", content(rtp + ice, "creator='initiator'")), Errc::missing,
          "content: name" },
        { request("session-initiate", content(rtp + ice, "name='a&#10;a=x'")), Errc::forbidden,
          "content: name" },
        { offer("<payload-type id='128'/>"), Errc::out_of_range, "content 'a': payload-type 128: id" },
        { offer("<payload-type id='096'/>"), Errc::malformed, "content 'a': payload-type 096: id" },
        { offer("<payload-type id='96' name='a/b'/>"), Errc::forbidden,
          "content 'a': payload-type 96: name" },
        { offer("<payload-type id='96' clockrate='0'/>"), Errc::out_of_range,
          "content 'a': payload-type 96: clockrate" },
        { offer("<payload-type id='96'><parameter name='a=b' value='c'/></payload-type>"), Errc::forbidden,
          "content 'a': payload-type 96: parameter name" },
        { offer("<payload-type id='96'><parameter name='a' value='b;c=d'/></payload-type>"), Errc::forbidden,
          "content 'a': payload-type 96: parameter value" },
        { offer("<payload-type id='96'><parameter name='a' value='b&#13;&#10;a=x'/></payload-type>"),
          Errc::forbidden, "content 'a': payload-type 96: parameter value" },
        { offer("<payload-type id='96'><rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='nack' "
                "subtype='p li'/></payload-type>"),
          Errc::forbidden, "content 'a': payload-type 96: rtcp-fb 'nack': subtype" },
        { offer("<rtcp-fb-trr-int xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0'/>"), Errc::missing,
          "content 'a': rtcp-fb-trr-int value" },
        { offer("<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='x' uri='u'/>"),
          Errc::malformed, "content 'a': rtp-hdrext 'x': id" },
        { offer("<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='4/up' uri='u'/>"),
          Errc::malformed, "content 'a': rtp-hdrext '4/up': id" },
        { offer("<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='4294967296'/>"), Errc::out_of_range,
          "content 'a': source 4294967296: ssrc" },
        { offer("<encryption/><encryption/>"), Errc::duplicate, "content 'a': encryption" },
        { offer("", "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256'>AB:CD</fingerprint>"),
          Errc::malformed, "content 'a': fingerprint 'sha-256': digest" },
        { offer("", "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='x'>AB:C</fingerprint>"),
          Errc::malformed, "content 'a': fingerprint 'x': digest" },
        { offer("", "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='x'/>"), Errc::malformed,
          "content 'a': fingerprint 'x': digest" },
        { offer("",
                "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='x' setup='active'>AB</fingerprint>"
                "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='y' setup='passive'>AB</fingerprint>"),
          Errc::malformed, "content 'a': fingerprint setup" },
        { offer("", "<candidate id='c1' ip='192.0.2.1&#10;a=x' port='9'/>"), Errc::forbidden,
          "content 'a': candidate 'c1': ip" },
        { request("session-initiate", content(rtp + rtp + rtp + rtp + rtp + ice)), Errc::too_long,
          "content 'a': description (too many)" },
        { request("session-initiate", content(rtp + ice + ice + ice + ice + ice)), Errc::too_long,
          "content 'a': transport (too many)" },
        { request("session-initiate",
                  content(rtp + ice)
                      + "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content "
                        "name='a'/><content name='a'/></group>"),
          Errc::duplicate, "group 'BUNDLE': content name" },
        { request("session-initiate",
                  content(rtp + ice)
                      + "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content "
                        "name='a'/></group>"
                        "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content "
                        "name='a'/></group>"),
          Errc::duplicate, "group 'BUNDLE': content name" },
        { request("session-terminate", "<reason><busy/></reason><reason><gone/></reason>"), Errc::duplicate,
          "reason" },
        { request("session-info", "<mute xmlns='urn:xmpp:jingle:apps:rtp:info:1' creator='x'/>"),
          Errc::unknown_token, "mute creator" },
        { request("session-info", "<dtmf xmlns='urn:xmpp:jingle:dtmf:0' code='12'/>"), Errc::malformed,
          "dtmf code" },
    }));
    base::Arena arena;
    CAPTURE(row.xml);

    const auto value = read_text(row.xml, arena);

    REQUIRE_FALSE(value);
    CHECK(value.error().what == row.what);
    CHECK(value.error().code == row.code);
}

TEST_CASE("session: an action has the parts it needs", "[jingle][session]")
{
    struct Row {
        std::string action;
        std::string inside;
        std::string missing;  // empty: fine
    };
    const auto modify = content("", "name='a' senders='none'");
    const auto row = GENERATE_COPY(values<Row>({
        { "session-initiate", "", "content" },
        { "session-initiate", content(rtp), "content 'a': transport" },
        { "session-initiate", content(ice), "content 'a': description" },
        { "session-initiate", content(sctp), "" },
        { "session-initiate", content(rtp + ice), "" },
        { "session-initiate", content("<description xmlns='urn:x'/><transport xmlns='urn:x'/>"), "" },
        { "session-accept", "", "content" },
        { "session-accept", content(rtp), "content 'a': transport" },
        { "content-add", content(ice), "content 'a': description" },
        { "content-add", content(rtp + ice), "" },
        { "content-accept", "", "content" },
        { "content-accept", content(""), "" },
        { "content-modify", content(""), "content 'a': senders" },
        { "content-modify", modify, "" },
        { "content-reject", "", "content" },
        { "content-remove", "", "content" },
        { "content-remove", content(""), "" },
        { "description-info", content(""), "content 'a': description" },
        { "description-info", content(rtp), "" },
        { "transport-info", content(rtp), "content 'a': transport" },
        { "transport-info", content(ice), "" },
        { "transport-replace", content(""), "content 'a': transport" },
        { "transport-accept", content(""), "content 'a': transport" },
        { "transport-reject", "", "content" },
        { "transport-reject", content(""), "" },
        { "security-info", "", "" },
        { "session-info", "", "" },
        { "session-terminate", "", "" },
    }));
    base::Arena arena;
    CAPTURE(row.action, row.inside);

    const auto value = read_text(request(row.action, row.inside), arena);

    if (row.missing.empty()) {
        CHECK(value);
    } else {
        REQUIRE_FALSE(value);
        CHECK(value.error() == base::Error{ Errc::missing, row.missing });
    }
}

TEST_CASE("session: contents and groups are counted", "[jingle][session]")
{
    base::Arena arena;
    std::string contents;
    for (std::size_t i = 0; i < limits::contents; ++i)
        contents += content(rtp + ice, "name='" + std::to_string(i) + "'");
    std::string groups;
    for (std::size_t i = 0; i < limits::groups; ++i)
        groups += "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='LS'/>";

    CHECK(read_text(request("session-initiate", contents + groups), arena));
    CHECK(read_text(request("session-initiate", contents + content(rtp + ice)), arena).error()
          == base::Error{ Errc::too_long, "content (too many)" });
    CHECK(read_text(
              request("session-initiate",
                      contents + groups + "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='LS'/>"),
              arena)
              .error()
          == base::Error{ Errc::too_long, "group (too many)" });
}

TEST_CASE("session: a key that could forge a log line is not shown", "[jingle][session]")
{
    base::Arena arena;
    const auto value = read_text(offer("<payload-type id='9&#10;9'/>"), arena);
    REQUIRE_FALSE(value);
    CHECK(value.error().what == "content 'a': payload-type: id");
}

TEST_CASE("session: the first description of a known namespace counts, the others stay", "[jingle][session]")
{
    base::Arena arena;
    const auto xml
        = request("session-initiate",
                  content("<description xmlns='urn:one'/>" + rtp + "<description xmlns='urn:two'/>" + ice));
    const auto value = read_text(xml, arena);
    REQUIRE(value);
    CHECK(value->contents[0].rtp() != nullptr);
    CHECK(value->contents[0].extra.children.size() == 2);
    CHECK(documents::difference(*documents::parse(xml, arena),
                                *documents::parse(documents::written(*value), arena))
          == "");
}

TEST_CASE("session: senders are written as they were read, and always in content-modify", "[jingle][session]")
{
    base::Arena arena;
    const auto senders_of = [&](const std::string& xml) {
        const auto value = read_text(xml, arena);
        REQUIRE(value);
        return std::string{
            documents::parse(documents::written(*value), arena)->first_child()->attribute_or_empty("senders")
        };
    };
    CHECK(senders_of(request("session-initiate", content(rtp + ice))).empty());
    CHECK(senders_of(request("session-initiate", content(rtp + ice, "name='a' senders='both'"))) == "both");
    // COMPAT(Jitsi): a rejected m-line.
    CHECK(senders_of(request("session-accept", content(rtp + ice, "name='a' senders='rejected'"))) == "none");

    Jingle modify;
    modify.action = Action::content_modify;
    modify.sid = "s1";
    modify.contents.push_back(arena, {}).name = "a";
    CHECK(documents::written(modify).find("senders='both'") != std::string::npos);
}

TEST_CASE("session: a reason is read whatever stands in it", "[jingle][reason]")
{
    struct Row {
        std::string inside;
        Condition condition;
        std::string written;
    };
    const auto row = GENERATE(values<Row>({
        { "<busy/>", Condition::busy, "<busy/>" },
        { "<text>late</text><decline/>", Condition::decline, "<decline/><text>late</text>" },
        { "", Condition::general_error, "<general-error/>" },
        { "<bored/>", Condition::general_error, "<general-error/>" },
        { "<gone/><busy/>", Condition::gone, "<gone/>" },
        { "<success xmlns='urn:x'/>", Condition::general_error, "<general-error/><success xmlns='urn:x'/>" },
        { "<alternative-session><sid>s2</sid></alternative-session>", Condition::alternative_session,
          "<alternative-session><sid>s2</sid></alternative-session>" },
        { "<alternative-session><sid>s 2</sid></alternative-session>", Condition::alternative_session,
          "<alternative-session/>" },
        { "<busy/><text>a&#127;b</text>", Condition::busy, "<busy/>" },
        { "<busy/><text>" + std::string(256, 'x') + "</text>", Condition::busy,
          "<busy/><text>" + std::string(256, 'x') + "</text>" },
        { "<busy/><text>" + std::string(257, 'x') + "</text>", Condition::busy, "<busy/>" },
    }));
    base::Arena arena;
    const auto value = read_text(request("session-terminate", "<reason>" + row.inside + "</reason>"), arena);
    REQUIRE(value);
    REQUIRE(value->reason);
    CHECK(value->reason->condition == row.condition);
    CHECK(documents::written(*value).find("<reason>" + row.written + "</reason>") != std::string::npos);
}

TEST_CASE("session: what a session-info says", "[jingle][info]")
{
    base::Arena arena;
    const auto info_of
        = [&](const std::string& inside) { return *read_text(request("session-info", inside), arena)->info; };
    CHECK(info_of("") == SessionInfo{});
    for (const auto& row : info_rows) {
        RtpInfo expected;
        expected.kind = row.value;
        CHECK(info_of("<" + std::string{ row.token } + " xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>")
              == SessionInfo{ expected });
    }
    CHECK(std::get<Dtmf>(info_of("<dtmf xmlns='urn:xmpp:jingle:dtmf:0' code='#' duration='400'/>")).duration
          == 400U);
    CHECK(std::holds_alternative<UnknownInfo>(info_of("<dance xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>")));
    CHECK(std::holds_alternative<UnknownInfo>(info_of("<x xmlns='urn:x'/>")));
    CHECK_FALSE(read_text(request("session-terminate", "<x xmlns='urn:x'/>"), arena)->info);
}

TEST_CASE("session: the media kinds of a request", "[jingle][media]")
{
    base::Arena arena;
    const auto video = "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='VIDEO'/>";
    const auto kinds_of = [&](const std::string& inside) {
        return media_kinds(*read_text(request("session-initiate", inside), arena));
    };
    CHECK(kinds_of(content(rtp + ice)) == MediaKinds{ .audio = true });
    CHECK(kinds_of(content(rtp + ice) + content(video + ice, "name='b'"))
          == MediaKinds{ .audio = true, .video = true });
    CHECK(kinds_of(content(sctp)) == MediaKinds{ .application = true });
    CHECK(kinds_of(content("<description xmlns='urn:x'/>" + ice)) == MediaKinds{ .other = true });
    CHECK(media_kind("text") == MediaKinds{ .text = true });
    CHECK(media_kind("") == MediaKinds{ .other = true });
}

TEST_CASE("session: which actions negotiate", "[jingle][session]")
{
    for (const auto& row : action_rows) {
        const auto wanted = row.token.starts_with("content-")
            || (row.token.starts_with("transport-") && row.value != Action::transport_info);
        CAPTURE(row.token);
        CHECK(is_negotiation(row.value) == wanted);
    }
}
