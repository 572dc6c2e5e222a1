"""Requests that make no sense are refused with the error that says why, and errors are never answered."""

from ..captures import captured, descriptions
from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Stage, jingle, jmi, message_error, reply
from ..stanza import Matcher

OFFER = captured("dino042-audio", "session-initiate")[0]
ANSWER = captured("dino042-audio", "session-accept")[0]
UNKNOWN = ("item-not-found", "unknown-session")
OUT_OF_ORDER = ("unexpected-request", "out-of-order")
NS = "urn:xmpp:jingle:1"


@scenario("an unknown session is unknown to every action", through_carillon=True)
def unknown_session(stage: Stage, alice: Peer, bob: Peer) -> None:
    to = stage.route.device(bob)
    for action, children in [("session-terminate", "<reason><success/></reason>"), ("session-accept", ANSWER),
                             ("session-info", ""), ("transport-info", captured("stanza-chromium-audio-video", "transport-info")[0]),
                             ("content-remove", "<content creator='initiator' name='audio'/>")]:
        alice.gets_error(alice.sends_jingle(action, to, stage.new_sid(), children), *UNKNOWN, from_=to)


@scenario("somebody who is no part of a call does not get into it", through_carillon=True, extra=1)
def wrong_sender(stage: Stage, alice: Peer, bob: Peer, mallory: Peer) -> None:
    stage.world.login(mallory, stage.world.new_account("mallory"), "evil")
    call = stage.talks(alice, bob)
    for to in (call.ends[alice], call.ends[bob]):
        ident = mallory.sends_jingle("session-terminate", to, call.sid, "<reason><success/></reason>")
        mallory.gets_error(ident, *UNKNOWN, from_=to)
    call.relays(alice, "session-info", "<active xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>")
    call.ends_with(alice)


