// One page and a call, as dialogues: what happens, and what follows.

#include <map>
#include <random>

#include <catch2/catch.hpp>

#include "support/dialogue.hpp"
#include "unit/call/web_words.hpp"
#include "unit/jingle/renegotiate/sample.hpp"

using namespace web;

namespace {

using test::Lines;

/// Names of what the tables below say.
const std::map<std::string, PageSays> page_says{
    { "invite audio", PageInvite{ "bob@b.test", "", { true, false }, {}, {} } },
    { "invite both", PageInvite{ "bob@b.test", "", { true, true }, {}, {} } },
    { "invite offer", PageInvite{ "bob@b.test", "", {}, {}, sample::one } },
    { "invite garbage", PageInvite{ "bob@b.test", "", {}, {}, "v=0\r\no=x\r\n" } },
    { "ringing", PageRinging{} },
    { "accept", PageAccept{} },
    { "accept answer", PageAccept{ sample::answered(sample::one) } },
    { "accept garbage", PageAccept{ "m=audio" } },
    { "accept another medium",
      PageAccept{ sample::replaced(sample::answered(sample::one), "m=audio", "m=video") } },
    { "negotiate offer", PageNegotiate{ { PageDescription::Type::offer, sample::one } } },
    { "negotiate video", PageNegotiate{ { PageDescription::Type::offer, sample::two } } },
    { "negotiate garbage", PageNegotiate{ { PageDescription::Type::offer, "v=1" } } },
    { "negotiate answer", PageNegotiate{ { PageDescription::Type::answer, sample::answered(sample::one) } } },
    { "rollback", PageNegotiate{ { PageDescription::Type::rollback, {} } } },
    { "candidate", PageCandidates{ { { "candidate:1 1 udp 1 192.0.2.1 5000 typ host", "0", {}, {} } } } },
    { "bad candidate", PageCandidates{ { { "candidate:1 1 udp x", "0", {}, {} } } } },
    { "odd candidate", PageCandidates{ { { "candidate:1 1 udp 1 evil.test 5000 typ host", "0", {}, {} } } } },
    { "injecting candidate",
      PageCandidates{ { { "candidate:1 1 udp 1 192.0.2.1 5000 typ host\r\na=x", "0", {}, {} } } } },
    { "end of candidates", PageCandidates{ { { "", {}, {}, {} } } } },
    { "hold", PageInfo{ true, {}, {} } },
    { "mute", PageInfo{ {}, { { "audio" } }, {} } },
    { "tones", PageInfo{ {}, {}, "1" } },
    { "reject busy", PageReject{ PageReason::busy } },
    { "reject", PageReject{} },
    { "hang up", PageHangup{} },
    { "hang up ice", PageHangup{ PageReason::ice_failed, "no way" } },
};

/// A web leg whose call is the test.
struct Scene {
    explicit Scene(Role role, FarSide far = {})
        : leg{ { role, "s1", "bob@b.test", "Bob", "", 1, std::chrono::milliseconds{ 60'000 }, far } }
    {
    }

    base::Arena arena;
    WebLeg leg;
    Time now{ std::chrono::hours{ 1 } };
    std::string last_id;
    jingle::Action last_action{};
    int replies = 0;

    /// "page: WORDS", "call: ACTION [BODY]", "call: MESSAGE [REASON or TEXT]", "answer: CONDITION", "wait:
    /// SECONDS".
    Lines happens(const std::string& event)
    {
        WebTurn turn{ arena, now, {} };
        Lines out;
        const auto words = event.substr(event.find(": ") + 2);
        if (event.starts_with("page: ")) {
            if (const auto refused = leg.says(page_says.at(words), turn))
                out.push_back(line(*refused));
        } else if (event.starts_with("answer: ")) {
            leg.handle(Answer{ caller_leg, arena.copy(last_id), error(words) }, turn);
        } else if (event.starts_with("wait: ")) {
            now += std::chrono::seconds{ std::stoi(words) };
            turn.now = now;
            leg.pass_time(turn);
        } else {
            call(words, turn);
        }
        for (const auto& output : turn.outputs) {
            out.push_back(line(output));
            if (const auto* told = std::get_if<TellRequest>(&output)) {
                last_id = told->id;
                last_action = told->jingle->action;
            }
            replies += std::holds_alternative<TellReply>(output) ? 1 : 0;
        }
        return out;
    }

    void call(const std::string& words, WebTurn& turn)
    {
        const auto space = words.find(' ');
        const auto name = words.substr(0, space);
        const auto rest = space == std::string::npos ? "" : words.substr(space + 1);
        if (const auto kind = base::find_value(jingle::message_rows, name)) {
            jingle::Message message;
            message.kind = *kind;
            message.id = "s1";
            if (*kind == jingle::MessageKind::propose)
                message.descriptions.push_back(arena, { "urn:xmpp:jingle:apps:rtp:1", "audio", {} });
            if (const auto reason = base::find_value(jingle::condition_rows, rest)) {
                message.reason = jingle::Reason{};
                message.reason->condition = *reason;
            } else if (!rest.empty()) {
                message.reason = jingle::Reason{};
                message.reason->condition = jingle::Condition::cancel;
                message.reason->text = arena.copy(rest);
            }
            return leg.handle(Say{ caller_leg, message }, turn);
        }
        const auto* jingle = request(name, rest);
        leg.handle(Request{ caller_leg, jingle, Answered::here, "" }, turn);
    }

    const jingle::Jingle* request(const std::string& action, const std::string& body)
    {
        auto inside = std::string{ body.empty() ? test::Dialogue::body_of(action) : body };
        inside = sample::replaced(inside, "name='audio'", "name='0'");
        if (action == "session-accept" || action == "content-accept")
            inside = sample::replaced(inside, "actpass", "active");
        if (action == "session-terminate" && !body.empty() && body.front() != '<')
            inside = "<reason><" + body + "/></reason>";
        const auto xml = arena.copy("<jingle xmlns='urn:xmpp:jingle:1' action='" + action + "' sid='s1'>"
                                    + inside + "</jingle>");
        const auto* element = xmpp::parse_document(xml, arena).value();
        return arena.make<jingle::Jingle>(jingle::Jingle::from_element(*element, arena).value());
    }

    static std::optional<xmpp::StanzaError> error(const std::string& words)
    {
        using namespace xmpp::errors;
        for (const auto& one : { service_unavailable, bad_request, resource_constraint, unknown_session,
                                 tie_break, out_of_order, unsupported_info })
            if (word(one) == words)
                return one;
        return std::nullopt;
    }
};

struct Row {
    std::string event;
    Lines follows;
};

void play(Role role, const std::vector<Row>& rows, FarSide far = {})
{
    Scene scene{ role, far };
    for (const auto& row : rows) {
        CAPTURE(row.event);
        CHECK(scene.happens(row.event) == row.follows);
    }
}

const std::string ringing = "session-info <ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>";
const std::string restart = "transport-info " + std::string{ test::Dialogue::restart };

}  // namespace

TEST_CASE("web leg: a page calls", "[call][web]")
{
    SECTION("with an offer")
    {
        play(Role::initiator,
             { { "page: invite offer", { "call: session-initiate" } },
               { "answer: result", {} },
               { "page: candidate", { "call: transport-info" } },
               { "page: odd candidate", {} },
               { "page: end of candidates", { "call: transport-info" } },
               { "call: " + ringing, { "reply: session-info result", "page: call.ringing" } },
               { "call: transport-info", { "reply: transport-info result" } },
               { "call: session-accept",
                 { "reply: session-accept result", "page: call.answer", "page: call.candidates abcd" } },
               { "call: transport-info", { "reply: transport-info result", "page: call.candidates abcd" } },
               { "call: session-terminate success",
                 { "reply: session-terminate result", "page: call.hangup user_hangup" } },
               { "call: finish success", {} },
               { "call: transport-info", { "reply: transport-info unknown-session" } },
               { "page: hang up", {} } });
    }
    SECTION("without one")
    {
        play(Role::initiator,
             { { "page: invite both", { "call: propose audio video" } },
               { "call: ringing", { "page: call.ringing" } },
               { "call: proceed", { "page: call.accept" } },
               { "call: proceed", {} },
               { "page: negotiate offer", { "call: session-initiate" } },
               { "call: session-accept", { "reply: session-accept result", "page: call.answer" } },
               { "page: hang up", { "call: session-terminate success" } } });
    }
    SECTION("and gives up")
    {
        play(Role::initiator,
             { { "page: invite audio", { "call: propose audio" } },
               { "page: hang up", { "call: retract cancel" } } });
        play(Role::initiator,
             { { "page: invite offer", { "call: session-initiate" } },
               { "page: hang up", { "call: session-terminate cancel" } },
               { "call: session-accept", { "reply: session-accept unknown-session" } } });
    }
    SECTION("and nobody is there")
    {
        play(Role::initiator,
             { { "page: invite audio", { "call: propose audio" } },
               { "call: reject", { "page: call.reject declined" } } });
        play(Role::initiator,
             { { "page: invite audio", { "call: propose audio" } },
               { "call: reject busy", { "page: call.reject busy" } } });
        play(Role::initiator,
             { { "page: invite offer", { "call: session-initiate" } },
               { "answer: service-unavailable", { "page: call.reject unavailable" } } });
        play(Role::initiator,
             { { "page: invite offer", { "call: session-initiate" } },
               { "call: session-terminate gone",
                 { "reply: session-terminate result", "page: call.reject unavailable" } } });
        play(Role::initiator,
             { { "page: invite offer", { "call: session-initiate" } },
               { "call: session-terminate timeout",
                 { "reply: session-terminate result", "page: call.hangup invite_timeout" } } });
    }
    SECTION("and is answered with what is no answer")
    {
        const std::string other = "session-accept <content creator='initiator' name='other'><description "
                                  "xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/><transport "
                                  "xmlns='urn:xmpp:jingle:transports:ice-udp:1'/></content>";
        play(Role::initiator,
             { { "page: invite offer", { "call: session-initiate" } },
               { "call: " + other,
                 { "reply: session-accept bad-request", "call: session-terminate incompatible-parameters",
                   "page: call.hangup incompatible" } } });
    }
}

TEST_CASE("web leg: a page is called", "[call][web]")
{
    SECTION("with a propose")
    {
        play(Role::responder,
             { { "call: propose", { "page: call.invite audio" } },
               { "call: propose", {} },
               { "page: ringing", { "call: ringing" } },
               { "page: ringing", { "call: ringing" } },
               { "page: accept answer", { "refused: wrong_state" } },
               { "page: accept", { "call: proceed" } },
               { "page: candidate", { "refused: wrong_state" } },
               { "call: session-initiate",
                 { "reply: session-initiate result", "page: call.negotiate offer" } },
               { "call: transport-info", { "reply: transport-info result", "page: call.candidates abcd" } },
               { "page: candidate", {} },
               { "page: negotiate answer", { "call: session-accept", "call: transport-info" } },
               { "page: negotiate answer", { "refused: wrong_state" } },
               { "page: hang up ice", { "call: session-terminate failed-transport" } } });
    }
    SECTION("with an offer at once")
    {
        play(Role::responder,
             { { "call: session-initiate",
                 { "reply: session-initiate result", "page: call.invite audio offer" } },
               { "call: session-initiate", { "reply: session-initiate out-of-order" } },
               { "page: ringing", { "call: session-info ringing" } },
               { "page: accept", { "refused: wrong_state" } },
               { "page: accept garbage", { "refused: bad_sdp" } },
               { "page: accept another medium", { "refused: bad_sdp" } },
               { "page: accept answer", { "call: session-accept" } } });
    }
    SECTION("and does not want it")
    {
        play(Role::responder,
             { { "call: propose", { "page: call.invite audio" } },
               { "page: reject busy", { "call: reject busy" } } });
        play(Role::responder,
             { { "call: propose", { "page: call.invite audio" } },
               { "page: hang up", { "call: reject decline" } } });
        play(Role::responder,
             { { "call: session-initiate",
                 { "reply: session-initiate result", "page: call.invite audio offer" } },
               { "page: reject", { "call: session-terminate decline" } } });
    }
    SECTION("and somebody else answers, or the caller gives up")
    {
        play(Role::responder,
             { { "call: propose", { "page: call.invite audio" } },
               { "call: accept", { "page: call.select_answer" } } });
        play(Role::responder,
             { { "call: propose", { "page: call.invite audio" } },
               { "call: retract cancel", { "page: call.hangup cancelled" } } });
        play(Role::responder,
             { { "call: propose", { "page: call.invite audio" } },
               { "page: accept", { "call: proceed" } },
               { "call: retract", { "page: call.hangup cancelled" } } });
        play(Role::responder,
             { { "call: propose", { "page: call.invite audio" } },
               { "page: accept", { "call: proceed" } },
               { "call: retract Declined elsewhere", { "page: call.hangup declined_elsewhere" } },
               { "call: retract Declined elsewhere", {} } });
        const std::string elsewhere
            = "session-terminate <reason><cancel/><text>Answered elsewhere</text></reason>";
        play(Role::responder,
             { { "call: session-initiate",
                 { "reply: session-initiate result", "page: call.invite audio offer" } },
               { "call: " + elsewhere, { "reply: session-terminate result", "page: call.select_answer" } } });
    }
    SECTION("and never answers the offer")
    {
        play(Role::responder,
             { { "call: propose", { "page: call.invite audio" } },
               { "page: accept", { "call: proceed" } },
               { "call: session-initiate",
                 { "reply: session-initiate result", "page: call.negotiate offer" } },
               { "wait: 59", {} },
               { "wait: 1", { "call: session-terminate gone", "page: call.hangup gone" } } });
    }
}

TEST_CASE("web leg: in the wrong state nothing is done", "[call][web]")
{
    for (const auto* said : { "ringing", "accept", "negotiate offer", "negotiate answer", "rollback",
                              "candidate", "hold", "mute", "reject", "hang up" })
        for (const auto role : { Role::initiator, Role::responder }) {
            CAPTURE(said);
            Scene scene{ role };
            CHECK(scene.happens(std::string{ "page: " } + said) == Lines{ "refused: wrong_state" });
        }
    CHECK(Scene{ Role::responder }.happens("page: invite audio") == Lines{ "refused: wrong_state" });
    for (const auto* action :
         { "session-accept", "session-terminate", "transport-info", "content-add", "session-info" }) {
        CAPTURE(action);
        Scene scene{ Role::responder };
        CHECK(scene.happens(std::string{ "call: " } + action)
              == Lines{ std::string{ "reply: " } + action + " unknown-session" });
    }
    play(Role::initiator,
         { { "page: invite garbage", { "refused: bad_sdp" } },
           { "page: invite offer", { "call: session-initiate" } },
           { "page: invite offer", { "refused: wrong_state" } },
           { "page: negotiate video", { "refused: wrong_state" } },
           { "page: hold", { "refused: wrong_state" } },
           { "page: bad candidate", { "refused: bad_sdp" } },
           { "page: injecting candidate", { "refused: bad_sdp" } },
           { "call: content-add", { "reply: content-add out-of-order" } },
           { "call: session-initiate", { "reply: session-initiate out-of-order" } },
           { "call: description-info", { "reply: description-info result" } } });
}

TEST_CASE("web leg: a running call with a client", "[call][web]")
{
    const std::vector<Row> connected{ { "page: invite offer", { "call: session-initiate" } },
                                      { "call: session-accept",
                                        { "reply: session-accept result", "page: call.answer" } } };
    const auto play_on = [&](std::vector<Row> more) {
        auto rows = connected;
        rows.insert(rows.end(), more.begin(), more.end());
        play(Role::initiator, rows);
    };
    SECTION("what a client may say, and is not understood")
    {
        play_on(
            { { "call: session-info", { "reply: session-info result" } },
              { "call: session-info <x xmlns='urn:x'/>", { "reply: session-info unsupported-info" } },
              { "call: session-info <dtmf xmlns='urn:xmpp:jingle:dtmf:0' code='5'/>",
                { "reply: session-info result", "page: call.info tones 5" } },
              { "call: security-info", { "reply: security-info unsupported-info" } },
              { "call: transport-replace", { "reply: transport-replace result", "call: transport-reject" } },
              { "call: transport-accept", { "reply: transport-accept out-of-order" } },
              { "call: content-accept", { "reply: content-accept out-of-order" } },
              { "call: session-accept", { "reply: session-accept out-of-order" } } });
    }
    SECTION("hold and mute")
    {
        play_on({ { "page: hold", { "call: session-info hold" } },
                  { "page: hold", {} },
                  { "page: mute", { "call: session-info mute 0" } },
                  { "page: tones", { "refused: wrong_state" } },
                  { "call: session-info <mute xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>",
                    { "reply: session-info result", "page: call.info muted: audio" } },
                  { "call: session-info <hold xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>",
                    { "reply: session-info result", "page: call.info hold" } },
                  { "wait: 1", { "page: call.negotiate offer" } },
                  { "call: session-info <active xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>",
                    { "reply: session-info result", "page: call.info unhold muted:" } } });
    }
    SECTION("the page adds video, the client allows it both ways before it takes it")
    {
        play_on({ { "page: negotiate video", { "call: content-add" } },
                  { "page: negotiate video", { "refused: wrong_state" } },
                  { "answer: result", {} },
                  { "call: content-modify <content creator='initiator' name='1' senders='both'/>",
                    { "reply: content-modify result" } },
                  { "call: content-reject <content creator='initiator' name='1'/>",
                    { "reply: content-reject result", "page: call.negotiate answer" } } });
    }
    SECTION("the client cannot and says so late")
    {
        // What failed is left out, and the rest of the offer answered.
        play_on({ { "page: negotiate video", { "call: content-add" } },
                  { "answer: bad-request", { "page: call.negotiate answer" } } });
    }
    SECTION("the client has begun something of its own")
    {
        play_on({ { "page: negotiate video", { "call: content-add" } },
                  { "answer: tie-break", { "page: call.negotiate rollback" } },
                  { "page: negotiate video", { "call: content-add" } },
                  { "answer: unknown-session", { "page: call.hangup gone" } } });
    }
    SECTION("both at once: the page that called stands")
    {
        const std::string add = "content-add "
            + sample::replaced(std::string{ test::Dialogue::body_of("content-add") }, "name='audio'",
                               "name='v'");
        play_on({ { "page: negotiate video", { "call: content-add" } },
                  { "call: " + add, { "reply: content-add tie-break" } } });
    }
    SECTION("the client restarts ICE, and its candidates wait for the offer")
    {
        const std::string more = "transport-info <content creator='initiator' name='0'><transport "
                                 "xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='wxyz' "
                                 "pwd='9876543210987654321098'><candidate component='1' foundation='1' "
                                 "generation='0' id='c2' ip='192.0.2.1' port='5000' priority='1' "
                                 "protocol='udp' type='host'/></transport></content>";
        play_on({ { "call: " + restart, { "reply: transport-info result" } },
                  { "call: " + more, { "reply: transport-info result" } },
                  { "wait: 1", { "page: call.negotiate offer", "page: call.candidates wxyz" } },
                  { "call: " + more, { "reply: transport-info result", "page: call.candidates wxyz" } },
                  { "call: transport-info", { "reply: transport-info result" } } });  // of before
    }
}

TEST_CASE("web leg: each reason of Jingle is one of a page's and back", "[call][web]")
{
    for (const auto& row : jingle::condition_rows) {
        const auto heard = to_page(row.value, Ended::live);
        CAPTURE(row.token, word(heard));
        CHECK((heard == PageReason::error) == (row.value == jingle::Condition::general_error));
        CHECK(to_page(to_condition(heard), Ended::live) == heard);
    }
    CHECK(to_page(jingle::Condition::gone, Ended::early) == PageReason::unavailable);
    for (auto reason = 0; reason <= static_cast<int>(PageReason::error); ++reason) {
        const auto said = static_cast<PageReason>(reason);
        CAPTURE(word(said));
        CHECK((to_condition(said) == jingle::Condition::general_error) == (said == PageReason::error));
    }
}

TEST_CASE("web leg: what is too large is refused whole", "[call][web]")
{
    Scene scene{ Role::initiator };
    WebTurn turn{ scene.arena, scene.now, {} };
    const auto code = [&](const PageSays& said) {
        const auto refused = scene.leg.says(said, turn);
        return refused ? word(refused->code) : "done";
    };
    const std::string long_sdp = sample::one + "a=x:" + std::string(sdp::max_bytes, 'x') + "\r\n";
    CHECK(code(PageInvite{ "b", "", {}, {}, long_sdp }) == "too_large");
    CHECK(code(PageInvite{ "b", "", {}, {}, sample::one }) == "done");
    turn.outputs.clear();
    const PageCandidate candidate{ "candidate:1 1 udp 1 192.0.2.1 5000 typ host", "0", {}, "later" };
    CHECK(code(PageCandidates{ std::vector(max_page_candidates + 1, candidate) }) == "too_large");
    PageCandidate wide = candidate;
    wide.candidate += " x " + std::string(max_candidate_bytes, 'x');
    CHECK(code(PageCandidates{ { candidate, wide } }) == "too_large");
    CHECK(turn.outputs.empty());

    Scene callee{ Role::responder };
    callee.happens("call: session-initiate");
    for (std::size_t i = 0; i < max_waiting_candidates; ++i)
        CHECK(callee.happens("page: candidate").empty());
    CHECK(callee.happens("page: candidate") == Lines{ "refused: too_large" });
}

TEST_CASE("web leg: an error in SDP is told with its line", "[call][web]")
{
    Scene scene{ Role::initiator };
    WebTurn turn{ scene.arena, scene.now, {} };
    const auto bad = sample::replaced(sample::one, "a=setup:actpass", "a=setup:sideways");
    const auto refused = scene.leg.says(PageInvite{ "b", "", {}, {}, bad }, turn);
    REQUIRE(refused);
    CHECK(refused->code == PageError::Code::bad_sdp);
    CHECK(refused->line == 12);
    CHECK(scene.leg.state() == WebLeg::State::idle);
    CHECK(turn.outputs.empty());
}

TEST_CASE("web leg: a page that missed something hears what it still needs, and what it said stands",
          "[call][web]")
{
    const auto miss = [](Scene& scene) {
        WebTurn turn{ scene.arena, scene.now, {} };
        scene.leg.missed(turn);
        Lines out;
        for (const auto& output : turn.outputs)
            out.push_back(line(output));
        return out;
    };
    Scene called{ Role::responder };
    called.happens("call: propose");
    CHECK(miss(called) == Lines{ "page: call.invite audio" });
    called.happens("page: accept");
    called.happens("call: session-initiate");
    CHECK(miss(called) == Lines{ "page: call.negotiate offer" });

    Scene caller{ Role::initiator };
    WebTurn turn{ caller.arena, caller.now, {} };
    REQUIRE_FALSE(caller.leg.says(PageInvite{ "b", "", {}, {}, std::string{ sample::one } }, turn));
    REQUIRE(caller.leg.state() == WebLeg::State::initiated);
    CHECK(miss(caller).empty());
    CHECK(caller.leg.state() == WebLeg::State::initiated);
}

TEST_CASE("web leg: a page that was loaded anew hears what it still needs", "[call][web]")
{
    const auto reload = [](Scene& scene) {
        WebTurn turn{ scene.arena, scene.now, {} };
        scene.leg.reloaded(turn);
        Lines out;
        for (const auto& output : turn.outputs)
            out.push_back(line(output));
        return out;
    };
    Scene called{ Role::responder };
    CHECK(reload(called).empty());
    called.happens("call: propose");
    CHECK(called.leg.snapshot().state == PageCall::State::incoming);
    CHECK(called.leg.snapshot().media == PageMedia{ true, false });
    CHECK(reload(called) == Lines{ "page: call.invite audio" });
    called.happens("page: accept");
    CHECK(reload(called).empty());
    called.happens("call: session-initiate");
    CHECK(called.leg.snapshot().state == PageCall::State::connecting);
    CHECK(reload(called) == Lines{ "page: call.negotiate offer" });

    Scene caller{ Role::initiator };
    caller.happens("page: invite audio");
    caller.happens("call: ringing");
    CHECK(caller.leg.snapshot().state == PageCall::State::ringing);
    CHECK(caller.leg.snapshot().outgoing);
    caller.happens("call: proceed");
    CHECK(reload(caller) == Lines{ "page: call.accept" });
    caller.happens("page: negotiate offer");
    CHECK(reload(caller) == Lines{ "call: session-terminate gone", "page: call.hangup gone" });

    Scene fixed{ Role::initiator };  // a client that takes no other certificate
    fixed.happens("page: invite offer");
    fixed.happens("call: session-accept");
    CHECK(reload(fixed).empty());
    WebTurn turn{ fixed.arena, fixed.now, {} };
    const auto anew = sample::replaced(sample::replaced(sample::one, "aaaa", "cccc"), "52:2B", "77:88");
    CHECK_FALSE(fixed.leg.says(PageNegotiate{ { PageDescription::Type::offer, anew } }, turn));
    REQUIRE(turn.outputs.size() == 2);
    CHECK(line(turn.outputs[0]) == "call: session-terminate gone");
    CHECK(line(turn.outputs[1]) == "page: call.hangup gone");
}

TEST_CASE("web leg: whatever happens in whatever order, each request has its one answer", "[call][web]")
{
    std::vector<std::string> events;
    for (const auto& [name, said] : page_says)
        if (name != "hang up" && name != "hang up ice" && name != "reject" && name != "reject busy")
            events.push_back("page: " + name);
    for (const auto& row : jingle::action_rows)
        if (row.value != jingle::Action::session_terminate)
            events.push_back("call: " + std::string{ row.token });
    for (const auto* event : { "call: propose", "call: ringing", "call: proceed", "answer: result",
                               "answer: bad-request", "answer: tie-break", "wait: 1", "wait: 7" })
        events.emplace_back(event);
    events.push_back("call: " + ringing);
    events.push_back("call: " + restart);
    const std::vector<std::string> ends{ "page: hang up",           "page: reject",
                                         "call: retract",           "call: reject",
                                         "call: session-terminate", "call: finish",
                                         "answer: unknown-session", "wait: 61" };
    for (unsigned seed = 0; seed < 1500; ++seed) {
        std::mt19937 random{ seed };
        const auto pick = [&](const auto& from) { return from[random() % from.size()]; };
        Scene scene{ seed % 2 == 0 ? Role::initiator : Role::responder,
                     seed % 3 == 0 ? FarSide::page() : FarSide{} };
        std::vector<std::string> played;
        // Most start well, so that what follows is not all about the wrong state.
        if (seed % 4 != 0)
            played = scene.leg.snapshot().outgoing
                ? std::vector<std::string>{ "page: invite offer", "call: session-accept" }
                : std::vector<std::string>{ "call: session-initiate", "page: accept answer" };
        for (auto i = 0; i < 40; ++i)
            played.push_back(random() % 40 == 0 ? pick(ends) : pick(events));
        for (const auto& event : played) {
            const auto before = scene.replies;
            CAPTURE(seed, event);
            const auto words = event.substr(event.find(": ") + 2);
            const auto action = words.substr(0, words.find(' '));
            const bool asks = event.starts_with("call: ") && base::find_value(jingle::action_rows, action);
            const auto follows = scene.happens(event);
            REQUIRE(scene.replies == before + (asks ? 1 : 0));
            if (asks)
                REQUIRE(follows.front().starts_with("reply: " + action));
            if (!follows.empty() && follows.front().starts_with("refused"))
                REQUIRE(follows.size() == 1);
        }
        scene.happens("page: hang up");
        REQUIRE((scene.leg.is_ended() || scene.leg.state() == WebLeg::State::idle));
        REQUIRE_FALSE(scene.leg.deadline());
    }
}
