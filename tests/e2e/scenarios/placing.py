"""Calls are placed, ring, are accepted, refused, given up and ended."""

from ..captures import captured, descriptions, media_of
from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Call, Stage, jingle, jmi

OFFER = captured("dino042-audio", "session-initiate")[0]
ANSWER = captured("dino042-audio", "session-accept")[0]
TRICKLED = captured("stanza-chromium-audio-video", "transport-info")

# Each real client's own words; what it says is in tests/data/jingle.
CAPTURES = ["dino042-audio", "jinglepy-direct-trickle-av", "jinglepy-jmi-audio", "stanza-chromium-audio-video",
            "stanza-firefox-to-chromium-av"]


@scenario("one device is dialled, rings, accepts, both trickle, the caller hangs up")
def device_dialled(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.dials_device(alice, bob, captured("stanza-chromium-audio-video", "session-initiate")[0])
    call.relays(bob, "session-info", "<ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>")
    call.relays(alice, "transport-info", TRICKLED[0])
    call.relays(bob, "session-accept", captured("stanza-chromium-audio-video", "session-accept")[0])
    call.relays(bob, "transport-info", TRICKLED[-1])
    call.ends_with(alice)


@scenario("propose, ringing, proceed, then Jingle with the device that proceeded; the callee hangs up")
def proposed(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.proposes(alice, bob, OFFER)
    call.relays(bob, "session-accept", ANSWER)
    call.ends_with(bob)
    if stage.route.through_carillon:
        alice.receives(jmi("finish", call.sid), from_=call.ends[alice])


@scenario("a caller with plain Jingle reaches a callee by JMI", through_carillon=True)
def plain_caller(stage: Stage, alice: Peer, bob: Peer) -> None:
    dialled = stage.route.anywhere(bob)
    call = Call(stage, alice, bob, stage.new_sid(), {alice: dialled})
    ident = call.sends(alice, "session-initiate", OFFER)
    alice.gets_result(ident, from_=dialled)

    stage.callee_proceeds(call)
    ringing = alice.receives(jingle("session-info", call.sid), from_=dialled)
    if "ringing" not in ringing.text:
        raise Failure(f"alice should hear that it rings, not {ringing.text}")
    call.arrives(alice, "session-initiate", OFFER)

    call.relays(bob, "session-accept", ANSWER)
    call.relays(alice, "session-info", "<active xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>")
    call.ends_with(alice)


@scenario("candidates that come before the callee proceeds are not lost", through_carillon=True)
def early_candidates(stage: Stage, alice: Peer, bob: Peer) -> None:
    offer = captured("stanza-chromium-audio-video", "session-initiate")[0]
    dialled = stage.route.anywhere(bob)
    call = Call(stage, alice, bob, stage.new_sid(), {alice: dialled})
    alice.gets_result(call.sends(alice, "session-initiate", offer), from_=dialled)
    udp = next(t for t in TRICKLED if "protocol=\"udp\"" in t)
    alice.gets_result(call.sends(alice, "transport-info", udp), from_=dialled)

    stage.callee_proceeds(call)
    call.arrives(alice, "session-initiate", offer)
    call.arrives(alice, "transport-info", udp)

    alice.receives(jingle("session-info", call.sid))
    call.ends_with(alice, "cancel")


for name in CAPTURES:
    @scenario(f"{name} offers and answers; nothing is lost")
    def real_words(stage: Stage, alice: Peer, bob: Peer, name: str = name) -> None:
        call = stage.proposes(alice, bob, captured(name, "session-initiate")[0])
        call.relays(bob, "session-accept", captured(name, "session-accept")[0])
        call.ends_with(alice)


def _proposed(stage: Stage, alice: Peer, bob: Peer) -> Call:
    """alice has proposed, bob's client shows it, alice hears that it rings."""
    call = Call(stage, alice, bob, stage.new_sid(), {})
    alice.sends_jmi("propose", stage.route.anywhere(bob), call.sid, descriptions(media_of(OFFER)))
    call.ends[bob] = bob.receives(jmi("propose", call.sid)).from_
    bob.sends_jmi("ringing", call.ends[bob], call.sid)
    alice.receives(jmi("ringing", call.sid))
    return call


@scenario("the callee rejects the propose")
def rejected(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = _proposed(stage, alice, bob)
    bob.sends_jmi("reject", call.ends[bob], call.sid)
    stage.check_sender(alice.receives(jmi("reject", call.sid)), bob)


@scenario("the callee is busy")
def busy(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = _proposed(stage, alice, bob)
    bob.sends_jmi("reject", call.ends[bob], call.sid, "<reason xmlns='urn:xmpp:jingle:1'><busy/></reason>")
    got = alice.receives(jmi("reject", call.sid))
    if "busy" not in got.text:
        raise Failure(f"the reject should say busy: {got.text}")


@scenario("the caller retracts the propose")
def retracted(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = _proposed(stage, alice, bob)
    alice.sends_jmi("retract", stage.route.anywhere(bob), call.sid, "<reason xmlns='urn:xmpp:jingle:1'><cancel/></reason>")
    stage.check_sender(bob.receives(jmi("retract", call.sid)), alice)


@scenario("a plain caller is told when the callee rejects", through_carillon=True)
def plain_rejected(stage: Stage, alice: Peer, bob: Peer) -> None:
    dialled = stage.route.anywhere(bob)
    sid = stage.new_sid()
    alice.gets_result(alice.sends_jingle("session-initiate", dialled, sid, OFFER), from_=dialled)
    propose = bob.receives(jmi("propose", sid))
    bob.sends_jmi("reject", propose.from_, sid)
    ended = alice.receives(jingle("session-terminate", sid), from_=dialled)
    if "decline" not in ended.text and "busy" not in ended.text:
        raise Failure(f"a rejected call ends with decline or busy: {ended.text}")


@scenario("a plain caller gives up while it rings, and the callee's propose is retracted", through_carillon=True)
def plain_cancelled(stage: Stage, alice: Peer, bob: Peer) -> None:
    dialled = stage.route.anywhere(bob)
    sid = stage.new_sid()
    alice.gets_result(alice.sends_jingle("session-initiate", dialled, sid, OFFER), from_=dialled)
    propose = bob.receives(jmi("propose", sid))
    alice.gets_result(alice.sends_jingle("session-terminate", dialled, sid, "<reason><cancel/></reason>"), from_=dialled)
    bob.receives(jmi("retract", sid), from_=propose.from_)


@scenario("the callee declines the offer")
def declined(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.dials_device(alice, bob, OFFER)
    call.ends_with(bob, "decline")


@scenario("the callee is busy and says so in the session")
def busy_in_session(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.dials_device(alice, bob, OFFER)
    call.ends_with(bob, "busy")


@scenario("the caller cancels the offer")
def cancelled(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.dials_device(alice, bob, OFFER)
    call.ends_with(alice, "cancel")


@scenario("two devices of the callee are proposed to; the one that proceeds has the call", extra=1, pairs=2)
def two_devices(stage: Stage, alice: Peer, bob: Peer, tablet: Peer) -> None:
    stage.world.login(tablet, bob.account, "tablet")
    call = Call(stage, alice, bob, stage.new_sid(), {})
    alice.sends_jmi("propose", stage.route.anywhere(bob), call.sid, descriptions(media_of(OFFER)))
    tablet.receives(jmi("propose", call.sid))
    stage.callee_proceeds(call)

    alice.receives(jmi("ringing", call.sid))
    call.ends[alice] = alice.receives(jmi("proceed", call.sid)).from_
    call.relays(alice, "session-initiate", OFFER)
    call.ends_with(bob)
    tablet.fence(stage.domain)
    tablet.got_nothing(jingle("session-initiate"))