@scenario("the caller cannot accept its own call", through_carillon=True)
def accept_by_caller(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.dials_device(alice, bob, OFFER)
    alice.gets_error(call.sends(alice, "session-accept", ANSWER), *OUT_OF_ORDER, from_=call.ends[alice])
    call.ends_with(alice, "cancel")


@scenario("a second accept is out of order", through_carillon=True)
def accept_twice(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.talks(alice, bob)
    bob.gets_error(call.sends(bob, "session-accept", ANSWER), *OUT_OF_ORDER, from_=call.ends[bob])
    call.ends_with(alice)


@scenario("a second initiate of a running session is out of order", through_carillon=True)
def initiate_twice(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.talks(alice, bob)
    alice.gets_error(call.sends(alice, "session-initiate", OFFER), *OUT_OF_ORDER, from_=call.ends[alice])
    call.ends_with(alice)


@scenario("after the end of a call its session is unknown", through_carillon=True)
def after_the_end(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.talks(alice, bob)
    call.ends_with(alice)
    for peer in (alice, bob):
        peer.gets_error(call.sends(peer, "session-info"), *UNKNOWN, from_=call.ends[peer])


@scenario("two calls that cross: one stands, the other is refused with tie-break", through_carillon=True)
def tie_break(stage: Stage, alice: Peer, bob: Peer) -> None:
    lower, higher = sorted([stage.new_sid(), stage.new_sid()])
    bob.holds_replies_to("session-initiate")
    first = alice.sends_jingle("session-initiate", stage.route.device(bob), lower, OFFER)
    bob.receives(jingle("session-initiate", lower))  # the two are in flight towards each other
    second = bob.sends_jingle("session-initiate", stage.route.device(alice), higher, OFFER)
    bob.gets_error(second, "conflict", "tie-break", from_=stage.route.device(alice))
    alice.gets_result(first)
    alice.fence(stage.domain)
    alice.got_nothing(jingle("session-initiate"))
    alice.gets_result(alice.sends_jingle("session-terminate", stage.route.device(bob), lower, "<reason><cancel/></reason>"))
    bob.receives(jingle("session-terminate", lower))


# What stands in the <jingle/> element, and the condition it is refused with.
MALFORMED = {
    "no sid": ("<jingle xmlns='{ns}' action='session-initiate'>{offer}</jingle>", "bad-request"),
    "no action": ("<jingle xmlns='{ns}' sid='{sid}'>{offer}</jingle>", "bad-request"),
    "an unknown action": ("<jingle xmlns='{ns}' sid='{sid}' action='session-dance'>{offer}</jingle>", "bad-request"),
    "no content": ("<jingle xmlns='{ns}' sid='{sid}' action='session-initiate'/>", "bad-request"),
    "a content without a name":
        ("<jingle xmlns='{ns}' sid='{sid}' action='session-initiate'>{nameless}</jingle>", "bad-request"),
    "a payload type that is no number":
        ("<jingle xmlns='{ns}' sid='{sid}' action='session-initiate'>{bad_id}</jingle>", "bad-request"),
    "a line break in the ufrag":
        ("<jingle xmlns='{ns}' sid='{sid}' action='session-initiate'>{line_break}</jingle>", "bad-request"),
}

for what, (form, condition) in MALFORMED.items():
    @scenario(f"a session-initiate with {what} is a {condition}", through_carillon=True, pairs=2)
    def malformed(stage: Stage, alice: Peer, bob: Peer, form: str = form, condition: str = condition) -> None:
        jingle_element = form.format(
            ns=NS, sid=stage.new_sid(), offer=OFFER, nameless=OFFER.replace("name=\"audio\"", "", 1),
            bad_id=OFFER.replace("id=\"111\"", "id=\"0x6f\""),
            line_break=OFFER.replace("ufrag=\"+wtO\"", "ufrag=\"+wt&#10;a=x\""))
        got = alice.asks(stage.route.device(bob), jingle_element, "set")
        if got.type != "error" or got.conditions()[:1] != [condition]:
            raise Failure(f"alice expected {condition}, got {got.text}")
        bob.fence(stage.domain)
        bob.got_nothing(jingle("session-initiate"))


@scenario("a candidate that makes no sense is dropped, and the call goes on", through_carillon=True, pairs=2)
def bad_candidate(stage: Stage, alice: Peer, bob: Peer) -> None:
    to, sid = stage.route.device(bob), stage.new_sid()
    bad = OFFER.replace("port=\"54838\"", "port=\"0x36\"")
    alice.gets_result(alice.sends_jingle("session-initiate", to, sid, bad), from_=to)
    got = bob.receives(jingle("session-initiate", sid))
    if "0x36" in got.text or "57561" not in got.text:
        raise Failure(f"of the candidates only the bad one should have been dropped: {got.text}")
    alice.gets_result(alice.sends_jingle("session-terminate", to, sid, "<reason><cancel/></reason>"), from_=to)
    bob.receives(jingle("session-terminate", sid))


@scenario("somebody who does not exist, and an address that cannot exist, are refused alike", through_carillon=True, pairs=2)
def nobody_there(stage: Stage, alice: Peer, bob: Peer) -> None:
    for local in ("nobody\\40example.test", "no-such-line"):
        to = f"{local}@{stage.domain}/phone"
        got = alice.receives(reply(alice.sends_jingle("session-initiate", to, stage.new_sid(), OFFER)), from_=to)
        if got.type == "error" and "service-unavailable" not in got.conditions():
            raise Failure(f"the only refusal about a callee is service-unavailable, not {got.text}")
        if got.type == "result":
            alice.receives(jingle("session-terminate"), from_=to)


@scenario("a propose to somebody of a foreign domain by somebody of ours goes out; the bounce comes back", through_carillon=True,
          pairs=2)
def foreign_callee(stage: Stage, alice: Peer, bob: Peer) -> None:
    to = f"zoe\\40elsewhere.test@{stage.domain}"
    ident = alice.sends_jmi("propose", to, stage.new_sid(), descriptions(["audio"]))
    got = alice.receives(Matcher("a refusal", lambda s: message_error(ident).holds(s) or jmi("reject").holds(s)))
    if got.from_.partition("/")[0] != to:
        raise Failure(f"the refusal should come from {to}: {got.text}")


@scenario("errors are never answered", through_carillon=True)
def errors_unanswered(stage: Stage, alice: Peer, bob: Peer) -> None:
    error = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    for to in (stage.domain, stage.route.anywhere(bob), stage.route.device(bob)):
        alice.sends_xml(f"<iq to='{to}' type='error' id='e1'><jingle xmlns='{NS}' action='session-info' sid='x'/>{error}</iq>")
        alice.sends_xml(f"<iq to='{to}' type='result' id='e2'/>")
        alice.sends_xml(f"<message to='{to}' type='error' id='e3'><body>no</body>{error}</message>")
        alice.sends_xml(f"<message to='{to}' type='error' id='e4'><propose xmlns='urn:xmpp:jingle-message:0' id='p1'/>{error}</message>")
        alice.fence(to)
    alice.got_nothing(Matcher("an answer to an error", lambda s: s.id in ("e1", "e2", "e3", "e4") or s.kind == "message"))
    bob.fence(stage.domain)
    bob.got_nothing(Matcher("somebody's error", lambda s: s.kind == "message" or s.jingle is not None))
