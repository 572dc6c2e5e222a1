#include <set>

#include <catch2/catch.hpp>

#include "unit/jingle/profiles/requests.hpp"

using namespace jingle;
using namespace requests;

namespace {

/// What a trait does to one request. `after` empty: nothing is sent (absorbed or refused as `verdict` says).
struct Row {
    Trait trait;
    std::string before;
    std::string after;
    Verdict verdict = Verdict::changed;
    Role role = Role::initiator;  ///< Carillon's when writing, the peer's when reading
};

Profile only(Trait trait)
{
    return { "test", "", "", Traits{ trait }, {}, {}, "" };
}

const std::string udp = candidate("ip='192.0.2.1' port='5' protocol='udp' type='host'");
const std::string tcp = candidate("ip='192.0.2.1' port='9' protocol='tcp' type='host' tcptype='active'");
const std::string mdns
    = candidate("ip='4c5f7f3e-1f2a-4b6c-9d8e-0123456789ab.local' port='5' protocol='udp' type='host'");
const std::string cred{ credentials };
const std::string print{ dtls };
const std::string sha1
    = "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1' setup='actpass'>52:2B:27:6A:35:"
      "6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8</fingerprint>";
const std::string sctp = "<sctpmap xmlns='urn:xmpp:jingle:transports:dtls-sctp:1' number='5000'/>";
const std::string group_ab
    = "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content name='a'/>"
      "<content name='b'/></group>";
const std::string rid_uri = "<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='2' "
                            "uri='urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id'/>";
const std::string mid_uri = "<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1' "
                            "uri='urn:ietf:params:rtp-hdrext:sdes:mid'/>";
const std::string fb = "<rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type=";

std::string initiate(const std::string& inside)
{
    return request("session-initiate", inside);
}
std::string in_rtp(const std::string& inside)
{
    return initiate(full("name='a'", "audio", inside));
}
std::string in_ice(const std::string& inside)
{
    return initiate(full("name='a'", "audio", "", inside));
}
std::string type(const std::string& inside, const std::string& name = "red")
{
    return "<payload-type id='96' name='" + name + "' clockrate='8000'>" + inside + "</payload-type>";
}
std::string bare(const std::string& inside)
{
    return initiate(content("name='a'", rtp("audio") + ice(cred, inside)));
}
std::string extension(const std::string& senders)
{
    return "<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1' uri='u'" + senders + "/>";
}
std::string source(const std::string& parameters)
{
    return "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1'>" + parameters + "</source>";
}
std::string ssrc_group(const std::string& semantics)
{
    return "<ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='" + semantics
        + "'><source ssrc='1'/></ssrc-group>";
}

std::vector<Row> writing_rows()
{
    const auto info = [](const std::string& name) {
        return request("session-info", "<" + name + " xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>");
    };
    return {
        { Trait::no_tcp_candidates, in_ice(tcp + udp), in_ice(udp) },
        { Trait::no_tcp_candidates, request("transport-info", content("name='a'", ice(cred, tcp))), "",
          Verdict::absorbed },
        { Trait::no_mdns_candidates, in_ice(mdns + udp), in_ice(udp) },
        { Trait::complete_candidates,
          in_ice("<candidate component='1' foundation='1' id='x' ip='192.0.2.1' port='5' priority='1' "
                 "type='host'/>"),
          in_ice("<candidate component='1' foundation='1' generation='0' id='x' ip='192.0.2.1' port='5' "
                 "priority='1' "
                 "protocol='udp' type='host'/>") },
        { Trait::numeric_foundation,
          in_ice("<candidate component='1' foundation='12' id='x' ip='192.0.2.1' port='5' protocol='udp' "
                 "type='host'/>"),
          in_ice("<candidate component='1' foundation='12' id='x' ip='192.0.2.1' port='5' protocol='udp' "
                 "type='host'/>"),
          Verdict::as_is },
        { Trait::credentials_everywhere,
          initiate(full("name='a'", "audio") + content("name='b'", rtp("video") + ice("")) + group_ab),
          initiate(full("name='a'", "audio") + full("name='b'", "video") + group_ab) },
        { Trait::needs_dtls, bare(udp), "", Verdict::refused },
        { Trait::needs_dtls, in_ice(udp), in_ice(udp), Verdict::as_is },
        { Trait::setup_always,
          bare("<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1'>"
               + sha1.substr(sha1.find('>') + 1)),
          bare(sha1) },
        { Trait::sha256_first, bare(sha1 + print), bare(print + sha1) },
        { Trait::strongest_fingerprint_first, bare(sha1 + print), bare(print + sha1) },
        { Trait::no_data_channels,
          initiate(full("name='a'", "audio") + full("name='b'", "application", "", sctp) + group_ab),
          initiate(full("name='a'", "audio")
                   + "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content "
                     "name='a'/></group>") },
        { Trait::no_data_channels, initiate(full("name='b'", "application", "", sctp)), "",
          Verdict::refused },
        { Trait::audio_first, initiate(full("name='v'", "video") + full("name='a'", "audio")),
          initiate(full("name='a'", "audio") + full("name='v'", "video")) },
        { Trait::audio_first,
          request("session-accept", full("name='v'", "video") + full("name='a'", "audio")),
          request("session-accept", full("name='v'", "video") + full("name='a'", "audio")), Verdict::as_is },
        { Trait::stubs_in_answers, request("content-remove", content("name='a'")),
          request("content-remove",
                  content("name='a'", "<description xmlns='urn:xmpp:jingle:apps:rtp:1'/>" + ice(""))) },
        { Trait::no_senders_none, initiate(full("name='a' senders='none'", "audio")),
          initiate(full("name='a' senders='initiator'", "audio")) },
        { Trait::no_senders_none, request("content-modify", content("name='a' senders='none'")),
          request("content-modify", content("name='a' senders='responder'")), Verdict::changed,
          Role::responder },
        { Trait::senders_by_initiator,
          request("session-accept", full("name='a' senders='initiator'", "audio")),
          request("session-accept", full("name='a' senders='responder'", "audio")), Verdict::changed,
          Role::responder },
        { Trait::senders_by_initiator, initiate(full("name='a' senders='initiator'", "audio")),
          initiate(full("name='a' senders='initiator'", "audio")), Verdict::as_is },
        { Trait::extension_senders_by_initiator,
          request("session-accept", full("name='a'", "audio", extension(" senders='initiator'"))),
          request("session-accept", full("name='a'", "audio", extension(" senders='responder'"))),
          Verdict::changed, Role::responder },
        { Trait::bundle_groups_only,
          initiate(full("name='a'", "audio")
                   + "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='LS'>"
                     "<content name='a'/></group>"),
          initiate(full("name='a'", "audio")) },
        { Trait::no_carry,
          in_rtp(mid_uri + rid_uri + "<sdp xmlns='urn:carillon:sdp-carry:0'><a n='rid' v='h send'/></sdp>"),
          in_rtp(mid_uri) },
        { Trait::no_carry,
          in_rtp(rid_uri + "<sdp xmlns='urn:carillon:sdp-carry:0'><a n='label' v='1'/></sdp>"),
          in_rtp(rid_uri) },
        { Trait::no_bandwidth, in_rtp("<bandwidth type='AS'>64</bandwidth>"), in_rtp("") },
        { Trait::no_unknown_feedback, in_rtp(type(fb + "'nack'/>" + fb + "'rrtr'/>")),
          in_rtp(type(fb + "'nack'/>")) },
        { Trait::keyless_parameter_alone,
          in_rtp(type("<parameter name='' value='0-16'/><parameter name='x' value='1'/>")),
          in_rtp(type("<parameter name='x' value='1'/>")) },
        { Trait::keyless_parameter_alone, in_rtp(type("<parameter name='' value='0-16'/>")),
          in_rtp(type("<parameter name='' value='0-16'/>")), Verdict::as_is },
        { Trait::keyless_parameter_alone, in_rtp(type("<parameter name='111/111'/>")),
          in_rtp(type("<parameter name='' value='111/111'/>")) },
        { Trait::keyless_parameter_alone, in_rtp(type("<parameter name='x' value='a b'/>")),
          in_rtp(type("")) },
        { Trait::source_value_needed,
          in_rtp(source("<parameter name='cname' value='c'/><parameter name='label'/>")),
          in_rtp(source("<parameter name='cname' value='c'/>")) },
        { Trait::header_extension_both_ways, in_rtp(extension(" senders='initiator'")),
          in_rtp(extension("")) },
        { Trait::fid_group_first, in_rtp(ssrc_group("SIM") + ssrc_group("FID")),
          in_rtp(ssrc_group("FID") + ssrc_group("SIM")) },
        { Trait::content_add_video_only, request("content-add", full("name='a'", "audio")), "",
          Verdict::refused },
        { Trait::content_add_video_only, request("content-add", full("name='a'", "video")),
          request("content-add", full("name='a'", "video")), Verdict::as_is },
        { Trait::no_content_add, request("content-add", full("name='a'", "video")), "", Verdict::refused },
        { Trait::no_content_modify, request("content-modify", content("name='a' senders='none'")), "",
          Verdict::absorbed },
        { Trait::modify_own_sending_only, request("content-modify", content("name='a' senders='none'")), "",
          Verdict::absorbed },
        { Trait::modify_own_sending_only, request("content-modify", content("name='a' senders='initiator'")),
          "", Verdict::absorbed },
        { Trait::modify_own_sending_only, request("content-modify", content("name='a' senders='responder'")),
          request("content-modify", content("name='a' senders='responder'")), Verdict::as_is },
        { Trait::modify_own_sending_only,
          request("content-modify", content("name='a' senders='none'") + content("name='b' senders='both'")),
          request("content-modify", content("name='b' senders='both'")) },
        { Trait::no_content_remove, request("content-remove", content("name='a'")), "", Verdict::absorbed },
        { Trait::content_remove_as_modify,
          request("content-remove", content("name='a'", rtp("audio")) + "<reason><decline/></reason>"),
          request("content-modify", content("name='a' senders='none'")) },
        { Trait::info_ringing_only, info("hold"), "", Verdict::absorbed },
        { Trait::info_ringing_only, info("ringing"), info("ringing"), Verdict::as_is },
        { Trait::info_ringing_only, request("session-info", ""), request("session-info", ""),
          Verdict::as_is },
    };
}

std::vector<Row> reading_rows()
{
    const auto types = [](const std::string& inside) {
        return request("session-accept", full("name='a'", "audio", inside));
    };
    const std::string opus = "<payload-type id='111' name='opus' clockrate='48000'/>";
    const std::string event = "<payload-type id='101' name='telephone-event' clockrate='8000'/>";
    return {
        { Trait::bare_sources_in_groups,
          in_rtp("<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1'><parameter name='cname' "
                 "value='c'/></source>"
                 "<ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='FID'><source "
                 "ssrc='1'/><source ssrc='2'/>"
                 "</ssrc-group>"),
          in_rtp("<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1'><parameter name='cname' "
                 "value='c'/></source>"
                 "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='2'><parameter name='cname' "
                 "value='c'/></source>"
                 "<ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='FID'><source "
                 "ssrc='1'/><source ssrc='2'/>"
                 "</ssrc-group>") },
        { Trait::value_as_parameter_name, in_rtp(type("<parameter name='111/111'/>")),
          in_rtp(type("<parameter name='' value='111/111'/>")) },
        { Trait::underscored_parameters,
          in_rtp(type(
              "<parameter name='packetization_mode' value='1'/><parameter name='level_asymmetry_allowed' "
              "value='true'/>",
              "H264")),
          in_rtp(type(
              "<parameter name='packetization-mode' value='1'/><parameter name='level-asymmetry-allowed' "
              "value='1'/>",
              "H264")) },
        { Trait::underscored_parameters, in_rtp(type("<parameter name='my_own' value='true'/>", "x-codec")),
          in_rtp(type("<parameter name='my_own' value='true'/>", "x-codec")), Verdict::as_is },
        { Trait::random_payload_order, types(event + opus), types(opus + event) },
        { Trait::random_payload_order, in_rtp(event + opus), in_rtp(event + opus), Verdict::as_is },
        { Trait::group_of_absent_contents, initiate(full("name='a'", "audio") + group_ab),
          initiate(full("name='a'", "audio")
                   + "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content "
                     "name='a'/></group>") },
        { Trait::senders_by_initiator,
          types("").replace(types("").find("name='a'"), 8, "name='a' senders='initiator'"),
          types("").replace(types("").find("name='a'"), 8, "name='a' senders='responder'"), Verdict::changed,
          Role::responder },
        { Trait::extension_senders_by_initiator, types(extension(" senders='initiator'")),
          types(extension(" senders='responder'")), Verdict::changed, Role::responder },
    };
}

}  // namespace

