"""Devices that are silent, that a propose does not reach, or that call each other under one id."""

from ..captures import captured, descriptions, media_of
from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Call, Stage, jingle, jmi
from ..stanza import Matcher
from .moving import proposes, says

OFFER = captured("dino042-audio", "session-initiate")[0]
ANSWER = captured("dino042-audio", "session-accept")[0]
JMI = "urn:xmpp:jingle-message:0"


def question_of_disco() -> Matcher:
    return Matcher("disco#info", lambda s: s.kind == "iq" and s.type == "get" and "disco#info" in s.text and "node=" not in s.text)


def is_shown(stage: Stage, device: Peer, to: Peer) -> None:
    """Carillon learns what the device can do."""
    device.sends_xml(f"<presence to='{stage.route.anywhere(to)}'/>")  # without caps: those at the login may lie by now
    device.receives(question_of_disco())
    for _ in range(2):  # the answer is on its way before the second question is asked
        device.fence(stage.domain)


@scenario("a device answers nothing to its session-initiate: it is given up after 30 s, the other rings on", through_carillon=True,
          pairs=1, extra=1)
def silent_device(stage: Stage, alice: Peer, bob: Peer, tablet: Peer) -> None:
    stage.world.login(tablet, bob.account, "tablet")
    for device in (bob, tablet):
        device.lacks(JMI)
        is_shown(stage, device, alice)
    tablet.holds_replies_to("session-initiate")
    call = Call(stage, alice, bob, stage.new_sid(), {alice: stage.route.anywhere(bob)})
    alice.gets_result(call.sends(alice, "session-initiate", OFFER))
    call.ends[bob] = call.arrives(alice, "session-initiate", OFFER).from_
    tablet.receives(jingle("session-initiate", call.sid))
    says(tablet.receives(jingle("session-terminate", call.sid), within=40.0), "timeout")
    call.relays(bob, "session-accept", ANSWER)
    call.ends_with(alice)
    for device in (bob, tablet):
        device.fence(stage.domain)
        device.receives(jmi("propose", call.sid))  # to the bare address: there may be others
        device.receives(jmi("retract", call.sid))


@scenario("the server returns the propose: a device that is known to take calls gets a session-initiate", through_carillon=True)
def returned_propose(stage: Stage, alice: Peer, bob: Peer) -> None:
    # Of negative priority only: nobody to hand a message for the bare address to (RFC 6121, 8.5.2.1.1).
    bob.sends_xml("<presence><priority>-1</priority></presence>")
    is_shown(stage, bob, alice)
    call = Call(stage, alice, bob, stage.new_sid(), {})
    alice.sends_jmi("propose", stage.route.anywhere(bob), call.sid, descriptions(media_of(OFFER)))
    alice.receives(jmi("ringing", call.sid))
    call.ends[alice] = alice.receives(jmi("proceed", call.sid)).from_
    ident = call.sends(alice, "session-initiate", OFFER)
    call.ends[bob] = call.arrives(alice, "session-initiate", OFFER).from_
    alice.gets_result(ident)
    call.relays(bob, "session-accept", ANSWER)
    call.ends_with(bob)
    alice.receives(jmi("finish", call.sid))
    bob.fence(stage.domain)
    bob.got_nothing(jmi("propose"))


@scenario("a client of XEP-0353 0.6 answers to the bare address", through_carillon=True)
def old_addresses(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = Call(stage, alice, bob, stage.new_sid(), {})
    proposes(stage, alice, bob, call.sid)
    shown = bob.receives(jmi("propose", call.sid)).from_
    for word in ("ringing", "proceed"):
        bob.sends_jmi(word, stage.route.anywhere(alice), call.sid)
        call.ends[alice] = alice.receives(jmi(word, call.sid)).from_
    call.ends[bob] = shown
    call.relays(alice, "session-initiate", OFFER)
    call.relays(bob, "session-accept", ANSWER)
    call.ends_with(bob)
    for peer, other in ((alice, bob), (bob, alice)):
        peer.receives(jmi("finish", call.sid))
        peer.sends_jmi("finish", stage.route.anywhere(other), call.sid)
    for peer in (alice, bob):
        peer.fence(stage.domain)
        peer.got_nothing(jmi("finish"))


@scenario("two proposes cross under one id: that of the lower JID was there first", through_carillon=True)
def same_id_lower_first(stage: Stage, alice: Peer, bob: Peer) -> None:
    sid = stage.new_sid()
    proposes(stage, alice, bob, sid)
    shown = bob.receives(jmi("propose", sid)).from_
    proposes(stage, bob, alice, sid)
    says(bob.receives(jmi("reject", sid)), "expired", "tie-break")
    alice.fence(stage.domain)
    alice.got_nothing(jmi("propose"))
    bob.sends_jmi("reject", shown, sid)
    alice.receives(jmi("reject", sid))


@scenario("two proposes cross under one id: that of the lower JID comes second, and is the call", through_carillon=True)
def same_id_lower_second(stage: Stage, alice: Peer, bob: Peer) -> None:
    sid = stage.new_sid()
    proposes(stage, bob, alice, sid)
    alice.receives(jmi("propose", sid))
    proposes(stage, alice, bob, sid)
    says(bob.receives(jmi("reject", sid)), "expired", "tie-break")
    says(alice.receives(jmi("retract", sid)), "expired", "tie-break")
    propose = bob.receives(jmi("propose"))
    if propose.jmi is None or propose.jmi.get("id") == sid:
        raise Failure(f"bob knows that id as that of his own call: {propose.text}")
    bob.sends_jmi("proceed", propose.from_, propose.jmi.get("id", ""))
    stage.check_sender(alice.receives(jmi("proceed", sid)), bob)
    alice.sends_jmi("retract", stage.route.anywhere(bob), sid)
    bob.receives(jmi("retract", propose.jmi.get("id", "")))


@scenario("two offers cross under one sid: that of the lower JID comes second, and is the call", through_carillon=True)
def same_sid_lower_second(stage: Stage, alice: Peer, bob: Peer) -> None:
    sid = stage.new_sid()
    bob.gets_result(bob.sends_jingle("session-initiate", stage.route.device(alice), sid, OFFER))
    alice.receives(jingle("session-initiate", sid))
    to_bob = stage.route.device(bob)
    alice.gets_result(alice.sends_jingle("session-initiate", to_bob, sid, OFFER), from_=to_bob)
    says(bob.receives(jingle("session-terminate", sid)), "expired")
    heard = bob.receives(jingle("session-initiate"))
    assert heard.jingle is not None
    at_bob = heard.jingle.get("sid", "")
    bob.gets_result(bob.sends_jingle("session-accept", heard.from_, at_bob, ANSWER))
    alice.receives(jingle("session-accept", sid), from_=to_bob)
    alice.fence(stage.domain)
    alice.got_nothing(jingle("session-terminate"))
    alice.gets_result(alice.sends_jingle("session-terminate", to_bob, sid, "<reason><success/></reason>"))
    bob.receives(jingle("session-terminate", at_bob))