TEST_CASE("adapt: each trait does to a request what its row says, and no more the second time",
          "[jingle][adapt]")
{
    for (const auto& row : writing_rows()) {
        base::Arena arena;
        CAPTURE(row_of(row.trait).token, row.before);
        auto jingle = read(row.before, arena);
        Adjustments adjustments;
        const Outgoing leg{ .own_role = row.role, .adjustments = &adjustments };

        const auto result = adapt(only(row.trait), jingle, leg, arena);

        CHECK(result.verdict == row.verdict);
        CHECK(result.error.has_value() == (row.verdict == Verdict::refused));
        CHECK(result.words.empty() == !row.after.empty());
        if (row.after.empty())
            continue;
        CHECK(documents::written(jingle) == canonical(row.after));
        CHECK(adjustments.empty() == (row.verdict == Verdict::as_is));
        if (row.trait == Trait::senders_by_initiator || row.trait == Trait::extension_senders_by_initiator)
            continue;  // a mirror, the one exception
        CHECK(adapt(only(row.trait), jingle, leg, arena).verdict == Verdict::as_is);
    }
}

TEST_CASE("adapt: a client without quirks gets every request as it is", "[jingle][adapt]")
{
    for (const auto& row : writing_rows()) {
        base::Arena arena;
        auto jingle = read(row.before, arena);
        CHECK(adapt(own_profile(), jingle, { .own_role = row.role }, arena).verdict == Verdict::as_is);
        CHECK(documents::written(jingle) == canonical(row.before));
    }
}

TEST_CASE("normalise: each mistake of a client is mended, once", "[jingle][normalise]")
{
    for (const auto& row : reading_rows()) {
        base::Arena arena;
        CAPTURE(row_of(row.trait).token, row.before);
        auto jingle = read(row.before, arena);

        CHECK(normalise(only(row.trait), jingle, { .peer_role = row.role }, arena)
              == (row.verdict == Verdict::changed));

        CHECK(documents::written(jingle) == canonical(row.after));
    }
}

TEST_CASE("normalise: Movim's session-accept in an active session answers a content-add",
          "[jingle][normalise]")
{
    base::Arena arena;
    auto jingle = read(request("session-accept", full("name='v'", "video")), arena);
    CHECK_FALSE(normalise(*find_profile("movim"), jingle, { .peer_role = Role::initiator }, arena));
    CHECK(normalise(*find_profile("movim"), jingle, { .peer_role = Role::initiator, .active = true }, arena));
    CHECK(jingle.action == Action::content_accept);
}

TEST_CASE("adapt: Dino gets one content in a request", "[jingle][adapt]")
{
    base::Arena arena;
    const auto a = content("name='a'", ice(cred, udp));
    const auto b = content("name='b'", ice(cred, udp));
    auto jingle = read(request("transport-info", a + b), arena);
    const auto result = adapt(*find_profile("dino"), jingle, {}, arena);
    REQUIRE(result.verdict == Verdict::split);
    REQUIRE(result.requests.size() == 2);
    CHECK(documents::written(*result.requests[0]) == canonical(request("transport-info", a)));
    CHECK(documents::written(*result.requests[1]) == canonical(request("transport-info", b)));
}

TEST_CASE("adapt: Siskin gets numbers for foundations, the same for the same", "[jingle][adapt]")
{
    base::Arena arena;
    auto jingle
        = read(in_ice("<candidate component='1' foundation='a1b' ip='192.0.2.1' port='5' protocol='udp' "
                      "type='host'/><candidate component='2' foundation='a1b' ip='192.0.2.1' port='6' "
                      "protocol='udp' type='host'/>"),
               arena);
    CHECK(adapt(only(Trait::numeric_foundation), jingle, {}, arena).verdict == Verdict::changed);
    const auto& candidates = jingle.contents[0].ice()->candidates;
    CHECK(candidates[0].foundation == candidates[1].foundation);
    CHECK(candidates[0].foundation->find_first_not_of("0123456789") == std::string_view::npos);
}

TEST_CASE("adapt: a name Conversations cannot take is replaced, and restored on the way back",
          "[jingle][adapt]")
{
    base::Arena arena;
    LegContents contents;
    const auto& conversations = *find_profile("conversations");
    auto jingle = read(initiate(full("name='this is audio'", "audio") + full("name='b'", "video")
                                + "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'>"
                                  "<content name='this is audio'/><content name='b'/></group>"),
                       arena);
    CHECK(adapt(conversations, jingle, { .contents = &contents }, arena).verdict == Verdict::changed);
    CHECK(jingle.contents[0].name == "c~0");
    CHECK(jingle.groups[0].contents[0] == "c~0");
    CHECK(jingle.contents[1].name == "b");

    jingle.action = Action::session_accept;
    CHECK(normalise(conversations, jingle, { .peer_role = Role::responder, .contents = &contents }, arena));
    CHECK(jingle.contents[0].name == "this is audio");
    CHECK(jingle.groups[0].contents[0] == "this is audio");
}

TEST_CASE("adapt: Conversations gets the answer it offered, and what is narrower afterwards",
          "[jingle][adapt]")
{
    struct Case {
        std::string answered;
        std::string follows;  ///< senders of the content-modify; empty: none
        Role own_role;
    };
    // As initiator it may be asked for both and initiator only (decisions of that client, not of XEP-0166).
    const auto row = GENERATE(values<Case>({
        { "both", "", Role::responder },
        { "initiator", "initiator", Role::responder },
        { "responder", "", Role::responder },
        { "none", "", Role::responder },
        { "responder", "responder", Role::initiator },
        { "initiator", "", Role::initiator },
    }));
    CAPTURE(row.answered, row.own_role);
    const std::string name = GENERATE("video", "a name that is too long");
    base::Arena arena;
    LegContents contents;
    auto* known = contents.note(Role::initiator, name);
    known->senders = Senders::both;
    known->media = "video";
    auto jingle
        = read(request("content-accept", full("name='" + name + "' senders='" + row.answered + "'", "video")),
               arena);
    const auto& conversations = *find_profile("conversations");

    const auto result
        = adapt(conversations, jingle, { .own_role = row.own_role, .contents = &contents }, arena);

    CHECK(jingle.contents[0].senders.value_or(Senders::both) == Senders::both);
    CHECK((result.verdict == Verdict::split) == !row.follows.empty());
    if (row.follows.empty())
        return;
    REQUIRE(result.requests.size() == 2);
    CHECK(result.requests[0] == &jingle);
    CHECK(documents::written(*result.requests[1])
          == canonical(request("content-modify",
                               content("name='" + std::string{ jingle.contents[0].name } + "' senders='"
                                       + row.follows + "'"))));
}

TEST_CASE("adapt: nothing is sent about a content that was not offered", "[jingle][adapt]")
{
    base::Arena arena;
    LegContents contents;
    const auto& monal = *find_profile("monal");
    auto offer = read(initiate(full("name='a'", "audio") + full("name='d'", "application", "", sctp)), arena);
    CHECK(adapt(monal, offer, { .contents = &contents }, arena).verdict == Verdict::changed);
    CHECK(offer.contents.size() == 1);
    auto trickle = read(request("transport-info", content("name='d'", ice(cred, udp))), arena);
    CHECK(adapt(monal, trickle, { .contents = &contents }, arena).verdict == Verdict::absorbed);
}

TEST_CASE("adapt: candidates get the credentials that were sent before (stanza.js trickles without)",
          "[jingle][adapt]")
{
    base::Arena arena;
    LegContents contents;
    const auto& monal = *find_profile("monal");
    auto offer = read(in_ice(""), arena);
    (void)adapt(monal, offer, { .contents = &contents }, arena);
    auto trickle = read(request("transport-info", content("name='a'", ice("ufrag='abcd'", udp))), arena);
    CHECK(adapt(monal, trickle, { .contents = &contents }, arena).verdict == Verdict::changed);
    CHECK(trickle.contents[0].ice()->pwd == "abcdefghijklmnopqrstuv");
    auto other = read(request("transport-info", content("name='a'", ice("ufrag='efgh'", udp))), arena);
    CHECK(adapt(monal, other, { .contents = &contents }, arena).verdict == Verdict::as_is);
}

TEST_CASE("adapt: Conversations is answered with the media and senders of its content-add", "[jingle][adapt]")
{
    base::Arena arena;
    LegContents contents;
    const auto& conversations = *find_profile("conversations");
    auto add = read(request("content-add", full("name='v'", "video")), arena);
    (void)normalise(conversations, add, { .active = true, .contents = &contents }, arena);
    auto reject = read(request("content-reject", content("name='v' senders='none'")), arena);
    CHECK(adapt(conversations, reject, { .own_role = Role::responder, .contents = &contents }, arena).verdict
          == Verdict::changed);
    CHECK(
        documents::written(reject)
        == canonical(request("content-reject", content("name='v' senders='both'", rtp("video") + ice("")))));
}

TEST_CASE("adapt: an ICE restart has the shape Conversations tells it by", "[jingle][adapt]")
{
    base::Arena arena;
    const auto& conversations = *find_profile("conversations");
    const auto xml = request("transport-info", content("name='a'", ice(cred, udp)));
    auto offer = read(xml, arena);
    const auto split = adapt(conversations, offer, { .restart = Restart::offer }, arena);
    REQUIRE(split.verdict == Verdict::split);
    CHECK(documents::written(*split.requests[0])
          == canonical(request("transport-info", content("name='a'", ice(cred)))));
    CHECK(documents::written(*split.requests[1]) == canonical(xml));

    auto answer = read(request("transport-info", content("name='a'", ice(cred))), arena);
    CHECK(adapt(conversations, answer, { .restart = Restart::answer }, arena).verdict == Verdict::absorbed);
}

TEST_CASE("adapt: where one side has one transport and the other no BUNDLE, audio is offered",
          "[jingle][adapt]")
{
    base::Arena arena;
    const auto xml = initiate(full("name='v'", "video") + full("name='a'", "audio"));
    auto jingle = read(xml, arena);
    CHECK(adapt(only(Trait::one_transport), jingle, {}, arena).verdict == Verdict::as_is);
    CHECK(adapt(only(Trait::one_transport), jingle, { .far_transports = FarTransports::one }, arena).verdict
          == Verdict::changed);
    REQUIRE(jingle.contents.size() == 1);
    CHECK(jingle.contents[0].name == "a");
}

TEST_CASE("adapt: an open content-add of ours may be taken back", "[jingle][adapt]")
{
    base::Arena arena;
    auto jingle = read(request("content-remove", content("name='a'")), arena);
    CHECK(adapt(only(Trait::no_content_remove), jingle, { .own_content_add = OwnContentAdd::open }, arena)
              .verdict
          == Verdict::as_is);
}

TEST_CASE("adapt: every trait has a row here or a test of its own", "[jingle][adapt]")
{
    std::set<Trait> tested{ Trait::credentials_with_candidates,
                            Trait::restart_by_shape,
                            Trait::one_transport,
                            Trait::short_names,
                            Trait::one_content_per_request,
                            Trait::accept_answers_content_add };
    for (const auto& row : writing_rows())
        tested.insert(row.trait);
    for (const auto& row : reading_rows())
        tested.insert(row.trait);
    for (const auto& row : trait_rows) {
        CAPTURE(row.token);
        CHECK(tested.count(row.trait) == 1);
    }
}
